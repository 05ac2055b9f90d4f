import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChangedRanges } from '#service/simulate/simulate-scenario';
import { byCalls, SimulationCounts, TopList, type Pair } from '#service/simulate/simulate-counts';
import { RangeMatcher, type MatchRange } from '#service/enforcement/matcher';
import { cidrOf, formatCidr, type IpAddress } from '#shared/ip/index';

const NOW = 1_000_000;

const address = (value: number): IpAddress => ({ family: 4, value: BigInt(value) });

/** Few addresses and lengths, so that ranges often lie in each other. */
const anyRange = fc.record({
  at: fc.integer({ min: 0, max: 63 }),
  length: fc.integer({ min: 26, max: 32 }),
  effect: fc.constantFrom('authorize' as const, 'deny' as const),
  keyId: fc.constantFrom(null, 'a', 'b'),
  createdAt: fc.nat(3),
  expiresAt: fc.constantFrom(null, NOW, NOW + 1),
});

const rangesFrom = (name: string) =>
  fc.array(anyRange, { maxLength: 12 }).map((wishes) =>
    wishes.map(({ at, length, ...rest }, index): MatchRange => ({
      id: `${name}${index}`,
      cidr: cidrOf(address(at), length),
      ...rest,
    })),
  );

describe('a changed list', () => {
  it('decides as a list that was really changed', () => {
    fc.assert(
      fc.property(
        rangesFrom('old'),
        rangesFrom('new'),
        fc.array(fc.nat(11)),
        fc.integer({ min: 0, max: 63 }),
        fc.constantFrom('a', 'b'),
        (old, added, removed, at, keyId) => {
          const removedIds = new Set(removed.map((index) => `old${index}`));
          const base = new RangeMatcher();
          for (const range of old) base.set(range);
          const really = new RangeMatcher();
          for (const range of [...old, ...added]) if (!removedIds.has(range.id)) really.set(range);
          const changed = new ChangedRanges(base, removedIds, new RangeMatcher(added));
          const expected = really.match(address(at), keyId, NOW);
          const actual = changed.match(address(at), keyId, NOW);
          expect(actual && [formatCidr(actual.cidr), actual.effect]).toEqual(
            expected && [formatCidr(expected.cidr), expected.effect],
          );
          const all = cidrOf(address(0), 0);
          expect([...changed.within(all)].map(({ id }) => id).sort()).toEqual(
            [...really.within(all)].map(({ id }) => id).sort(),
          );
          expect(base.size).toBe(old.length);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

const pair = (calls: number, fields: Partial<Pair> = {}): Pair => ({
  ip: '10.0.0.1',
  ipSort: '40a000001',
  keyId: 'k',
  calls,
  lastAt: 0,
  ...fields,
});

describe('a list of the best', () => {
  it('keeps the same as sorting all, and gives back the rest once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000)), fc.integer({ min: 1, max: 10 }), (numbers, limit) => {
        const top = new TopList<number>(limit, (a, b) => b - a);
        const dropped = numbers.flatMap((number) => top.add(number));
        const { best, rest } = top.end();
        const sorted = [...numbers].sort((a, b) => b - a);
        expect(best).toEqual(sorted.slice(0, limit));
        expect([...dropped, ...rest].sort((a, b) => b - a)).toEqual(sorted.slice(limit));
      }),
    );
  });
});

describe('the counts of a simulation', () => {
  const allowed = { verdict: 'allowed', reason: 'authorized' } as const;
  const blocked = { verdict: 'blocked', reason: 'unknown' } as const;
  const untrusted = { verdict: 'blocked', reason: 'untrusted' } as const;

  it('counts calls and pairs on both sides, and lists the pairs whose verdict changes', () => {
    const counts = new SimulationCounts(2);
    counts.add(pair(5), allowed, blocked);
    counts.add(pair(7), blocked, allowed);
    counts.add(pair(6), allowed, blocked);
    counts.add(pair(100), blocked, untrusted);
    counts.addFixed('blocked', 3);
    expect(counts.calls).toEqual({
      before: { allowed: 11, blocked: 110 },
      after: { allowed: 7, blocked: 114 },
    });
    expect(counts.pairs).toEqual({ before: { allowed: 2, blocked: 2 }, after: { allowed: 1, blocked: 3 } });
    expect(counts.changed).toBe(3);
    expect(counts.changes().map(({ calls }) => calls)).toEqual([7, 6]);
  });

  it('puts the newest first among equals', () => {
    const pairs = [pair(1, { lastAt: 1 }), pair(1, { lastAt: 2 }), pair(2)];
    expect(pairs.sort(byCalls).map(({ calls, lastAt }) => [calls, lastAt])).toEqual([
      [2, 0],
      [1, 2],
      [1, 1],
    ]);
  });
});
