import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttemptFilter, attemptMatches } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import { AttemptStore } from '#electron/core/store/attempts';
import { makeAttempt } from '#test/support/console/builders';
import { memoryStore } from '#test/support/console/memory-store';
import { allPages } from '#test/support/console/all-pages';

const KEYS = ['01J00000000000000000000001', '01J00000000000000000000002'] as const;

const row = (fields: Partial<Attempt>): Attempt => makeAttempt({ keyId: KEYS[0], ...fields });

describe('the filter of the log', () => {
  const attempt = row({ ip: '203.0.113.9', path: '/Orders/7', userAgent: 'Müller/1.0', keyName: 'Prod' });

  it.each([
    [{}, true],
    [{ verdict: 'blocked' }, true],
    [{ verdict: 'allowed' }, false],
    [{ reason: 'unknown' }, true],
    [{ reason: 'denied' }, false],
    [{ keyId: KEYS[0] }, true],
    [{ keyId: KEYS[1] }, false],
    [{ ip: '203.0.113.9' }, true],
    [{ ip: '::ffff:203.0.113.9' }, true],
    [{ ip: '203.0.113.0/24' }, true],
    [{ ip: '203.0.113.*' }, true],
    [{ ip: '203.0.113.8-203.0.113.10' }, true],
    [{ ip: '0.0.0.0/0' }, true],
    [{ ip: '203.0.113.10' }, false],
    [{ ip: '::/0' }, false],
    [{ ip: 'nonsense' }, false],
    [{ text: 'orders' }, true],
    [{ text: ' MÜLLER ' }, true],
    [{ text: 'prod' }, true],
    [{ text: '113.9' }, true],
    [{ text: '' }, true],
    [{ text: 'prod/orders' }, false],
    [{ text: '%' }, false],
    [{ verdict: 'blocked', ip: '203.0.113.0/24', text: 'orders' }, true],
    [{ verdict: 'blocked', ip: '203.0.113.0/24', text: 'other' }, false],
  ] as const)('%o: %s', (filter, expected) => {
    expect(attemptMatches(filter, attempt)).toBe(expected);
  });
});

const attemptArbitrary = fc
  .record({
    ip: fc.constantFrom(
      '203.0.113.9',
      '203.0.113.200',
      '10.0.0.1',
      '2001:db8::1',
      '2001:db8:1::7',
      // What a flood leaves.
      '203.0.0.0/16',
      '2001:db8::/32',
    ),
    keyId: fc.constantFrom(...KEYS),
    verdict: fc.constantFrom('allowed', 'blocked'),
    reason: fc.constantFrom('authorized', 'unknown', 'denied'),
    path: fc.constantFrom(null, '/orders', '/Ärger', '/a_b', '/100%'),
    userAgent: fc.constantFrom(null, 'curl/8', 'CURL/9'),
  })
  .map((fields) => makeAttempt(fields));

const filterArbitrary: fc.Arbitrary<AttemptFilter> = fc.record(
  {
    verdict: fc.constantFrom('allowed', 'blocked'),
    reason: fc.constantFrom('authorized', 'unknown', 'denied'),
    keyId: fc.constantFrom(...KEYS),
    ip: fc.constantFrom(
      '203.0.113.0/24',
      '203.0.113.9',
      '2001:db8::/32',
      '10.0.0.0-203.0.113.100',
      'nonsense',
    ),
    text: fc.constantFrom('orders', 'ÄRGER', 'curl', '_', '%', '10.0', ''),
  },
  { requiredKeys: [] },
);

describe('the local log', () => {
  it('finds in SQL what the filter lets through, newest first, page by page', () => {
    fc.assert(
      fc.property(
        fc.array(attemptArbitrary, { maxLength: 30 }),
        filterArbitrary,
        fc.integer({ min: 1, max: 7 }),
        (attempts, filter, limit) => {
          const { attempts: log } = memoryStore();
          for (const attempt of attempts) log.put(attempt, 1);
          const found = allPages(limit, (before) => log.page(filter, { before, from: null, limit }));
          const expected = attempts
            .filter((attempt) => attemptMatches(filter, attempt))
            .sort((a, b) => (a.id < b.id ? 1 : -1));
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('keeps the later state of a row, whatever comes first', () => {
    const { attempts: log } = memoryStore();
    const early = row({ seq: 5, count: 1 });
    const late = { ...early, seq: 9, count: 4 };
    expect([log.put(early, 1), log.put(late, 1), log.put(early, 1), log.put(late, 1)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(log.page({}, { before: null, from: null, limit: 10 })).toEqual([late]);
  });

  it('forgets the oldest rows above its bound, and says from where on it is complete', () => {
    const { database } = memoryStore();
    const log = new AttemptStore(database, () => 100);
    const rows = Array.from({ length: 2_101 }, () => row({}));
    database.transaction(() => {
      for (const attempt of rows) log.put(attempt, 1);
    });
    expect(log.trim()).toBe(rows[2_002]?.id);
    expect(log.count()).toBe(99);
    expect(log.trim()).toBeNull();
    expect(new AttemptStore(database, () => 100).count()).toBe(99);
  });

  it('comes down to a lower bound in steps, the oldest rows first', () => {
    const { database } = memoryStore();
    let limit = 20_000;
    const log = new AttemptStore(database, () => limit);
    const rows = Array.from({ length: 12_000 }, () => row({}));
    database.transaction(() => {
      for (const attempt of rows) log.put(attempt, 1);
    });
    expect([log.trim(), log.hasRoomFor(8_000), log.hasRoomFor(8_001)]).toEqual([null, true, false]);
    limit = 1_000;
    const left: number[] = [];
    for (let oldest = log.trim(); oldest !== null; oldest = log.trim()) {
      expect(oldest).toBe(rows[rows.length - log.count()]?.id);
      left.push(log.size);
    }
    expect(left).toEqual([8_000, 4_000, 990]);
    expect(log.page({}, { before: null, from: null, limit: 1_001 }).map(({ id }) => id)).toEqual(
      rows
        .slice(-990)
        .reverse()
        .map(({ id }) => id),
    );
  });
});
