import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SettingError } from '#service/config';
import { createGeoLookup, type GeoLookup, type GeoLookupOptions } from '#service/geo/geo-lookup';
import { memoryLog } from '#test/support/service/memory-log';
import { mmdbBytes, writeMmdb, type MmdbContent } from '#test/support/service/mmdb-writer';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const HOUR_MS = 3_600_000;
const ADDRESS = '203.0.113.9';
const NO_DEFAULTS = { country: undefined, asn: undefined };

let dir: string;
let log: ReturnType<typeof memoryLog>;
let geo: GeoLookup | undefined;

beforeEach(() => {
  dir = makeTempDir('geo');
  log = memoryLog();
});
afterEach(async () => {
  await geo?.stop();
  geo = undefined;
  removeTempDir(dir);
});

/** Looks only when it is told to, and finds nothing but what the test puts into its folder. */
const create = (options: Partial<GeoLookupOptions> = {}): GeoLookup => {
  geo = createGeoLookup({
    countryMmdb: undefined,
    asnMmdb: undefined,
    dataDir: dir,
    folders: [dir],
    defaultFiles: NO_DEFAULTS,
    log,
    pollIntervalMs: HOUR_MS,
    ...options,
  });
  return geo;
};

const start = async (options: Partial<GeoLookupOptions> = {}): Promise<GeoLookup> => {
  const started = create(options);
  await started.start();
  return started;
};

const inDir = (name: string): string => join(dir, name);

const country = (code: string): MmdbContent => ({
  records: { '203.0.113.0/24': { country_code: code }, '8.8.8.0/24': { country_code: code } },
});
const network = (asn: number): MmdbContent => ({
  records: {
    '203.0.113.0/24': { autonomous_system_number: asn, autonomous_system_organization: `Network ${asn}` },
  },
});
const combined = (code: string, asn: number): MmdbContent => ({
  records: { '203.0.113.0/24': { country_code: code, asn: `AS${asn}`, as_name: `Network ${asn}` } },
});

const replaceByRename = (path: string, content: MmdbContent): void => {
  writeMmdb(`${path}.new`, content);
  renameSync(`${path}.new`, path);
};

describe('where an address is', () => {
  it('is unknown without any file, and that is no error', async () => {
    const none = await start();
    expect(none.lookup(ADDRESS)).toEqual({ country: null, asn: null, asName: null });
    expect(none.files()).toEqual({ country: null, asn: null });
    expect(log.events()).toEqual(['geo.no_file', 'geo.no_file']);
  });

  it('is unknown before the start', () => {
    expect(create().lookup(ADDRESS)).toEqual({ country: null, asn: null, asName: null });
  });

  it('comes from the files of the installation when there are no others', async () => {
    geo = createGeoLookup({
      countryMmdb: undefined,
      asnMmdb: undefined,
      dataDir: dir,
      folders: [],
      log,
      pollIntervalMs: HOUR_MS,
    });
    await geo.start();
    expect(geo.lookup('130.149.7.201')).toEqual({
      country: 'DE',
      asn: 680,
      asName: expect.stringContaining('Forschungsnetz') as unknown,
      ipv4Addresses: expect.any(Number) as unknown,
    });
    // Parts of the installation: each is read once.
    await geo.reload();
    expect(log.events().filter((event) => event === 'geo.loaded')).toHaveLength(2);
  });

  it('comes from two files, found by their names', async () => {
    writeMmdb(inDir('GeoLite2-Country.mmdb'), country('DE'));
    writeMmdb(inDir('GeoLite2-ASN.mmdb'), network(64_500));
    const found = await start();
    expect(found.lookup(ADDRESS)).toEqual({ country: 'DE', asn: 64_500, asName: 'Network 64500' });
    expect(found.lookup('not an address')).toEqual({ country: null, asn: null, asName: null });
  });

  it('comes from one file with both', async () => {
    writeMmdb(inDir('ipinfo_lite.mmdb'), combined('NZ', 64_501));
    const found = await start();
    expect(found.lookup(ADDRESS)).toEqual({ country: 'NZ', asn: 64_501, asName: 'Network 64501' });
    expect(found.files()).toEqual({ country: inDir('ipinfo_lite.mmdb'), asn: inDir('ipinfo_lite.mmdb') });
  });

  it('comes from files that were set, before any that are found', async () => {
    writeMmdb(inDir('GeoLite2-Country.mmdb'), country('DE'));
    writeMmdb(inDir('GeoLite2-ASN.mmdb'), network(64_500));
    writeMmdb(inDir('mine.db'), country('FR'));
    writeMmdb(inDir('networks.db'), network(64_502));
    const set = await start({ countryMmdb: inDir('mine.db'), asnMmdb: inDir('networks.db') });
    expect(set.lookup(ADDRESS)).toEqual({ country: 'FR', asn: 64_502, asName: 'Network 64502' });
  });

  it('takes from a file for one role what the other has not', async () => {
    writeMmdb(inDir('both.db'), combined('CH', 64_503));
    const one = await start({ countryMmdb: inDir('both.db') });
    expect(one.lookup(ADDRESS)).toEqual({ country: 'CH', asn: 64_503, asName: 'Network 64503' });
    await one.stop();
    const other = await start({ asnMmdb: inDir('both.db') });
    expect(other.lookup(ADDRESS)).toEqual({ country: 'CH', asn: 64_503, asName: 'Network 64503' });
  });

  it('comes from a file of the owner for the other role, before the files of the installation', async () => {
    const ip = '8.8.8.8';
    const record = (code: string, asn: number) => ({
      '8.8.8.0/24': { country_code: code, asn, name: `Network ${asn}` },
    });
    const defaults = { country: inDir('default-country.db'), asn: inDir('default-asn.db') };
    writeMmdb(defaults.country, { records: record('US', 15_169) });
    writeMmdb(defaults.asn, { records: record('US', 15_169) });
    writeMmdb(inDir('both.db'), { records: record('CH', 64_503) });
    for (const setting of ['countryMmdb', 'asnMmdb']) {
      const found = await start({ defaultFiles: defaults, [setting]: inDir('both.db') });
      expect(found.lookup(ip)).toEqual({ country: 'CH', asn: 64_503, asName: 'Network 64503' });
      await found.stop();
    }
  });

  it('never joins the number of one network with the name of another', async () => {
    writeMmdb(inDir('GeoLite2-ASN.mmdb'), {
      records: { '203.0.113.0/24': { autonomous_system_number: 64_504 } },
    });
    writeMmdb(inDir('country_asn.db'), combined('CH', 64_505));
    const two = await start({ countryMmdb: inDir('country_asn.db') });
    expect(two.lookup(ADDRESS)).toEqual({ country: 'CH', asn: 64_504, asName: null });
  });
});

