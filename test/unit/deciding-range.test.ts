import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appliesTo,
  compareDeciding,
  decidingRange,
  decidingRangeOf,
  type DecidingRange,
} from '#shared/domain/deciding-range';
import { cidrContainsCidr, cidrOf, hostCidrOf, parseCidr } from '#shared/ip/index';
import { makeRange } from '#test/support/console/builders';

const NOW = 1_000;
const HOST = parseCidr('203.0.113.7/32') ?? expect.unreachable();

const range = (text: string, fields: Partial<DecidingRange> = {}): DecidingRange => ({
  id: 'm',
  cidr: parseCidr(text) ?? expect.unreachable(),
  effect: 'authorize',
  keyId: null,
  createdAt: 5,
  expiresAt: null,
  ...fields,
});

describe('the range that decides', () => {
  const base = range('203.0.113.0/24');
  it.each<[string, DecidingRange]>([
    ['a longer prefix', range('203.0.113.0/25', { createdAt: 9, id: 'z' })],
    ['a denial of equal length', range('203.0.113.0/24', { effect: 'deny', createdAt: 9, id: 'z' })],
    ['an unknown effect of equal length', range('203.0.113.0/24', { effect: 'unrecognised', id: 'z' })],
    ['the key’s own range', range('203.0.113.0/24', { keyId: 'k', createdAt: 9, id: 'z' })],
    ['the older range', range('203.0.113.0/24', { createdAt: 4, id: 'z' })],
    ['the smaller id', range('203.0.113.0/24', { id: 'a' })],
  ])('is %s', (_what, first) => {
    expect(compareDeciding(first, base)).toBeLessThan(0);
    expect(compareDeciding(base, first)).toBeGreaterThan(0);
    for (const ranges of [
      [base, first],
      [first, base],
    ]) {
      expect(decidingRange(ranges, HOST, 'k', NOW)).toBe(first);
    }
  });

  it('lets a denial of equal length go before the key’s own range', () => {
    const denial = range('203.0.113.0/24', { effect: 'deny', id: 'z' });
    const own = range('203.0.113.0/24', { keyId: 'k', createdAt: 0, id: 'a' });
    expect(decidingRange([own, denial], HOST, 'k', NOW)).toBe(denial);
  });

  it('is none that has expired, is for another key, or lies elsewhere', () => {
    const others = [
      range('203.0.113.7/32', { expiresAt: NOW }),
      range('203.0.113.7/32', { keyId: 'other' }),
      range('203.0.113.8/32'),
    ];
    expect(decidingRange(others, HOST, 'k', NOW)).toBeUndefined();
    expect(decidingRange([...others, base], HOST, 'k', NOW)).toBe(base);
    expect(appliesTo(range('203.0.113.7/32', { expiresAt: NOW + 1 }), 'k', NOW)).toBe(true);
  });

  it('is the first of those that apply in one order, whatever the order of the list', () => {
    const few = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      cidr: fc
        .tuple(fc.nat(15), fc.integer({ min: 28, max: 32 }))
        .map(([at, length]) => cidrOf({ family: 4, value: BigInt(at) }, length)),
      effect: fc.constantFrom('authorize' as const, 'deny' as const, 'unrecognised' as const),
      keyId: fc.constantFrom(null, 'k', 'other'),
      createdAt: fc.nat(2),
      expiresAt: fc.constantFrom(null, NOW, NOW + 1),
    });
    fc.assert(
      fc.property(fc.uniqueArray(few, { selector: ({ id }) => id }), fc.nat(15), (ranges, at) => {
        const host = hostCidrOf({ family: 4, value: BigInt(at) });
        const [first] = ranges
          .filter(({ keyId, expiresAt }) => keyId !== 'other' && expiresAt !== NOW)
          .filter(({ cidr }) => cidrContainsCidr(cidr, host))
          .sort(compareDeciding);
        expect(decidingRange(ranges, host, 'k', NOW)).toBe(first);
      }),
    );
  });

  it('is read from an entity once', () => {
    const entity = makeRange({ cidr: '203.0.113.0/24', expiresAt: '2026-01-15T12:00:00.000Z' });
    const read = decidingRangeOf(entity);
    expect(read).toMatchObject({ id: entity.id, expiresAt: Date.UTC(2026, 0, 15, 12) });
    expect(decidingRangeOf(entity)).toBe(read);
    expect(decidingRangeOf(makeRange({ cidr: 'nonsense' }))).toBeUndefined();
  });
});
