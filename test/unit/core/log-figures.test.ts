import fc from 'fast-check';
import { decodeTime, ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { type AttemptFilter, attemptMatches } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import { HOUR_MS, MINUTE_MS } from '#shared/durations';
import type { GroupField, LogGroup } from '#shared/ipc/log';
import { AttemptStore } from '#electron/core/store/attempts';
import { LogReader } from '#electron/core/store/log-reader';
import { attemptArbitrary, filterArbitrary } from '#test/support/console/log-arbitraries';
import { memoryDatabase } from '#test/support/console/memory-store';

const START_MS = Date.parse('2026-01-15T00:00:00Z');
const LIMIT = 30;

/** Few kinds, so that several rows are of one. */
const rowArbitrary = attemptArbitrary.map(({ verdict, asn, ...row }) => ({
  ...row,
  verdict,
  reason: verdict === 'allowed' ? ('authorized' as const) : row.reason,
  asn,
  country: asn === null ? null : row.country,
}));

/** At an hour, or at any other time. */
const timeArbitrary = fc.oneof(
  fc.nat(20).map((hours) => START_MS + hours * HOUR_MS),
  fc.nat(1_200 * MINUTE_MS).map((ms) => START_MS + ms),
);

/** What can happen to the log. `at` is minutes from the start; numbers choose among the rows that are there. */
const stepArbitrary = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('add'), row: rowArbitrary, at: fc.nat(1_200) }), weight: 6 },
  { arbitrary: fc.record({ kind: fc.constant('count'), index: fc.nat(), count: fc.nat(20) }), weight: 3 },
  fc.record({ kind: fc.constant('replace'), row: rowArbitrary, index: fc.nat() }),
  fc.record({ kind: fc.constant('remove'), index: fc.nat() }),
  fc.record({ kind: fc.constant('sweep'), index: fc.nat() }),
  fc.record({ kind: fc.constant('trim') }),
);
type Step = typeof stepArbitrary extends fc.Arbitrary<infer S> ? S : never;

/** The log as a list, newest first, beside the store that is given the same. */
class PlainLog {
  readonly database = memoryDatabase();
  readonly store = new AttemptStore(this.database, () => LIMIT);
  readonly readers = [new LogReader(this.database, undefined), new LogReader(this.database, undefined, 0)];
  rows: readonly (readonly [Attempt, number])[] = [];
  #seq = 1_000;
  #generation = 1;

  take(step: Step): void {
    this.#seq += 1;
    const [known] =
      ('index' in step ? this.rows[step.index % Math.max(1, this.rows.length)] : undefined) ?? [];
    switch (step.kind) {
      case 'add': {
        const firstMs = START_MS + step.at * MINUTE_MS;
        const firstAt = new Date(firstMs).toISOString();
        this.#put({ ...step.row, id: ulid(firstMs), seq: this.#seq, firstAt });
        break;
      }
      case 'count':
        if (known !== undefined) this.#put({ ...known, seq: this.#seq, count: known.count + step.count });
        break;
      case 'replace':
        if (known !== undefined) {
          const { id, firstAt } = known;
          this.#put({ ...step.row, id, firstAt, seq: this.#seq });
        }
        break;
      case 'remove':
        if (known !== undefined) {
          this.store.remove(known.id);
          this.rows = this.rows.filter(([{ id }]) => id !== known.id);
        }
        break;
      case 'sweep':
        this.#generation += 1;
        this.#sweep(known?.id ?? '');
        break;
      case 'trim':
        while (this.store.trim() !== null);
        if (this.rows.length > LIMIT) this.rows = this.rows.slice(0, LIMIT - 1);
        break;
    }
  }

  matching(filter: AttemptFilter): readonly Attempt[] {
    return this.rows.map(([row]) => row).filter((row) => attemptMatches(filter, row));
  }

