import { mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultFile } from '#service/geo/default-file';
import { fileTrouble, UnusableFileError } from '#service/geo/file-state';
import { openMmdb } from '#service/geo/mmdb-file';
import {
  cidrContains,
  compareCidrs,
  formatAddress,
  parseRangeText,
  type Cidr,
  type IpAddress,
} from '#shared/ip/index';
import { mmdbBytes, writeMmdb, type MmdbContent, type MmdbValue } from '#test/support/service/mmdb-writer';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

let dir: string;
beforeAll(() => {
  dir = makeTempDir('mmdb');
});
afterAll(() => removeTempDir(dir));

let fileCount = 0;
const openContent = (content: MmdbContent) => {
  fileCount += 1;
  const path = join(dir, `${fileCount}.mmdb`);
  writeMmdb(path, content);
  return openMmdb(path);
};

const NOWHERE = { country: null, asn: null, asName: null };

describe('records of each maker', () => {
  it.each<[string, MmdbValue, object]>([
    [
      'GeoLite2-Country',
      {
        continent: { code: 'EU', geoname_id: 6255148 },
        country: { geoname_id: 2921044, iso_code: 'DE', names: { en: 'Germany', de: 'Deutschland' } },
        registered_country: { iso_code: 'FR' },
      },
      { country: 'DE' },
    ],
    ['a registered country alone', { registered_country: { iso_code: 'FR' } }, {}],
    [
      'GeoLite2-City',
      {
        city: { names: { en: 'Bonn' } },
        country: { iso_code: 'DE' },
        location: { latitude: 50.7, longitude: -7.1 },
        subdivisions: [
          { iso_code: 'NW', names: { en: 'North Rhine-Westphalia' } },
          { iso_code: '05314', names: { en: 'Bonn' } },
        ],
      },
      { country: 'DE', region: 'DE-NW' },
    ],
    [
      'dbip-city-lite, which has no codes',
      { country: { iso_code: 'DE' }, subdivisions: [{ names: { en: 'Land Berlin' } }] },
      { country: 'DE', region: 'DE-Land Berlin' },
    ],
    [
      'ipinfo standard_location',
      { city: 'Berlin', region: 'State of Berlin', region_code: 'BE', country: 'DE' },
      { country: 'DE', region: 'DE-BE' },
    ],
    ['a region without a country', { subdivisions: [{ iso_code: 'BE' }] }, {}],
    ['odd subdivisions', { country: { iso_code: 'DE' }, subdivisions: ['BE', 7] }, { country: 'DE' }],
    [
      'GeoLite2-ASN',
      { autonomous_system_number: 13335, autonomous_system_organization: 'CLOUDFLARENET' },
      { asn: 13335, asName: 'CLOUDFLARENET' },
    ],
    [
      'GeoIP2-Enterprise',
      {
        country: { iso_code: 'US', is_in_european_union: false },
        traits: { autonomous_system_number: 15169, autonomous_system_organization: 'Google' },
      },
      { country: 'US', asn: 15169, asName: 'Google' },
    ],
    ['DBIP-Country-Lite', { continent: { code: 'OC' }, country: { iso_code: 'AU' } }, { country: 'AU' }],
    [
      'ipinfo_lite.mmdb',
      {
        asn: 'AS13335',
        as_name: 'Cloudflare, Inc.',
        as_domain: 'cloudflare.com',
        continent_code: 'OC',
        country: 'Australia',
        country_code: 'AU',
      },
      { country: 'AU', asn: 13335, asName: 'Cloudflare, Inc.' },
    ],
    [
      'ipinfo country_asn.mmdb',
      { country: 'AU', country_name: 'Australia', asn: 'AS13335', as_name: 'Cloudflare, Inc.' },
      { country: 'AU', asn: 13335, asName: 'Cloudflare, Inc.' },
    ],
    [
      'ipinfo asn.mmdb',
      { asn: 'AS7018', name: 'AT&T', domain: 'att.com', route: '12.0.0.0/8' },
      { asn: 7018, asName: 'AT&T' },
    ],
    ['ip-location-db country', { country_code: 'nz' }, { country: 'NZ' }],
    [
      'ip-location-db asn',
      { autonomous_system_number: 4294967295, autonomous_system_organization: '' },
      { asn: 4294967295 },
    ],
  ])('%s', async (databaseType, record, expected) => {
    const file = await openContent({ databaseType, records: { '203.0.113.0/24': record } });
    expect(file.databaseType).toBe(databaseType);
    expect(file.lookup('203.0.113.9')).toEqual({ ...NOWHERE, ...expected });
    expect(file.lookup('203.0.114.9')).toEqual(NOWHERE);
  });

  it.each<[string, MmdbValue]>([
    ['a text', 'DE'],
    ['a list', ['DE']],
    ['an empty map', {}],
    ['numbers as countries', { country: 49, country_code: 49 }],
    ['a country by name', { country: 'Australia' }],
    ['codes for no country', { country_code: 'EU' }],
    ['an unknown country', { country: { iso_code: 'ZZ' } }],
    ['network zero', { asn: 'AS0', as_name: 'not routed' }],
    ['a network that is none', { asn: 'AS99999999999', as_name: 'x' }],
    ['a name without a network', { name: 'Sydney', as_name: 'x', autonomous_system_organization: 'x' }],
    ['a fraction', { autonomous_system_number: 1.5 }],
  ])('%s means nothing is known', async (_, record) => {
    const file = await openContent({ records: { '203.0.113.0/24': record } });
    expect(file.lookup('203.0.113.9')).toEqual(NOWHERE);
  });
});

