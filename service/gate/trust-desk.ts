import {
  cidrContains,
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
import type { Clock } from '../clock';
import { reviewTrust, type Denial, type KeyUse, type TrustReview } from '../enforcement/trust/trust-review';
import type { RangeMatcher } from '../enforcement/matcher';
import { memoize } from '../memoize';
import type { KeyRow } from '../storage/repositories/keys';
import type { ReviewsRepository } from '../storage/repositories/reviews';
import type { SightingRow, SightingsRepository } from '../storage/repositories/sightings';
import type { Places } from './place';

/** A call from an unknown address, as the trust review sees it. */
export interface UnknownCall {
  readonly policy: {
    readonly id: string;
    readonly keys: ReadonlyMap<string, KeyRow>;
    readonly ranges: Pick<RangeMatcher, 'within'>;
  };
  readonly keyId: string;
  readonly address: IpAddress;
  readonly ip: string;
  readonly userAgent: string | null;
}

/** Lists of addresses that never get in by themselves. */
export interface Blocklists {
  find(address: IpAddress): { readonly list: string; readonly entry: string } | null;
}

/** Gathers what is known of an unknown address and has it judged. It changes nothing. */
export interface TrustDesk {
  review(call: UnknownCall): Promise<TrustReview>;
}

/** What the desk reads of the storage. */
export interface TrustKnowledge {
  readonly read: {
    readonly sightings: Pick<SightingsRepository, 'ofKey'>;
    readonly reviews: Pick<ReviewsRepository, 'deniedWithin' | 'countAddressesSince' | 'unansweredSince'>;
  };
}

export interface TrustDeskOptions {
  readonly storage: TrustKnowledge;
  readonly places: Places;
  readonly blocklists: Blocklists;
  readonly trustedProxies: readonly Cidr[];
  readonly clock: Clock;
}

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 86_400_000;

/** Denials count for the address's neighbours too: the /24 of an IPv4 address, the /64 of an IPv6 one. */
const DENIAL_REACH = { ipv4PrefixLength: 24, ipv6PrefixLength: 64 } as const;

/** Sightings looked at; a key that is used from more places is described by the newest of them. */
const MAX_SIGHTINGS = 2_000;

/** Beyond this many unknown addresses the number makes no difference any more. */
const MAX_ADDRESSES = 500;

/** Prefixes that are remembered as read: a key's sightings are looked at anew for each unknown address. */
const REMEMBERED_PREFIXES = 20_000;

const prefixOf = memoize((text: string): Cidr => {
  const prefix = parseCidr(text);
  if (prefix === undefined) throw new Error(`a sighting has the unreadable prefix "${text}"`);
  return prefix;
}, REMEMBERED_PREFIXES);

const useOf = (row: SightingRow): KeyUse => ({
  prefix: prefixOf(row.prefix),
  country: row.country,
  asn: row.asn,
  userAgent: row.agent === '' ? null : row.agent,
  firstAt: row.first_at,
  lastAt: row.last_at,
  uses: row.uses,
});

const spanOf = (cidr: Cidr) => ({
  first: sortableAddress(firstAddress(cidr)),
  last: sortableAddress(lastAddress(cidr)),
});

const hostCidr = (ip: string): Cidr => {
  const parsed = parseAddress(ip);
  if (!parsed.ok) throw new Error(`a review has the unreadable address "${ip}"`);
  return hostCidrOf(parsed.address);
};

export const createTrustDesk = ({
  storage,
  places,
  blocklists,
  trustedProxies,
  clock,
}: TrustDeskOptions): TrustDesk => {
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

  return {
    review: async (call) => {
      const { policy, keyId, address, ip, userAgent } = call;
      const now = clock.now();
      const key = policy.keys.get(keyId);
      if (key === undefined) throw new Error(`key ${keyId} is not loaded`);
      const { read } = storage;
      const except = spanOf(subnetAround(address, REVIEW_REACH));
      const hour = { since: now - HOUR_MS, except, limit: MAX_ADDRESSES };
      const week = { ...hour, since: now - WEEK_MS };
      const [sightings, denials, recentUnknownAddresses, unanswered] = await Promise.all([
        read.sightings.ofKey(policy.id, keyId, now, MAX_SIGHTINGS),
        denialsNear(call, now),
        read.reviews.countAddressesSince(policy.id, keyId, hour),
        read.reviews.unansweredSince(policy.id, keyId, week),
      ]);
      const uses = sightings.map(useOf);
      const last = uses[0];
      return reviewTrust({
        address,
        now,
        place: places.lookup(ip),
        userAgent,
        key: { createdAt: key.created_at, lastUsedAt: last?.lastAt ?? null },
        uses,
        denials,
        blocklisted: blocklists.find(address),
        isProxy: trustedProxies.some((proxies) => cidrContains(proxies, address)),
        recentUnknownAddresses,
        unanswered: unanswered.map(({ first_at: at, country, asn }) => ({ at, country, asn })),
        lastAllowed: last === undefined ? null : { country: last.country, at: last.lastAt },
      });
    },
  };
};
