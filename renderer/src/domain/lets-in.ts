import { formatAddressCount } from '#shared/domain/address-count';
import {
  appliesTo,
  compareDeciding,
  type DecidingRange,
  decidingRangeOf,
} from '#shared/domain/deciding-range';
import type { Range, Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
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

/** The networks that an answer or a form would authorize. */
export interface WantedRange {
  readonly cidrs: readonly Cidr[];
  /** The range as a text, which the log is searched by. */
  readonly text: string;
  /** The key that it holds for; null for all keys. */
  readonly keyId: string | null;
}

/** Reads a range for one key or for all; null if the text is no range. */
export function wantedRange(rangeText: string, keyId: string | null): WantedRange | null {
  const read = parseRangeText(rangeText, { allowWide: true });
  if (!read.ok) return null;
  const [cidr, ...others] = read.cidrs;
  const text = cidr === undefined || others.length > 0 ? rangeText : formatCidr(cidr);
  return { cidrs: read.cidrs, text, keyId };
}

/** The address and key of a call or of a review. */
interface Caller {
  readonly ip: string;
  readonly keyId: string;
}

/** Returns true if the wanted range would authorize a call from this address with this key. */
export type LetsIn = (caller: Caller) => boolean;

/** Parsed addresses by object, because a storm brings thousands of reviews and each change of a choice looks at all of them. */
const networks = new WeakMap<Caller, Cidr | null>();

/** Returns the network of the address. In a flood a row of the log stands for a whole network. */
function networkOf(caller: Caller): Cidr | null {
  const known = networks.get(caller);
  if (known !== undefined) return known;
  const read = parseAddress(caller.ip);
  const network = read.ok ? hostCidrOf(read.address) : (parseCidr(caller.ip) ?? null);
  networks.set(caller, network);
  return network;
}

/** Sorted ranges by state of the list, because every choice looks at them and there may be a hundred thousand. */
const sorted = new WeakMap<ReadonlyMap<string, Range>, readonly DecidingRange[]>();

function sortedRanges(ranges: ReadonlyMap<string, Range>): readonly DecidingRange[] {
  const known = sorted.get(ranges);
  if (known !== undefined) return known;
  const placed = [...ranges.values()].flatMap((range) => decidingRangeOf(range) ?? []);
  placed.sort((a, b) => compareCidrs(a.cidr, b.cidr));
  sorted.set(ranges, placed);
  return placed;
}

/** Returns the ranges inside the network, itself included. In sorted order they are adjacent and begin at the network. */
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

/** Takes the existing ranges into account: the wanted one authorizes nobody where one of them takes precedence. */
export function letsInBy(
  { cidrs, keyId }: WantedRange,
  ranges: ReadonlyMap<string, Range>,
  nowMs: number,
): LetsIn {
  const parts = cidrs.map((cidr) => {
    // The time is older than all others, so that an equal range does not take precedence over it.
    const wanted = { id: '', cidr, effect: 'authorize', keyId, createdAt: 0, expiresAt: null } as const;
    const first = rangesWithin(cidr, ranges).filter((range) => compareDeciding(range, wanted) < 0);
    return { wanted, first };
  });
  return (caller) => {
    const network = networkOf(caller);
    if (network === null) return false;
    const part = parts.find(({ wanted }) => cidrContainsCidr(wanted.cidr, network));
    if (part === undefined || !appliesTo(part.wanted, caller.keyId, nowMs)) return false;
    return !part.first.some(
      (range) => appliesTo(range, caller.keyId, nowMs) && cidrsOverlap(range.cidr, network),
    );
  };
}

/** Returns the pending reviews that the range would settle, but for the one that is answered by it. */
export function settledWith(
  asked: Caller | null,
  letsIn: LetsIn,
  reviews: Iterable<Review>,
): readonly Review[] {
  return [...reviews].filter(
    (other) =>
      other.status === 'pending' && !(other.ip === asked?.ip && other.keyId === asked.keyId) && letsIn(other),
  );
}

/** Blocked calls from one address, which would be authorized. */
export interface BlockedAddress {
  readonly ip: string;
  readonly calls: number;
}

/** Adds up the callers that would be let in, address by address, those with the most calls first. */
export function blockedAddresses(
  callers: readonly (Caller & { readonly calls: number })[],
  letsIn: LetsIn,
  known: ReadonlySet<string>,
): readonly BlockedAddress[] {
  const counts = new Map<string, number>();
  for (const caller of callers) {
    if (known.has(caller.ip) || !letsIn(caller)) continue;
    counts.set(caller.ip, (counts.get(caller.ip) ?? 0) + caller.calls);
  }
  return [...counts].map(([ip, calls]) => ({ ip, calls })).sort((a, b) => b.calls - a.calls);
}

/** Returns for example `Lets in 256 addresses, and settles 2 other reviews`. */
export function letsInSentence(wanted: WantedRange, others: number): string {
  const size = wanted.cidrs.reduce((sum, cidr) => sum + addressCount(cidr), 0n);
  if (size === 1n) {
    return others === 0 ? t('answer.letsInOne') : t('answer.letsInOneSettles', { count: others });
  }
  const addresses = formatAddressCount(size);
  return others === 0
    ? t('answer.letsInMany', { addresses })
    : t('answer.letsInManySettles', { addresses, count: others });
}

const MOST_NAMED = 3;

/** Returns for example `a, b, c and 12 more`. With `isMore` there are more that were not counted. */
export function namesSentence(names: readonly string[], isMore = false): string {
  const named = names.slice(0, MOST_NAMED).join(', ');
  const number = names.length - MOST_NAMED;
  if (number > 0) {
    return t(isMore ? 'answer.namesAndAtLeast' : 'answer.namesAndNumber', { names: named, number });
  }
  return isMore ? t('answer.namesAndMore', { names: named }) : named;
}
