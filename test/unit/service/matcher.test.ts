import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { RangeMatcher } from '#service/enforcement/matcher';
import type { MatchRange } from '#service/enforcement/matcher/match-range';
import { formatAddress, formatCidr, parseAddress, parseCidr, type IpAddress } from '#shared/ip/index';

const address = (text: string): IpAddress => {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.address;
};

let nextId = 0;
const range = (cidrText: string, over: Partial<MatchRange> = {}): MatchRange => {
  const cidr = parseCidr(cidrText);
  if (cidr === undefined) throw new Error(`not canonical: ${cidrText}`);
  return {
    id: `r${nextId++}`,
    cidr,
    effect: 'authorize',
    keyId: null,
    createdAt: 0,
    expiresAt: null,
    ...over,
  };
};

const matcherOf = (...ranges: MatchRange[]): RangeMatcher => {
  const matcher = new RangeMatcher();
  for (const each of ranges) matcher.set(each);
  return matcher;
};

describe('the matcher', () => {
  it('answers the longest range, whatever the order of adding', () => {
    const wide = range('203.0.0.0/8', { effect: 'deny' });
    const narrow = range('203.0.113.0/24');
    const host = range('203.0.113.9/32', { effect: 'deny' });
    for (const order of [
      [wide, narrow, host],
      [host, wide, narrow],
    ]) {
      const matcher = matcherOf(...order);
      expect(matcher.match(address('203.0.113.9'), 'k', 0)).toBe(host);
      expect(matcher.match(address('203.0.113.8'), 'k', 0)).toBe(narrow);
      expect(matcher.match(address('203.1.0.1'), 'k', 0)).toBe(wide);
      expect(matcher.match(address('204.0.0.1'), 'k', 0)).toBeUndefined();
    }
  });

  it('lets deny win between ranges of equal length', () => {
    const deny = range('203.0.113.0/24', { effect: 'deny' });
    expect(matcherOf(range('203.0.113.0/24'), deny).match(address('203.0.113.1'), 'k', 0)).toBe(deny);
    expect(matcherOf(deny, range('203.0.113.0/24')).match(address('203.0.113.1'), 'k', 0)).toBe(deny);
  });

  it('uses a range of one key for that key only', () => {
    const own = range('203.0.113.9/32', { keyId: 'k1' });
    const everybody = range('203.0.113.0/24', { effect: 'deny' });
    const matcher = matcherOf(own, everybody);
    expect(matcher.match(address('203.0.113.9'), 'k1', 0)).toBe(own);
    expect(matcher.match(address('203.0.113.9'), 'k2', 0)).toBe(everybody);
  });

  it('does not match a range from the moment on at which it expires', () => {
    const matcher = matcherOf(range('203.0.113.9/32', { expiresAt: 1000 }));
    expect(matcher.match(address('203.0.113.9'), 'k', 999)).toBeDefined();
    expect(matcher.match(address('203.0.113.9'), 'k', 1000)).toBeUndefined();
  });

  it('falls back to a shorter range when the longer one has expired', () => {
    const wide = range('203.0.113.0/24');
    expect(
      matcherOf(wide, range('203.0.113.9/32', { effect: 'deny', expiresAt: 5 })).match(
        address('203.0.113.9'),
        'k',
        6,
      ),
    ).toBe(wide);
  });

  it('keeps IPv4 and IPv6 apart', () => {
    const matcher = matcherOf(range('0.0.0.0/0'));
    expect(matcher.match(address('::1'), 'k', 0)).toBeUndefined();
    expect(matcher.match(address('::ffff:203.0.113.9'), 'k', 0)).toBeDefined();
  });
});

/** The slow reading: every range, one after the other, compared by ipaddr.js. */
const scan = (ranges: readonly MatchRange[], target: IpAddress, keyId: string, now: number): MatchRange[] => {
  const parsed = ipaddr.parse(formatAddress(target));
  const hits = ranges.filter((each) => {
    const [network, length] = ipaddr.parseCIDR(formatCidr(each.cidr));
    const sameFamily = network.kind() === parsed.kind();
    const live = each.expiresAt === null || now < each.expiresAt;
    return (
      live && (each.keyId === null || each.keyId === keyId) && sameFamily && parsed.match(network, length)
    );
  });
  const longest = Math.max(...hits.map((each) => each.cidr.prefixLength));
  const best = hits.filter((each) => each.cidr.prefixLength === longest);
  const denying = best.filter((each) => each.effect === 'deny');
  return denying.length > 0 ? denying : best;
};

describe('the matcher against a scan with ipaddr.js', () => {
  // Few distinct bits, so that ranges overlap and nest often.
  const v4 = fc
    .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 255 }))
    .map(([a, b, c]) => `10.${a}.${b}.${c}`);
  const v6 = fc
    .tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }))
    .map(([a, b, c]) => `2001:db8:${a}:${b}::${c}`);
  const anyRange = fc
    .record({
      text: fc.oneof(
        v4.map((t) => ({ t, max: 32, min: 6 })),
        v6.map((t) => ({ t, max: 128, min: 30 })),
      ),
      cut: fc.double({ min: 0, max: 1, noNaN: true }),
      effect: fc.constantFrom('authorize' as const, 'deny' as const),
      keyId: fc.constantFrom(null, 'k1', 'k2'),
      expiresAt: fc.constantFrom(null, 10, 20),
    })
    .map(({ text, cut, ...rest }) => {
      const length = Math.round(text.max - cut * (text.max - text.min));
      const [network] = [ipaddr.parse(text.t)];
      const base =
        network.kind() === 'ipv4'
          ? ipaddr.IPv4.networkAddressFromCIDR(`${text.t}/${length}`).toString()
          : ipaddr.IPv6.networkAddressFromCIDR(`${text.t}/${length}`).toRFC5952String();
      return range(`${base}/${length}`, rest);
    });

  it('finds the same range after any adding and removing', () => {
    fc.assert(
      fc.property(
        fc.array(anyRange, { maxLength: 40 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.array(fc.oneof(v4, v6), { minLength: 5, maxLength: 20 }),
        fc.constantFrom('k1', 'k2', 'k3'),
        fc.constantFrom(5, 10, 15, 25),
        (ranges, removals, targets, keyId, now) => {
          const matcher = matcherOf(...ranges);
          const left = [...ranges];
          for (const removal of removals) {
            if (left.length === 0) break;
            const [gone] = left.splice(removal % left.length, 1);
            if (gone !== undefined) matcher.delete(gone.id);
          }
          expect(matcher.size).toBe(left.length);
          for (const text of targets) {
            const target = address(text);
            const expected = scan(left, target, keyId, now);
            const found = matcher.match(target, keyId, now);
            if (expected.length === 0) expect(found).toBeUndefined();
            else expect(expected).toContain(found);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
