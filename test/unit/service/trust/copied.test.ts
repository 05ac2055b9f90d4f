import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reviewTrust, type TrustFacts } from '#service/enforcement/trust/trust-review';
import { address, DAY_MS, HOUR_MS, neighbour, NOW, use, usedFor } from './builders';

const ORDERS = { method: 'GET', segment: 'orders' };
const AGENT = 'acme-sync/2.4.1';

/** A thief who knows all that the owner's program sends, and when. */
const COPIED: Partial<TrustFacts> = {
  userAgent: AGENT,
  request: ORDERS,
  habits: usedFor([ORDERS, ORDERS, ORDERS], { days: 60 }),
  fingerprintUse: { firstAt: NOW - 60 * DAY_MS, lastAt: NOW - HOUR_MS },
};

/** An office, a team on the move, and functions in a cloud. */
const OWNERS: Readonly<Record<string, Partial<TrustFacts>>> = {
  'an office': { uses: [use('90.160.1.1')] },
  'a team that moves widely': {
    uses: ['81.32.0.1', '83.40.0.1', '88.1.0.1', '79.150.0.1', '90.160.1.1'].map((around) => use(around)),
  },
  functions: {
    uses: ['52.16.1.1', '52.17.1.1', '52.18.1.1', '54.72.1.1', '54.73.1.1'].map((around) =>
      use(around, { country: 'IE', region: 'eu-west-1', asn: 16509 }),
    ),
    lastAllowed: { country: 'IE', at: NOW - HOUR_MS },
  },
};

/** Where thieves call from: nowhere near any of the owners. */
const LAIRS: Readonly<Record<string, Pick<TrustFacts, 'address' | 'geolocation'>>> = {
  'rented machines': {
    address: address('5.9.1.2'),
    geolocation: { country: 'DE', asn: 24940, asName: 'Hetzner Online GmbH' },
  },
  "rented machines in the owner's country": {
    address: address('51.254.1.2'),
    geolocation: { country: 'ES', asn: 16276, asName: 'OVH SAS' },
  },
  'the same cloud on another continent': {
    address: address('3.80.1.2'),
    geolocation: { country: 'US', asn: 16509, asName: 'AMAZON-02' },
  },
  'another region of the same cloud in its country': {
    address: address('34.240.1.2'),
    geolocation: { country: 'IE', region: 'eu-west-9', asn: 16509, asName: 'AMAZON-02' },
  },
  Tor: {
    address: address('185.220.101.1'),
    geolocation: { country: 'DE', asn: 60729, asName: 'Stiftung Erneuerbare Freiheit' },
  },
  'a VPN': {
    address: address('185.65.135.1'),
    geolocation: { country: 'ES', asn: 39351, asName: 'Blue VPN' },
  },
  'a line on another continent': {
    address: address('1.128.1.2'),
    geolocation: { country: 'AU', asn: 1221, asName: 'Telstra' },
  },
  "another provider's line in the owner's country": {
    address: address('85.84.1.2'),
    geolocation: { country: 'ES', asn: 12338, asName: 'Euskaltel' },
  },
  'a network that no data knows': {
    address: address('203.0.112.9'),
    geolocation: { country: null, asn: null, asName: null },
  },
};

describe('a leaked key with everything copied', () => {
  for (const [owner, uses] of Object.entries(OWNERS)) {
    it.each(Object.entries(LAIRS))(`is blocked from %s, where the owner is ${owner}`, (_lair, lair) => {
      const thief = neighbour({ ...uses, ...COPIED, ...lair });
      expect(reviewTrust(thief).evidence.map(({ signal }) => signal)).toEqual(
        expect.arrayContaining(['known-agent', 'request-habits', 'client-fingerprint']),
      );
      expect(reviewTrust(thief).trusted).toBe(false);
    });
  }

  it('is let in where nothing tells the thief from the owner', () => {
    expect(reviewTrust(neighbour(COPIED)).trusted).toBe(true);
  });
});

describe('what can be copied', () => {
  const countries = fc.constantFrom('ES', 'IE', 'US', null);
  const strange = fc.record({
    copied: fc.subarray(['userAgent', 'request', 'habits', 'fingerprintUse'] as const),
    owner: fc.constantFrom(...Object.values(OWNERS)),
    geolocation: fc.record({
      country: countries,
      asn: fc.constantFrom(1221, 24940, 65_000_001, null),
      asName: fc.constantFrom('Telstra', 'Some Data Center', null),
    }),
    value: fc.nat({ max: 2 ** 32 - 1 }),
  });

  it('is never enough together, without a network or a place that the key is used from', () => {
    fc.assert(
      fc.property(strange, ({ copied, owner, geolocation, value }) => {
        const given = neighbour({
          ...owner,
          userAgent: null,
          ...Object.fromEntries(copied.map((name) => [name, COPIED[name]])),
          address: { family: 4, value: BigInt(value) },
          geolocation,
        });
        const { evidence, trusted } = reviewTrust(given);
        const places = evidence.filter(
          ({ signal, weight }) => weight > 0 && ['adjacent-prefix', 'same-network'].includes(signal),
        );
        fc.pre(places.length === 0);
        expect(trusted).toBe(false);
      }),
    );
  });
});
