/** Rank of what does not match; smaller ranks are better. */
export const NO_MATCH = Infinity;

/** Omits case and accents, so that `cle` finds `Clés`. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Ranks a text for what was typed, both folded: the whole, its beginning, that of a word, any part, all words apart. */
export function rankOf(text: string, typed: string): number {
  const at = text.indexOf(typed);
  if (at === 0) return text.length === typed.length ? 0 : 1;
  if (at > 0) return /[\p{L}\p{N}]/u.test(text.charAt(at - 1)) ? 3 : 2;
  return typed.split(/\s+/).every((word) => text.includes(word)) ? 4 : NO_MATCH;
}

export interface Ranked<T> {
  readonly rank: number;
  readonly item: T;
}

/** Returns the items that match, the best ones first; equal ones keep their order. */
export function ranked<T>(items: Iterable<T>, rank: (item: T) => number): readonly Ranked<T>[] {
  return [...items]
    .map((item) => ({ item, rank: rank(item) }))
    .filter((each) => each.rank !== NO_MATCH)
    .sort((a, b) => a.rank - b.rank);
}
