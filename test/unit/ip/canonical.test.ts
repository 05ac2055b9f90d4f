import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  addressBits,
  compareCidrs,
  formatAddress,
  formatCidr,
  type IpAddress,
  lastAddress,
  firstAddress,
  cidrContains,
  parseAddress,
  parseCidr,
  parseRangeText,
  sortableAddress,
} from '#shared/ip/index';

import { cidr, ipAddress, ipv6Address, rangeSpelling, RUNS } from './arbitraries.ts';
import { oracleIpv6Text } from './oracle.ts';

describe('canonical text', () => {
  it('is that of RFC 5952 for IPv6', () => {
    fc.assert(
      fc.property(ipv6Address, (address) => {
        expect(formatAddress(address)).toBe(oracleIpv6Text(address.value.toString(2).padStart(128, '0')));
      }),
      RUNS,
    );
  });

  it('is read back as the same address', () => {
    fc.assert(
      fc.property(ipAddress, (address) => {
        expect(parseAddress(formatAddress(address))).toEqual({ ok: true, address });
      }),
      RUNS,
    );
  });

  it('is read back as the same network', () => {
    fc.assert(
      fc.property(cidr, (network) => {
        const text = formatCidr(network);
        expect(parseCidr(text)).toEqual(network);
        expect(parseRangeText(text, { allowWide: true })).toEqual({ ok: true, cidrs: [network], notes: [] });
      }),
      RUNS,
    );
  });

  it('is the only text of a network that parseCidr reads', () => {
    fc.assert(
      fc.property(fc.oneof(rangeSpelling, fc.string()), (text) => {
        const network = parseCidr(text);
        if (network !== undefined) expect(formatCidr(network)).toBe(text);
      }),
      RUNS,
    );
  });

  it.each(['10.0.0.0/8', '118.29.251.24/32', '0.0.0.0/0', '::/0', '2001:db8::/32', '::1/128'])(
    'parseCidr reads %s',
    (text) => {
      const network = parseCidr(text);
      expect(network && formatCidr(network)).toBe(text);
    },
  );

  it.each([
    '',
    '/',
    '10.0.0.0',
    '10.0.0.1/8',
    '10.0.0.0/08',
    '10/8',
    ' 10.0.0.0/8',
    '10.0.0.0/8 ',
    '10.0.0.0/33',
    '10.0.0.0/255.0.0.0',
    '2001:DB8::/32',
    '2001:db8:0::/32',
    '2001:db8::/129',
    '::ffff:203.0.113.0/120',
    '::ffff:cb00:7100/120',
    '::ffff:0:0/96',
    '0:0:0:0:0:0:0:0/0',
    '1'.repeat(1000),
  ])('parseCidr refuses %j', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});

describe('sortableAddress', () => {
  it.each([
    ['0.0.0.0', '400000000'],
    ['203.0.113.9', '4cb007109'],
    ['::1', '600000000000000000000000000000001'],
    ['2001:DB8::', '620010db8000000000000000000000000'],
  ])('%s is %s', (text, sortable) => {
    const result = parseAddress(text);
    expect(result.ok && sortableAddress(result.address)).toBe(sortable);
  });

  it('has the order of the addresses, and a fixed width for each family', () => {
    const pair = fc.oneof(
      fc.tuple(ipAddress, ipAddress),
      fc
        .tuple(ipAddress, fc.nat(300))
        .map(([address, distance]): [IpAddress, IpAddress] => [
          address,
          { family: address.family, value: address.value ^ BigInt(distance) },
        ]),
    );
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const order = compareCidrs(
          { ...a, base: a.value, prefixLength: 32 },
          { ...b, base: b.value, prefixLength: 32 },
        );
        const [left, right] = [sortableAddress(a), sortableAddress(b)];
        expect(left < right ? -1 : left > right ? 1 : 0).toBe(Math.sign(order));
        expect(left).toMatch(a.family === 4 ? /^4[0-9a-f]{8}$/ : /^6[0-9a-f]{32}$/);
        expect(left).toHaveLength(1 + addressBits(a.family) / 4);
      }),
      RUNS,
    );
  });

  it('finds the addresses of a network between its first and last', () => {
    fc.assert(
      fc.property(cidr, ipAddress, (network, address) => {
        const text = sortableAddress(address);
        const isBetween =
          sortableAddress(firstAddress(network)) <= text && text <= sortableAddress(lastAddress(network));
        expect(isBetween).toBe(cidrContains(network, address));
      }),
      RUNS,
    );
  });
});
