import type { ReasonValues } from './sentence';

/**
 * Texts that strangers can choose (names, user agents, paths) are shown among ours. Hidden characters must neither turn the
 * direction of what follows nor begin a line of their own.
 */

/**
 * Controls, line ends, direction marks and invisible characters: soft hyphens, zero-width spaces, tags, unpaired surrogates.
 * Joiners and variation selectors are not among them, because scripts and emoji need them.
 */
const HIDDEN =
  /(?![\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffc]/gu;

/** A visible character. U+2800 is a Braille character without a dot. */
const SEEN = /[^\s\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Returns the first hidden character as `U+202E`; undefined if there is none. */
export function hiddenCharacterIn(text: string): string | undefined {
  const [hidden] = text.match(HIDDEN) ?? [];
  return hidden && codePointOf(hidden);
}

/** Returns true if the text has characters, and none of them is seen. */
export function looksEmpty(text: string): boolean {
  return text !== '' && !SEEN.test(text);
}

/** Returns why a text cannot be a name or a label; undefined if it can. */
export function hiddenTextProblem(text: string): ReasonValues | undefined {
  const character = hiddenCharacterIn(text);
  if (character !== undefined) return { reason: 'hiddenCharacter', character };
  return looksEmpty(text) ? { reason: 'nothingSeen' } : undefined;
}

/** Returns the text with a space for each hidden character. */
export function withoutHidden(text: string): string {
  return text.replaceAll(HIDDEN, ' ');
}

const NOT_ASCII = /[^\t\n\r\x20-\x7e]/;

/** Returns the text with each hidden character as its number, `[U+202E]` (docs/behaviour.md 8.6.4). Line ends and tabs stay. */
export function hiddenShown(text: string): string {
  // Nearly every text returns here.
  if (!NOT_ASCII.test(text)) return text;
  return text.replaceAll(HIDDEN, (hidden) => (/[\t\n\r]/.test(hidden) ? hidden : `[${codePointOf(hidden)}]`));
}

/** Returns the text as one plain line of at most `maxLength` characters. */
export function plainLine(text: string, maxLength: number): string {
  const line = withoutHidden(text).replaceAll(/\s+/g, ' ').trim();
  // The text is cut by code points, so that no character outside the basic plane is cut in two.
  const characters = Array.from(line);
  return characters.length <= maxLength
    ? line
    : `${characters
        .slice(0, maxLength - 1)
        .join('')
        .trimEnd()}…`;
}

/** Returns at most `maxLength` UTF-16 units, without half of a character at the end. */
export function cutText(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, '');
}

function escapeUnits(text: string): string {
  return text.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Returns a value as one line of JSON with hidden characters escaped, so that it cannot control a terminal. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(HIDDEN, escapeUnits);
}