  #put(row: Attempt): void {
    this.store.put(row, this.#generation);
    const others = this.rows.filter(([{ id }]) => id !== row.id);
    this.rows = [...others, [row, this.#generation] as const].sort(([a], [b]) => (a.id < b.id ? 1 : -1));
  }

  #sweep(from: string): void {
    this.store.sweep(from, null, this.#generation);
    this.rows = this.rows.filter(([{ id }, generation]) => id < from || generation >= this.#generation);
  }
}

const sum = (rows: readonly Attempt[]): number => rows.reduce((total, { count }) => total + count, 0);

function groupBy<T>(rows: readonly T[], valueOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(valueOf(row), [...(groups.get(valueOf(row)) ?? []), row]);
  return groups;
}

const VALUE_OF: Readonly<Record<GroupField, (row: Attempt) => string>> = {
  address: ({ ip }) => ip,
  keyId: ({ keyId }) => keyId,
  country: ({ country }) => country ?? '',
  asn: ({ asn }) => String(asn ?? 0),
};

const NAME_OF: Partial<Record<string, (newest: Attempt | undefined) => string | null | undefined>> = {
  keyId: (newest) => newest?.keyName,
  asn: (newest) => newest?.asName,
};

function groupsOf(rows: readonly Attempt[], by: GroupField): readonly LogGroup[] {
  const groups = groupBy(rows, VALUE_OF[by]);
  return [...groups.values()].flatMap((members) => {
    const [newest, oldest] = [members[0], members.at(-1)];
    if (newest === undefined || oldest === undefined) return [];
    const blocked = sum(members.filter(({ verdict }) => verdict === 'blocked'));
    return [{ rows: members.length, calls: sum(members), blocked, firstAt: oldest.firstAt, newest }];
  });
}

/** The values of the rows, those that were not there before first. */
const firstSeenLast = (newestFirst: readonly Attempt[], by: GroupField): readonly string[] =>
  [...new Set(newestFirst.toReversed().map(VALUE_OF[by]))].toReversed();

const byNewest = (a: LogGroup, b: LogGroup): number => (a.newest.id < b.newest.id ? 1 : -1);

describe('the figures of the local log', () => {
  it('are those of the rows, whatever happened to them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(stepArbitrary, { minLength: 20, maxLength: 60, size: 'max' }),
        filterArbitrary(timeArbitrary),
        fc.constantFrom(...(Object.keys(VALUE_OF) as GroupField[])),
        fc.constantFrom(HOUR_MS, 3 * HOUR_MS, 20 * MINUTE_MS),
        async (steps, filter, by, bucketMs) => {
          const log = new PlainLog();
          for (const step of steps) log.take(step);
          const rows = log.matching(filter);
          // One looks up what is few; for the other nothing is.
          for (const reader of log.readers) {
            expect(await reader.page(filter, { before: null, from: null, limit: 100 })).toEqual(rows);
            expect(await reader.count(filter)).toBe(rows.length);

            const groups = await reader.groups(filter, by, { offset: 0, limit: 100 });
            expect([...groups].sort(byNewest)).toEqual([...groupsOf(rows, by)].sort(byNewest));
            expect(groups.map(({ calls }) => calls)).toEqual(
              groups.map(({ calls }) => calls).sort((a, b) => b - a),
            );
            const paged = [
              ...(await reader.groups(filter, by, { offset: 0, limit: 2 })),
              ...(await reader.groups(filter, by, { offset: 2, limit: 98 })),
            ];
            expect(paged).toEqual(groups);

            const latest = await reader.groups(filter, by, { order: 'first_seen', offset: 0, limit: 100 });
            expect(latest.map(({ newest }) => VALUE_OF[by](newest))).toEqual(firstSeenLast(rows, by));

            const facets = await reader.facets(filter);
            for (const field of ['verdict', 'reason', 'keyId', 'country', 'asn', 'method'] as const) {
              const others = log.matching({ ...filter, [field]: undefined });
              const counts = groupBy(others, (row) => String(row[field] ?? (field === 'asn' ? 0 : '')));
              expect(new Map(facets[field].map(({ value, ...found }) => [value, found]))).toEqual(
                new Map(
                  [...counts].map(([value, members]) => [
                    value,
                    { rows: members.length, name: NAME_OF[field]?.(members[0]) ?? null },
                  ]),
                ),
              );
            }

            const buckets = { fromMs: START_MS + 5 * HOUR_MS, bucketMs, count: 12 };
            expect(await reader.timeline(filter, buckets)).toEqual(
              Array.from({ length: buckets.count }, (_, index) => {
                const inside = rows.filter(
                  ({ id }) => Math.floor((decodeTime(id) - buckets.fromMs) / bucketMs) === index,
                );
                return {
                  allowed: sum(inside.filter(({ verdict }) => verdict === 'allowed')),
                  blocked: sum(inside.filter(({ verdict }) => verdict === 'blocked')),
                };
              }),
            );
          }
        },
      ),
      { numRuns: 250 },
    );
  });

  it('leave nothing behind when the last row goes', () => {
    const log = new PlainLog();
    const [row] = fc.sample(attemptArbitrary, 1);
    if (row === undefined) throw new Error('no row was made');
    log.store.put(row, 1);
    log.store.remove(row.id);
    const tables = ['kinds', 'addresses', 'hours', 'callers', 'paths', 'ips'].map(
      (name) => `attempt_${name}`,
    );
    for (const table of tables) {
      expect(log.database.all(`SELECT * FROM ${table}`)).toEqual([]);
    }
  });
});
