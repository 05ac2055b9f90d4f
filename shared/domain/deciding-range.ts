import { type Cidr, cidrContainsCidr, parseCidr } from '../ip/index';
import type { Range } from './entities';

/** The fields of a range that decide about calls. Times are milliseconds since the epoch. */
export interface DecidingRange {
  readonly id: string;
  readonly cidr: Cidr;
  readonly effect: Range['effect'];
  /** The one key for which it holds; null for all keys. */
  readonly keyId: string | null;
  readonly createdAt: number;
  /** The moment from which on it is not matched; null for never. */
  readonly expiresAt: number | null;
}

export function hasExpired({ expiresAt }: Pick<DecidingRange, 'expiresAt'>, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** Returns true if the entity has expired by `now`, so that it is not matched any more. */
export function isExpired({ expiresAt }: Pick<Range, 'expiresAt'>, now: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= now;
}

/** Returns true if calls with the key are decided by the range at `now`, wherever they come from. */
export function appliesTo(
  range: Pick<DecidingRange, 'keyId' | 'expiresAt'>,
  keyId: string,
  now: number,
): boolean {
  return (range.keyId === null || range.keyId === keyId) && !hasExpired(range, now);
}

/**
 * Orders ranges that apply to the same call, so that the first one decides (docs/behaviour.md 1.2.2): the longest prefix, then a
 * denial, then the key's own, then the older one, then the smaller id. An effect that this program does not know counts as a
 * denial. Returns zero only for the same id.
 */
export function compareDeciding(a: DecidingRange, b: DecidingRange): number {
  return (
    b.cidr.prefixLength - a.cidr.prefixLength ||
    Number(b.effect !== 'authorize') - Number(a.effect !== 'authorize') ||
    Number(b.keyId !== null) - Number(a.keyId !== null) ||
    a.createdAt - b.createdAt ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}

/** Returns the range that decides about every address of `network` for calls with the key at `now`; undefined if none does. */
export function decidingRange<T extends DecidingRange>(
  ranges: Iterable<T>,
  network: Cidr,
  keyId: string,
  now: number,
): T | undefined {
  let first: T | undefined;
  for (const range of ranges) {
    if (!appliesTo(range, keyId, now)) continue;
    if (first !== undefined && compareDeciding(range, first) > 0) continue;
    if (cidrContainsCidr(range.cidr, network)) first = range;
  }
  return first;
}

/** A cache by object, because a changed entity is another object. */
const read = new WeakMap<Range, DecidingRange | null>();

/** Returns the deciding fields of an entity; undefined if its network cannot be read. */
export function decidingRangeOf(range: Range): DecidingRange | undefined {
  const known = read.get(range);
  if (known !== undefined) return known ?? undefined;
  const cidr = parseCidr(range.cidr);
  const { id, effect, keyId, createdAt, expiresAt } = range;
  const deciding: DecidingRange | null =
    cidr === undefined
      ? null
      : {
          id,
          cidr,
          effect,
          keyId,
          createdAt: Date.parse(createdAt),
          expiresAt: expiresAt === null ? null : Date.parse(expiresAt),
        };
  read.set(range, deciding);
  return deciding ?? undefined;
}

export function cidrOfRange(range: Range): Cidr | undefined {
  return decidingRangeOf(range)?.cidr;
}
