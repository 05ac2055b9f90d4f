/** Short texts that this profile keeps between two starts, for all windows of the app. */

/** What is kept under the key, or null. */
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
    // It holds for this window then.
  }
}

/** Tells when another window of the app has kept something else under the key. */
export function onRemembered(key: string, listener: (text: string | null) => void): () => void {
  const handle = (event: StorageEvent): void => {
    if (event.key === key) listener(event.newValue);
  };
  window.addEventListener('storage', handle);
  return () => window.removeEventListener('storage', handle);
}
