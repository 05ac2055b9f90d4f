import { describe, expect, it } from 'vitest';
import {
  habitsOfCall,
  joinHabits,
  type KeyHabits,
  type RequestKind,
} from '#service/enforcement/trust/habits';
import { reviewTrust, type TrustFacts } from '#service/enforcement/trust/trust-review';
import { WEIGHTS } from '#service/enforcement/trust/weights';
import { address, DAY_MS, facts, HOUR_MS, neighbour, NOW, use, usedFor } from './builders';
import { table } from './signal-table';

const ORDERS: RequestKind = { method: 'GET', segment: 'orders' };
const ADMIN: RequestKind = { method: 'GET', segment: 'admin' };

/** Reads orders at this hour, each day of the last month. */
const daily = usedFor([ORDERS], { days: 30 });
/** Reads orders at this hour and the two before it. */
const busy = usedFor([ORDERS, { method: 'POST', segment: 'mails' }, ORDERS], { days: 30 });

const calling = (
  request: RequestKind | undefined,
  habits: KeyHabits | undefined,
  changes: Partial<TrustFacts> = {},
) => neighbour({ request, habits, ...changes });

table('request-habits', [
  ['the usual request', calling(ORDERS, daily), WEIGHTS.usualRequest, /\(GET \/orders\).*can copy/],
  [
    'the usual request, from a cloud',
    calling(ORDERS, daily, { geolocation: { country: 'IE', asn: 16509, asName: 'AMAZON-02' } }),
    WEIGHTS.usualRequestFromHosting,
  ],
  ['an hour before', calling(ORDERS, daily, { now: NOW - HOUR_MS }), WEIGHTS.usualRequest],
  ['at another hour', calling(ORDERS, daily, { now: NOW + 8 * HOUR_MS }), undefined],
  ['a rare request', calling(ADMIN, joinHabits(busy, habitsOfCall(ADMIN, NOW - 5 * DAY_MS))), undefined],
  [
    'a request of today only',
    calling(ADMIN, joinHabits(busy, usedFor([ADMIN, ADMIN, ADMIN, ADMIN, ADMIN, ADMIN], { days: 1 }))),
    undefined,
  ],
  ['too few calls', calling(ORDERS, usedFor([ORDERS], { days: 5 })), undefined],
  ['another path', calling(ADMIN, busy), WEIGHTS.unusualRequest, /^In 30 days .*\(GET \/admin\)/],
  ['another method', calling({ ...ORDERS, method: 'DELETE' }, busy), WEIGHTS.unusualRequest],
  ['another path, at another hour', calling(ADMIN, busy, { now: NOW + 8 * HOUR_MS }), WEIGHTS.unusualRequest],
  ['another path on a key of few calls', calling(ADMIN, daily), undefined],
  [
    'another path on a young habit',
    calling(
      ADMIN,
      usedFor(
        Array.from({ length: 20 }, () => ORDERS),
        { days: 5 },
      ),
    ),
    undefined,
  ],
  [
    'another path on a key that is used for many things',
    calling(
      ADMIN,
      usedFor(
        ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((segment) => ({ method: 'GET', segment })),
        { days: 30 },
      ),
    ),
    undefined,
  ],
  ['a habit that has faded', calling(ADMIN, busy, { now: NOW + 60 * DAY_MS }), undefined],
  ['no request known', calling(undefined, busy), undefined],
  ['no habits known', calling(ORDERS, undefined), undefined],
]);

describe('the request', () => {
  const trusts = (given: TrustFacts): boolean => reviewTrust(given).trusted;

  it('refuses the copied agent in the same cloud that tries another path', () => {
    const cloud = facts({
      geolocation: { country: 'IE', asn: 16509, asName: 'AMAZON-02' },
      address: address('52.16.1.1'),
      userAgent: 'acme-sync/2.4.1',
      uses: [use('52.16.9.9', { country: 'IE', asn: 16509 })],
      habits: busy,
    });
    expect(trusts({ ...cloud, request: ORDERS })).toBe(true);
    expect(trusts({ ...cloud, request: ADMIN })).toBe(false);
  });

  it('does not refuse a neighbour with the very agent for something new', () => {
    expect(trusts(neighbour({ habits: busy, request: ADMIN }))).toBe(true);
  });

  it('does not let a neighbour without the agent in', () => {
    expect(trusts(neighbour({ userAgent: 'other/1.0.0', habits: busy, request: ORDERS }))).toBe(false);
  });

  it('does not let a common tool in, where strangers share the neighbourhood', () => {
    const given = facts({
      geolocation: { country: 'IE', asn: 16509, asName: 'AMAZON-02' },
      address: address('52.16.1.1'),
      userAgent: 'curl/8.5.0',
      uses: [use('52.16.9.9', { country: 'IE', asn: 16509, userAgent: 'curl/8.5.0' })],
      habits: busy,
      request: ORDERS,
    });
    expect(reviewTrust(given)).toMatchObject({ score: 63, trusted: false });
  });
});
