import fc from 'fast-check';
import Database from 'libsql';
import { Kysely, SqliteDialect, type CompiledQuery } from 'kysely';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptMatches } from '#shared/domain/attempt-filter';
import type { Attempt, Key, Reason } from '#shared/domain/entities';
import { isoTime } from '#service/runtime/clock';
import { listAttempts } from '#service/log/query/list-attempts';
import { readFilter, type AttemptFilterQuery } from '#service/log/query/read-filter';
import { attemptScansRepository } from '#service/storage/repositories/attempt-scans';
import { attemptOf } from '#service/storage/repositories/attempts';
import { retentionRepository } from '#service/storage/repositories/retention';
import type { Schema } from '#service/storage/schema';
import { DATABASE_FILE } from '#service/storage/sqlite';
import { manualClock } from '#test/support/manual-clock';
import { idAt, insertLogRows, type LogRow } from '#test/support/service/log-rows';
import { openLogWorld, type LogWorld } from '#test/support/service/log-world';
import { problem } from '#test/support/service/problem-answer';
import { stopTestDatabases } from '#test/support/service/test-database';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const clock = manualClock();
const NOW = clock.now();
const MINUTE_MS = 60_000;
const KEYS = ['Shop', 'Billing 50%', 'Ünïcode'];
const IPS = ['203.0.113.9', '203.0.113.10', '203.0.114.1', '10.1.2.3', '2001:db8::1', '2001:db8:0:1::2'];
const REASONS: readonly Reason[] = [
  'authorized',
  'learned',
  'trusted',
  'denied',
  'untrusted',
  'unknown',
  'revoked_key',
];
const PATHS = [null, '/v3/smtp/email', '/v3/100%_sure', '/v3/SMTP\\back', '/'];
const AGENTS = [null, 'curl/8.5.0', 'Python-Requests/2.31'];
const COUNTRIES = [null, 'DE', 'FR', 'NZ'];

const at = <T>(list: readonly T[], number: number): T => {
  const item = list[number % list.length];
  if (item === undefined) throw new Error('an empty list');
  return item;
};

/** Rows that combine everything with everything; a minute apart, the last one a minute ago. */
function* variedRows(keys: readonly Key[], count: number): Generator<LogRow> {
  for (let number = 0; number < count; number += 1) {
    const firstAt = NOW - (count - number) * MINUTE_MS;
    yield {
      id: idAt(firstAt, number),
      ip: at(IPS, number * 7 + (number >> 3)),
      keyId: at(keys, (number >> 1) + (number >> 5)).id,
      reason: at(REASONS, number + (number >> 4)),
      firstAt,
      lastAt: firstAt + (number % 50) * 1_000,
      count: 1 + (number % 4),
      path: at(PATHS, number >> 2),
      userAgent: at(AGENTS, number >> 3),
      country: at(COUNTRIES, number >> 1),
      asn: number % 3 === 0 ? null : 64_500 + (number % 5),
    };
  }
}

