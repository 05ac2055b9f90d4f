import { cidrOfRange } from '#shared/domain/deciding-range';
import type { Effect, Range } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { cidrsOverlap, compareCidrs, parseRangeText } from '#shared/ip/index';
import { authorWords, sourceWords } from './range-facts';

/** Sorts by address. Narrower ranges come below the wider ones that contain them. */
export function sortRanges(ranges: readonly Range[]): readonly Range[] {
  return [...ranges].sort((a, b) => {
    const [cidrA, cidrB] = [cidrOfRange(a), cidrOfRange(b)];
    if (cidrA === undefined || cidrB === undefined) return a.cidr < b.cidr ? -1 : 1;
    return compareCidrs(cidrA, cidrB) || (a.id < b.id ? -1 : 1);
  });
}

/** Returns the ranges of one effect with the searched text in range, label, author or key, or that overlap with it. */
export function findRanges(
  ranges: Iterable<Range>,
  effect: Effect,
  search: string,
  keyNameOf: (keyId: string | null) => string,
): readonly Range[] {
  const needle = search.trim().toLowerCase();
  const read = parseRangeText(search, { allowWide: true });
  const fits = (range: Range): boolean => {
    if (range.effect !== effect && range.effect !== UNRECOGNISED) return false;
    if (needle === '') return true;
    const text = [range.cidr, range.label, authorWords(range), keyNameOf(range.keyId), sourceWords(range)];
    if (text.some((part) => part.toLowerCase().includes(needle))) return true;
    const cidr = cidrOfRange(range);
    return read.ok && cidr !== undefined && read.cidrs.some((wanted) => cidrsOverlap(wanted, cidr));
  };
  return sortRanges([...ranges].filter(fits));
}

export function countByEffect(ranges: Iterable<Range>): Readonly<Record<Effect, number>> {
  const counts = { authorize: 0, deny: 0 };
  for (const { effect } of ranges) {
    // A range with an unknown effect is counted in both lists, because it may belong to either.
    if (effect !== 'deny') counts.authorize += 1;
    if (effect !== 'authorize') counts.deny += 1;
  }
  return counts;
}