describe('addresses', () => {
  it('of both families and mapped ones are found, the longest prefix first', async () => {
    const file = await openContent({
      records: {
        '203.0.0.0/16': { country_code: 'DE' },
        '203.0.113.0/24': { country_code: 'FR' },
        '2001:db8::/32': { country_code: 'NL' },
        '2001:db8:1::/48': { country_code: 'BE' },
      },
    });
    const country = (ip: string): string | null => file.lookup(ip).country;
    expect(
      [
        '203.0.1.1',
        '203.0.113.255',
        '::ffff:203.0.113.9',
        '::ffff:cb00:7109',
        '2001:DB8:0::1',
        '2001:db8:1::1',
      ].map(country),
    ).toEqual(['DE', 'FR', 'FR', 'FR', 'NL', 'BE']);
  });

  it('of IPv6 are not looked up by their first bits in a file for IPv4', async () => {
    const file = await openContent({ ipVersion: 4, records: { '32.0.0.0/4': { country_code: 'US' } } });
    expect(file.lookup('32.1.13.184').country).toBe('US');
    expect(file.lookup('2001:db8::1')).toEqual(NOWHERE);
  });

  it.each([
    '',
    'x',
    '1.2.3',
    '010.0.0.1',
    '1.2.3.4:80',
    'fe80::1%eth0',
    '1.2.3.4/32',
    '::'.repeat(200),
    '\u0000',
  ])('that are none give nothing and do not throw: %j', async (text) => {
    const file = await openContent({ records: { '0.0.0.0/1': { country_code: 'US' } } });
    expect(file.lookup(text)).toEqual(NOWHERE);
  });

  it('are found as by a scan over the networks, in every size of record', async () => {
    const address = fc.record({
      family: fc.constant<4>(4),
      value: fc.bigInt({ min: 0n, max: 0xffff_ffffn }),
    });
    const network = fc.tuple(address, fc.integer({ min: 1, max: 32 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(network, { minLength: 1, maxLength: 20 }),
        fc.array(address, { minLength: 1, maxLength: 20 }),
        fc.constantFrom<24 | 28 | 32>(24, 28, 32),
        fc.constantFrom<4 | 6>(4, 6),
        async (networks, others, recordSize, ipVersion) => {
          const cidrs = networks.map(([{ value }, prefixLength]): Cidr => {
            const parsed = parseRangeText(`${formatAddress({ family: 4, value })}/${prefixLength}`, {
              allowWide: true,
            });
            if (!parsed.ok || parsed.cidrs[0] === undefined) throw new Error('not a network');
            return parsed.cidrs[0];
          });
          const textOf = (cidr: Cidr): string =>
            `${formatAddress({ family: 4, value: cidr.base })}/${cidr.prefixLength}`;
          const records = Object.fromEntries(
            cidrs.map((cidr) => [
              textOf(cidr),
              { asn: Number(cidr.base % 1_000_000n) * 33 + cidr.prefixLength },
            ]),
          );
          const file = await openContent({ records, recordSize, ipVersion });
          const expected = ({ family, value }: IpAddress): number | null => {
            const [best] = cidrs
              .filter((cidr) => cidrContains(cidr, { family, value }))
              .sort((a, b) => b.prefixLength - a.prefixLength || compareCidrs(a, b));
            return best === undefined ? null : Number(best.base % 1_000_000n) * 33 + best.prefixLength;
          };
          for (const one of [...others, ...networks.map(([inside]) => inside)]) {
            expect(file.lookup(formatAddress(one)).asn).toBe(expected(one));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a file that cannot be used', () => {
  const troubleWith = async (path: string): Promise<string> => {
    const error: unknown = await openMmdb(path).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeDefined();
    return fileTrouble(error);
  };
  const bytes = mmdbBytes({
    records: Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [
        `${index + 1}.0.0.0/9`,
        { country_code: 'DE', as_name: `n${index}` },
      ]),
    ),
  });

  it('is missing, or a folder', async () => {
    expect(await troubleWith(join(dir, 'none.mmdb'))).toBe('does not exist');
    mkdirSync(join(dir, 'folder.mmdb'));
    expect(await troubleWith(join(dir, 'folder.mmdb'))).toMatch(/folder/);
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['text', Buffer.from('<html>404 Not Found</html>')],
    ['packed', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
    ['cut off', bytes.subarray(0, bytes.length - 60)],
    [
      'half there, half zeros',
      Buffer.concat([bytes.subarray(0, bytes.length / 2), Buffer.alloc(bytes.length / 2)]),
    ],
    ['without its beginning', bytes.subarray(bytes.length - 400)],
  ])('is %s', async (_, content) => {
    const path = join(dir, 'bad.mmdb');
    writeFileSync(path, content);
    await expect(openMmdb(path)).rejects.toThrow(UnusableFileError);
  });

  it('has records beyond its end', async () => {
    const path = join(dir, 'inner.mmdb');
    const marker = bytes.indexOf('MaxMind.com') - 3;
    // The records are gone; tree and metadata are whole.
    writeFileSync(path, Buffer.concat([bytes.subarray(0, marker - 4_000), bytes.subarray(marker)]));
    await expect(openMmdb(path)).rejects.toThrow(/damaged/);
  });

  it('has any of its parts cut away, and never hangs or crashes', async () => {
    const path = join(dir, 'cut.mmdb');
    for (let length = bytes.length - 1; length > 0; length -= 577) {
      writeFileSync(path, bytes);
      truncateSync(path, length);
      await expect(openMmdb(path)).rejects.toThrow(UnusableFileError);
    }
  });
});

describe('the installed country file', () => {
  it('is found and knows well-known addresses of both families', async () => {
    const file = await openMmdb(defaultFile('country') ?? '');
    expect(file.builtAt.getFullYear()).toBeGreaterThan(2020);
    // Universities: their networks have not moved for decades.
    expect(file.lookup('18.9.22.69')).toEqual({ ...NOWHERE, country: 'US' });
    expect(file.lookup('130.149.7.201').country).toBe('DE');
    expect(file.lookup('::ffff:130.149.7.201').country).toBe('DE');
    expect(file.lookup('2001:638:809::1').country).toBe('DE');
    expect(file.lookup('10.1.2.3')).toEqual(NOWHERE);
    expect(file.lookup('127.0.0.1')).toEqual(NOWHERE);
  });
});

describe('the installed network file', () => {
  it('is found, is small, and knows well-known addresses of both families', async () => {
    const path = defaultFile('asn') ?? '';
    expect(statSync(path).size).toBeLessThan(16 * 1024 ** 2);
    const file = await openMmdb(path);
    expect(file.builtAt.getFullYear()).toBeGreaterThan(2020);
    const google = file.lookup('8.8.8.8');
    expect(google).toMatchObject({ country: null, asn: 15_169, asName: 'Google LLC' });
    expect(google.ipv4Addresses).toBeGreaterThan(1_000_000);
    expect(file.lookup('2001:4860:4860::8888').asn).toBe(15_169);
    // A university: its networks have not moved for decades.
    expect(file.lookup('18.9.22.69').asn).toBe(3);
    expect(file.lookup('2001:638:809::1').asn).toBe(680);
    expect(file.lookup('10.1.2.3')).toEqual(NOWHERE);
    expect(file.lookup('255.255.255.255')).toEqual(NOWHERE);
    expect(file.lookup('::')).toEqual(NOWHERE);
    expect(file.lookup('ffff::')).toEqual(NOWHERE);
  });
});
