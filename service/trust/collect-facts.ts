import {
  anyContains,
  firstAddress,
  lastAddress,
  parseAddress,
  parseCidr,
  hostCidrOf,
  sortableAddress,
  subnetAround,
  type Cidr,
  type IpAddress,
} from '#shared/ip/index';
import { REVIEW_REACH } from '#shared/domain/review-subject';
import { DAY_MS, HOUR_MS, SECOND_MS } from '#shared/durations';
import type { Clock } from '../runtime/clock';
import { reviewTrust, type Denial, type KeyUse, type TrustReview } from '../enforcement/trust/trust-review';
import type { RangeMatcher } from '../enforcement/matcher';
import type { UnansweredAddress } from '../enforcement/trust/facts';
import { requestKindOf, type KeyHabits } from '../enforcement/trust/habits';
import type { FingerprintsRepository } from '../storage/repositories/fingerprints';
import type { HabitsRepository } from '../storage/repositories/habits';
import type { KeyRow } from '../storage/repositories/keys';
import type { ReviewsRepository, UnansweredRow } from '../storage/repositories/reviews';
import type { SightingRow, SightingsRepository } from '../storage/repositories/sightings';
import type { Geolocations } from '../geo/geolocation';

/** A call from an unknown address. */
interface UnknownCall {
  readonly policy: {
    readonly id: string;
    readonly keys: ReadonlyMap<string, KeyRow>;
    readonly ranges: Pick<RangeMatcher, 'within'>;
    /** See `AccountPolicy`. Without it, facts about a key are read anew for each call. */
    crowdedVersion?(keyId: string): number | undefined;
  };
  readonly keyId: string;
  readonly address: IpAddress;
  readonly ip: string;
  /** What the proxy tells of the call; null where it does not. */
  readonly method: string | null;
  readonly path: string | null;
  readonly userAgent: string | null;
  readonly fingerprint: string | null;
}

/** Lists of addresses that the trust review never lets in. */
export interface Blocklists {
  find(address: IpAddress): { readonly list: string; readonly entry: string } | null;
}

/** Collects the facts about an unknown address and evaluates them. It changes nothing. */
export interface TrustReviewer {
  review(call: UnknownCall): Promise<TrustReview>;
}

/** The part of the storage that the trust review reads. */
interface TrustKnowledge {
  readonly read: {
    readonly sightings: Pick<SightingsRepository, 'ofKey'>;
    readonly fingerprints: Pick<FingerprintsRepository, 'usesOf'>;
    readonly habits: Pick<HabitsRepository, 'ofKeys'>;
    readonly reviews: Pick<ReviewsRepository, 'deniedWithin' | 'isOverflowing' | 'unansweredSince'>;
  };
}

interface TrustReviewerOptions {
  readonly storage: TrustKnowledge;
  readonly geolocations: Geolocations;
  readonly blocklists: Blocklists;
  readonly trustedProxies: readonly Cidr[];
  readonly clock: Clock;
}

const WEEK_MS = 7 * DAY_MS;

/** A denial counts against its neighbours too (docs/behaviour.md 1.6.1). */
const DENIAL_REACH = { ipv4PrefixLength: 24, ipv6PrefixLength: 64 } as const;

/** Sightings that are read. The newest ones describe a key that has more. */
const MAX_SIGHTINGS = 2_000;

/** Beyond this number of unknown addresses the evidence stays the same. */
const MAX_ADDRESSES = 500;

function prefixOf(text: string): Cidr {
  const prefix = parseCidr(text);
  if (prefix === undefined) throw new Error(`a sighting has the unreadable prefix "${text}"`);
  return prefix;
}

function useOf(row: SightingRow): KeyUse {
  return {
    prefix: prefixOf(row.prefix),
    country: row.country,
    region: row.region,
    asn: row.asn,
    userAgent: row.agent === '' ? null : row.agent,
    firstAt: row.first_at,
    lastAt: row.last_at,
    uses: row.uses,
  };
}

function spanOf(cidr: Cidr) {
  return {
    first: sortableAddress(firstAddress(cidr)),
    last: sortableAddress(lastAddress(cidr)),
  };
}

function hostCidr(ip: string): Cidr {
  const parsed = parseAddress(ip);
  if (!parsed.ok) throw new Error(`a review has the unreadable address "${ip}"`);
  return hostCidrOf(parsed.address);
}

/** A reviewed address that nobody has authorized. */
interface UnansweredReview extends UnansweredAddress {
  readonly ipSort: string;
  readonly newestAt: number;
}

function unansweredOf(row: UnansweredRow): UnansweredReview {
  return {
    ipSort: row.ip_sort,
    at: row.first_at,
    newestAt: row.newest_at,
    country: row.country,
    asn: row.asn,
  };
}

/** Counts the addresses that were reviewed since then. */
function addressesSince(reviews: readonly UnansweredReview[], since: number): number {
  return new Set(reviews.filter(({ newestAt }) => newestAt >= since).map(({ ipSort }) => ipSort)).size;
}

