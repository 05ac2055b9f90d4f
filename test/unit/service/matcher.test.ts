import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { RangeMatcher, type MatchRange } from '#service/enforcement/matcher';
import { compareDeciding } from '#shared/domain/deciding-range';
import {
  addressBits,
  cidrContainsCidr,
  cidrOf,
  firstAddress,
  formatAddress,
  formatCidr,
  hostCidrOf,
  parseAddress,
  parseCidr,
  type Cidr,
  type IpAddress,
} from '#shared/ip/index';

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

  it('knows nothing of a range that was removed, and the newest of one that was changed', () => {
    const old = range('203.0.113.0/24');
    const matcher = matcherOf(old, range('10.0.0.0/8'));
    const moved = { ...old, cidr: hostCidrOf(address('2001:db8::1')) };
    matcher.set(moved);
    expect(matcher.size).toBe(2);
    expect(matcher.get(old.id)).toBe(moved);
    expect(matcher.match(address('203.0.113.9'), 'k', 0)).toBeUndefined();
    expect(matcher.match(address('2001:db8::1'), 'k', 0)).toBe(moved);
    matcher.delete(old.id);
    matcher.delete(old.id);
    expect(matcher.size).toBe(1);
    expect(matcher.match(address('2001:db8::1'), 'k', 0)).toBeUndefined();
  });

  it('holds many ranges that are equal in their last bits, and forgets each that is removed', () => {
    const ranges = Array.from({ length: 20_000 }, (_, n) => {
      const value = (0x2001_0db8n << 96n) | (BigInt(n) << 64n) | 1n;
      return { ...range('::/0'), cidr: hostCidrOf({ family: 6, value }) };
    });
    const matcher = matcherOf(...ranges);
    const found = ({ cidr }: MatchRange) => matcher.match({ family: 6, value: cidr.base }, 'k', 0);
    expect(ranges.filter((each) => found(each) !== each)).toEqual([]);
    for (const { id } of ranges) matcher.delete(id);
    expect(matcher.size).toBe(0);
    expect(ranges.filter((each) => found(each) !== undefined)).toEqual([]);
  });
});

/** Addresses that differ in few bits only, so that networks around them share long prefixes and nest deeply. */
const STEMS = ['0.0.0.0', '255.255.255.255', '10.1.2.3', '::', '2001:db8::1', '2a00:1450:4001:81b::200e'];

const anAddress = fc
  .tuple(
    fc.constantFrom(...STEMS.map(address)),
    fc.array(fc.nat({ max: 127 }), { maxLength: 3 }),
    fc.constantFrom(0n, 0n, 1n, 0xffn, 0xffffn),
  )
  .map(([{ family, value }, flips, low]): IpAddress => {
    const bits = addressBits(family);
    return { family, value: flips.reduce((sum, bit) => sum ^ (1n << BigInt(bit % bits)), value ^ low) };
  })
  // ipaddr.js would compare these with IPv4 networks.
  .filter(({ family, value }) => family === 4 || value >> 32n !== 0xffffn);

const EDGES = [0, 1, 8, 16, 24, 31, 32];
const LONG_EDGES = [33, 48, 63, 64, 65, 127, 128];
const aCidr: fc.Arbitrary<Cidr> = anAddress.chain((at) => {
  const edges = fc.constantFrom(...EDGES, ...(at.family === 6 ? LONG_EDGES : []));
  return fc.oneof(edges, fc.nat({ max: addressBits(at.family) })).map((length) => cidrOf(at, length));
});

/** Few ids, so that ranges are replaced, by one of the same network as well as of another. */
const anId = fc.nat({ max: 24 }).map((n) => `range-${n}`);
const anEdit = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      id: anId,
      cidr: aCidr,
      effect: fc.constantFrom('authorize' as const, 'deny' as const),
      keyId: fc.constantFrom(null, null, 'k1', 'k2'),
      createdAt: fc.nat({ max: 3 }),
      expiresAt: fc.constantFrom(null, null, 10, 20),
    }),
  },
  { weight: 1, arbitrary: anId },
);

/** Makes the edits, each of which sets a range or removes the one with the id. */
const edited = (edits: readonly (MatchRange | string)[]) => {
  const matcher = new RangeMatcher();
  const model = new Map<string, MatchRange>();
  for (const edit of edits) {
    if (typeof edit === 'string') {
      matcher.delete(edit);
      model.delete(edit);
    } else {
      matcher.set(edit);
      model.set(edit.id, edit);
    }
  }
  return { matcher, ranges: [...model.values()] };
};

/** The slow reading: every range, one after the other, compared by ipaddr.js, and then put in order. */
const scan = (ranges: readonly MatchRange[], target: IpAddress, keyId: string, now: number) => {
  const parsed = ipaddr.parse(formatAddress(target));
  return ranges
    .filter(({ cidr, keyId: only, expiresAt }) => {
      const [network, length] = ipaddr.parseCIDR(formatCidr(cidr));
      return (
        (only === null || only === keyId) &&
        (expiresAt === null || now < expiresAt) &&
        network.kind() === parsed.kind() &&
        parsed.match(network, length)
      );
    })
    .sort(compareDeciding)[0];
};

const edits = fc.array(anEdit, { minLength: 1, maxLength: 60 });

describe('the matcher against a scan with ipaddr.js and the comparator', () => {
  it('finds the same range after any edits', () => {
    fc.assert(
      fc.property(
        edits,
        fc.array(anAddress, { minLength: 2, maxLength: 8 }),
        fc.constantFrom('k1', 'k2', 'k3'),
        fc.constantFrom(0, 9, 10, 11, 20, 30),
        (chosen, targets, keyId, now) => {
          const { matcher, ranges } = edited(chosen);
          expect(matcher.size).toBe(ranges.length);
          const bases = ranges.map(({ cidr }) => firstAddress(cidr));
          for (const target of [...targets, ...bases]) {
            expect(matcher.match(target, keyId, now)).toBe(scan(ranges, target, keyId, now));
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('names the ranges around and within a network', () => {
    const byId = (ranges: Iterable<MatchRange>) => [...ranges].map(({ id }) => id).sort();
    fc.assert(
      fc.property(edits, aCidr, (chosen, asked) => {
        const { matcher, ranges } = edited(chosen);
        for (const cidr of [asked, ...ranges.map((each) => each.cidr)]) {
          expect(matcher.covering(cidr)).toEqual(
            ranges.filter((each) => cidrContainsCidr(each.cidr, cidr)).sort(compareDeciding),
          );
          expect(byId(matcher.within(cidr))).toEqual(
            byId(ranges.filter((each) => cidrContainsCidr(cidr, each.cidr))),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it('names the ranges within a network, be they few or many', () => {
    const hosts = Array.from({ length: 600 }, (_, n) => ({
      ...range('0.0.0.0/0'),
      cidr: hostCidrOf({ family: 4, value: 0x0a00_0000n + BigInt(n) * 3n }),
    }));
    const matcher = matcherOf(...hosts);
    for (const text of ['10.0.0.0/8', '10.0.1.0/24', '10.0.0.3/32', '11.0.0.0/30']) {
      const cidr = parseCidr(text) ?? expect.unreachable();
      const inside = hosts.filter((each) => cidrContainsCidr(cidr, each.cidr));
      expect(new Set(matcher.within(cidr))).toEqual(new Set(inside));
    }
  });
});
