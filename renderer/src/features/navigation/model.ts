import { type Screen, SCREENS } from '#shared/ipc/screens';

interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Returns the screen for a key press, or null. The modifier is Command on a Mac and Control elsewhere. */
export function screenOfKey(event: KeyPress, mac: boolean): Screen | null {
  const mod = mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  if (!mod || event.altKey || event.shiftKey || !/^[1-9]$/.test(event.key)) return null;
  return SCREENS[Number(event.key) - 1] ?? null;
}

/** Returns the way through what was shown for a key press: back, forward or null. */
export function stepOfKey(
  { key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress,
  mac: boolean,
): 1 | -1 | null {
  if (shiftKey || ctrlKey || (mac ? altKey : metaKey)) return null;
  const [back, forward] = mac ? ['[', ']'] : ['ArrowLeft', 'ArrowRight'];
  if (key === 'BrowserBack' || (key === back && (mac ? metaKey : altKey))) return -1;
  return key === 'BrowserForward' || (key === forward && (mac ? metaKey : altKey)) ? 1 : null;
}

/** Accounts after this one have no key. */
export const LAST_ACCOUNT_KEY = 9;

type AccountKeyPress = KeyPress & { readonly code: string; getModifierState(modifier: string): boolean };

/**
 * Returns the index of an account for a key press, or null. The modifiers are those of screens with Alt. With Option a Mac's digits
 * are other characters, so the position of the key counts there; elsewhere AltGr must go on typing them.
 */
export function accountOfKey(event: AccountKeyPress, mac: boolean): number | null {
  const mod = mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  if (!mod || !event.altKey || event.shiftKey || event.getModifierState('AltGraph')) return null;
  const [, digit] = (mac ? /^Digit([1-9])$/.exec(event.code) : /^([1-9])$/.exec(event.key)) ?? [];
  return digit === undefined ? null : Number(digit) - 1;
}

/** Formats a count in at most three characters, so that the navigation does not move. */
export function badgeText(count: number): string {
  return count > 99 ? '99+' : String(count);
}
