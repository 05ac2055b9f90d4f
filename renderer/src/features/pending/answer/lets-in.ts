import {
  appliesTo,
  compareDeciding,
  type DecidingRange,
  decidingRangeOf,
} from '#shared/domain/deciding-range';
import type { Attempt, Range, Review } from '#shared/domain/entities';
import {
  addressCount,
  type Cidr,
  cidrContainsCidr,
  cidrsOverlap,
  compareCidrs,
  formatCidr,
  hostCidrOf,
  parseAddress,
  parseCidr,
  parseRangeText,
} from '#shared/ip/index';
import { countOf } from '#shared/words';
import { formatAddressCount } from '../../../ui/format';

/** A range that an answer would add. */
export interface WantedRange {
  readonly cidr: Cidr;
  /** Its canonical text. */
  readonly text: string;
  /** The one key that it holds for, or null for all. */
  readonly keyId: string | null;
}

/** The range that a text comes to, for one key or for all; null where it comes to none. */
export function wantedRange(rangeText: string, keyId: string | null): WantedRange | null {
  const read = parseRangeText(rangeText, { allowWide: true });
  const cidr = read.ok ? read.cidrs[0] : undefined;
  return cidr === undefined ? null : { cidr, text: formatCidr(cidr), keyId };
}

/** A call, or the question about one. */
interface Caller {
  readonly ip: string;
  readonly keyId: string;
}

/** Whether a call from this address with this key would be let in by the wanted range. */
export type LetsIn = (caller: Caller) => boolean;

/** Addresses are read once for each object: a storm brings thousands of questions, and each card looks at all of them. */
const networks = new WeakMap<Caller, Cidr | null>();

/** The network of the one address; or of a whole network, which a row of the log stands for in a flood. */
function networkOf(caller: Caller): Cidr | null {
  const known = networks.get(caller);
  if (known !== undefined) return known;
  const read = parseAddress(caller.ip);
  const network = read.ok ? hostCidrOf(read.address) : (parseCidr(caller.ip) ?? null);
  networks.set(caller, network);
  return network;
}

/** Ranges are sorted once for each state of the list: every card looks at them, and there may be a hundred thousand. */
const sorted = new WeakMap<ReadonlyMap<string, Range>, readonly DecidingRange[]>();

function sortedRanges(ranges: ReadonlyMap<string, Range>): readonly DecidingRange[] {
  const known = sorted.get(ranges);
  if (known !== undefined) return known;
  const placed = [...ranges.values()].flatMap((range) => decidingRangeOf(range) ?? []);
  placed.sort((a, b) => compareCidrs(a.cidr, b.cidr));
  sorted.set(ranges, placed);
  return placed;
}

/** The ranges that lie in the network, itself included: sorted, they stand together from its own place on. */
function rangesWithin(outer: Cidr, ranges: ReadonlyMap<string, Range>): readonly DecidingRange[] {
  const placed = sortedRanges(ranges);
  let [from, end] = [0, placed.length];
  while (from < end) {
    const middle = (from + end) >>> 1;
    const at = placed[middle];
    if (at !== undefined && compareCidrs(at.cidr, outer) < 0) from = middle + 1;
    else end = middle;
  }
  const within: DecidingRange[] = [];
  for (let at = placed[from]; at !== undefined && cidrContainsCidr(outer, at.cidr); at = placed[from]) {
    within.push(at);
    from += 1;
  }
  return within;
}

/** Looks at the ranges that are there too: the wanted one lets nobody in where one of them decides before it. */
export function letsInBy(
  { cidr, keyId: wantedKeyId }: WantedRange,
  ranges: ReadonlyMap<string, Range>,
  nowMs: number,
): LetsIn {
  // Older than all others, so that a range which says the same does not decide before it.
  const wanted = {
    id: '',
    cidr,
    effect: 'authorize',
    keyId: wantedKeyId,
    createdAt: 0,
    expiresAt: null,
  } as const;
  const first = rangesWithin(cidr, ranges).filter((range) => compareDeciding(range, wanted) < 0);
  return (caller) => {
    const network = networkOf(caller);
    if (network === null || !appliesTo(wanted, caller.keyId, nowMs)) return false;
    if (!cidrContainsCidr(cidr, network)) return false;
    return !first.some((range) => appliesTo(range, caller.keyId, nowMs) && cidrsOverlap(range.cidr, network));
  };
}

/** The other open questions that the answer to this one would settle. */
export const settledWith = (asked: Caller, letsIn: LetsIn, reviews: Iterable<Review>): readonly Review[] =>
  [...reviews].filter(
    (other) =>
      other.status === 'pending' && !(other.ip === asked.ip && other.keyId === asked.keyId) && letsIn(other),
  );

/** An address that was blocked lately and would be let in. */
export interface BlockedAddress {
  readonly ip: string;
  readonly count: number;
}

/** The blocked attempts that would be let in, an address each, the busiest first. */
export function blockedAddresses(
  attempts: readonly Attempt[],
  letsIn: LetsIn,
  known: ReadonlySet<string>,
): readonly BlockedAddress[] {
  const counts = new Map<string, number>();
  for (const attempt of attempts) {
    // A revoked key stays blocked wherever it is used from.
    if (attempt.reason === 'revoked_key' || known.has(attempt.ip) || !letsIn(attempt)) continue;
    counts.set(attempt.ip, (counts.get(attempt.ip) ?? 0) + attempt.count);
  }
  return [...counts].map(([ip, count]) => ({ ip, count })).sort((a, b) => b.count - a.count);
}

/** How much it lets in: `Lets in 256 addresses, and settles 2 other questions`. */
export function letsInSentence(wanted: WantedRange, others: number): string {
  const count = addressCount(wanted.cidr);
  const addresses = count === 1n ? 'only this address' : `${formatAddressCount(count)} addresses`;
  return others === 0
    ? `Lets in ${addresses}`
    : `Lets in ${addresses}, and settles ${countOf(others, 'other question')}`;
}

const MOST_NAMED = 3;

/** `a, b, c and 12 more`; `isMore` when there are some that are not even counted. */
export function namesSentence(names: readonly string[], isMore = false): string {
  const named = names.slice(0, MOST_NAMED).join(', ');
  const rest = names.length - MOST_NAMED;
  if (rest > 0) return `${named} and ${isMore ? 'at least ' : ''}${rest} more`;
  return isMore ? `${named} and more` : named;
}
