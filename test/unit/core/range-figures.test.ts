import fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { addressRangeOf } from '#shared/domain/address-range';
import { attemptMatches } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import { HOUR_MS } from '#shared/durations';
import { AttemptStore } from '#electron/core/store/attempts';
import { LogReader } from '#electron/core/store/log-reader';
import { attemptArbitrary } from '#test/support/console/log-arbitraries';
import { memoryDatabase } from '#test/support/console/memory-store';

const START_MS = Date.parse('2026-01-15T00:00:00Z');
const RANGES = ['01J00000000000000000000011', '01J00000000000000000000012', '01J00000000000000000000013'];
const ALL = { first: addressRangeOf('0.0.0.0')?.first ?? '', last: addressRangeOf('::/0')?.last ?? '' };

const rowsArbitrary = fc.array(
  fc
    .record({
      row: attemptArbitrary,
      rangeId: fc.constantFrom(null, ...RANGES),
      reason: fc.constantFrom('unknown' as const, 'denied' as const, 'revoked_key' as const),
      hour: fc.nat(5),
    })
    .map(({ row, rangeId, reason, hour }): Attempt => {
      const id = ulid(START_MS + hour * HOUR_MS);
      return { ...row, id, rangeId, reason: row.verdict === 'allowed' ? 'authorized' : reason };
    }),
  { minLength: 5, maxLength: 40 },
);

function readerOf(rows: readonly Attempt[]): LogReader {
  const database = memoryDatabase();
  const store = new AttemptStore(database, () => 100);
  for (const row of rows) store.put(row, 1);
  return new LogReader(database, undefined);
}

function sums<T>(
  rows: readonly T[],
  nameOf: (row: T) => string,
  countOf: (row: T) => number,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const row of rows) found.set(nameOf(row), (found.get(nameOf(row)) ?? 0) + countOf(row));
  return found;
}

describe('the calls of ranges in the local log', () => {
  it('are those of its rows', async () => {
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, fc.subarray(RANGES), fc.nat(6), async (rows, rangeIds, hour) => {
        const fromMs = START_MS + hour * HOUR_MS;
        const found = await readerOf(rows).decidedBy({ rangeIds, addresses: ALL, fromMs });
        const wanted = rows.filter(
          (row) => row.rangeId !== null && rangeIds.includes(row.rangeId) && attemptMatches({ fromMs }, row),
        );
        const nameOf = (row: { readonly rangeId: string | null; readonly keyId: string }): string =>
          `${row.rangeId} ${row.keyId}`;
        const part = (verdict: string) => ({
          expected: sums(wanted, nameOf, (row) => (row.verdict === verdict ? row.count : 0)),
        });
        expect(sums(found, nameOf, ({ allowed }) => allowed)).toEqual(part('allowed').expected);
        expect(sums(found, nameOf, ({ blocked }) => blocked)).toEqual(part('blocked').expected);
      }),
      { numRuns: 60 },
    );
  });

  it('are looked for among the addresses of the ranges alone', async () => {
    const [row] = fc.sample(attemptArbitrary, 1);
    if (row === undefined) throw new Error('no row was made');
    const attempt: Attempt = { ...row, id: ulid(START_MS), ip: '203.0.113.255', rangeId: RANGES[0] ?? '' };
    const found = (text: string) => {
      const addresses = addressRangeOf(text) ?? expect.unreachable();
      return readerOf([attempt]).decidedBy({ rangeIds: RANGES, addresses, fromMs: 0 });
    };
    expect(await found('203.0.113.0/24')).toHaveLength(1);
    expect(await found('203.0.113.255')).toHaveLength(1);
    expect(await found('203.0.113.254')).toHaveLength(0);
  });
});

describe('the blocked callers in the local log', () => {
  it('are those of its rows, the busiest first, without the revoked keys', async () => {
    await fc.assert(
      fc.asyncProperty(
        rowsArbitrary,
        fc.constantFrom(
          '203.0.113.0/24',
          '203.0.113.9',
          '2001:db8::/32',
          '10.0.0.0-203.0.113.100',
          '0.0.0.0/0',
        ),
        fc.constantFrom(undefined, '01J00000000000000000000001'),
        fc.nat(6),
        async (rows, ip, keyId, hour) => {
          const fromMs = START_MS + hour * HOUR_MS;
          const found = await readerOf(rows).blockedCallers({ ip, keyId, fromMs, limit: 100 });
          const wanted = rows.filter(
            (row) =>
              row.reason !== 'revoked_key' && attemptMatches({ ip, keyId, fromMs, verdict: 'blocked' }, row),
          );
          const nameOf = (row: { readonly ip: string; readonly keyId: string }): string =>
            `${row.ip} ${row.keyId}`;
          expect(sums(found, nameOf, ({ calls }) => calls)).toEqual(
            sums(wanted, nameOf, ({ count }) => count),
          );
          const calls = found.map((each) => each.calls);
          expect(calls).toEqual(calls.toSorted((a, b) => b - a));
          const [first] = await readerOf(rows).blockedCallers({ ip, keyId, fromMs, limit: 1 });
          expect(first?.calls).toBe(calls[0]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
