import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attempt, Mode, Range } from '#shared/domain/entities';
import { manualClock } from '#test/support/manual-clock';
import { problem } from '#test/support/service/problem-answer';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { startTrustingService } from '#test/support/service/trusting-service';
import { waitFor } from '#test/support/wait-for';
import { DAY_MS, simulateAt, type Simulated } from '#test/support/service/simulate';

const NOBODY = '01M86AYXYC6M773ZV322JMJGX2';

const short = ({ changes }: Simulated): unknown[] =>
  changes.map(({ ip, keyName, count, before, after }) => [ip, keyName, count, before.reason, after.reason]);

describe('a simulation', () => {
  const clock = manualClock();
  let service: TestService;
  let office: Range;
  let start: number;
  const keys: { A: string; B: string; Old: string } = { A: '', B: '', Old: '' };
  const ids = { A: '', B: '', Old: '' };

  const simulate = (body: object) => simulateAt(service, body);
  const iso = (ms: number): string => new Date(ms).toISOString();
  const add = async (body: object): Promise<Range> =>
    ((await service.api('/v1/ranges', { body })).json as { items: [Range] }).items[0];

  /** The log: an office with two keys, a stranger, a denied one, and a secret that had ended. */
  beforeAll(async () => {
    service = await startTestService({ clock });
    for (const name of ['A', 'B', 'Old'] as const) {
      const { key, secret } = await service.createKey(name);
      keys[name] = secret;
      ids[name] = key.id;
    }
    office = await add({ cidr: '198.51.100.0/24', label: 'Office' });
    await add({ cidr: '203.0.113.66', effect: 'deny' });
    start = clock.now();
    const call = async (key: keyof typeof keys, ip: string, times: number): Promise<void> => {
      for (let count = 0; count < times; count += 1) await service.check(keys[key], ip);
    };
    await call('A', '198.51.100.1', 3);
    await call('B', '198.51.100.1', 2);
    await call('A', '198.51.100.200', 1);
    await call('A', '203.0.113.9', 4);
    await call('A', '203.0.113.66', 2);
    await call('Old', '198.51.100.1', 1);
    await service.api(`/v1/keys/${ids.Old}/rotate`, { body: {} });
    await call('Old', '198.51.100.1', 1);
    // The same address again, in another window: two rows of the log, one pair.
    clock.advance(120_000);
    await call('A', '198.51.100.1', 1);
    await waitFor('the log to be on disk', async () => {
      const { items } = (await service.api('/v1/attempts?limit=100')).json as { items: Attempt[] };
      return items.reduce((sum, { count }) => sum + count, 0) === 15;
    });
  });
  afterAll(() => service.stop());

  it('of no change counts calls and pairs, and finds nothing that changes', async () => {
    const calls = { allowed: 8, blocked: 7 };
    const pairs = { allowed: 4, blocked: 2 };
    expect(await simulate({})).toEqual({
      from: iso(clock.now() + 1 - 30 * DAY_MS),
      to: iso(clock.now()),
      before: calls,
      after: calls,
      pairs: { before: pairs, after: pairs },
      changes: [],
      changed: 0,
      unjudged: 0,
    });
  });

  it('of deactivation lets everybody in, but no secret that had ended', async () => {
    const result = await simulate({ mode: 'deactivated' });
    expect(result.after).toEqual({ allowed: 14, blocked: 1 });
    expect(short(result)).toEqual([
      ['203.0.113.9', 'A', 4, 'unknown', 'deactivated'],
      ['203.0.113.66', 'A', 2, 'denied', 'deactivated'],
    ]);
    expect(result.changes[0]).toMatchObject({ keyId: ids.A, lastAt: iso(start) });
  });

  it('of learning lets in who is not denied', async () => {
    expect(short(await simulate({ mode: 'learning' }))).toEqual([
      ['203.0.113.9', 'A', 4, 'unknown', 'learned'],
    ]);
  });

  it('of a removed range shows whom it would block, all of their rows together', async () => {
    const result = await simulate({ removeRangeIds: [office.id] });
    expect(short(result)).toEqual([
      ['198.51.100.1', 'A', 4, 'authorized', 'unknown'],
      ['198.51.100.1', 'B', 2, 'authorized', 'unknown'],
      ['198.51.100.1', 'Old', 1, 'authorized', 'unknown'],
      ['198.51.100.200', 'A', 1, 'authorized', 'unknown'],
    ]);
    expect(result).toMatchObject({ changed: 4, after: { allowed: 0, blocked: 15 } });
    expect(result.changes[0]?.lastAt).toBe(iso(start + 120_000));
  });

  it('of added ranges knows effect, key, expiry and length', async () => {
    expect(short(await simulate({ addRanges: [{ cidr: '203.0.113.0/24' }] }))).toEqual([
      ['203.0.113.9', 'A', 4, 'unknown', 'authorized'],
    ]);
    expect(
      short(await simulate({ addRanges: [{ cidr: '198.51.100.1', effect: 'deny', keyId: ids.B }] })),
    ).toEqual([['198.51.100.1', 'B', 2, 'authorized', 'denied']]);
    const expiresAt = iso(clock.now() + 1_000);
    expect(short(await simulate({ addRanges: [{ cidr: '203.0.113.1-203.0.113.10', expiresAt }] }))).toEqual([
      ['203.0.113.9', 'A', 4, 'unknown', 'authorized'],
    ]);
    expect(
      await simulate({ addRanges: [{ cidr: '0.0.0.0/0', effect: 'deny', allowWide: true }] }),
    ).toMatchObject({ changed: 0 });
  });

  it('of several changes at once takes them together', async () => {
    expect(
      short(
        await simulate({
          removeRangeIds: [office.id],
          addRanges: [{ cidr: '198.51.100.0/25' }, { cidr: '203.0.113.66' }],
          mode: 'deactivated',
        }),
      ),
    ).toEqual([
      ['203.0.113.9', 'A', 4, 'unknown', 'deactivated'],
      ['203.0.113.66', 'A', 2, 'denied', 'deactivated'],
    ]);
    expect(
      short(
        await simulate({
          removeRangeIds: [office.id],
          addRanges: [{ cidr: '198.51.100.0/25' }, { cidr: '203.0.113.66' }],
        }),
      ),
    ).toEqual([['198.51.100.200', 'A', 1, 'authorized', 'unknown']]);
  });

  it('looks at the time that is asked for', async () => {
    const later = await simulate({ mode: 'deactivated', from: iso(start + 60_000) });
    expect(later).toMatchObject({ from: iso(start + 60_000), before: { allowed: 1, blocked: 0 } });
    const earlier = await simulate({ mode: 'deactivated', to: iso(start + 60_000) });
    expect(earlier.before).toEqual({ allowed: 7, blocked: 7 });
    const before = await simulate({ from: iso(start - DAY_MS), to: iso(start) });
    expect(before).toMatchObject({ before: { allowed: 0, blocked: 0 }, pairs: { before: { allowed: 0 } } });
  });

  it('changes nothing', async () => {
    const state = async () => [
      (await service.api('/v1/account')).json,
      (await service.api('/v1/ranges')).json,
      (await service.api('/v1/reviews')).json,
      (await service.api('/v1/audit?limit=1')).json,
    ];
    const before = await state();
    await simulate({ mode: 'automatic', removeRangeIds: [office.id], addRanges: [{ cidr: '10.0.0.0/8' }] });
    expect(await state()).toEqual(before);
    expect((await service.check(keys.A, '198.51.100.1')).status).toBe(200);
  });

  it.each<[string, object, number, string, string]>([
    ['a mode that is none', { mode: 'off' }, 400, 'invalid_request', 'mode'],
    [
      'a text that is no range',
      { addRanges: [{ cidr: '10.0.0.1' }, { cidr: 'x' }] },
      422,
      'invalid_cidr',
      'addRanges.1.cidr',
    ],
    ['a very wide range', { addRanges: [{ cidr: '0/0' }] }, 422, 'too_wide', 'addRanges.0.cidr'],
    [
      'a key that nobody has',
      { addRanges: [{ cidr: '10.0.0.1', keyId: NOBODY }] },
      400,
      'invalid_request',
      'addRanges.0.keyId',
    ],
    [
      'a range that is over already',
      { addRanges: [{ cidr: '10.0.0.1', expiresAt: '2020-01-01T00:00:00Z' }] },
      400,
      'invalid_request',
      'addRanges.0.expiresAt',
    ],
    ['a range that is not there', { removeRangeIds: [NOBODY] }, 400, 'invalid_request', 'removeRangeIds.0'],
    ['a time that is none', { from: 'yesterday' }, 400, 'invalid_request', 'from'],
    [
      'a time that ends before it begins',
      { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' },
      400,
      'invalid_request',
      'from',
    ],
    [
      'too many ranges',
      { removeRangeIds: Array(1_001).fill(NOBODY) },
      400,
      'invalid_request',
      'removeRangeIds',
    ],
    [
      'ranges that mean too many networks',
      {
        addRanges: Array.from({ length: 100 }, (_, n) => ({
          cidr: `2001:db8:${n}::1-2001:db8:${n}:ffff:ffff:ffff:ffff:fffe`,
        })),
      },
      422,
      'limit_reached',
      'addRanges',
    ],
    ['an unknown field', { days: 7 }, 400, 'invalid_request', 'days'],
  ])('is refused with %s', async (_what, body, status, code, field) => {
    const answer = await service.api('/v1/simulate', { body });
    expect(problem(answer)).toMatchObject({ status, code, field });
  });
});

describe('a simulation of automatic mode', () => {
  it('asks the trust review with what it knows today, with the agent of the newest call', async () => {
    const { service, known, neighbour, stranger, check, stop } = await startTrustingService();
    try {
      const setMode = (mode: Mode) => service.api('/v1/account/mode', { method: 'PUT', body: { mode } });
      await setMode('manual');
      for (const ip of [known, neighbour, stranger]) await check(ip);
      const reasons = async (body: object) => {
        const result = await simulateAt(service, body);
        return result.changes.map(({ ip, before, after }) => [ip, before.reason, after.reason]);
      };
      expect(await reasons({ mode: 'automatic' })).toEqual([[neighbour, 'unknown', 'trusted']]);

      await setMode('automatic');
      const list = ((await service.api('/v1/ranges')).json as { items: Range[] }).items;
      // What was learned through a range goes with it: the key's own office is as unknown as its neighbour.
      expect(await reasons({ removeRangeIds: list.map(({ id }) => id) })).toEqual([
        [known, 'authorized', 'untrusted'],
        [neighbour, 'trusted', 'untrusted'],
      ]);
      // A denial nearby is a veto.
      expect(await reasons({ addRanges: [{ cidr: '81.184.77.128/25', effect: 'deny' }] })).toEqual([
        [neighbour, 'trusted', 'untrusted'],
      ]);
      expect(await reasons({ mode: 'manual' })).toEqual([[neighbour, 'trusted', 'unknown']]);
    } finally {
      await stop();
    }
  });
});
