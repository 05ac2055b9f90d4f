import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  reviewTrust,
  type Denial,
  type KeyUse,
  type RequestKind,
  type TrustFacts,
} from '#service/enforcement/trust/trust-review';
import { THRESHOLD, WEIGHTS } from '#service/enforcement/trust/weights';
import { cidrOf, type IpAddress } from '#shared/ip/index';
import { address, DAY_MS, facts, hostOf, neighbour, NOW, prefixAround, use, usedFor } from './builders';

const COUNTRIES = ['ES', 'US', 'IE', 'AU', null] as const;
const NETWORKS = [12479, 3352, 16509, 39351, 65_000_001, null] as const;
const REGIONS = ['ES-MD', 'IE-L', null] as const;
const AGENTS = [
  'acme-sync/2.4.1',
  'acme-sync/2.5.0',
  'curl/8.5.0',
  'node',
  'Mozilla/5.0 Chrome/131.0',
  '',
  null,
] as const;
const PLACES = [
  '90.160.1.1',
  '90.161.1.1',
  '52.16.1.1',
  '10.42.1.1',
  '2a02:9130:1::1',
  '2a02:9130:2::1',
] as const;

const ORDERS: RequestKind = { method: 'GET', segment: 'orders' };
const REQUESTS: readonly RequestKind[] = [
  ORDERS,
  { method: 'POST', segment: 'orders' },
  { method: 'GET', segment: '' },
  { method: 'DELETE', segment: 'users' },
];

const agoArbitrary = fc.integer({ min: 0, max: 120 * DAY_MS });

const addressArbitrary: fc.Arbitrary<IpAddress> = fc.oneof(
  fc.constantFrom(...PLACES, '90.160.200.9', '203.0.113.9', '224.0.0.1', 'fe80::1').map(address),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((value) => ({ family: 4 as const, value: BigInt(value) })),
);

const useArbitrary: fc.Arbitrary<KeyUse> = fc
  .record({
    place: fc.constantFrom(...PLACES),
    country: fc.constantFrom(...COUNTRIES),
    region: fc.constantFrom(...REGIONS),
    asn: fc.constantFrom(...NETWORKS),
    userAgent: fc.constantFrom(...AGENTS),
    lastAgo: agoArbitrary,
    before: agoArbitrary,
    uses: fc.integer({ min: 1, max: 1000 }),
  })
  .map(({ place, lastAgo, before, ...rest }) => ({
    ...rest,
    prefix: prefixAround(place),
    firstAt: NOW - lastAgo - before,
    lastAt: NOW - lastAgo,
  }));

const denialArbitrary: fc.Arbitrary<Denial> = fc.record({
  cidr: addressArbitrary.map((denied) => cidrOf(denied, denied.family === 4 ? 32 : 128)),
  kind: fc.constantFrom('range', 'review'),
  at: fc.option(agoArbitrary.map((ago) => NOW - ago)),
});

const habitsArbitrary = fc.option(
  fc
    .record({
      requests: fc.array(fc.constantFrom(...REQUESTS), { minLength: 1, maxLength: 4 }),
      days: fc.constantFrom(1, 5, 20),
    })
    .map(({ requests, days }) => usedFor(requests, { days })),
  { nil: undefined },
);

const anyFacts: fc.Arbitrary<TrustFacts> = fc.record({
  address: addressArbitrary,
  now: fc.constant(NOW),
  geolocation: fc
    .record({
      country: fc.constantFrom(...COUNTRIES),
      region: fc.constantFrom(...REGIONS),
      asn: fc.constantFrom(...NETWORKS),
      asName: fc.constantFrom('Orange Espagne', 'AMAZON-02', 'Blue VPN', null),
    })
    .map(({ region, ...rest }) => ({ ...rest, ...(region !== null && { region }) })),
  userAgent: fc.constantFrom(...AGENTS),
  request: fc.constantFrom(...REQUESTS, undefined),
  habits: habitsArbitrary,
  fingerprintUse: fc.constantFrom({ firstAt: NOW - 60 * DAY_MS, lastAt: NOW - DAY_MS }, undefined),
  key: fc.record({
    createdAt: agoArbitrary.map((ago) => NOW - ago),
    lastUsedAt: fc.option(agoArbitrary.map((ago) => NOW - ago)),
  }),
  uses: fc.array(useArbitrary, { maxLength: 8 }),
  denials: fc.array(denialArbitrary, { maxLength: 2 }),
  blocklisted: fc.option(fc.record({ list: fc.constant('list.txt'), entry: fc.constant('entry') })),
  isProxy: fc.boolean(),
  recentUnknownAddresses: fc.nat({ max: 30 }),
  unanswered: fc.array(
    fc.record({
      at: agoArbitrary.map((ago) => NOW - ago),
      country: fc.constantFrom(...COUNTRIES),
      asn: fc.constantFrom(...NETWORKS),
    }),
    { maxLength: 12 },
  ),
  lastAllowed: fc.option(
    fc.record({ country: fc.constantFrom(...COUNTRIES), at: agoArbitrary.map((ago) => NOW - ago) }),
  ),
});