describe('at the start', () => {
  it.each([
    ['countryMmdb', 'GATEHOUSE_COUNTRY_MMDB'],
    ['asnMmdb', 'GATEHOUSE_ASN_MMDB'],
  ] as const)('a %s that was set and cannot be read names the variable', async (setting, variable) => {
    const missing = create({ [setting]: inDir('missing.mmdb') }).start();
    await expect(missing).rejects.toThrow(SettingError);
    await expect(missing).rejects.toThrow(`${variable}: ${inDir('missing.mmdb')} does not exist`);

    writeFileSync(inDir('text.mmdb'), 'not a database');
    const text = create({ [setting]: inDir('text.mmdb') }).start();
    await expect(text).rejects.toThrow(SettingError);
    await expect(text).rejects.toThrow(/is no MMDB file/);

    mkdirSync(inDir('folder'));
    await expect(create({ [setting]: inDir('folder') }).start()).rejects.toThrow(/is a folder/);
  });

  it('a found file that cannot be read gives way to the next, with a warning', async () => {
    writeFileSync(inDir('GeoIP2-Country.mmdb'), 'half a download');
    writeMmdb(inDir('dbip-country-lite-2026-10.mmdb'), country('DE'));
    const found = await start();
    expect(found.lookup(ADDRESS).country).toBe('DE');
    expect(log.entries).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        event: 'geo.file_unusable',
        fields: expect.objectContaining({ file: inDir('GeoIP2-Country.mmdb') }) as unknown,
      }),
    );
    // The same file in the same state is complained of once.
    await found.reload();
    expect(log.events().filter((event) => event === 'geo.file_unusable')).toHaveLength(1);
  });
});

