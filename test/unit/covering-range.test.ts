import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coveredRanges, coveringRange } from '#shared/domain/covering-range';
import { type DecidingRange, decidingRange } from '#shared/domain/deciding-range';
import { cidrOf, hostCidrOf, parseCidr } from '#shared/ip/index';
import { RangeMatcher } from '#service/enforcement/matcher';

const NOW = 1_000;
let made = 0;

function range(text: string, fields: Partial<DecidingRange> = {}): DecidingRange {
  made += 1;
  return {
    id: `r${made}`,
    cidr: parseCidr(text) ?? expect.unreachable(),
    effect: 'authorize',
    keyId: null,
    createdAt: made,
    expiresAt: null,
    ...fields,
  };
}

const wide = range('203.0.0.0/16');
const office = range('203.0.113.0/24');

describe('a range that another one covers', () => {
  it.each<[string, readonly DecidingRange[], DecidingRange | undefined]>([
    ['a wider range', [wide], wide],
    ['the narrowest of several', [range('203.0.0.0/8'), wide], wide],
    ['a range of one key alone', [range('203.0.0.0/16', { keyId: 'k' })], undefined],
    ['a range that ends', [range('203.0.0.0/16', { expiresAt: NOW + 1 })], undefined],
    ['a range behind one that ends', [range('203.0.0.0/16', { expiresAt: NOW + 1 }), wide], wide],
    ['a range behind a denial', [range('203.0.64.0/18', { effect: 'deny' }), wide], undefined],
    [
      'a range behind a denial for one key',
      [range('203.0.64.0/18', { effect: 'deny', keyId: 'k' }), wide],
      undefined,
    ],
    [
      'a range behind an expired denial',
      [range('203.0.64.0/18', { effect: 'deny', expiresAt: NOW }), wide],
      wide,
    ],
    ['a range beside a denial that decides first', [range('203.0.113.0/24', { effect: 'deny' }), wide], wide],
    ['a denial', [range('203.0.0.0/16', { effect: 'deny' })], undefined],
    ['a range elsewhere', [range('198.51.100.0/24')], undefined],
  ])('beside %s', (_by, others, expected) => {
    expect(coveringRange(office, others, NOW)).toBe(expected);
  });

  it('may hold for one key where the other one holds for all', () => {
    const own = range('203.0.113.0/24', { keyId: 'k' });
    expect([...coveredRanges([office, own], NOW)]).toEqual([[own, office]]);
  });

  it('is none of an effect that this program does not know', () => {
    const strange = range('203.0.113.0/24', { effect: 'unrecognised' });
    expect(coveringRange(strange, [range('203.0.0.0/16', { effect: 'unrecognised' })], NOW)).toBeUndefined();
  });
});

const few = fc.record({
  cidr: fc
    .tuple(fc.nat(15), fc.integer({ min: 28, max: 32 }))
    .map(([at, length]) => cidrOf({ family: 4, value: BigInt(at) }, length)),
  effect: fc.constantFrom('authorize' as const, 'authorize' as const, 'deny' as const),
  keyId: fc.constantFrom(null, null, 'k', 'other'),
  createdAt: fc.nat(3),
  expiresAt: fc.constantFrom(null, null, NOW, NOW + 1, NOW + 2),
});

it('can go with all others that are covered, and every verdict stays, now and later', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(few, { maxLength: 12 }), (fields) => {
      const ranges = fields.map((each, index): DecidingRange => ({ ...each, id: `r${index}` }));
      const covered = coveredRanges(ranges, NOW);
      found += covered.size;
      const left = new RangeMatcher();
      for (const each of ranges) {
        if (!covered.has(each) && each.effect !== 'unrecognised') left.set({ ...each, effect: each.effect });
      }
      for (const keyId of ['k', 'other', 'third']) {
        for (const now of [NOW, NOW + 1, NOW + 2]) {
          for (let at = 0n; at < 16n; at += 1n) {
            const address = { family: 4, value: at } as const;
            const before = decidingRange(ranges, hostCidrOf(address), keyId, now)?.effect;
            expect(left.match(address, keyId, now)?.effect).toBe(before);
          }
        }
      }
    }),
    { numRuns: 500 },
  );
  expect(found).toBeGreaterThan(200);
});
