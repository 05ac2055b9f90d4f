import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIdFactory } from '#service/ids';
import { MAX_SIMULATED_CHANGES, MAX_SIMULATED_REVIEWS } from '#shared/api/routes-policy';
import type { RouteResponse } from '#shared/api/route-types';
import type { Attempt, Mode, Range } from '#shared/domain/entities';
import { formatAddress, sortableAddress } from '#shared/ip/index';
import { manualClock } from '#test/support/manual-clock';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { problem } from '#test/support/service/problem-answer';
import { openTestStorage } from '#test/support/service/test-database';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { startTrustingService } from '#test/support/service/trusting-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

type Simulated = RouteResponse<'simulate'>;
type Explained = RouteResponse<'explain'>;

const NOBODY = '01M86AYXYC6M773ZV322JMJGX2';
const DAY_MS = 86_400_000;

const simulateAt = async (service: TestService, body: object): Promise<Simulated> => {
  const answer = await service.api('/v1/simulate', { body });
  expect(answer.status, answer.text).toBe(200);
  return answer.json as Simulated;
};

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

describe('a simulation of a long log', () => {
  /** Puts rows of the log on disk while no service has it, and starts one on it. */
  const serviceWith = async (
    dataDir: string,
    attempts: Iterable<{ readonly address: number; readonly key: 0 | 1; readonly count: number }>,
  ): Promise<TestService> => {
    const first = await startTestService({ dataDir });
    const keys = [await first.createKey('A'), await first.createKey('B')];
    await first.api('/v1/ranges', { body: { cidr: '10.0.0.0/24' } });
    await first.stop();
    const storage = await openTestStorage(dataDir);
    const newId = createIdFactory({ now: () => Date.now() });
    const at = Date.now() - DAY_MS;
    const [account] = await storage.read.accounts.all();
    await storage.transaction(async ({ attempts: log }) => {
      for (const { address: value, key, count } of attempts) {
        const address = { family: 4, value: (10n << 24n) + BigInt(value) } as const;
        await log.insert({
          id: newId(),
          account_id: account?.id ?? '',
          changed_seq: 1,
          ip: formatAddress(address),
          ip_sort: sortableAddress(address),
          key_id: keys[key]?.key.id ?? '',
          verdict: 'blocked',
          reason: 'unknown',
          range_id: null,
          review_id: null,
          first_at: at,
          last_at: at,
          count,
          method: null,
          path: null,
          user_agent: null,
          country: null,
          asn: null,
          as_name: null,
        });
      }
    });
    await storage.close();
    return startTestService({ dataDir });
  };

  let dataDir = '';
  beforeEach(() => {
    dataDir = makeTempDir('replay');
  });
  afterEach(() => removeTempDir(dataDir));

  it('adds up each address and key over all reads', async () => {
    function* rows() {
      // Busy addresses fill several reads each; between them lie many that called once.
      for (let n = 0; n < 2_300; n += 1) yield { address: 5, key: 0, count: 2 } as const;
      for (let n = 0; n < 1_100; n += 1) yield { address: 300, key: (n % 2) as 0 | 1, count: 3 } as const;
      for (let n = 0; n < 1_400; n += 1) yield { address: 1_000 + n, key: 1, count: 1 } as const;
      for (let n = 0; n < 1_000; n += 1) yield { address: 2_399, key: 1, count: 1 } as const;
    }
    const service = await serviceWith(dataDir, rows());
    try {
      const result = await simulateAt(service, { mode: 'deactivated' });
      expect(result).toMatchObject({
        before: { allowed: 4_600, blocked: 5_700 },
        after: { allowed: 10_300, blocked: 0 },
        pairs: { before: { allowed: 1, blocked: 1_402 }, after: { allowed: 1_403, blocked: 0 } },
        changed: 1_402,
      });
      expect(result.changes).toHaveLength(MAX_SIMULATED_CHANGES);
      expect(result.changes.slice(0, 4).map(({ ip, keyName, count }) => [ip, keyName, count])).toEqual([
        ['10.0.1.44', 'A', 1_650],
        ['10.0.1.44', 'B', 1_650],
        ['10.0.9.95', 'B', 1_001],
        ['10.0.3.232', 'B', 1],
      ]);
    } finally {
      await service.stop();
    }
  });

  it('asks the trust review about the busiest only, and says how many it left out', async () => {
    const LEFT_OUT = 7;
    function* rows() {
      for (let n = 0; n < MAX_SIMULATED_REVIEWS + LEFT_OUT; n += 1)
        yield { address: 65_536 + n, key: 0, count: n < LEFT_OUT ? 1 : 2 } as const;
    }
    const service = await serviceWith(dataDir, rows());
    try {
      expect(await simulateAt(service, { mode: 'automatic' })).toMatchObject({
        unjudged: LEFT_OUT,
        changed: 0,
        pairs: { after: { allowed: 0, blocked: MAX_SIMULATED_REVIEWS + LEFT_OUT } },
        after: { allowed: 0, blocked: 2 * MAX_SIMULATED_REVIEWS + LEFT_OUT },
      });
    } finally {
      await service.stop();
    }
  });
});