/** Facts about a key, whoever calls. */
interface KeyKnowledge {
  readonly uses: readonly KeyUse[];
  readonly habits: KeyHabits | undefined;
  /** True if the key's overflow review had calls within the hour. */
  readonly isOverflowing: boolean;
  /** Addresses of the last week that nobody has authorized. */
  readonly unanswered: readonly UnansweredReview[];
}

/** Lifetime of the facts about a crowded key, and the number of such keys that are kept. */
const CROWDED_MS = SECOND_MS;
const MAX_CROWDED = 16;

export function createTrustReviewer({
  storage,
  geolocations,
  blocklists,
  trustedProxies,
  clock,
}: TrustReviewerOptions): TrustReviewer {
  const denialsNear = async ({ policy, address }: UnknownCall, now: number): Promise<Denial[]> => {
    const near = subnetAround(address, DENIAL_REACH);
    const reviews = await storage.read.reviews.deniedWithin(policy.id, spanOf(near));
    const denials: Denial[] = reviews.map((review) => ({
      cidr: hostCidr(review.ip),
      kind: 'review',
      at: review.decided_at ?? review.first_at,
    }));
    for (const range of policy.ranges.within(near)) {
      if (range.effect !== 'deny' || (range.expiresAt !== null && range.expiresAt <= now)) continue;
      denials.push({ cidr: range.cidr, kind: 'range', at: null });
    }
    return denials;
  };

  const read = async ({ policy, keyId }: UnknownCall, now: number): Promise<KeyKnowledge> => {
    const { sightings, habits, reviews } = storage.read;
    const week = { since: now - WEEK_MS, limit: MAX_ADDRESSES };
    const [rows, ofKeys, isOverflowing, unanswered] = await Promise.all([
      sightings.ofKey(policy.id, keyId, now, MAX_SIGHTINGS),
      habits.ofKeys([keyId]),
      reviews.isOverflowing(policy.id, keyId, now - HOUR_MS),
      reviews.unansweredSince(policy.id, keyId, week),
    ]);
    return {
      uses: rows.map(useOf),
      habits: ofKeys.get(keyId),
      isOverflowing,
      unanswered: unanswered.map(unansweredOf),
    };
  };

  /**
   * Facts about keys with too many pending reviews. A further address does not change them, and reading them is by far the
   * most expensive part of such a call.
   */
  const crowded = new Map<string, { version: number; until: number; knowledge: Promise<KeyKnowledge> }>();

  const knowledgeOf = (call: UnknownCall, now: number): Promise<KeyKnowledge> => {
    const { policy, keyId } = call;
    const version = policy.crowdedVersion?.(keyId);
    const known = crowded.get(keyId);
    if (version !== undefined && known?.version === version && now < known.until) return known.knowledge;
    crowded.delete(keyId);
    const knowledge = read(call, now);
    if (version === undefined) return knowledge;
    crowded.set(keyId, { version, until: now + CROWDED_MS, knowledge });
    const [oldest] = crowded.keys();
    if (crowded.size > MAX_CROWDED && oldest !== undefined) crowded.delete(oldest);
    knowledge.catch(() => crowded.delete(keyId));
    return knowledge;
  };

  return {
    review: async (call) => {
      const { policy, keyId, address, ip, method, path, userAgent, fingerprint } = call;
      const now = clock.now();
      const key = policy.keys.get(keyId);
      if (key === undefined) throw new Error(`key ${keyId} is not loaded`);
      const [{ uses, habits, isOverflowing, unanswered }, denials, fingerprintUse] = await Promise.all([
        knowledgeOf(call, now),
        denialsNear(call, now),
        fingerprint === null ? undefined : storage.read.fingerprints.usesOf(keyId, fingerprint, now),
      ]);
      // The review of the address itself is no evidence. Most addresses have none, and then nothing is copied.
      const itself = spanOf(subnetAround(address, REVIEW_REACH));
      const isOther = ({ ipSort }: UnansweredReview): boolean =>
        ipSort < itself.first || ipSort > itself.last;
      const others = unanswered.every(isOther) ? unanswered : unanswered.filter(isOther);
      const last = uses[0];
      return reviewTrust({
        address,
        now,
        geolocation: geolocations.lookup(ip),
        userAgent,
        request: requestKindOf(method, path),
        habits,
        fingerprintUse,
        key: { createdAt: key.created_at, lastUsedAt: last?.lastAt ?? null },
        uses,
        denials,
        blocklisted: blocklists.find(address),
        isProxy: anyContains(trustedProxies, address),
        recentUnknownAddresses: isOverflowing ? MAX_ADDRESSES : addressesSince(others, now - HOUR_MS),
        unanswered: others,
        lastAllowed: last === undefined ? null : { country: last.country, at: last.lastAt },
      });
    },
  };
}
