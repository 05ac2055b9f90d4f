import { describe, expect, it } from 'vitest';
import { reviewTrust, type TrustFacts } from '#service/enforcement/trust/trust-review';
import { WEIGHTS } from '#service/enforcement/trust/weights';
import { address, cidr, DAY_MS, facts, HOUR_MS, hostOf, neighbour, NOW, use } from './builders';

type Row = readonly [what: string, given: TrustFacts, weight: number | undefined, says?: RegExp];

const table = (signal: string, rows: readonly Row[]): void => {
  describe(signal, () => {
    for (const [what, given, weight, says] of rows) {
      it(what, () => {
        const found = reviewTrust(given).evidence.find((evidence) => evidence.signal === signal);
        expect(found?.weight).toBe(weight);
        if (says !== undefined) expect(found?.detail).toMatch(says);
      });
    }
  });
};

const ORANGE = { country: 'ES', asn: 12479, asName: 'Orange Espagne' };
const AWS = { country: 'IE', asn: 16509, asName: 'AMAZON-02' };
const aws = (around: string, agent = 'acme-sync/2.4.1') =>
  use(around, { country: 'IE', asn: 16509, userAgent: agent });
const wide = ['81.32.0.1', '83.40.0.1', '88.1.0.1', '79.150.0.1'].map((around) => use(around));
const elsewhere = (around: string) => address(around);

table('adjacent-prefix', [
  ['the same /16', neighbour(), WEIGHTS.adjacentPrefix, /90\.160\.0\.0\/16.*3 hours ago/],
  ['another /16', neighbour({ uses: [use('90.161.1.1')] }), undefined],
  ['used 31 days ago', neighbour({ uses: [use('90.160.1.1', { lastAt: NOW - 31 * DAY_MS })] }), undefined],
  [
    'used 29 days ago',
    neighbour({ uses: [use('90.160.1.1', { lastAt: NOW - 29 * DAY_MS })] }),
    WEIGHTS.adjacentPrefix,
  ],
  [
    'of another network',
    neighbour({ uses: [use('90.160.1.1', { asn: 3352 })] }),
    WEIGHTS.adjacentPrefixOfAnotherNetwork,
    /different network/,
  ],
  ['network not known', neighbour({ uses: [use('90.160.1.1', { asn: null })] }), WEIGHTS.adjacentPrefix],
  [
    'the same /48',
    neighbour({ address: address('2a02:9130:1:5::1'), uses: [use('2a02:9130:1:9::1')] }),
    WEIGHTS.adjacentPrefix,
  ],
  [
    'the same /40',
    neighbour({ address: address('2a02:9130:17::1'), uses: [use('2a02:9130:1::1')] }),
    WEIGHTS.nearPrefix,
    /region/,
  ],
  [
    'another /40',
    neighbour({ address: address('2a02:9130:1700::1'), uses: [use('2a02:9130:1::1')] }),
    undefined,
  ],
  [
    'the same /40 of a cloud',
    facts({ place: AWS, address: address('2a05:d018:17::1'), uses: [aws('2a05:d018:1::1')] }),
    undefined,
  ],
]);

