/** What the page itself tells: its address, its nonce, and what this profile remembers for it. */

export type WindowKind =
  { readonly kind: 'console' } | { readonly kind: 'approval'; readonly reviewId: string | null };

/** Which window this page is, from its query: `?window=console` (the default) or `?window=approval&review=<id>`. */
export function windowKindOf(search: string): WindowKind {
  const query = new URLSearchParams(search);
  return query.get('window') === 'approval'
    ? { kind: 'approval', reviewId: query.get('review') }
    : { kind: 'console' };
}

export const windowKind = (): WindowKind => windowKindOf(window.location.search);

/** The nonce that the content security policy asks of style elements made at run time; empty where there is none. */
export const styleNonce = (): string =>
  document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';

/** The modifier of shortcuts: Command on a Mac, else Control. */
export const isMac = (): boolean => /Mac/i.test(window.navigator.userAgent);

export type ColorScheme = 'light' | 'dark' | 'auto';

const COLOR_SCHEME_KEY = 'gatehouse.colorScheme';

const asColorScheme = (value: string | null): ColorScheme =>
  value === 'light' || value === 'dark' ? value : 'auto';

export function storedColorScheme(): ColorScheme {
  try {
    return asColorScheme(window.localStorage.getItem(COLOR_SCHEME_KEY));
  } catch {
    // Storage can be switched off; the system's scheme is a good answer then.
    return 'auto';
  }
}

export function storeColorScheme(scheme: ColorScheme): void {
  try {
    window.localStorage.setItem(COLOR_SCHEME_KEY, scheme);
  } catch {
    // It holds for this window then.
  }
}

/** Tells when another window of the app chose a colour scheme. */
export function onColorSchemeStored(listener: (scheme: ColorScheme) => void): () => void {
  const handle = (event: StorageEvent): void => {
    if (event.key === COLOR_SCHEME_KEY) listener(asColorScheme(event.newValue));
  };
  window.addEventListener('storage', handle);
  return () => window.removeEventListener('storage', handle);
}
