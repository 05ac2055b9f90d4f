import { cidrOfRange, isExpired } from '#shared/domain/deciding-range';
import type { Effect, Range } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { DAY_MS } from '#shared/durations';
import { cidrsOverlap, parseRangeText } from '#shared/ip/index';
import type { RangesFilter } from '../../../stores/ranges-list';
import { authorWords, sourceWords } from './range-facts';

export interface RangesQuestion {
  readonly effect: Effect;
  readonly search: string;
  readonly filter: RangesFilter;
}

/** Returns the ranges that fit; a searched text is in range, label, author or key, or means addresses that they overlap with. */
export function findRanges(
  ranges: Iterable<Range>,
  { effect, search, filter }: RangesQuestion,
  keyNameOf: (keyId: string | null) => string,
  nowMs: number,
): readonly Range[] {
  const needle = search.trim().toLowerCase();
  const read = parseRangeText(search, { allowWide: true });
  const isFound = (range: Range): boolean => {
    if (needle === '') return true;
    const text = [range.cidr, range.label, authorWords(range), keyNameOf(range.keyId), sourceWords(range)];
    if (text.some((part) => part.toLowerCase().includes(needle))) return true;
    const cidr = cidrOfRange(range);
    return read.ok && cidr !== undefined && read.cidrs.some((wanted) => cidrsOverlap(wanted, cidr));
  };
  return [...ranges].filter(
    (range) =>
      (range.effect === effect || range.effect === UNRECOGNISED) &&
      passes(filter, range, nowMs) &&
      isFound(range),
  );
}

function passes({ source, keyId, ends, unusedDays }: RangesFilter, range: Range, nowMs: number): boolean {
  if (source !== null && range.source !== source) return false;
  if (keyId !== null && (range.keyId ?? '') !== keyId) return false;
  if (ends === 'never' && range.expiresAt !== null) return false;
  if (ends === 'expired' && !isExpired(range, nowMs)) return false;
  if (ends === 'week' && (isExpired(range, nowMs) || !isExpired(range, nowMs + 7 * DAY_MS))) return false;
  return unusedDays === null || isUnusedFor(range, unusedDays, nowMs);
}

/** Returns true if the range let nobody in for so long. One that was never used counts from when it was added. */
export function isUnusedFor({ lastUsedAt, createdAt }: Range, days: number, nowMs: number): boolean {
  return Date.parse(lastUsedAt ?? createdAt) <= nowMs - days * DAY_MS;
}

export function isEmptyFilter(filter: RangesFilter): boolean {
  return Object.values(filter).every((value) => value === null);
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
