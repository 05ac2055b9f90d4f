import { cidrContainsCidr, compareCidrs } from '../ip/index';
import { compareDeciding, type DecidingRange, hasExpired } from './deciding-range';
import { UNRECOGNISED } from './told';

/** Returns true if some key is decided about by both ranges. */
function shareKeys(a: DecidingRange, b: DecidingRange): boolean {
  return a.keyId === null || b.keyId === null || a.keyId === b.keyId;
}

function lastsAsLong(range: DecidingRange, { expiresAt }: DecidingRange): boolean {
  return range.expiresAt === null || (expiresAt !== null && range.expiresAt >= expiresAt);
}

/**
 * Returns the range that decides the same in place of `range` about every call that `range` decides about, for at least as long:
 * it contains it, has the same effect, holds for its keys, and no range with another effect lies between them. Undefined if there
 * is none, so that removing `range` may change a verdict. Of `others` only those that contain the range matter.
 */
export function coveringRange<T extends DecidingRange>(
  range: DecidingRange,
  others: Iterable<T>,
  now: number,
): T | undefined {
  if (range.effect === UNRECOGNISED) return undefined;
  const later = [...others].filter(
    (other) =>
      compareDeciding(range, other) < 0 &&
      cidrContainsCidr(other.cidr, range.cidr) &&
      shareKeys(range, other) &&
      !hasExpired(other, now),
  );
  for (const other of later.sort(compareDeciding)) {
    if (other.effect !== range.effect) return undefined;
    const holdsForItsKeys = other.keyId === null || other.keyId === range.keyId;
    if (holdsForItsKeys && lastsAsLong(other, range)) return other;
  }
  return undefined;
}

/**
 * Returns the unexpired ranges that another range covers, each with that one. Removing all of them together changes no verdict,
 * because a range is only ever covered by one that comes after it in the order of deciding.
 */
export function coveredRanges<T extends DecidingRange>(ranges: Iterable<T>, now: number): ReadonlyMap<T, T> {
  const sorted = [...ranges].filter((range) => !hasExpired(range, now));
  sorted.sort((a, b) => compareCidrs(a.cidr, b.cidr));
  const covered = new Map<T, T>();
  // In this order the ranges that contain a network come before it, except for those with the same network.
  let around: T[] = [];
  for (let start = 0; start < sorted.length;) {
    const first = sorted[start];
    if (first === undefined) break;
    const same: T[] = [];
    for (
      let at = sorted[start];
      at !== undefined && compareCidrs(at.cidr, first.cidr) === 0;
      at = sorted[start]
    ) {
      same.push(at);
      start += 1;
    }
    around = [...around.filter(({ cidr }) => cidrContainsCidr(cidr, first.cidr)), ...same];
    for (const range of same) {
      const by = coveringRange(range, around, now);
      if (by !== undefined) covered.set(range, by);
    }
  }
  return covered;
}
