import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  addressBits,
  addressCount,
  type Cidr,
  cidrContains,
  cidrContainsCidr,
  cidrOf,
  cidrsCovering,
  cidrsOverlap,
  compareCidrs,
  firstAddress,
  formatAddress,
  formatCidr,
  type IpAddress,
  lastAddress,
  parseAddress,
  parseCidr,
  subnetAround,
} from '#shared/ip/index';

import { cidr, ipAddress, prefixLengthOf, RUNS, span } from './arbitraries.ts';
import { oracleCover, oracleCoverByMerging } from './oracle.ts';

const bitsOf = ({ family, value }: IpAddress): string =>
  value.toString(2).padStart(family === 4 ? 32 : 128, '0');
const prefixOf = (network: Cidr): string => bitsOf(firstAddress(network)).slice(0, network.prefixLength);

/** A network near another, so that containment is not always false. */
const nearby = cidr.chain((network) =>
  fc.tuple(
    fc.constant(network),
    fc.oneof(
      cidr,
      fc
        .tuple(fc.nat(), prefixLengthOf(firstAddress(network)))
        .map(([offset, length]) =>
          cidrOf(
            { family: network.family, value: network.base ^ (BigInt(offset) % (addressCount(network) * 2n)) },
            length,
          ),
        ),
    ),
  ),
);

const read = (text: string): Cidr => parseCidr(text) ?? expect.unreachable(text);

describe('networks', () => {
  it('have the edges and the size that their notation says', () => {
    const network = read('203.0.113.64/26');
    expect(formatAddress(firstAddress(network))).toBe('203.0.113.64');
    expect(formatAddress(lastAddress(network))).toBe('203.0.113.127');
    expect(addressCount(network)).toBe(64n);
    expect(formatAddress(lastAddress(read('0.0.0.0/0')))).toBe('255.255.255.255');
    expect(addressCount(read('::/0'))).toBe(2n ** 128n);
    expect(addressCount(read('2001:db8::1/128'))).toBe(1n);
  });

  it('are taken around an address for its family', () => {
    const lengths = { ipv4PrefixLength: 24, ipv6PrefixLength: 64 };
    expect(formatCidr(subnetAround({ family: 4, value: 0xcb007109n }, lengths))).toBe('203.0.113.0/24');
    expect(formatCidr(subnetAround(lastAddress(read('2001:db8::/48')), lengths))).toBe(
      '2001:db8:0:ffff::/64',
    );
  });

  it.each([
    ['2002:c633:6407::1', '6to4'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'Teredo'],
    ['64:ff9b:1::198.51.100.7', "a translator's own prefix"],
    ['::198.51.100.7', 'IPv4-compatible'],
    ['::ffff:0:198.51.100.7', 'IPv4-translated'],
    ['2001:db8::5efe:198.51.100.7', 'ISATAP'],
    ['2001:db8::200:5efe:198.51.100.7', 'ISATAP of a unique IPv4 address'],
  ])('around %s (%s) hold that address alone, because its neighbours are anybody', (text) => {
    const parsed = parseAddress(text);
    const address = parsed.ok ? parsed.address : expect.unreachable(text);
    const network = subnetAround(address, { ipv4PrefixLength: 24, ipv6PrefixLength: 64 });
    expect(network).toEqual({ family: 6, base: address.value, prefixLength: 128 });
  });

  it.each(['2001:1::1', '2003::1', '64:ff9b:2::1', '2001:db8::5eff:0:1', '::1:0:0:1'])(
    'around %s are as wide as they should be',
    (text) => {
      const parsed = parseAddress(text);
      const address = parsed.ok ? parsed.address : expect.unreachable(text);
      expect(subnetAround(address, { ipv4PrefixLength: 24, ipv6PrefixLength: 64 }).prefixLength).toBe(64);
    },
  );

  it.each([-1, 33, 1.5, Number.NaN, Infinity])('refuse the IPv4 prefix length %s', (prefixLength) => {
    expect(() => cidrOf({ family: 4, value: 0n }, prefixLength)).toThrow(RangeError);
  });

  it('take IPv6 prefix lengths up to 128', () => {
    expect(() => cidrOf({ family: 6, value: 0n }, 129)).toThrow(RangeError);
    expect(cidrOf({ family: 6, value: 1n }, 128).prefixLength).toBe(128);
  });

  it('share the first bits with the address they are taken around, and have zeros behind', () => {
    fc.assert(
      fc.property(
        ipAddress.chain((address) => fc.tuple(fc.constant(address), prefixLengthOf(address))),
        ([address, length]) => {
          const network = cidrOf(address, length);
          expect(bitsOf(firstAddress(network))).toBe(
            bitsOf(address).slice(0, length).padEnd(addressBits(address.family), '0'),
          );
          expect(bitsOf(lastAddress(network))).toBe(
            bitsOf(address).slice(0, length).padEnd(addressBits(address.family), '1'),
          );
          expect(cidrContains(network, address)).toBe(true);
        },
      ),
      RUNS,
    );
  });

  it('contain and overlap, compared bit by bit', () => {
    let contained = 0;
    fc.assert(
      fc.property(nearby, ([a, b]) => {
        const sameFamily = a.family === b.family;
        const aHoldsB = sameFamily && prefixOf(b).startsWith(prefixOf(a));
        const bHoldsA = sameFamily && prefixOf(a).startsWith(prefixOf(b));
        if (aHoldsB) contained += 1;
        expect(cidrContainsCidr(a, b)).toBe(aHoldsB);
        expect(cidrContainsCidr(b, a)).toBe(bHoldsA);
        expect(cidrsOverlap(a, b)).toBe(aHoldsB || bHoldsA);
        for (const address of [firstAddress(b), lastAddress(b)]) {
          expect(cidrContains(a, address)).toBe(sameFamily && bitsOf(address).startsWith(prefixOf(a)));
        }
      }),
      RUNS,
    );
    expect(contained).toBeGreaterThan(RUNS.numRuns / 20);
  });

  it('have neighbours outside', () => {
    fc.assert(
      fc.property(cidr, (network) => {
        const below = { family: network.family, value: network.base - 1n };
        const above = { family: network.family, value: lastAddress(network).value + 1n };
        if (below.value >= 0n) expect(cidrContains(network, below)).toBe(false);
        if (above.value < 1n << BigInt(addressBits(network.family))) {
          expect(cidrContains(network, above)).toBe(false);
        }
      }),
      RUNS,
    );
  });

  it('sort IPv4 first, then by address, then wider first', () => {
    const sorted = ['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/24', '10.0.0.1/32', '9::/16', '10::/16'];
    expect([...sorted].reverse().map(read).sort(compareCidrs).map(formatCidr)).toEqual(sorted);
  });

  it('sort in the order of their bits, totally', () => {
    const key = (network: Cidr): string =>
      `${network.family}${bitsOf(firstAddress(network))}${String(network.prefixLength).padStart(3, '0')}`;
    fc.assert(
      fc.property(nearby, ([a, b]) => {
        const expected = key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
        expect(Math.sign(compareCidrs(a, b))).toBe(expected);
        expect(Math.sign(compareCidrs(b, a)) + expected).toBe(0);
        expect(compareCidrs(a, a)).toBe(0);
      }),
      RUNS,
    );
  });
});

