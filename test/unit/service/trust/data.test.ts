import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { COUNTRIES_WITH_POSITION, leastDistanceKm } from '#service/enforcement/trust/country-positions';
import { tradeOf } from '#service/enforcement/trust/hosting-networks';
import { reservedNetworkOf } from '#service/enforcement/trust/reserved-networks';
import { formatAddress, type IpAddress } from '#shared/ip/index';
import { address } from './builders';

describe('reserved networks', () => {
  /** The other library's opinion; it has a few more or fewer of the rarer ones, which are left out. */
  const ORDINARY = new Set(['unicast']);
  const RESERVED = new Set([
    'private',
    'loopback',
    'linkLocal',
    'multicast',
    'uniqueLocal',
    'carrierGradeNat',
    'unspecified',
    'broadcast',
    'teredo',
    '6to4',
    'rfc6052',
  ]);

  const agree = (value: IpAddress): void => {
    const text = formatAddress(value);
    const kind = ipaddr.parse(text).range();
    const isReserved = reservedNetworkOf(value) !== undefined;
    if (RESERVED.has(kind)) expect(isReserved, `${text} is ${kind}`).toBe(true);
    // ipaddr.js calls unassigned IPv6 addresses ordinary.
    if (ORDINARY.has(kind) && (value.family === 4 || value.value >> 125n === 1n)) {
      const isOurs = reservedNetworkOf(value)?.text ?? '';
      expect(['', '5f00::/16', '3fff::/20', '2001:10::/28'], `${text} is ${kind}`).toContain(isOurs);
    }
  };

  it('are those of another library, IPv4', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) =>
        agree({ family: 4, value: BigInt(value) }),
      ),
      { numRuns: 3_000 },
    );
  });

  it('are those of another library, IPv6', () => {
    const top = fc.oneof(
      fc.constantFrom(0x2001n, 0x2002n, 0x64n, 0xfe80n, 0xfc00n, 0xff02n),
      fc.bigInt(0n, 0xffffn),
    );
    fc.assert(
      fc.property(top, fc.bigInt(0n, (1n << 112n) - 1n), (head, tail) =>
        agree({ family: 6, value: (head << 112n) | tail }),
      ),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['10.1.2.3', '10.0.0.0/8'],
    ['172.31.255.255', '172.16.0.0/12'],
    ['172.32.0.0', undefined],
    ['100.64.0.1', '100.64.0.0/10'],
    ['100.128.0.1', undefined],
    ['64:ff9b:1::1', '64:ff9b:1::/48'],
    ['64:ff9b::10.1.2.3', '10.0.0.0/8'],
    ['2001:4860:4860::8888', undefined],
    ['2001:db8::1', '2001:db8::/32'],
    ['::1', '::1/128'],
  ])('%s lies in %s', (text, network) => {
    expect(reservedNetworkOf(address(text))?.text).toBe(network);
  });
});

describe('distances between countries', () => {
  it('are there for nearly every country', () => {
    expect(COUNTRIES_WITH_POSITION.length).toBeGreaterThan(240);
    expect(COUNTRIES_WITH_POSITION.every((code) => /^[A-Z]{2}$/.test(code))).toBe(true);
  });

  it.each([
    ['ES', 'PT'],
    ['US', 'CA'],
    ['FR', 'GB'],
    ['NO', 'RU'],
    ['CN', 'IN'],
    ['MY', 'ID'],
  ])('are zero between neighbours: %s and %s', (from, to) => {
    expect(leastDistanceKm(from, to)).toBe(0);
  });

  // The shortest gap between the outlines of the two countries, in km: the bound may never exceed it.
  it.each([
    ['ES', 'AU', 13_318],
    ['DE', 'JP', 8_044],
    ['GB', 'BR', 6_819],
    ['IE', 'SG', 11_162],
    ['US', 'NZ', 3_726],
  ])('never exceed the true gap: %s and %s', (from, to, trueKm) => {
    expect(leastDistanceKm(from, to)).toBeLessThanOrEqual(trueKm);
  });

  it('are symmetric, whole hundreds and within half the earth', () => {
    const country = fc.constantFrom(...COUNTRIES_WITH_POSITION);
    fc.assert(
      fc.property(country, country, (from, to) => {
        const km = leastDistanceKm(from, to) ?? -1;
        expect(km).toBe(leastDistanceKm(to, from));
        expect(km % 100).toBe(0);
        expect(km).toBeGreaterThanOrEqual(0);
        expect(km).toBeLessThanOrEqual(20_100);
      }),
    );
  });
});

describe('the trade of a network', () => {
  it.each([
    [16509, null, 'hosting'],
    [24940, 'Hetzner Online GmbH', 'hosting'],
    [4_200_000_001, 'Acme Hosting BV', 'hosting'],
    [null, 'Example Cloud', 'hosting'],
    [62371, 'Proton AG', 'anonymizer'],
    [4_200_000_002, 'SuperVPN Inc', 'anonymizer'],
    [12479, 'Orange Espagne', undefined],
    [3320, 'Deutsche Telekom AG', undefined],
    [4_200_000_003, 'Clouds Hill Broadband', undefined],
    [null, null, undefined],
  ] as const)('AS%s %s: %s', (asn, name, trade) => {
    expect(tradeOf(asn, name)).toBe(trade);
  });
});