describe('when files change', () => {
  it('a file that is replaced by renaming is read again, also with its old time and size', async () => {
    const path = inDir('GeoLite2-Country.mmdb');
    const when = new Date('2026-01-01T00:00:00Z');
    writeMmdb(path, country('DE'));
    utimesSync(path, when, when);
    const watched = await start();
    replaceByRename(path, country('FR'));
    utimesSync(path, when, when);
    await watched.reload();
    expect(watched.lookup(ADDRESS).country).toBe('FR');
  });

  it('the default file is not watched: it is a part of the installation', async () => {
    const path = inDir('default.db');
    writeMmdb(path, country('DE'));
    const watched = await start({ defaultFiles: { ...NO_DEFAULTS, country: path } });
    writeMmdb(path, country('FR'));
    await watched.reload();
    expect(watched.lookup('8.8.8.8').country).toBe('DE');
  });

  it('an address for documentation or of a private network is nowhere by the default files', async () => {
    const nowhere = { country: null, asn: null, asName: null };
    const everywhere = { country_code: 'AU', asn: 64_500, name: 'Network 64500' };
    const defaults = { country: inDir('country.db'), asn: inDir('asn.db') };
    for (const path of Object.values(defaults)) {
      writeMmdb(path, {
        records: { '0.0.0.0/1': everywhere, '192.0.0.0/3': everywhere, '2000::/3': everywhere },
      });
    }
    const found = await start({ defaultFiles: defaults });
    for (const ip of [ADDRESS, '192.0.2.1', '10.1.2.3', '2001:db8::1']) {
      expect(found.lookup(ip)).toEqual(nowhere);
    }
    expect(found.lookup('8.8.8.8')).toEqual({ country: 'AU', asn: 64_500, asName: 'Network 64500' });
  });

  it('a default file that cannot be used is complained of once', async () => {
    writeFileSync(inDir('default.db'), 'not a database');
    const watched = await start({ defaultFiles: { ...NO_DEFAULTS, country: inDir('default.db') } });
    await watched.reload();
    await watched.reload();
    expect(log.events()).toEqual(['geo.file_unusable', 'geo.no_file', 'geo.no_file']);
  });

  it('a file that did not change is not read again', async () => {
    writeMmdb(inDir('GeoLite2-Country.mmdb'), country('DE'));
    const watched = await start();
    await watched.reload();
    await watched.reload();
    expect(log.events().filter((event) => event === 'geo.loaded')).toHaveLength(1);
  });

  it('a half-written file changes nothing; the whole one is taken', async () => {
    const path = inDir('mine.mmdb');
    writeMmdb(path, country('DE'));
    const watched = await start({ countryMmdb: path });
    const bytes = mmdbBytes(country('FR'));
    writeFileSync(path, bytes.subarray(0, bytes.length - 100));
    await watched.reload();
    expect(watched.lookup(ADDRESS).country).toBe('DE');
    expect(log.entries.at(-1)).toMatchObject({
      level: 'warn',
      event: 'geo.file_unusable',
      fields: { file: path, inUse: path },
    });
    writeFileSync(path, bytes);
    await watched.reload();
    expect(watched.lookup(ADDRESS).country).toBe('FR');
  });

  it.each([
    ['found', {}],
    ['set', { countryMmdb: 'GeoLite2-Country.mmdb' }],
  ])(
    'a %s file that vanishes stays in use, is warned of once, and is read when it is back',
    async (_, set) => {
      const path = inDir('GeoLite2-Country.mmdb');
      writeMmdb(path, country('DE'));
      const watched = await start('countryMmdb' in set ? { countryMmdb: path } : {});
      rmSync(path);
      await watched.reload();
      await watched.reload();
      expect(watched.lookup(ADDRESS).country).toBe('DE');
      expect(log.events().filter((event) => event === 'geo.file_gone')).toHaveLength(1);
      writeMmdb(path, country('FR'));
      await watched.reload();
      expect(watched.lookup(ADDRESS).country).toBe('FR');
    },
  );

  it('a vanished file is not replaced by a lesser one, but by its newer version', async () => {
    writeMmdb(inDir('dbip-country-lite-2026-10.mmdb'), country('DE'));
    writeMmdb(inDir('default.db'), country('US'));
    const watched = await start({ defaultFiles: { ...NO_DEFAULTS, country: inDir('default.db') } });
    rmSync(inDir('dbip-country-lite-2026-10.mmdb'));
    await watched.reload();
    expect(watched.lookup(ADDRESS).country).toBe('DE');
    writeMmdb(inDir('dbip-country-lite-2026-11.mmdb'), country('FR'));
    await watched.reload();
    expect(watched.lookup(ADDRESS).country).toBe('FR');
  });

  it('a better file that appears is taken, and a newer month beside the old one', async () => {
    const watched = await start();
    const seen: (string | null)[] = [];
    for (const [name, code] of [
      ['dbip-country-lite-2026-10.mmdb', 'DE'],
      ['dbip-country-lite-2026-11.mmdb', 'FR'],
      ['dbip-country-lite-2026-09.mmdb', 'IT'],
      ['GeoLite2-Country.mmdb', 'NL'],
    ] as const) {
      writeMmdb(inDir(name), country(code));
      await watched.reload();
      seen.push(watched.lookup(ADDRESS).country);
    }
    expect(seen).toEqual(['DE', 'FR', 'FR', 'NL']);
  });

  it('it is noticed without being told, and no longer after the stop', async () => {
    const path = inDir('GeoLite2-Country.mmdb');
    writeMmdb(path, country('DE'));
    const watched = await start({ pollIntervalMs: 5 });
    replaceByRename(path, country('FR'));
    await waitFor('the new country', () => watched.lookup(ADDRESS).country === 'FR');
    await watched.stop();
    replaceByRename(path, country('IT'));
    // Another one with the same interval sees it: had the first one gone on, it would have, too.
    const other = await start({ pollIntervalMs: 5 });
    replaceByRename(path, country('NL'));
    await waitFor('the newest country', () => other.lookup(ADDRESS).country === 'NL');
    expect(watched.lookup(ADDRESS).country).toBe('FR');
  });
});
