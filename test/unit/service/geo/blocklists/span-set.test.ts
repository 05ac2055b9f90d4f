import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Span, SpanSet } from '#service/geo/blocklists/span-set';
import { SpanSetBuilder } from '#service/geo/blocklists/span-set-builder';
import { addressBits, type IpFamily } from '#shared/ip/index';

const build = (family: IpFamily, spans: readonly Span[]): Promise<SpanSet> => {
  const builder = new SpanSetBuilder(family);
  for (const span of spans) builder.add(span);
  return builder.build();
};

/** Spans and addresses close together, so that they nest, overlap and touch; at both ends of the address space too. */
const valueOf = (family: IpFamily): fc.Arbitrary<bigint> => {
  const top = (1n << BigInt(addressBits(family))) - 1n;
  const bases = [0n, top - 60n, 1n << BigInt(addressBits(family) - 1), 0xffff_fff0n % top];
  return fc
    .tuple(fc.constantFrom(...bases), fc.bigInt({ min: 0n, max: 60n }))
    .map(([base, offset]) => (base + offset > top ? top : base + offset));
};

const spanOf = (family: IpFamily): fc.Arbitrary<Span> =>
  fc
    .tuple(valueOf(family), valueOf(family))
    .map(([a, b]) => (a < b ? { first: a, last: b } : { first: b, last: a }));

const holds = ({ first, last }: Span, value: bigint): boolean => first <= value && value <= last;

describe.each([4, 6] as const)('a set of IPv%i spans', (family) => {
  it('finds what a scan finds, and an entry that is one of those given', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(spanOf(family), { maxLength: 60 }),
        fc.array(valueOf(family), { minLength: 1, maxLength: 60 }),
        async (spans, values) => {
          const set = await build(family, spans);
          for (const value of values) {
            const found = set.find(value);
            expect(found !== undefined).toBe(spans.some((span) => holds(span, value)));
            if (found === undefined) continue;
            expect(holds(found, value)).toBe(true);
            expect(spans).toContainEqual(found);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps only those that are in no other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(spanOf(family), { maxLength: 40 }), async (spans) => {
        const texts = new Set(spans.map(({ first, last }) => `${first}-${last}`));
        const distinct = [...texts].map((text): Span => {
          const [first = '', last = ''] = text.split('-');
          return { first: BigInt(first), last: BigInt(last) };
        });
        const outermost = distinct.filter(
          (span) =>
            !distinct.some((other) => other !== span && other.first <= span.first && other.last >= span.last),
        );
        expect((await build(family, spans)).count).toBe(outermost.length);
      }),
    );
  });

  it('merges many runs, in whatever order they came', async () => {
    // Every third block of four addresses, from a shuffled order: more than several runs of the builder hold.
    const count = 30_011;
    const spans = Array.from({ length: count }, (_, index): Span => {
      const first = BigInt((index * 7_919) % count) * 12n;
      return { first, last: first + 3n };
    });
    // Parts of them with the same beginning, in other runs and before them.
    const parts = spans.map(({ first }): Span => ({ first, last: first + 1n }));
    const set = await build(family, [...parts, ...spans]);
    expect(set.count).toBe(count);
    expect(set.memoryBytes).toBe((count * 2 * addressBits(family)) / 8);
    for (let block = 0n; block < BigInt(count); block += 1n) {
      const span = { first: block * 12n, last: block * 12n + 3n };
      if (block % 97n !== 0n) continue;
      expect(set.find(span.first)).toEqual(span);
      expect(set.find(span.last)).toEqual(span);
      expect(set.find(span.last + 1n)).toBeUndefined();
      expect(set.find(span.last + 8n)).toBeUndefined();
    }
  });

  it('gives the service turns while it merges', async () => {
    const builder = new SpanSetBuilder(family);
    for (let index = 100_000n; index > 0n; index -= 1n) builder.add({ first: index * 2n, last: index * 2n });
    let turns = 0;
    const turn = (): void => {
      turns += 1;
      waiting = setImmediate(turn);
    };
    let waiting = setImmediate(turn);
    const set = await builder.build();
    clearImmediate(waiting);
    expect(set.count).toBe(100_000);
    expect(turns).toBeGreaterThan(4);
  });
});