describe('a simulated change', () => {
  const world = useControlPlane();

  it('comes true when it is made', async () => {
    const { service } = world;
    const keys = [await service.createKey('A'), await service.createKey('B')];
    const called = new Map<string, { ip: string; keyId: string; agent: string }>();
    const address = fc.oneof(
      fc.integer({ min: 0, max: 15 }).map((n) => `198.51.100.${n * 16}`),
      fc.integer({ min: 0, max: 3 }).map((n) => `203.0.${n}.9`),
      fc.integer({ min: 1, max: 3 }).map((n) => `2001:db8:0:${n}::1`),
    );
    const range = fc.record({
      ip: address,
      length: fc.constantFrom(22, 26, 28, 32),
      effect: fc.constantFrom('authorize', 'deny'),
      key: fc.constantFrom(null, 0, 1),
    });
    const bodyOf = ({
      ip,
      length,
      effect,
      key,
    }: {
      ip: string;
      length: number;
      effect: string;
      key: number | null;
    }) => ({
      cidr: ip.includes(':') ? `${ip}/64` : `${ip}/${length}`,
      effect,
      keyId: key === null ? null : (keys[key]?.key.id ?? null),
    });
    const ranges = async (): Promise<Range[]> =>
      ((await service.api('/v1/ranges?limit=1000')).json as { items: Range[] }).items;
    const setMode = (mode: Mode) => service.api('/v1/account/mode', { method: 'PUT', body: { mode } });
    const verdicts = async (): Promise<Map<string, Explained>> => {
      const found = new Map<string, Explained>();
      for (const [pair, { ip, keyId, agent }] of called) {
        const query = new URLSearchParams({ ip, keyId, userAgent: agent });
        found.set(pair, (await service.api(`/v1/explain?${query.toString()}`)).json as Explained);
      }
      return found;
    };
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ ip: address, key: fc.nat(1), agent: fc.constantFrom('curl/8', 'sdk/3') }), {
          minLength: 3,
          maxLength: 12,
        }),
        fc.array(range, { maxLength: 3 }),
        fc.array(range, { maxLength: 3 }),
        fc.array(fc.nat(), { maxLength: 3 }),
        fc.constantFrom<Mode>('automatic', 'manual', 'deactivated', 'learning'),
        async (calls, present, added, removed, mode) => {
          // Calls are made while addresses are only asked about, so that nothing but the change is different.
          await setMode('manual');
          for (const wish of present) await service.api('/v1/ranges', { body: bodyOf(wish) });
          for (const { ip, key, agent } of calls) {
            const {
              key: { id: keyId },
              secret,
            } = keys[key] ?? expect.fail('no key');
            // A repeat within the fold window counts for the row that is there, with that row's agent.
            const known = called.get(`${keyId} ${ip}`);
            const said = known?.agent ?? agent;
            await service.check(secret, ip, { 'user-agent': said });
            called.set(`${keyId} ${ip}`, { ip, keyId, agent: said });
          }
          const list = await ranges();
          const removeRangeIds = [
            ...new Set(removed.flatMap((which) => list[which % Math.max(list.length, 1)]?.id ?? [])),
          ];
          const addRanges = added.map(bodyOf);
          const foretold = await simulateAt(service, { mode, addRanges, removeRangeIds });
          const before = await verdicts();
          for (const id of removeRangeIds) await service.api(`/v1/ranges/${id}`, { method: 'DELETE' });
          for (const body of addRanges) await service.api('/v1/ranges', { body });
          await setMode(mode);
          const after = await verdicts();
          const expected = [...called.keys()].filter(
            (pair) => before.get(pair)?.verdict !== after.get(pair)?.verdict,
          );
          expect(foretold.changes.map(({ ip, keyId }) => `${keyId} ${ip}`).sort()).toEqual(expected.sort());
          for (const change of foretold.changes) {
            const pair = `${change.keyId} ${change.ip}`;
            expect([change.before.reason, change.after.reason]).toEqual([
              before.get(pair)?.reason,
              after.get(pair)?.reason,
            ]);
          }
          const allowed = [...after.values()].filter(({ verdict }) => verdict === 'allowed').length;
          expect(foretold.pairs.after).toEqual({ allowed, blocked: called.size - allowed });
          changed += foretold.changed;
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
    expect(changed).toBeGreaterThan(20);
  });
});
