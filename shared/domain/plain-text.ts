/**
 * Text that strangers can choose (names, user agents, paths) among text of ours: what is not seen must neither turn the
 * direction of what follows nor begin a line of its own.
 */

/**
 * Controls, line ends, direction marks, and what is there without being seen: soft hyphens, zero-width spaces, tags, halves
 * of characters. Joiners and variation selectors are not among them, because scripts and emoji are spelt with them.
 */
const HIDDEN =
  /(?![\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffc]/gu;

/** Something that leaves ink on the page; U+2800 is a Braille character without a dot. */
const SEEN = /[^\s\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

const codePointOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Why a text cannot be a name or a label, as the end of a sentence that names the field; undefined when it can. */
export function hiddenTextProblem(text: string): string | undefined {
  const [hidden] = text.match(HIDDEN) ?? [];
  if (hidden !== undefined) return `must not hold the character ${codePointOf(hidden)}, which is not seen`;
  return text === '' || SEEN.test(text) ? undefined : 'must hold something that is seen';
}

/** The text with a space for each character that is not seen. */
export function withoutHidden(text: string): string {
  return text.replaceAll(HIDDEN, ' ');
}

const NOT_ASCII = /[^\t\n\r\x20-\x7e]/;

/** The text as a window shows it: each character that is not seen by its number, `[U+202E]`. Line ends and tabs stay. */
export function hiddenShown(text: string): string {
  // Nearly every text ends here.
  if (!NOT_ASCII.test(text)) return text;
  return text.replaceAll(HIDDEN, (hidden) => (/[\t\n\r]/.test(hidden) ? hidden : `[${codePointOf(hidden)}]`));
}

/** One plain line of at most `maxLength` characters. */
export function plainLine(text: string, maxLength: number): string {
  const line = withoutHidden(text).replaceAll(/\s+/g, ' ').trim();
  // By code points, so that no character outside the basic plane is cut in two.
  const characters = Array.from(line);
  return characters.length <= maxLength
    ? line
    : `${characters
        .slice(0, maxLength - 1)
        .join('')
        .trimEnd()}…`;
}

/** At most so many units, without half of a character at the end. */
export function cutText(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, '');
}

const escapeUnits = (text: string): string =>
  text.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A value as one line of JSON in which hidden characters are escapes: a terminal that shows it is told nothing by them. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(HIDDEN, escapeUnits);
}
