import type { Review } from '#shared/domain/entities';
import { HOUR_MS } from '#shared/durations';
import { formatCidr, parseAddress, subnetAround } from '#shared/ip/index';
import type { LeakedKey, LeakSteps } from '../stores/leaks';

/** The rule of docs/behaviour.md 8.2.1. */
const LEAST_REVIEWS = 10;
const LEAST_NETWORKS = 5;
const WINDOW_MS = HOUR_MS;
/** Stands in for the network where there are no data on networks. */
const WIDE = { ipv4PrefixLength: 16, ipv6PrefixLength: 32 } as const;

interface Opened {
  readonly review: Review;
  readonly atMs: number;
  readonly network: string;
}

function networkOf({ asn, ip }: Review): string {
  if (asn !== null) return `AS${asn}`;
  const read = parseAddress(ip);
  return read.ok ? formatCidr(subnetAround(read.address, WIDE)) : ip;
}

/** Returns the keys that were tried from many new networks within an hour, the one with most addresses first. */
export function leakedKeys(reviews: Iterable<Review>): readonly LeakedKey[] {
  const byKey = new Map<string, Review[]>();
  for (const review of reviews) {
    if (review.status !== 'pending') continue;
    const known = byKey.get(review.keyId);
    if (known === undefined) byKey.set(review.keyId, [review]);
    else known.push(review);
  }
  return [...byKey.values()]
    .flatMap((ofKey) => (ofKey.length < LEAST_REVIEWS ? [] : (leakIn(ofKey) ?? [])))
    .sort((a, b) => b.addresses - a.addresses);
}

/** Returns the leaked keys with those whose steps have begun, until they are put away. */
export function leaksToShow(
  reviews: Iterable<Review>,
  begun: ReadonlyMap<string, LeakSteps>,
): readonly LeakedKey[] {
  const byKey = new Map<string, LeakedKey>(leakedKeys(reviews).map((leak) => [leak.keyId, leak]));
  for (const [keyId, { leak, isDismissed }] of begun) {
    const now = byKey.get(keyId);
    // What begins after it was put away is news.
    if (!isDismissed) byKey.set(keyId, leak);
    else if (now !== undefined && now.since <= leak.since) byKey.delete(keyId);
  }
  return [...byKey.values()];
}

function leakIn(ofKey: readonly Review[]): LeakedKey | undefined {
  const opened = ofKey
    .map((review): Opened => ({ review, atMs: Date.parse(review.firstAt), network: networkOf(review) }))
    .sort((a, b) => a.atMs - b.atMs);
  const start = burstStart(opened);
  const first = opened[start];
  if (first === undefined) return undefined;
  const since = opened.slice(start);
  const { keyId, keyName, firstAt } = first.review;
  return {
    keyId,
    keyName,
    addresses: since.reduce((sum, { review }) => sum + review.addressCount, 0),
    networks: new Set(since.map(({ network }) => network)).size,
    since: firstAt,
  };
}

/** Returns the index at which the first hour begins that has enough reviews and networks; -1 if none has. */
function burstStart(opened: readonly Opened[]): number {
  const counts = new Map<string, number>();
  let start = 0;
  for (const [end, { atMs, network }] of opened.entries()) {
    counts.set(network, (counts.get(network) ?? 0) + 1);
    for (let out = opened[start]; out !== undefined && out.atMs < atMs - WINDOW_MS; out = opened[start]) {
      const left = (counts.get(out.network) ?? 0) - 1;
      if (left === 0) counts.delete(out.network);
      else counts.set(out.network, left);
      start += 1;
    }
    if (end - start + 1 >= LEAST_REVIEWS && counts.size >= LEAST_NETWORKS) return start;
  }
  return -1;
}