table('same-network', [
  [
    'one part of it',
    neighbour(),
    WEIGHTS.sameNetwork,
    /AS12479 Orange Espagne is already used .* 3 hours ago/,
  ],
  ['not used', neighbour({ uses: [use('90.160.1.1', { asn: 3352 })] }), undefined],
  ['network not known', neighbour({ place: { country: 'ES', asn: null, asName: null } }), undefined],
  ['used 91 days ago', neighbour({ uses: [use('90.160.1.1', { lastAt: NOW - 91 * DAY_MS })] }), undefined],
  ['a new part, one known', neighbour({ address: elsewhere('84.77.1.1') }), WEIGHTS.sameNetwork],
  [
    'a new part, two known',
    neighbour({ address: elsewhere('84.77.1.1'), uses: wide.slice(0, 2) }),
    WEIGHTS.sameNetwork + WEIGHTS.movingNetworkBonus,
  ],
  [
    'a new part, four known',
    neighbour({ address: elsewhere('84.77.1.1'), uses: wide }),
    WEIGHTS.sameNetwork + WEIGHTS.wideNetworkBonus,
    /from 4 different parts/,
  ],
  [
    'a new part, four known, while strangers try',
    neighbour({
      address: elsewhere('84.77.1.1'),
      uses: wide,
      unanswered: [{ at: NOW - DAY_MS, country: 'VN', asn: 45899 }],
    }),
    WEIGHTS.sameNetwork,
  ],
  ['a neighbour counts alone', neighbour({ uses: [...wide, use('90.160.1.1')] }), WEIGHTS.sameNetwork],
  [
    'used from another country',
    neighbour({ place: { ...ORANGE, country: 'FR' }, address: elsewhere('84.77.1.1') }),
    WEIGHTS.sameNetworkElsewhere,
    /only from Spain/,
  ],
  [
    'a cloud',
    facts({ place: AWS, address: address('52.16.1.1'), uses: [aws('52.16.9.9')] }),
    WEIGHTS.sameHostingNetwork,
    /counts for less/,
  ],
  [
    'a cloud, widely',
    facts({
      place: AWS,
      address: address('52.99.1.1'),
      uses: ['52.16.0.1', '52.17.0.1', '52.18.0.1', '52.19.0.1'].map((around) => aws(around)),
    }),
    WEIGHTS.sameHostingNetwork,
  ],
  [
    'a private network',
    facts({ address: address('10.42.7.7'), uses: [use('10.42.1.1', { country: null, asn: null })] }),
    WEIGHTS.samePrivateNetwork,
    /10\.0\.0\.0\/8/,
  ],
]);

table('same-country', [
  ['used', neighbour(), WEIGHTS.sameCountry, /from Spain/],
  ['not used', neighbour({ place: { ...ORANGE, country: 'FR' } }), undefined],
  ['not known', neighbour({ place: { country: null, asn: null, asName: null } }), undefined],
  [
    'not known, but that of the neighbours in the network',
    neighbour({ place: { ...ORANGE, country: null } }),
    WEIGHTS.sameCountry,
  ],
  [
    'not known, and the neighbours disagree',
    neighbour({
      place: { ...ORANGE, country: null },
      uses: [use('90.160.1.1'), use('90.160.2.2', { country: 'FR' })],
    }),
    undefined,
  ],
  ['used 91 days ago', neighbour({ uses: [use('90.160.1.1', { lastAt: NOW - 91 * DAY_MS })] }), undefined],
]);

const withAgents = (known: string, sent: string | null, changes: Partial<TrustFacts> = {}) =>
  neighbour({ userAgent: sent, uses: [use('90.160.1.1', { userAgent: known })], ...changes });
const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36';

table('known-agent', [
  ['the very agent', withAgents('acme-sync/2.4.1', 'acme-sync/2.4.1'), WEIGHTS.knownAgent, /can be copied/],
  ['another version', withAgents('acme-sync/2.4.1', 'acme-sync/2.5.0'), WEIGHTS.knownAgentOtherVersion],
  [
    'another version of a popular library',
    withAgents('python-requests/2.31.0', 'python-requests/2.32.3'),
    undefined,
  ],
  ['a tool that many have', withAgents('curl/8.5.0', 'curl/8.5.0'), WEIGHTS.popularAgent],
  ['another version of such a tool', withAgents('curl/8.5.0', 'curl/7.88.1'), undefined],
  ['a browser', withAgents(CHROME, CHROME), WEIGHTS.commonAgent, /strangers/],
  ["Go's default", withAgents('Go-http-client/2.0', 'Go-http-client/2.0'), WEIGHTS.commonAgent],
  ["Node's fetch", withAgents('node', 'node'), WEIGHTS.commonAgent],
  ['another program', withAgents('acme-sync/2.4.1', 'other/1.0.0'), undefined],
  ['none sent', withAgents('acme-sync/2.4.1', null), undefined],
  [
    'an empty one sent',
    neighbour({ userAgent: '', uses: [use('90.160.1.1', { userAgent: '' })] }),
    undefined,
  ],
  [
    'appeared an hour ago in one place',
    neighbour({ uses: [use('90.160.1.1', { firstAt: NOW - HOUR_MS })] }),
    WEIGHTS.newAgent,
  ],
  [
    'appeared an hour ago in five places',
    neighbour({
      uses: ['90.160.1.1', '81.32.0.1', '83.40.0.1', '88.1.0.1', '79.150.0.1'].map((around) =>
        use(around, { firstAt: NOW - HOUR_MS }),
      ),
    }),
    WEIGHTS.knownAgent,
  ],
  [
    'given up in a cloud and seen once since',
    facts({
      place: AWS,
      address: address('52.16.1.1'),
      userAgent: 'acme-sync/2.4.1',
      uses: [
        ...['52.16.0.1', '52.17.0.1', '52.18.0.1'].map((around) => ({
          ...aws(around),
          lastAt: NOW - 20 * DAY_MS,
        })),
        aws('52.19.0.1'),
      ],
    }),
    WEIGHTS.newAgent,
  ],
]);

