import { isIPv4, isIPv6 } from 'node:net';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatAddress, parseAddress } from '#shared/ip/index';

import { addressSpelling, FUZZ_RUNS, ipAddress, RUNS } from './arbitraries.ts';
import { oracleAddress } from './oracle.ts';

const read = (text: string): string | undefined => {
  const result = parseAddress(text);
  return result.ok ? formatAddress(result.address) : undefined;
};

describe('parseAddress', () => {
  it.each([
    ['0.0.0.0', '0.0.0.0'],
    ['118.29.251.24', '118.29.251.24'],
    ['255.255.255.255', '255.255.255.255'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['1:2:3::5:6:7:8', '1:2:3:0:5:6:7:8'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ])('reads %s as %s', (text, canonical) => {
    expect(read(text)).toBe(canonical);
  });

  it.each([
    '::ffff:203.0.113.9',
    '::FFFF:203.0.113.9',
    '::ffff:cb00:7109',
    '0:0:0:0:0:ffff:203.0.113.9',
    '0000:0000:0000:0000:0000:ffff:cb00:7109',
  ])('reads the IPv4-mapped %s as the IPv4 address', (text) => {
    expect(parseAddress(text)).toEqual({ ok: true, address: { family: 4, value: 0xcb007109n } });
  });

  it.each([
    '64:ff9b::203.0.113.9',
    '64:FF9B::cb00:7109',
    '0064:ff9b:0:0:0:0:203.0.113.9',
    '0064:ff9b:0000:0000:0000:0000:cb00:7109',
  ])('reads %s, which a translator made, as the IPv4 address', (text) => {
    expect(parseAddress(text)).toEqual({ ok: true, address: { family: 4, value: 0xcb007109n } });
  });

  it.each([
    ['::203.0.113.9', '::cb00:7109', 'deprecated IPv4-compatible'],
    ['::ffff:0:203.0.113.9', '::ffff:0:cb00:7109', 'IPv4-translated'],
    ['::fffe:203.0.113.9', '::fffe:cb00:7109', 'just below the mapped block'],
    ['64:ff9b:1::203.0.113.9', '64:ff9b:1::cb00:7109', "a translator's own prefix"],
    ['64:ff9b::1:203.0.113.9', '64:ff9b::1:cb00:7109', 'just above the well-known prefix'],
    ['64:ff9a:ffff:ffff:ffff:ffff:203.0.113.9', '64:ff9a:ffff:ffff:ffff:ffff:cb00:7109', 'just below it'],
  ])('keeps %s, which only looks like a form of IPv4, an IPv6 address', (text, canonical) => {
    expect(read(text)).toBe(canonical);
  });

  it.each(['10.0.0.0/8', '10.0.0.1-10.0.0.2', '10.0.0.1 - 10.0.0.2', '10.0.0.*', '2001:db8::/32'])(
    'wants one address and not the range %s',
    (text) => {
      const result = parseAddress(text);
      expect(result).toMatchObject({ ok: false, error: { code: 'not_one_address' } });
      expect(!result.ok && result.error.message).toContain(text);
    },
  );

  it.each([' 10.0.0.1', '10.0.0.1 ', '\t::1', '::1\n', '10.0.0.1\u00a0', '', ' '])(
    'takes no white space: %j',
    (text) => {
      expect(parseAddress(text).ok).toBe(false);
    },
  );

  it('reads every spelling of an address as that address', () => {
    fc.assert(
      fc.property(
        ipAddress.chain((address) => fc.tuple(fc.constant(address), addressSpelling(address))),
        ([address, text]) => {
          expect(parseAddress(text)).toEqual({ ok: true, address });
        },
      ),
      RUNS,
    );
  });

  it('agrees with the slow reading and with Node on any text', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdefABCDEFx.:')), maxLength: 16 }),
      fc.string({ unit: fc.constantFrom('.', '0', '1', '25', '255', '256', '01'), maxLength: 8 }),
      fc.string({ unit: fc.constantFrom(':', '::', '0', 'ffff', '1', 'a:', 'b:', '1.2.3.4'), maxLength: 16 }),
    );
    let readings = 0;
    fc.assert(
      fc.property(text, (candidate) => {
        const result = parseAddress(candidate);
        const expected = oracleAddress(candidate);
        expect(result.ok).toBe(expected !== undefined);
        expect(result.ok).toBe(isIPv4(candidate) || isIPv6(candidate));
        if (!result.ok || expected === undefined) return;
        readings += 1;
        expect(result.address).toEqual({ family: expected.family, value: BigInt(`0b${expected.bits}`) });
      }),
      FUZZ_RUNS,
    );
    // The property means little if hardly any text is an address.
    expect(readings).toBeGreaterThan(100);
  });
});
