import { onRemembered, remember, remembered } from './remembered';

/** What the page itself tells: its address, its nonce, and what this profile remembers for it. */

export type WindowKind =
  | { readonly kind: 'console'; readonly screen: string | null }
  | { readonly kind: 'approval'; readonly reviewId: string | null };

/**
 * Which window this page is, and what it shows first, from its query: `?window=console&screen=<screen>` (the default, with
 * the screen or without) or `?window=approval&review=<id>`.
 */
export function windowKindOf(search: string): WindowKind {
  const query = new URLSearchParams(search);
  return query.get('window') === 'approval'
    ? { kind: 'approval', reviewId: query.get('review') }
    : { kind: 'console', screen: query.get('screen') };
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

export const storedColorScheme = (): ColorScheme => asColorScheme(remembered(COLOR_SCHEME_KEY));

export const storeColorScheme = (scheme: ColorScheme): void => remember(COLOR_SCHEME_KEY, scheme);

/** Tells when another window of the app chose a colour scheme. */
export const onColorSchemeStored = (listener: (scheme: ColorScheme) => void): (() => void) =>
  onRemembered(COLOR_SCHEME_KEY, (text) => listener(asColorScheme(text)));