const FACTS = [
  'address',
  'geolocation',
  'userAgent',
  'request',
  'habits',
  'fingerprintUse',
  'key',
  'uses',
  'denials',
  'blocklisted',
  'isProxy',
  'recentUnknownAddresses',
  'unanswered',
  'lastAllowed',
] as const satisfies readonly (keyof TrustFacts)[];

/** Chance alone hardly ever makes a trusted caller, so half of them begin as one, and some of the facts are replaced. */
const factsArbitrary: fc.Arbitrary<TrustFacts> = fc.oneof(
  anyFacts,
  fc.tuple(anyFacts, fc.subarray([...FACTS])).map(([other, replaced]) => ({
    ...neighbour(),
    ...Object.fromEntries(replaced.map((name) => [name, other[name]])),
  })),
);

describe('the sum', () => {
  const scoreOf = (given: TrustFacts) => reviewTrust(given).score;
  const wide = ['81.32.0.1', '83.40.0.1', '88.1.0.1', '79.150.0.1'];
  const cloud = (userAgent: string) =>
    facts({
      geolocation: { country: 'IE', asn: 16509, asName: 'AMAZON-02' },
      address: address('52.16.1.1'),
      userAgent,
      uses: [use('52.16.9.9', { country: 'IE', asn: 16509, userAgent })],
    });

  /** Another part of the network, in the region that the key is used from. */
  const inRegion = (parts: readonly string[], changes: Partial<TrustFacts> = {}) =>
    neighbour({
      geolocation: { country: 'ES', region: 'ES-MD', asn: 12479, asName: 'Orange Espagne' },
      uses: parts.map((around) => use(around, { region: 'ES-MD' })),
      ...changes,
    });
  const region = (userAgent: string): TrustFacts => ({
    ...cloud(userAgent),
    geolocation: { country: 'IE', region: 'eu-west-1', asn: 16509, asName: 'AMAZON-02' },
    address: address('52.99.1.1'),
    uses: [use('52.16.9.9', { country: 'IE', region: 'eu-west-1', asn: 16509, userAgent })],
  });

  // The table in weights.ts, line by line.
  it.each([
    ['a neighbour without a known agent', neighbour({ userAgent: 'other/1.0.0' }), 60],
    [
      'with a common agent',
      neighbour({ userAgent: 'node', uses: [use('90.160.1.1', { userAgent: 'node' })] }),
      70,
    ],
    ['with the very agent', neighbour(), 85],
    ['a wide network', neighbour({ uses: wide.map((around) => use(around)) }), 73],
    [
      'a wide network, curl',
      neighbour({
        userAgent: 'curl/8.5.0',
        uses: wide.map((around) => use(around, { userAgent: 'curl/8.5.0' })),
      }),
      65,
    ],
    [
      'a wide network, Go',
      neighbour({
        userAgent: 'Go-http-client/2.0',
        uses: wide.map((around) => use(around, { userAgent: 'Go-http-client/2.0' })),
      }),
      58,
    ],
    ['a moving network', neighbour({ uses: wide.slice(0, 3).map((around) => use(around)) }), 55],
    ['a network, one part', neighbour({ uses: [use('81.32.0.1')] }), 50],
    ['a neighbour in a cloud, the very agent', cloud('acme-sync/2.4.1'), 70],
    ['a neighbour in a cloud, curl', cloud('curl/8.5.0'), 62],
    [
      'another part of the cloud, the very agent',
      { ...cloud('acme-sync/2.4.1'), address: address('52.99.1.1') },
      35,
    ],
    [
      'a neighbour, no data on networks',
      neighbour({
        geolocation: { country: 'ES', asn: null, asName: null },
        uses: [use('90.160.1.1', { asn: null })],
      }),
      70,
    ],
    [
      'a neighbour, no data at all',
      neighbour({
        geolocation: { country: null, asn: null, asName: null },
        uses: [use('90.160.1.1', { asn: null, country: null })],
      }),
      60,
    ],
    ['the country and the very agent', neighbour({ uses: [use('81.32.0.1', { asn: 3352 })] }), 35],
    ['another part of the cloud in its region, the very agent', region('acme-sync/2.4.1'), 65],
    ['another part of the cloud in its region, curl', region('curl/8.5.0'), 57],
    ['another part of the cloud in its region, Go', region('Go-http-client/2.0'), 50],
    ['a wide network in its region, no known agent', inRegion(wide, { userAgent: 'other/1.0.0' }), 59],
    ['a wide network in its region, the very agent', inRegion(wide), 84],
    ['a moving network in its region', inRegion(wide.slice(0, 3)), 66],
    ['a network, one part, in its region', inRegion(wide.slice(0, 1)), 61],
  ])('%s', (_what, given, score) => {
    expect(scoreOf(given)).toBe(score);
    expect(reviewTrust(given).trusted).toBe(score >= THRESHOLD);
  });

  const copied = (given: TrustFacts): TrustFacts => ({
    ...given,
    request: ORDERS,
    habits: usedFor([ORDERS], { days: 30 }),
    fingerprintUse: { firstAt: NOW - 30 * DAY_MS, lastAt: NOW - DAY_MS },
  });

  // The second table in weights.ts, line by line.
  it.each([
    ['a neighbour without a known agent', neighbour({ userAgent: 'other/1.0.0' }), 63, false],
    [
      'a neighbour with an agent of yesterday',
      neighbour({ uses: [use('90.160.1.1', { firstAt: NOW - DAY_MS })] }),
      64,
      false,
    ],
    [
      'a wide network, Go',
      neighbour({
        userAgent: 'Go-http-client/2.0',
        uses: wide.map((around) => use(around, { userAgent: 'Go-http-client/2.0' })),
      }),
      61,
      false,
    ],
    ['a neighbour in a cloud, curl', cloud('curl/8.5.0'), 64, false],
    [
      'another part of the cloud, the very agent',
      { ...cloud('acme-sync/2.4.1'), address: address('52.99.1.1') },
      37,
      false,
    ],
    [
      'a neighbour, no data at all',
      neighbour({
        geolocation: { country: null, asn: null, asName: null },
        uses: [use('90.160.1.1', { asn: null, country: null })],
      }),
      63,
      false,
    ],
    ['another part of the cloud in its region, curl', region('curl/8.5.0'), 59, false],
    ['a wide network in its region, no known agent', inRegion(wide, { userAgent: 'other/1.0.0' }), 62, false],
    ['a network, one part, in its region, the very agent', inRegion(wide.slice(0, 1)), 64, false],
  ])('with requests and TLS client: %s', (_what, given, score, trusted) => {
    expect(reviewTrust(copied(given))).toMatchObject({ score, trusted });
  });

  it('is that of the evidence, and trusts from the threshold on with a place, unless something vetoes', () => {
    fc.assert(
      fc.property(factsArbitrary, (given) => {
        const { trusted, score, evidence } = reviewTrust(given);
        expect(score).toBe(evidence.reduce((sum, { weight }) => sum + weight, 0));
        const isVetoed = evidence.some(({ weight }) => weight === WEIGHTS.veto);
        const inFavour = evidence.filter(({ weight }) => weight > 0).map(({ signal }) => signal);
        const isPlaced =
          inFavour.includes('same-network') ||
          (inFavour.includes('adjacent-prefix') && inFavour.includes('same-country'));
        expect(trusted).toBe(!isVetoed && isPlaced && score >= THRESHOLD);
      }),
    );
  });

  it('reaches the threshold with generated facts too, so that the properties below say something', () => {
    const verdicts = fc
      .sample(factsArbitrary, { numRuns: 3_000, seed: 4 })
      .map((given) => reviewTrust(given).trusted);
    expect(new Set(verdicts).size).toBe(2);
  });

  it('never trusts a thief of a cloud key for the cloud alone', () => {
    expect(reviewTrust({ ...cloud('acme-sync/2.4.1'), userAgent: 'thief/1.0.0' }).trusted).toBe(false);
    expect(reviewTrust({ ...cloud('acme-sync/2.4.1'), address: address('54.72.1.1') }).trusted).toBe(false);
  });
});