describe('cidrsCovering', () => {
  it('refuses mixed families and reversed spans', () => {
    const one: IpAddress = { family: 4, value: 1n };
    expect(() => cidrsCovering(one, { family: 6, value: 2n })).toThrow(RangeError);
    expect(() => cidrsCovering(one, { family: 4, value: 0n })).toThrow(RangeError);
  });

  it.each([
    [4, 32, 62],
    [6, 128, 254],
  ] as const)('covers the worst span of IPv%i', (family, bits, count) => {
    const cover = cidrsCovering({ family, value: 1n }, { family, value: (1n << BigInt(bits)) - 2n });
    expect(cover).toHaveLength(count);
  });

  it('is exact, ascending, disjoint and minimal', () => {
    fc.assert(
      fc.property(span, ([first, last]) => {
        const cover = cidrsCovering(first, last);
        let next = first.value;
        for (const network of cover) {
          expect(network.base).toBe(next);
          expect(cidrOf(firstAddress(network), network.prefixLength)).toEqual(network);
          next = lastAddress(network).value + 1n;
        }
        expect(next).toBe(last.value + 1n);
        expect(cover.map(prefixOf)).toEqual(oracleCover(bitsOf(first), bitsOf(last)));
      }),
      RUNS,
    );
  });

  it('equals what is left when all addresses of a small span are merged with their twins', () => {
    fc.assert(
      fc.property(ipAddress, fc.nat(70), (first, distance) => {
        const highest = (1n << BigInt(addressBits(first.family))) - 1n;
        const addresses: IpAddress[] = [];
        for (
          let value = first.value;
          value <= highest && value <= first.value + BigInt(distance);
          value += 1n
        ) {
          addresses.push({ family: first.family, value });
        }
        const cover = cidrsCovering(first, addresses.at(-1) ?? first);
        expect(cover.map(prefixOf)).toEqual(oracleCoverByMerging(addresses.map(bitsOf)));
      }),
      { numRuns: 300 },
    );
  });
});
