import fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { attemptMatches } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import { AttemptStore } from '#electron/core/store/attempts';
import { LogReader } from '#electron/core/store/log-reader';
import { makeAttempt } from '#test/support/console/builders';
import { attemptArbitrary, filterArbitrary } from '#test/support/console/log-arbitraries';
import { memoryStore } from '#test/support/console/memory-store';
import { allPages } from '#test/support/console/all-pages';

const KEYS = ['01J00000000000000000000001', '01J00000000000000000000002'] as const;

const FIRST_MS = Date.parse('2026-01-15T12:00:00Z');

const DE = { country: 'DE', asn: 64_500 };

/** Each row that is made is a millisecond later than the one before. */
const timeArbitrary = fc.nat(2_000).map((ms) => FIRST_MS + ms);

const row = (fields: Partial<Attempt>): Attempt => makeAttempt({ keyId: KEYS[0], ...fields });

describe('the filter of the log', () => {
  const attempt = row({
    id: ulid(FIRST_MS),
    ip: '203.0.113.9',
    path: '/Orders/7',
    userAgent: 'Müller/1.0',
    keyName: 'Prod',
    ...DE,
  });

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
    [{ country: 'DE' }, true],
    [{ country: 'FR' }, false],
    [{ asn: 64_500 }, true],
    [{ asn: 64_501 }, false],
    [{ text: 'orders' }, true],
    [{ text: ' MÜLLER ' }, true],
    [{ text: 'prod' }, true],
    [{ text: '113.9' }, true],
    [{ text: '' }, true],
    [{ text: 'prod/orders' }, false],
    [{ text: '%' }, false],
    [{ fromMs: FIRST_MS }, true],
    [{ fromMs: FIRST_MS + 1 }, false],
    [{ toMs: FIRST_MS }, false],
    [{ toMs: FIRST_MS + 1 }, true],
    [{ verdict: 'blocked', ip: '203.0.113.0/24', text: 'orders' }, true],
    [{ verdict: 'blocked', ip: '203.0.113.0/24', text: 'other' }, false],
  ] as const)('%o: %s', (filter, expected) => {
    expect(attemptMatches(filter, attempt)).toBe(expected);
  });
});

describe('the local log', () => {
  it('finds in SQL what the filter lets through, newest first, page by page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(attemptArbitrary, { maxLength: 30 }),
        filterArbitrary(timeArbitrary),
        fc.integer({ min: 1, max: 7 }),
        async (attempts, filter, limit) => {
          const store = memoryStore();
          for (const attempt of attempts) store.attempts.put(attempt, 1);
          const found = await allPages(limit, (before) =>
            store.log.page(filter, { before, from: null, limit }),
          );
          const expected = attempts
            .filter((attempt) => attemptMatches(filter, attempt))
            .sort((a, b) => (a.id < b.id ? 1 : -1));
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('keeps the later state of a row, whatever comes first', async () => {
    const { attempts: log, log: reader } = memoryStore();
    const early = row({ seq: 5, count: 1 });
    const late = { ...early, seq: 9, count: 4 };
    expect([log.put(early, 1), log.put(late, 1), log.put(early, 1), log.put(late, 1)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(await reader.page({}, { before: null, from: null, limit: 10 })).toEqual([late]);
  });

  it('forgets the oldest rows above its bound, and says from where on it is complete', () => {
    const { database } = memoryStore();
    const log = new AttemptStore(database, () => 100);
    const rows = Array.from({ length: 1_051 }, () => row({}));
    database.transaction(() => {
      for (const attempt of rows) log.put(attempt, 1);
    });
    expect(log.trim()).toBe(rows[952]?.id);
    expect(log.count()).toBe(99);
    expect(log.trim()).toBeNull();
    expect(new AttemptStore(database, () => 100).count()).toBe(99);
  });

  it('comes down to a lower bound in steps, the oldest rows first', async () => {
    const { database } = memoryStore();
    let limit = 20_000;
    const log = new AttemptStore(database, () => limit);
    const rows = Array.from({ length: 4_000 }, () => row({}));
    database.transaction(() => {
      for (const attempt of rows) log.put(attempt, 1);
    });
    expect([log.trim(), log.hasRoomFor(16_000), log.hasRoomFor(16_001)]).toEqual([null, true, false]);
    limit = 1_000;
    const left: number[] = [];
    for (let oldest = log.trim(); oldest !== null; oldest = log.trim()) {
      expect(oldest).toBe(rows[rows.length - log.count()]?.id);
      left.push(log.size);
    }
    expect(left).toEqual([3_000, 2_000, 1_000]);
    const reader = new LogReader(database, undefined);
    const kept = await reader.page({}, { before: null, from: null, limit: 1_001 });
    expect(kept.map(({ id }) => id)).toEqual(
      rows
        .slice(-1_000)
        .reverse()
        .map(({ id }) => id),
    );
  });
});