describe('vetoes', () => {
  const vetoes: readonly (readonly [string, Partial<TrustFacts>])[] = [
    ['denied', { denials: [{ cidr: hostOf('90.160.7.8'), kind: 'review', at: NOW }] }],
    ['denied nearby by a range', { denials: [{ cidr: hostOf('90.160.7.9'), kind: 'range', at: null }] }],
    ['blocklisted', { blocklisted: { list: 'a', entry: 'b' } }],
    ['reserved', { address: address('224.0.0.1') }],
    ['a trusted proxy', { isProxy: true }],
  ];

  it.each(vetoes)('refuse the best case: %s', (_what, change) => {
    expect(reviewTrust(neighbour()).trusted).toBe(true);
    expect(reviewTrust(neighbour(change)).trusted).toBe(false);
  });

  it.each(vetoes)('refuse whatever else is known: %s', (_what, change) => {
    fc.assert(
      fc.property(factsArbitrary, (given) => {
        const { trusted, evidence } = reviewTrust({ ...given, ...change });
        expect(trusted).toBe(false);
        expect(evidence.some(({ detail }) => detail.endsWith('it is not let in by itself.'))).toBe(true);
      }),
    );
  });

  it('weigh more than everything that speaks in favour', () => {
    expect(reviewTrust(neighbour({ blocklisted: { list: 'a', entry: 'b' } })).score).toBeLessThan(THRESHOLD);
  });
});

