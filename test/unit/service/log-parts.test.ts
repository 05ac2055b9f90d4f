import fc from 'fast-check';
import { decodeTime } from 'ulid';
import { describe, expect, it } from 'vitest';
import { modeSchema, reasonSchema } from '#shared/domain/entities';
import { readConfig } from '#service/config';
import { decide, type KeyFact } from '#service/enforcement/verdict';
import { lowestIdAt } from '#shared/domain/id-time';
import { loggedReasonsOf, VERDICT_OF } from '#service/log/reasons';
import { NamedCounts } from '#service/log/query/counts';
import { bucketSecondsFor, Timeline } from '#service/log/query/timeline';
import { createIdFactory } from '#service/runtime/ids';
import { manualClock } from '#test/support/manual-clock';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe('the verdict of a reason', () => {
  it('is the one that the verdict table gives with it, for every row of the table', () => {
    const seen = new Set<string>();
    const keys: KeyFact[] = [
      { kind: 'missing' },
      { kind: 'unknown' },
      { kind: 'ambiguous' },
      { kind: 'ended' },
      { kind: 'valid' },
    ];
    for (const key of keys) {
      for (const mode of modeSchema.options) {
        for (const match of ['authorize', 'deny', undefined] as const) {
          for (const trusted of [true, false]) {
            for (const isReporting of [true, false]) {
              const { verdict, reason } = decide({ key, mode, match, trusted, isReporting });
              expect([reason, VERDICT_OF[reason]]).toEqual([reason, verdict]);
              seen.add(reason);
            }
          }
        }
      }
    }
    expect([...seen].sort()).toEqual([...reasonSchema.options].sort());
  });

  it('is found again by its reasons, of which calls without one known key have none in a log', () => {
    const logged = [...loggedReasonsOf('allowed'), ...loggedReasonsOf('blocked')];
    expect([...logged, 'missing_key', 'invalid_key', 'ambiguous_key'].sort()).toEqual(
      [...reasonSchema.options].sort(),
    );
  });
});

describe('the lowest id of a time', () => {
  it('parts the ids made before it from those made at or after it', () => {
    const clock = manualClock();
    const newId = createIdFactory(clock);
    const before = newId();
    clock.advance(1);
    const border = lowestIdAt(clock.now());
    expect(before < border).toBe(true);
    expect(newId() >= border).toBe(true);
    expect(decodeTime(border)).toBe(clock.now());
  });

  it('takes times that no id can have for the nearest that one can', () => {
    expect(lowestIdAt(-5)).toBe(lowestIdAt(0));
    expect(lowestIdAt(Number.MAX_SAFE_INTEGER)).toBe(lowestIdAt(2 ** 48 - 1));
  });
});

describe('the settings of the log', () => {
  it('keep it for 90 days unless something else is set', () => {
    expect(readConfig({}).retentionMs).toBe(90 * DAY_MS);
    expect(readConfig({ GATEHOUSE_RETENTION: '12h' }).retentionMs).toBe(DAY_MS / 2);
  });

  it.each([
    ['GATEHOUSE_RETENTION', 'for ever'],
    ['GATEHOUSE_RETENTION', '0d'],
    ['GATEHOUSE_FOLD_WINDOW', '25h'],
  ])('refuse %s=%s, naming it', (variable, value) => {
    expect(() => readConfig({ [variable]: value })).toThrow(variable);
  });
});

describe('the timeline', () => {
  const spans = fc.tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 4e12 }));

  it('covers every time without a gap, in at most 120 buckets that start at whole multiples', () => {
    fc.assert(
      fc.property(spans, fc.array(fc.nat()), ([from, length], offsets) => {
        const timeline = new Timeline(from, from + length);
        for (const offset of offsets) timeline.add(from + (offset % (length + 1)), 1);
        const entries = timeline.entries();
        const bucketMs = timeline.bucketSeconds * 1000;
        expect(entries.length).toBeLessThanOrEqual(120);
        expect(entries[0]?.atMs).toBeLessThanOrEqual(from);
        expect((entries.at(-1)?.atMs ?? 0) + bucketMs).toBeGreaterThanOrEqual(from + length);
        for (const [index, entry] of entries.entries()) {
          expect(entry.atMs % bucketMs).toBe(0);
          expect(entry.atMs).toBe((entries[0]?.atMs ?? 0) + index * bucketMs);
        }
        expect(entries.reduce((sum, { allowed }) => sum + allowed, 0)).toBe(offsets.length);
      }),
    );
  });

  it('puts calls where they belong, and those that began before it into its first bucket', () => {
    const from = Date.UTC(2026, 0, 15, 12, 0);
    const timeline = new Timeline(from, from + 60 * MINUTE_MS);
    timeline.add(from - DAY_MS, 2);
    timeline.add(from + 7 * MINUTE_MS + 30_000, -3);
    timeline.add(from + 59 * MINUTE_MS, 4);
    const busy = timeline.entries().filter(({ allowed, blocked }) => allowed + blocked > 0);
    expect(busy).toEqual([
      { atMs: from, allowed: 2, blocked: 0 },
      { atMs: from + 7 * MINUTE_MS, allowed: 0, blocked: 3 },
      { atMs: from + 59 * MINUTE_MS, allowed: 4, blocked: 0 },
    ]);
  });

  it.each([
    [60 * MINUTE_MS, 60],
    [DAY_MS, 15 * 60],
    [7 * DAY_MS, 2 * 3600],
    [30 * DAY_MS, 12 * 3600],
    [90 * DAY_MS, 86_400],
    [3650 * DAY_MS, 31 * 86_400],
  ])('of %i ms has buckets of a usual length', (lengthMs, seconds) => {
    expect(bucketSecondsFor(0, lengthMs)).toBe(seconds);
  });
});

describe('the counts by name', () => {
  const names = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: -9, max: 9 })));

  it('names those with the most calls, the most first', () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 6 }), (calls, count) => {
        const counts = new NamedCounts<string>();
        const totals = new Map<string, number>();
        for (const [name, signed] of calls) {
          counts.add(name, signed, 0);
          totals.set(name, (totals.get(name) ?? 0) + Math.abs(signed));
        }
        const most = [...totals.values()].sort((a, b) => b - a).slice(0, count);
        const top = counts.top(count);
        expect(top.map(({ allowed, blocked }) => allowed + blocked)).toEqual(most);
        for (const { name, allowed, blocked } of top) expect(totals.get(name)).toBe(allowed + blocked);
      }),
    );
  });

  it('keeps those with many calls when there are more names than it keeps', () => {
    const counts = new NamedCounts<string>(100);
    for (let round = 0; round < 20; round += 1) {
      for (let name = 0; name < 1_000; name += 1) counts.add(`once ${round} ${name}`, 1, 0);
      counts.add('busy', -50, round);
    }
    expect(counts.top(1)).toEqual([{ name: 'busy', allowed: 0, blocked: 1_000, lastAtMs: 19 }]);
  });
});
