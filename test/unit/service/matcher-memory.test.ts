import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RangeMatcher } from '#service/enforcement/matcher';
import type { MatchRange } from '#service/enforcement/matcher/match-range';
import { BlockHeap, pageOf, placeOf } from '#service/enforcement/matcher/block-heap';
import { cidrOf, compareCidrs, parseCidr, type Cidr } from '#shared/ip/index';

const network = (text: string): Cidr => {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new Error(`not canonical: ${text}`);
  return cidr;
};

const EVERYTHING = [network('0.0.0.0/0'), network('::/0')];

/** The `n`th of many distinct networks, spread over the address space of both families and of several lengths. */
const nthRange = (n: number): MatchRange => {
  const spread = Math.imul(n, 0x9e37_79b1) >>> 0;
  const address =
    n % 2 === 0
      ? ({ family: 4, value: BigInt(spread) } as const)
      : ({ family: 6, value: (0x2001_0db8n << 96n) | (BigInt(spread) << 48n) | BigInt(n) } as const);
  const length = address.family === 4 ? 32 - (n % 3) : 128 - (n % 5) * 4;
  return {
    id: `range-${n}`,
    cidr: cidrOf(address, length),
    effect: n % 7 === 0 ? 'deny' : 'authorize',
    keyId: null,
    createdAt: n,
    expiresAt: null,
  };
};

describe('the matcher with many ranges', () => {
  const COUNT = 60_000;
  const ranges = Array.from({ length: COUNT }, (_, n) => nthRange(n));

  it('finds each of them, and forgets each that is deleted', () => {
    const matcher = new RangeMatcher();
    for (const range of ranges) matcher.set(range);
    expect(matcher.size).toBe(COUNT);
    const at = ({ cidr }: MatchRange) =>
      matcher.match({ family: cidr.family, value: cidr.base }, 'k', 0)?.cidr;
    const wrong = ranges.filter((range) => {
      const found = at(range);
      return found?.base !== range.cidr.base && (found?.prefixLength ?? 0) <= range.cidr.prefixLength;
    });
    expect(wrong).toEqual([]);
    for (const { id } of ranges) matcher.delete(id);
    expect(ranges.filter((range) => at(range) !== undefined)).toEqual([]);
  });

  it('walks over all of them in the order of their addresses', () => {
    const matcher = new RangeMatcher();
    for (const range of ranges) matcher.set(range);
    const walked = EVERYTHING.flatMap((cidr) => [...matcher.within(cidr)]);
    expect(new Set(walked.map(({ id }) => id)).size).toBe(COUNT);
    const misplaced = walked.filter(({ cidr }, n) => {
      const before = walked[n - 1]?.cidr;
      return before !== undefined && compareCidrs(before, cidr) > 0;
    });
    expect(misplaced).toEqual([]);
  });

  it('gives memory back when ranges go, and uses it again when others come', () => {
    const matcher = new RangeMatcher();
    const whenEmpty = matcher.byteLength;
    const few = ranges.slice(0, 20);
    for (const range of few) matcher.set(range);
    expect(matcher.byteLength).toBeLessThan(16_384);
    for (const range of ranges) matcher.set(range);
    const whenFull = matcher.byteLength;
    // 32 bytes a range, and cells of 12 bytes each.
    expect(whenFull / COUNT).toBeLessThan(100);
    for (const { id } of ranges) matcher.delete(id);
    // What is left is the first page of each heap, which may be as long as a page can be.
    expect(matcher.byteLength - whenEmpty).toBeLessThanOrEqual(3 * 256 * 1024);
    for (let round = 0; round < 3; round += 1) {
      for (const range of ranges) matcher.set(range);
      for (const { id } of ranges) matcher.delete(id);
    }
    expect(matcher.byteLength).toBeLessThanOrEqual(whenFull);
  });

  it('refuses to go on with a walk over ranges that have changed', () => {
    const matcher = new RangeMatcher();
    for (const range of ranges.slice(0, 10)) matcher.set(range);
    const walk = matcher.within(network('0.0.0.0/0'));
    walk.next();
    matcher.delete('range-2');
    expect(() => walk.next()).toThrow('ranges changed during a walk over 0.0.0.0/0');
  });

  it('refuses text that is no address instead of finding nothing for it', () => {
    const matcher = new RangeMatcher();
    expect(() => matcher.matchText('10.0.0.256', 'k', 0)).toThrow('ip: "10.0.0.256" is no IP address');
    expect(() => matcher.effectForText('', 'k', 0)).toThrow(RangeError);
  });
});

describe('the heap of blocks', () => {
  it('gives out zeroed blocks that never overlap and keep their content', () => {
    const aSize = fc.constantFrom(3, 8, 12, 93);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), aSize, fc.nat()), { minLength: 1, maxLength: 300 }),
        // Some thousands at once, so that pages fill, empty and change hands.
        fc.integer({ min: 1, max: 60 }),
        (steps, many) => {
          const heap = new BlockHeap();
          const live: { address: number; size: number; mark: number }[] = [];
          let marks = 0;
          const wordsOf = (address: number, size: number) =>
            heap.pages[pageOf(address)]?.subarray(placeOf(address), placeOf(address) + size);
          for (const [adds, size, choice] of steps) {
            for (let i = 0; i < many; i += 1) {
              if (adds) {
                const address = heap.allocate(size);
                const words = wordsOf(address, size);
                expect(address).toBeGreaterThan(0);
                expect(words?.length).toBe(size);
                if (words?.some((word) => word !== 0) !== false) throw new Error('a block is not zeroed');
                marks += 1;
                words.fill(marks);
                live.push({ address, size, mark: marks });
              } else if (live.length > 0) {
                const [gone] = live.splice((choice + i * 7) % live.length, 1);
                if (gone !== undefined) heap.free(gone.address, gone.size);
              }
            }
          }
          for (const { address, size, mark } of live) {
            if (wordsOf(address, size)?.every((word) => word === mark) !== true) {
              throw new Error(`the block at ${address} was overwritten`);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
