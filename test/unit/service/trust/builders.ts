import { cidrOf, parseAddress, parseCidr, subnetAround, type Cidr, type IpAddress } from '#shared/ip/index';
import { habitsOfCall, joinHabits } from '#service/enforcement/trust/habits';
import type { KeyHabits, KeyUse, RequestKind, TrustFacts } from '#service/enforcement/trust/trust-review';

export const NOW = Date.UTC(2026, 5, 15, 12, 0, 0);
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export const address = (text: string): IpAddress => {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(`not an address: ${text}`);
  return parsed.address;
};

export const cidr = (text: string): Cidr => {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`not a network: ${text}`);
  return parsed;
};

/** The /16 or /48 around an address, as the facts carry it. */
export const prefixAround = (text: string): Cidr =>
  subnetAround(address(text), { ipv4PrefixLength: 16, ipv6PrefixLength: 48 });

export const hostOf = (text: string): Cidr => cidrOf(address(text), address(text).family === 4 ? 32 : 128);

/** Orange in Spain, and a script with a version: an ordinary caller of two months' standing. */
export const use = (around: string, changes: Partial<KeyUse> = {}): KeyUse => ({
  prefix: prefixAround(around),
  country: 'ES',
  region: null,
  asn: 12479,
  userAgent: 'acme-sync/2.4.1',
  firstAt: NOW - 60 * DAY_MS,
  lastAt: NOW - 3 * HOUR_MS,
  uses: 100,
  ...changes,
});

/** The habits of a key with which these requests were made at this hour of each day. */
export const usedFor = (requests: readonly RequestKind[], { days }: { readonly days: number }): KeyHabits =>
  Array.from({ length: days }, (_, day) =>
    requests.map((request) => habitsOfCall(request, NOW - (day + 1) * DAY_MS)),
  )
    .flat()
    .reduce(joinHabits);

/** An unknown address about which nothing is known, for a key that was never used. */
export const facts = (changes: Partial<TrustFacts> = {}): TrustFacts => ({
  address: address('90.160.7.8'),
  now: NOW,
  geolocation: { country: null, asn: null, asName: null },
  userAgent: null,
  key: { createdAt: NOW - 100 * DAY_MS, lastUsedAt: NOW - HOUR_MS },
  uses: [],
  denials: [],
  blocklisted: null,
  isProxy: false,
  recentUnknownAddresses: 0,
  unanswered: [],
  lastAllowed: null,
  ...changes,
});

/** The same caller at a neighbouring address: the best case. */
export const neighbour = (changes: Partial<TrustFacts> = {}): TrustFacts =>
  facts({
    geolocation: { country: 'ES', asn: 12479, asName: 'Orange Espagne' },
    userAgent: 'acme-sync/2.4.1',
    uses: [use('90.160.1.1')],
    lastAllowed: { country: 'ES', at: NOW - 3 * HOUR_MS },
    ...changes,
  });
