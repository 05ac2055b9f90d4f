import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatCidr, isTooWide, parseRangeText, type RangeTextOptions } from '#shared/ip/index';

import {
  addressSpelling,
  dottedText,
  ipAddress,
  ipv4Address,
  mappedSpelling,
  maskOf,
  prefixLengthOf,
  RUNS,
  span,
  surrounded,
} from './arbitraries.ts';

const read = (text: string, options?: RangeTextOptions): readonly string[] => {
  const result = parseRangeText(text, options);
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.cidrs.map(formatCidr);
};

const notesOf = (text: string) => {
  const result = parseRangeText(text);
  return result.ok ? result.notes : undefined;
};

describe('parseRangeText, what texts mean', () => {
  it.each([
    ['118.29.251.24', '118.29.251.24/32'],
    ['10.1.2.3/24', '10.1.2.0/24'],
    ['118.29.251.24/32', '118.29.251.24/32'],
    ['192.168.0/16', '192.168.0.0/16'],
    ['10/8', '10.0.0.0/8'],
    ['192.168.1/24', '192.168.1.0/24'],
    ['10.1/16', '10.1.0.0/16'],
    ['10/24', '10.0.0.0/24'],
    ['192.168.1.*', '192.168.1.0/24'],
    ['172.16.*.*', '172.16.0.0/16'],
    ['10.*.*.*', '10.0.0.0/8'],
    ['203.0.113.0/255.255.255.0', '203.0.113.0/24'],
    ['203.0.113.9/255.255.255.255', '203.0.113.9/32'],
    ['192.168/255.255.0.0', '192.168.0.0/16'],
    ['203.0.113.10-203.0.113.10', '203.0.113.10/32'],
    ['203.0.113.0-203.0.113.255', '203.0.113.0/24'],
    ['2001:DB8::1', '2001:db8::1/128'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['2001:DB8:0:0:8::/64', '2001:db8::/64'],
    ['2001:db8::-2001:db8::ffff', '2001:db8::/112'],
    ['::ffff:203.0.113.9', '203.0.113.9/32'],
    ['::ffff:203.0.113.0/120', '203.0.113.0/24'],
    ['::ffff:cb00:7100/120', '203.0.113.0/24'],
    ['::ffff:203.0.113.9/128', '203.0.113.9/32'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['::ffff:203.0.113.0-203.0.113.255', '203.0.113.0/24'],
    ['::203.0.113.9/128', '::cb00:7109/128'],
    ['::/64', '::/64'],
  ])('%s is %s', (text, cidr) => {
    expect(read(text)).toEqual([cidr]);
  });

  it('covers a dash range exactly, with the smallest set, ascending', () => {
    expect(read('203.0.113.10-203.0.113.20')).toEqual([
      '203.0.113.10/31',
      '203.0.113.12/30',
      '203.0.113.16/30',
      '203.0.113.20/32',
    ]);
    expect(read('2001:db8::1-2001:db8::4')).toEqual([
      '2001:db8::1/128',
      '2001:db8::2/127',
      '2001:db8::4/128',
    ]);
  });

  it.each([' 10.0.0.1-10.0.0.1 ', '10.0.0.1 - 10.0.0.1', '\t10.0.0.1\r\n', '10.0.0.1  -\t10.0.0.1'])(
    'takes pasted white space: %j',
    (text) => {
      expect(read(text)).toEqual(['10.0.0.1/32']);
    },
  );

  it('tells that host bits were cleared, and names what was typed and what is meant', () => {
    expect(notesOf(' 10.1.2.3/24 ')).toEqual([
      {
        code: 'host_bits_cleared',
        message: '“10.1.2.3/24” has bits set behind its prefix length; the network 10.1.2.0/24 is meant.',
      },
    ]);
    expect(notesOf('2001:db8::1/64')?.map(({ code }) => code)).toEqual(['host_bits_cleared']);
    expect(notesOf('10.1/8')?.map(({ code }) => code)).toEqual(['host_bits_cleared']);
    expect(notesOf('10.1.2.3/255.255.255.0')?.map(({ code }) => code)).toEqual(['host_bits_cleared']);
  });

  it('tells that an IPv4-mapped text means IPv4', () => {
    expect(notesOf('::ffff:203.0.113.9')).toEqual([
      {
        code: 'mapped_to_ipv4',
        message: '“::ffff:203.0.113.9” is IPv4 written as IPv6; 203.0.113.9/32 is meant.',
      },
    ]);
    expect(notesOf('::ffff:203.0.113.9/120')?.map(({ code }) => code)).toEqual([
      'mapped_to_ipv4',
      'host_bits_cleared',
    ]);
    expect(notesOf('203.0.113.8-::ffff:203.0.113.9')?.map(({ code }) => code)).toEqual(['mapped_to_ipv4']);
    expect(notesOf('64:ff9b::203.0.113.9')).toEqual([
      {
        code: 'mapped_to_ipv4',
        message: '“64:ff9b::203.0.113.9” is IPv4 written as IPv6; 203.0.113.9/32 is meant.',
      },
    ]);
    expect(notesOf('64:ff9b::203.0.113.9/120')?.map(({ code }) => code)).toEqual([
      'mapped_to_ipv4',
      'host_bits_cleared',
    ]);
  });

  it.each(['10.0.0.1', '10.0.0.0/8', '192.168.1.*', '10.0.0.1-10.0.0.9', '2001:db8::/32'])(
    'has nothing to tell about %s',
    (text) => {
      expect(notesOf(text)).toEqual([]);
    },
  );
});

describe('parseRangeText, wide ranges', () => {
  it.each([
    ['0.0.0.0/0', ['0.0.0.0/0']],
    ['0/0', ['0.0.0.0/0']],
    ['*', ['0.0.0.0/0']],
    ['*.*.*.*', ['0.0.0.0/0']],
    ['0.0.0.0/0.0.0.0', ['0.0.0.0/0']],
    ['0.0.0.0-255.255.255.255', ['0.0.0.0/0']],
    ['::ffff:0:0/96', ['0.0.0.0/0']],
    ['118.29.251.24/0', ['0.0.0.0/0']],
    ['10.0.0.0/7', ['10.0.0.0/7']],
    ['10.0.0.0-11.0.0.0', ['10.0.0.0/8', '11.0.0.0/32']],
    ['10.0.0.0-11.127.255.255', ['10.0.0.0/8', '11.0.0.0/9']],
    ['::/0', ['::/0']],
    ['2000::/3', ['2000::/3']],
    ['2001::/23', ['2001::/23']],
    ['2001::-2001:100::', ['2001::/24', '2001:100::/128']],
  ])('%s is refused, and taken when confirmed', (text, cidrs) => {
    const refused = parseRangeText(text);
    expect(refused).toMatchObject({ ok: false, error: { code: 'too_wide' } });
    if (refused.ok) return;
    expect(refused.error.cidrs?.map(formatCidr)).toEqual(cidrs);
    expect(refused.error.message).toContain(`“${text}”`);
    expect(read(text, { allowWide: true })).toEqual(cidrs);
  });

  it('says so when a range is everything', () => {
    expect(parseRangeText('0.0.0.0/0')).toMatchObject({
      error: {
        message:
          '“0.0.0.0/0” means 0.0.0.0/0, every IPv4 address; write a narrower range, or confirm that it is meant.',
      },
    });
  });

  it.each(['10.0.0.0/8', '10.0.0.0-10.255.255.255', '9.128.0.0-10.127.255.255', '2001::/24', '10.*.*.*'])(
    '%s is just not too wide',
    (text) => {
      const result = parseRangeText(text);
      expect(result.ok).toBe(true);
      expect(result.ok && isTooWide(result.cidrs)).toBe(false);
    },
  );

  it('keeps the notes of a wide range that is confirmed', () => {
    const result = parseRangeText('118.29.251.24/0', { allowWide: true });
    expect(result.ok && result.notes.map(({ code }) => code)).toEqual(['host_bits_cleared']);
  });

  it('finds nothing wide in no networks', () => {
    expect(isTooWide([])).toBe(false);
  });
});

describe('parseRangeText, every spelling of a range means the same', () => {
  const same = (texts: readonly string[]): void => {
    const readings = texts.map((text) => read(text, { allowWide: true }));
    for (const reading of readings) expect(reading).toEqual(readings[0]);
  };

  it('for addresses and networks', () => {
    const spellings = ipAddress.chain((address) =>
      prefixLengthOf(address).chain((length) =>
        fc.tuple(
          fc.constant({ canonical: address.family, length }),
          addressSpelling(address),
          addressSpelling(address).chain(surrounded),
        ),
      ),
    );
    fc.assert(
      fc.property(spellings, ([{ canonical, length }, left, right]) => {
        const slash = (text: string): string =>
          text.trim().includes(':') && canonical === 4 ? `/${length + 96}` : `/${length}`;
        same([left, right]);
        same([left + slash(left), right.trim() + slash(right)]);
        same([left, `${left}-${right}`]);
      }),
      RUNS,
    );
  });

  it('for IPv4 networks as prefix length, mask, short form, wildcard, mapped and dash', () => {
    const octetNetworks = fc.tuple(ipv4Address, fc.integer({ min: 0, max: 3 })).chain(([address, octets]) => {
      const hostBits = BigInt(32 - 8 * octets);
      const base = (address.value >> hostBits) << hostBits;
      return fc.tuple(fc.constant({ base, octets }), mappedSpelling({ family: 4, value: base }));
    });
    fc.assert(
      fc.property(octetNetworks, ([{ base, octets }, mapped]) => {
        const length = 8 * octets;
        const text = dottedText(base);
        const left = text.split('.').slice(0, octets);
        same([
          `${text}/${length}`,
          `${text}/${dottedText(maskOf(length))}`,
          `${octets === 0 ? '0' : left.join('.')}/${length}`,
          [...left, '*', '*', '*', '*'].slice(0, 4).join('.'),
          `${mapped}/${length + 96}`,
          `${text}-${dottedText(base + (1n << BigInt(32 - length)) - 1n)}`,
        ]);
      }),
      RUNS,
    );
  });

  it('for dashes', () => {
    fc.assert(
      fc.property(
        span
          .filter(([, last]) => last.value >> 32n !== 0xffffn)
          .chain(([first, last]) =>
            fc.tuple(
              addressSpelling(first),
              addressSpelling(first).chain(surrounded),
              addressSpelling(last),
              addressSpelling(last).chain(surrounded),
            ),
          ),
        ([first, sameFirst, last, sameLast]) => {
          const results = [
            parseRangeText(`${first}-${last}`, { allowWide: true }),
            parseRangeText(`${sameFirst}-${sameLast}`, { allowWide: true }),
          ].map((result) => (result.ok ? result.cidrs : result.error.code));
          expect(results[1]).toEqual(results[0]);
        },
      ),
      RUNS,
    );
  });
});
