import { WEIGHTS } from '#service/enforcement/trust/weights';
import { address, DAY_MS, facts, HOUR_MS, neighbour, NOW, use } from './builders';
import { table } from './signal-table';

const ORANGE = { country: 'ES', asn: 12479, asName: 'Orange Espagne' };

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
    geolocation: { country: here, asn: null, asName: null },
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
    neighbour({ geolocation: { ...ORANGE, country: 'AU' } }),
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
