import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGeoLookup, type GeoLookup } from '#service/geo/geo-lookup';
import { memoryLog } from '#test/support/service/memory-log';
import { writeMmdb, type MmdbContent } from '#test/support/service/mmdb-writer';
import { VENDOR_LISTS } from '#test/support/service/vendor-lists';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

describe('the region of an address', () => {
  let dir: string;
  let log: ReturnType<typeof memoryLog>;
  let geo: GeoLookup | undefined;
  beforeEach(() => {
    dir = makeTempDir('regions');
    log = memoryLog();
  });
  afterEach(async () => {
    await geo?.stop();
    removeTempDir(dir);
  });
  const inDir = (name: string): string => join(dir, name);
  /** Finds nothing but what the test puts into its folder, and looks again only when it is told to. */
  const start = async (): Promise<GeoLookup> => {
    const defaultFiles = { country: undefined, asn: undefined };
    const sources = {
      countryMmdb: undefined,
      asnMmdb: undefined,
      dataDir: dir,
      folders: [dir],
      defaultFiles,
    };
    geo = createGeoLookup({ ...sources, log, pollIntervalMs: 3_600_000 });
    await geo.start();
    return geo;
  };
  const inBerlin: MmdbContent = {
    records: {
      '8.8.8.0/24': { country: { iso_code: 'DE' }, subdivisions: [{ iso_code: 'BE' }] },
      '34.89.128.0/17': { country: { iso_code: 'DE' }, subdivisions: [{ iso_code: 'BE' }] },
    },
  };
  const writeList = (name: string, list: unknown): void =>
    writeFileSync(inDir(name), typeof list === 'string' ? list : JSON.stringify(list));

  it('is that of the file that knows the country', async () => {
    writeMmdb(inDir('GeoLite2-City.mmdb'), inBerlin);
    writeMmdb(inDir('GeoLite2-ASN.mmdb'), {
      records: { '8.8.8.0/24': { autonomous_system_number: 15_169 } },
    });
    const found = await start();
    expect(found.lookup('8.8.8.8')).toEqual({ country: 'DE', region: 'DE-BE', asn: 15_169, asName: null });
    expect(found.lookup('9.9.9.9')).not.toHaveProperty('region');
  });

  it('is the one that the cloud names in its list, which is read again when it changes', async () => {
    writeMmdb(inDir('GeoLite2-City.mmdb'), inBerlin);
    writeList('cloud.json', VENDOR_LISTS.google);
    writeList('ip-ranges.json', VENDOR_LISTS.aws);
    const found = await start();
    expect(found.lookup('34.89.200.1').region).toBe('europe-west3');
    expect(found.lookup('2600:1900:40d0::1').region).toBe('europe-west3');
    expect(found.lookup('3.5.140.9').region).toBe('ap-northeast-2');
    expect(found.lookup('8.8.8.8').region).toBe('DE-BE');

    writeList('cloud.json', '{"prefixes": [');
    rmSync(inDir('ip-ranges.json'));
    await found.reload();
    await found.reload();
    expect(found.lookup('34.89.200.1').region).toBe('europe-west3');
    expect(found.lookup('3.5.140.9').region).toBeUndefined();
    expect(log.events().filter((event) => event === 'geo.regions_unusable')).toHaveLength(1);

    writeList('cloud.json', {
      prefixes: [
        { ipv4Prefix: '34.89.128.0/17', scope: 'europe-west4' },
        { ipv4Prefix: '34.89.200.0/24', scope: 'europe-west9' },
        { ipv4Prefix: '34.89.201.0/24', scope: 'global' },
      ],
    });
    await found.reload();
    expect(found.lookup('34.89.200.1').region).toBe('europe-west9');
    expect(found.lookup('34.89.202.1').region).toBe('europe-west4');
  });

  it('is that of Azure and Oracle, too', async () => {
    writeList('ServiceTags_Public_20260105.json', VENDOR_LISTS.azure);
    writeList('public_ip_ranges.json', VENDOR_LISTS.oracle);
    await start();
    expect(log.events()).not.toContain('geo.regions_unusable');
    expect(log.events().filter((event) => event === 'geo.regions_loaded')).toHaveLength(2);
  });
});