describe('the log, asked with filters', () => {
  let world: LogWorld;
  let all: Attempt[];
  beforeAll(async () => {
    world = await openLogWorld(clock, KEYS, (keys) => variedRows(keys, 1_500));
    all = await pages({}, 'oldest', 1_000);
  });
  afterAll(async () => {
    await world.close();
    await stopTestDatabases();
  });

  const pages = async (
    query: AttemptFilterQuery,
    order: 'newest' | 'oldest',
    limit: number,
  ): Promise<Attempt[]> => {
    const found: Attempt[] = [];
    let cursor: string | undefined;
    do {
      const page = await listAttempts(world.context.storage.read.attemptScans, {
        accountId: world.policy.id,
        filter: readFilter(query, world.policy),
        order,
        cursor,
        limit,
      });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      found.push(...page.items.map(attemptOf));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return found;
  };

  /** What the filter means, said row by row. */
  const matches = ({ from, to, country, q, ...others }: AttemptFilterQuery, attempt: Attempt): boolean =>
    attemptMatches({ ...others, text: q }, attempt) &&
    (country === undefined || country === attempt.country) &&
    (from === undefined || attempt.lastAt >= from) &&
    (to === undefined || attempt.firstAt < to);

  it('without any has every row, in order', () => {
    expect(all.map(({ id }) => id)).toEqual([...variedRows(world.keys, 1_500)].map(({ id }) => id));
  });

  it('finds what each combination of filters means, in both orders, whatever the length of the pages', async () => {
    const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 2 });
    const times = fc.integer({ min: 0, max: 1_510 }).map((minutes) => NOW - minutes * MINUTE_MS);
    const query = fc
      .record({
        ip: optional(
          fc.constantFrom(
            ...IPS,
            '203.0.113.0/24',
            '203.0.0.0/16',
            '0.0.0.0/0',
            '2001:db8::/64',
            '2001:db8::/32',
            '203.0.113.9-203.0.113.10',
            '192.0.2.1',
          ),
        ),
        keyId: optional(fc.constantFrom(...world.keys.map(({ id }) => id))),
        verdict: optional(fc.constantFrom('allowed' as const, 'blocked' as const)),
        reason: optional(fc.constantFrom(...REASONS)),
        country: optional(fc.constantFrom('DE', 'FR', 'NZ', 'US')),
        q: optional(
          fc.constantFrom('smtp', 'SMTP', '%', '_sure', '\\', 'requests', '203.0', 'billing', 'ünï', ' '),
        ),
        span: optional(fc.tuple(times, times)),
        bounds: fc.constantFrom('from', 'to', 'both'),
      })
      .map(({ span, bounds, ...others }) => {
        const [low, high] = span === undefined ? [] : [Math.min(...span), Math.max(...span) + 1];
        return {
          ...others,
          from: low === undefined || bounds === 'to' ? undefined : isoTime(low),
          to: high === undefined || bounds === 'from' ? undefined : isoTime(high),
        };
      });
    await fc.assert(
      fc.asyncProperty(
        query,
        fc.constantFrom('newest' as const, 'oldest' as const),
        fc.constantFrom(1_000, 97),
        async (asked, order, limit) => {
          const expected = all.filter((attempt) => matches(asked, attempt)).map(({ id }) => id);
          if (order === 'newest') expected.reverse();
          expect((await pages(asked, order, limit)).map(({ id }) => id)).toEqual(expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('pages through the newest without a gap or a repetition while calls come in', async () => {
    const before = await pages({ verdict: 'blocked' }, 'newest', 1_000);
    const found: string[] = [];
    let cursor: string | undefined;
    let number = 0;
    do {
      const page = await listAttempts(world.context.storage.read.attemptScans, {
        accountId: world.policy.id,
        filter: { verdict: 'blocked' },
        order: 'newest',
        cursor,
        limit: 50,
      });
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
      number += 1;
      const [keyId] = world.keys.map(({ id }) => id);
      await world.add([
        { id: idAt(NOW, number), ip: '192.0.2.1', keyId: keyId ?? '', reason: 'unknown', firstAt: NOW },
      ]);
    } while (cursor !== undefined);
    expect(found).toEqual(before.map(({ id }) => id));
    // From the other end, what came in follows what was there.
    const after = (await pages({ verdict: 'blocked' }, 'oldest', 50)).map(({ id }) => id);
    expect(after).toEqual([
      ...[...found].reverse(),
      ...Array.from({ length: number }, (_, index) => idAt(NOW, index + 1)),
    ]);
  });
});

describe('the log over HTTP', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(async () => {
    await service.stop();
    await stopTestDatabases();
  });

  it('has its filters in the answer: a call is found by its address, and not by another', async () => {
    const { secret, key } = await service.createKey();
    await service.check(secret, '203.0.113.9', { 'x-original-uri': '/v3/contacts', 'user-agent': 'curl/8' });
    const found = async (query: string): Promise<Attempt[]> =>
      ((await service.api(`/v1/attempts?${query}`)).json as { items: Attempt[] }).items;
    const [row] = await found(`ip=203.0.113.0/24&keyId=${key.id}&verdict=blocked&reason=unknown&q=CONTACTS`);
    expect(row).toMatchObject({ ip: '203.0.113.9', path: '/v3/contacts', count: 1 });
    expect(await found('ip=203.0.114.0/24')).toEqual([]);
    expect(await found('country=aq')).toEqual([]);
  });

  it.each([
    ['an address that is none', 'ip=203.0.113.300', 'ip'],
    ['a country that is no code', 'country=Germany', 'country'],
    ['a verdict that is none', 'verdict=maybe', 'verdict'],
    ['a key that is no id', 'keyId=7', 'keyId'],
    ['a cursor that is no id', 'cursor=first', 'cursor'],
    ['a time that is none', 'from=yesterday', 'from'],
    ['times that are the wrong way round', 'from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
    ['a text that is too long', `q=${'x'.repeat(201)}`, 'q'],
    ['an order that is none', 'order=best', 'order'],
  ])('refuses %s, naming the field', async (_what, query, field) => {
    const answer = await service.api(`/v1/attempts?${query}`);
    expect(problem(answer)).toMatchObject({ status: 400, code: 'invalid_request', field });
  });
});

/** The plans are SQLite's: it decides without knowing anything of the data, so that its choice is the same each time. */
describe('the plans of the log', () => {
  const executed: CompiledQuery[] = [];
  let dataDir: string;
  let database: Database.Database;
  let db: Kysely<Schema>;
  let accountId: string;
  let keyId: string;
  beforeAll(async () => {
    dataDir = makeTempDir('plans');
    const service = await startTestService({ dataDir, clock, env: { GATEHOUSE_DATABASE_URL: '' } });
    const { key } = await service.createKey();
    keyId = key.id;
    await service.stop();
    insertLogRows(dataDir, variedRows([key], 12_000));
    database = new Database(join(dataDir, DATABASE_FILE));
    accountId = (database.prepare('SELECT id FROM accounts').get() as { id: string }).id;
    db = new Kysely<Schema>({
      dialect: new SqliteDialect({ database }),
      log: ({ query }) => {
        executed.push(query);
      },
    });
  });
  afterAll(async () => {
    await db.destroy();
    removeTempDir(dataDir);
  });

  /** Every step of every plan that touches the attempts, of the statements that `work` executes. */
  const plansOf = async (work: () => Promise<unknown>): Promise<string[]> => {
    executed.length = 0;
    await work();
    return executed.flatMap(({ sql, parameters }) =>
      (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as { detail: string }[])
        .map(({ detail }) => detail)
        .filter((detail) => /\b(attempts|audit|ranges|reviews|tombstones)\b/.test(detail)),
    );
  };
  const list = (filter: AttemptFilterQuery, order: 'newest' | 'oldest') => () =>
    listAttempts(attemptScansRepository(db), {
      accountId,
      filter: readFilter(filter, { keys: new Map() }),
      order,
      limit: 100,
      cursor: idAt(NOW - 6_000 * MINUTE_MS, 6_000),
    });

  it.each<[string, AttemptFilterQuery | 'key', RegExp]>([
    ['an address', { ip: '203.0.113.9' }, /INDEX attempts_ip \(account_id=\? AND ip_sort=\?/],
    [
      'a network',
      { ip: '203.0.113.0/24' },
      /attempts_ip \(account_id=\? AND \(?ip_sort|attempts_time \(account_id=\? AND id=\?\)/,
    ],
    ['a key', 'key', /INDEX attempts_key \(account_id=\? AND key_id=\?/],
    ['a verdict', { verdict: 'blocked' }, /INDEX attempts_reason \(account_id=\? AND reason=\?/],
    ['a reason', { reason: 'denied' }, /INDEX attempts_reason \(account_id=\? AND reason=\?/],
    ['a country', { country: 'NZ' }, /INDEX attempts_country \(account_id=\? AND country=\?/],
    ['a text', { q: 'smtp' }, /INDEX attempts_time \(account_id=\? AND id[<>]/],
    ['no filter', {}, /INDEX attempts_time \(account_id=\? AND id[<>]/],
  ])('for %s lead through its index, in both orders', async (_what, filter, index) => {
    for (const order of ['newest', 'oldest'] as const) {
      const plans = await plansOf(list(filter === 'key' ? { keyId } : filter, order));
      expect(plans.length).toBeGreaterThan(0);
      for (const plan of plans) expect(plan).toMatch(index);
    }
  });

  it('for several filters lead through the index of one of them', async () => {
    const plans = await plansOf(
      list({ verdict: 'blocked', keyId, country: 'NZ', ip: '203.0.113.0/24' }, 'newest'),
    );
    for (const plan of plans) expect(plan).toMatch(/^SEARCH .*INDEX/);
  });

  it('of the retention search, and never scan', async () => {
    const retention = retentionRepository(db);
    const belowId = idAt(NOW, 0);
    const plans = await plansOf(async () => {
      const below = { id: belowId, networkId: belowId };
      await retention.attemptsBefore(accountId, below, NOW, 100);
      await retention.oldestWithReason(accountId, 'authorized', below, 100);
      await retention.pendingBefore(accountId, belowId, NOW, 100);
      await retention.rangesExpiredBefore(accountId, NOW, 100);
      await retention.seqBefore(accountId, belowId);
      await retention.deleteTombstones(accountId, 5, 100);
      await retention.deleteAttempts(accountId, [idAt(0, 1), idAt(0, 2)]);
    });
    expect(plans.length).toBeGreaterThanOrEqual(6);
    for (const plan of plans) expect(plan).toMatch(/^SEARCH/);
    expect(plans.find((plan) => plan.includes('ranges'))).toMatch(/ranges_expiry/);
  });
});
