/** The page's history. A place is what stands behind the `#` of the page's address; a note goes with it. */

export function currentPlace(): string {
  return window.location.hash.slice(1);
}

export function currentNote(): unknown {
  return window.history.state;
}

export function addPlace(place: string, note: object): void {
  window.history.pushState(note, '', `#${place}`);
}

export function replacePlace(place: string, note: object): void {
  window.history.replaceState(note, '', `#${place}`);
}

export function step(by: 1 | -1): void {
  window.history.go(by);
}

/** Calls the listener when Back or Forward has led to a place. Returns a function that stops it. */
export function onStep(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  return () => window.removeEventListener('popstate', listener);
}
