import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  conventionalFolders,
  findCloudLists,
  findConventionalFiles,
  type GeoRole,
} from '#service/geo/conventional-files';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

let dir: string;
beforeEach(() => {
  dir = makeTempDir('geo-names');
});
afterEach(() => removeTempDir(dir));

const touch = (...path: string[]): string => {
  const file = join(dir, ...path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '');
  return file;
};

const namesFor = async (role: GeoRole): Promise<string[]> =>
  (await findConventionalFiles(role, [dir])).map(({ path }) => basename(path));

describe('files found by their names', () => {
  it.each<[string, GeoRole[]]>([
    ['GeoLite2-Country.mmdb', ['country']],
    ['GeoLite2-City.mmdb', ['country']],
    ['GeoLite2-ASN.mmdb', ['asn']],
    ['GeoIP2-Country.mmdb', ['country']],
    ['GeoIP2-City-Europe.mmdb', ['country']],
    ['GeoIP2-ISP.mmdb', ['asn']],
    ['GeoIP2-Enterprise.mmdb', ['country', 'asn']],
    ['dbip-country-lite.mmdb', ['country']],
    ['dbip-country-lite-2026-11.mmdb', ['country']],
    ['dbip-city-lite-2026-11.mmdb', ['country']],
    ['dbip-asn-lite-2026-11.mmdb', ['asn']],
    ['ipinfo_lite.mmdb', ['country', 'asn']],
    ['country_asn.mmdb', ['country', 'asn']],
    ['country.mmdb', ['country']],
    ['asn.mmdb', ['asn']],
    ['geo-whois-asn-country.mmdb', ['country']],
    ['geolite2-country.mmdb', ['country']],
    ['geolite2-asn.mmdb', ['asn']],
    ['routeviews-asn.mmdb', ['asn']],
    ['geo-whois-asn-country-ipv4.mmdb', []],
    ['GeoLite2-Country.mmdb.tmp', []],
    ['GeoLite2-Country.mmdb.gz', []],
    ['GeoIP2-Anonymous-IP.mmdb', []],
    ['notes.mmdb', []],
  ])('%s serves %j', async (name, roles) => {
    touch(name);
    const serves: GeoRole[] = [];
    for (const role of ['country', 'asn'] as const) {
      if ((await namesFor(role)).length > 0) serves.push(role);
    }
    expect(serves).toEqual(roles);
  });

  it('of DB-IP: the newest date first', async () => {
    for (const month of ['2025-12', '2026-11', '2026-02']) touch(`dbip-country-lite-${month}.mmdb`);
    touch('dbip-country-lite.mmdb');
    expect(await namesFor('country')).toEqual([
      'dbip-country-lite-2026-11.mmdb',
      'dbip-country-lite-2026-02.mmdb',
      'dbip-country-lite-2025-12.mmdb',
      'dbip-country-lite.mmdb',
    ]);
  });

  it('with regions come before those of the same maker without', async () => {
    for (const name of ['GeoLite2-Country.mmdb', 'GeoLite2-City.mmdb']) touch(name);
    expect(await namesFor('country')).toEqual(['GeoLite2-City.mmdb', 'GeoLite2-Country.mmdb']);
  });

  it('of clouds: one list of each, the newest of the first folder', async () => {
    touch('first', 'ServiceTags_Public_20260105.json');
    touch('first', 'ServiceTags_Public_20260112.json');
    touch('first', 'countries.json');
    for (const name of ['ServiceTags_Public_20260119.json', 'ip-ranges.json', 'cloud.json'])
      touch('later', name);
    const found = await findCloudLists([join(dir, 'first'), join(dir, 'missing'), join(dir, 'later')]);
    expect(found.map((path) => basename(path))).toEqual([
      'ip-ranges.json',
      'cloud.json',
      'ServiceTags_Public_20260112.json',
    ]);
  });

  it('of one maker come before those of a later one, those of an earlier folder before all', async () => {
    touch('later', 'GeoIP2-Country.mmdb');
    touch('first', 'dbip-city-lite-2026-11.mmdb');
    touch('first', 'GeoLite2-City.mmdb');
    const folders = ['first', 'missing', 'later'].map((name) => join(dir, name));
    const found = await findConventionalFiles('country', folders);
    expect(found.map(({ path }) => basename(path))).toEqual([
      'GeoLite2-City.mmdb',
      'dbip-city-lite-2026-11.mmdb',
      'GeoIP2-Country.mmdb',
    ]);
    const ranks = found.map(({ rank }) => rank);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  });

  it('are looked for in the usual folders of the platform, the data folder first', () => {
    const linux = conventionalFolders('/data', 'linux', {});
    expect(linux.slice(0, 2)).toEqual([join('/data', 'geo'), '/data']);
    expect(linux).toEqual(
      expect.arrayContaining([
        '/usr/share/GeoIP',
        '/usr/local/share/GeoIP',
        '/var/lib/GeoIP',
        '/usr/local/var/GeoIP',
      ]),
    );
    expect(conventionalFolders('/data', 'darwin', {})).toContain('/opt/homebrew/var/GeoIP');
    expect(conventionalFolders('/data', 'win32', { ProgramData: 'D:\\ProgramData' }).at(-1)).toMatch(
      /^D:\\ProgramData.MaxMind.GeoIPUpdate.GeoIP$/,
    );
  });
});
