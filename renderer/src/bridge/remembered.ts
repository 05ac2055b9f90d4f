/** Returns the text that this profile keeps under the key, or null. All windows of the app share it. */
export function remembered(key: string): string | null {
  try {
    return window.localStorage.getItem(key);
  } catch {
    // Storage can be switched off; then nothing is remembered.
    return null;
  }
}

export function remember(key: string, text: string): void {
  try {
    window.localStorage.setItem(key, text);
  } catch {
    // Storage can be switched off; the text then holds for this window only.
  }
}

/** Calls the listener when another window of the app changes the text under the key. Returns a function that stops it. */
export function onRemembered(key: string, listener: (text: string | null) => void): () => void {
  const handle = (event: StorageEvent): void => {
    if (event.key === key) listener(event.newValue);
  };
  window.addEventListener('storage', handle);
  return () => window.removeEventListener('storage', handle);
}