table('previously-denied', [
  ['nothing denied', neighbour(), undefined],
  [
    'the address itself',
    neighbour({ denials: [{ cidr: hostOf('90.160.7.8'), kind: 'review', at: NOW - DAY_MS }] }),
    WEIGHTS.veto,
    /^90\.160\.7\.8 was denied by an administrator on 2026-06-14/,
  ],
  [
    'a neighbour',
    neighbour({ denials: [{ cidr: hostOf('90.160.7.9'), kind: 'review', at: null }] }),
    WEIGHTS.veto,
    /close to this address/,
  ],
  [
    'a range',
    neighbour({ denials: [{ cidr: cidr('90.160.7.0/28'), kind: 'range', at: null }] }),
    WEIGHTS.veto,
    /90\.160\.7\.0\/28, was put|90\.160\.7\.0\/28 was put/,
  ],
]);

table('blocklisted', [
  ['on no list', neighbour(), undefined],
  [
    'on a list',
    neighbour({ blocklisted: { list: 'tor.txt', entry: '90.160.7.8' } }),
    WEIGHTS.veto,
    /"tor\.txt" names this address/,
  ],
]);

table('reserved-address', [
  ['a public address', neighbour(), undefined],
  [
    'private, nothing known of the callers',
    facts({ address: address('10.1.2.3') }),
    WEIGHTS.veto,
    /10\.0\.0\.0\/8.*not known to be used/,
  ],
  ['private, callers are public', neighbour({ address: address('10.1.2.3') }), WEIGHTS.veto],
  [
    'private, callers there too',
    facts({ address: address('10.1.2.3'), uses: [use('10.9.9.9', { country: null, asn: null })] }),
    undefined,
  ],
  [
    'another private network than the callers',
    facts({ address: address('192.168.1.1'), uses: [use('10.9.9.9', { country: null, asn: null })] }),
    WEIGHTS.veto,
  ],
  [
    'multicast, whatever the callers',
    facts({ address: address('224.0.0.1'), uses: [use('224.0.9.9')] }),
    WEIGHTS.veto,
    /forged/,
  ],
  ['IPv6 that is given to nobody', facts({ address: address('4000::1') }), WEIGHTS.veto],
  ['IPv6 unique local', facts({ address: address('fd00::1') }), WEIGHTS.veto],
]);

table('hosting-or-anonymizer', [
  ['an access provider', neighbour(), undefined],
  ['not known', facts(), undefined],
  [
    'a cloud by number',
    facts({ place: { country: 'ES', asn: 16509, asName: null } }),
    WEIGHTS.unusedHosting,
    /AS16509 rents out/,
  ],
  [
    'a cloud in use',
    facts({ place: AWS, address: address('52.16.1.1'), uses: [aws('52.16.9.9')] }),
    WEIGHTS.hosting,
  ],
  [
    'by name alone',
    facts({ place: { country: 'ES', asn: 65_000_001, asName: 'Blue Data Center SL' } }),
    WEIGHTS.unusedHosting,
  ],
  [
    'a VPN by number',
    facts({ place: { country: 'SE', asn: 39351, asName: '31173 Services AB' } }),
    WEIGHTS.anonymizer,
  ],
  [
    'a VPN by name',
    facts({ place: { country: 'SE', asn: 65_000_002, asName: 'FastVPN Ltd' } }),
    WEIGHTS.anonymizer,
  ],
  [
    'a name that only resembles one',
    facts({ place: { country: 'FR', asn: 65_000_003, asName: 'Torcy Cloudier Telecom' } }),
    undefined,
  ],
]);

