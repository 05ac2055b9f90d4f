import { type Language, languageOf } from '#shared/i18n/language';
import { onRemembered, remember, remembered } from './remembered';

/** What the approval window is to show. */
export interface AskedReview {
  readonly reviewId: string | null;
  /** The connection of its account; null if nobody knows of which account it is. */
  readonly accountId: string | null;
}

export type WindowKind =
  | { readonly kind: 'console'; readonly place: string | null }
  | { readonly kind: 'approval'; readonly review: AskedReview };

/**
 * Reads `?window=console&place=<screen>` (the default, `place` is optional) or `?window=approval&review=<id>&account=<id>`
 * (without `account` if it is not known).
 */
export function windowKindOf(search: string): WindowKind {
  const query = new URLSearchParams(search);
  return query.get('window') === 'approval'
    ? { kind: 'approval', review: { reviewId: query.get('review'), accountId: query.get('account') } }
    : { kind: 'console', place: query.get('place') };
}

export function windowKind(): WindowKind {
  return windowKindOf(window.location.search);
}

/** Main writes the language into the page, so that the first paint has it. */
export function pageLanguage(): Language {
  return languageOf(document.documentElement.lang) ?? 'en';
}

export function setPageLanguage(language: Language): void {
  document.documentElement.lang = language;
}

/** The nonce that the content security policy requires of style elements made at run time; empty if there is none. */
export function styleNonce(): string {
  return document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';
}

/** Returns true on a Mac, where Command is the modifier of shortcuts instead of Control. */
export function isMac(): boolean {
  return /Mac/i.test(window.navigator.userAgent);
}

export type ColorScheme = 'light' | 'dark' | 'auto';

const COLOR_SCHEME_KEY = 'gatehouse.colorScheme';

function asColorScheme(value: string | null): ColorScheme {
  return value === 'light' || value === 'dark' ? value : 'auto';
}

export function storedColorScheme(): ColorScheme {
  return asColorScheme(remembered(COLOR_SCHEME_KEY));
}

export function storeColorScheme(scheme: ColorScheme): void {
  remember(COLOR_SCHEME_KEY, scheme);
}

/** Calls the listener when another window of the app chooses a colour scheme. Returns a function that stops it. */
export function onColorSchemeStored(listener: (scheme: ColorScheme) => void): () => void {
  return onRemembered(COLOR_SCHEME_KEY, (text) => listener(asColorScheme(text)));
}