/** What whoever has watched a key can send too, and the country, where proxies are for sale. */
const COPYABLE: ReadonlySet<string> = new Set([
  'known-agent',
  'request-habits',
  'client-fingerprint',
  'same-country',
]);

describe('what can be copied', () => {
  it.each(['acme-sync/2.4.1', 'curl/8.5.0', 'node'])('is never enough alone: the agent %s', (userAgent) => {
    const uses = ['81.32.0.1', '83.40.0.1', '88.1.0.1'].map((around) =>
      use(around, { userAgent, asn: null, country: null }),
    );
    const { evidence, trusted } = reviewTrust(facts({ userAgent, uses }));
    expect(evidence.map(({ signal }) => signal)).toEqual(['known-agent']);
    expect(trusted).toBe(false);
  });

  it('is never enough together, with the country, from anywhere', () => {
    fc.assert(
      fc.property(factsArbitrary, (given) => {
        const review = reviewTrust(given);
        const inFavour = review.evidence.filter(({ weight }) => weight > 0).map(({ signal }) => signal);
        fc.pre(inFavour.every((signal) => COPYABLE.has(signal)));
        expect(review.trusted).toBe(false);
      }),
    );
  });
});

describe('the same facts', () => {
  it('give the same review', () => {
    fc.assert(
      fc.property(factsArbitrary, (given) => {
        expect(reviewTrust(structuredClone(given))).toEqual(reviewTrust(given));
      }),
    );
  });

  it('give the same review in any order', () => {
    const shuffled = factsArbitrary.chain((given) =>
      fc.record({
        given: fc.constant(given),
        uses: fc.shuffledSubarray([...given.uses], { minLength: given.uses.length }),
        denials: fc.shuffledSubarray([...given.denials], { minLength: given.denials.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ given, uses, denials }) => {
        expect(reviewTrust({ ...given, uses, denials })).toEqual(reviewTrust(given));
      }),
    );
  });
});

describe('more of the same', () => {
  const scoreOf = (given: TrustFacts) => reviewTrust(given).score;

  it('unknown addresses never raise the score', () => {
    fc.assert(
      fc.property(factsArbitrary, fc.nat({ max: 50 }), (given, more) => {
        const worse = { ...given, recentUnknownAddresses: given.recentUnknownAddresses + more };
        expect(scoreOf(worse)).toBeLessThanOrEqual(scoreOf(given));
      }),
    );
  });

  it('unanswered addresses never raise the score', () => {
    fc.assert(
      fc.property(
        factsArbitrary,
        fc.constantFrom(...COUNTRIES),
        fc.constantFrom(...NETWORKS),
        (given, country, asn) => {
          const unanswered = [...given.unanswered, { at: NOW, country, asn }];
          expect(scoreOf({ ...given, unanswered })).toBeLessThanOrEqual(scoreOf(given));
        },
      ),
    );
  });

  it('denials and blocklists never raise the score', () => {
    fc.assert(
      fc.property(factsArbitrary, denialArbitrary, (given, denial) => {
        expect(scoreOf({ ...given, denials: [...given.denials, denial] })).toBeLessThanOrEqual(
          scoreOf(given),
        );
        const blocklisted = { list: 'a', entry: 'b' };
        expect(scoreOf({ ...given, blocklisted })).toBeLessThanOrEqual(scoreOf(given));
      }),
    );
  });
});

describe('the evidence', () => {
  it('is one whole sentence each, without gaps', () => {
    fc.assert(
      fc.property(factsArbitrary, (given) => {
        for (const { detail, signal } of reviewTrust(given).evidence) {
          expect(detail, signal).toMatch(/^["A-Z0-9:a-f].*\.$/);
          expect(detail, signal).not.toMatch(/undefined|null|NaN|Infinity|\[object|\s\s/);
        }
      }),
    );
  });

  it('has each signal once at most', () => {
    fc.assert(
      fc.property(factsArbitrary, (given) => {
        const signals = reviewTrust(given).evidence.map(({ signal }) => signal);
        expect(new Set(signals).size).toBe(signals.length);
      }),
    );
  });

  it('quotes what strangers wrote on one short line', () => {
    const userAgent = `evil/1.0 \u202e"\n\r\t\0${'x'.repeat(500)}`;
    const { evidence } = reviewTrust(neighbour({ userAgent, uses: [use('90.160.1.1', { userAgent })] }));
    const { detail = '' } = evidence.find(({ signal }) => signal === 'known-agent') ?? {};
    expect(detail).toContain(`"evil/1.0 ' xxx`);
    expect(detail).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(detail.length).toBeLessThan(200);
  });
});