const strangers = (count: number, agoMs = DAY_MS) =>
  Array.from({ length: count }, () => ({ at: NOW - agoMs, country: 'VN', asn: 45899 }));
table('unknown-burst', [
  ['four in an hour', neighbour({ recentUnknownAddresses: 4 }), undefined],
  [
    'five in an hour',
    neighbour({ recentUnknownAddresses: 5 }),
    WEIGHTS.burst,
    /^5 other unknown addresses tried this key in the last hour/,
  ],
  ['fifteen in an hour', neighbour({ recentUnknownAddresses: 15 }), WEIGHTS.largeBurst],
  [
    'one stranger this week',
    neighbour({ unanswered: strangers(1) }),
    WEIGHTS.fewUnanswered,
    /^1 other unknown address .*nobody has authorized it/,
  ],
  ['three strangers this week', neighbour({ unanswered: strangers(3) }), WEIGHTS.someUnanswered],
  ['ten strangers this week', neighbour({ unanswered: strangers(10) }), WEIGHTS.manyUnanswered],
  ['strangers eight days ago', neighbour({ unanswered: strangers(10, 8 * DAY_MS) }), undefined],
  [
    'waiting in a network that is in use',
    neighbour({ unanswered: [{ at: NOW, country: 'ES', asn: 12479 }] }),
    undefined,
  ],
  [
    'network not known, country in use',
    neighbour({ unanswered: [{ at: NOW, country: 'ES', asn: null }] }),
    undefined,
  ],
  [
    'nothing known of it',
    neighbour({ unanswered: [{ at: NOW, country: null, asn: null }] }),
    WEIGHTS.fewUnanswered,
  ],
  [
    'the graver one is told',
    neighbour({ recentUnknownAddresses: 5, unanswered: strangers(3) }),
    WEIGHTS.someUnanswered,
  ],
]);

const lastIn = (country: string | null, agoMs: number, here: string | null = 'AU') =>
  facts({
    place: { country: here, asn: null, asName: null },
    lastAllowed: { country, at: NOW - agoMs },
    uses: [use('90.160.1.1')],
    address: address('1.128.0.1'),
  });
table('impossible-travel', [
  [
    'Spain to Australia in an hour',
    lastIn('ES', HOUR_MS),
    WEIGHTS.impossibleTravel,
    /from Spain 1 hour ago.*to Australia.*at least [\d,]+00 km/,
  ],
  ['Spain to Australia in two days', lastIn('ES', 2 * DAY_MS), undefined],
  ['Spain to France at once', lastIn('ES', 0, 'FR'), undefined],
  ['a country in use', lastIn('AU', 0, 'ES'), undefined],
  ['last country not known', lastIn(null, 0), undefined],
  ['this country not known', lastIn('ES', 0, null), undefined],
  ['a country without a position', lastIn('ES', 0, 'XX'), undefined],
  [
    'a neighbour whose country the data has wrong',
    neighbour({ place: { ...ORANGE, country: 'AU' } }),
    undefined,
  ],
]);

const keyOf = (createdAgoDays: number, usedAgoDays: number | null) =>
  neighbour({
    key: {
      createdAt: NOW - createdAgoDays * DAY_MS,
      lastUsedAt: usedAgoDays === null ? null : NOW - usedAgoDays * DAY_MS,
    },
  });
table('fresh-key', [
  ['two days old', keyOf(2, null), WEIGHTS.freshKey, /is 2 days old/],
  ['three days old', keyOf(3, null), undefined],
]);
table('dormant-key', [
  ['used 44 days ago', keyOf(100, 44), undefined],
  ['used 46 days ago', keyOf(100, 46), WEIGHTS.dormantKey, /not used for 46 days/],
  ['never used, old', keyOf(100, null), WEIGHTS.dormantKey, /never used until now/],
  ['never used, new', keyOf(5, null), undefined],
]);
