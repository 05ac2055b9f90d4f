import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { RouteResponse } from '#shared/api/route-types';
import type { Review } from '#shared/domain/entities';
import { manualClock } from '#test/support/manual-clock';
import { writeMmdb, type MmdbValue } from '#test/support/service/mmdb-writer';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const DAY_MS = 86_400_000;
const AGENT = 'acme-billing/3.2';
const CLOUD = { autonomous_system_number: 16_509, autonomous_system_organization: 'AMAZON-02' };

const within = (region: string): MmdbValue => ({
  country: { iso_code: 'DE' },
  subdivisions: [{ iso_code: region }],
});

/** One /16 that functions are in, another one of their region, and one of another region of the same country. */
const [USED, SAME_REGION, OTHER_REGION] = ['3.64.1.2', '18.156.7.8', '52.28.3.4'] as const;
/** Another part of the other region. */
const BEYOND = '35.156.9.9';
const CITIES = {
  '3.64.0.0/16': within('HE'),
  '18.156.0.0/16': within('HE'),
  '52.28.0.0/16': within('BE'),
  '35.156.0.0/16': within('BE'),
};
const COUNTRIES = Object.fromEntries(
  Object.keys(CITIES).map((cidr) => [cidr, { country: { iso_code: 'DE' } }]),
);

describe('regions in automatic mode', () => {
  const clock = manualClock();
  let stop = (): Promise<void> => Promise.resolve();
  afterEach(() => stop());

  /** Functions that a key is used from for a week in learning, with this data on countries. */
  const learned = async (
    records: Readonly<Record<string, MmdbValue>>,
  ): Promise<{
    service: TestService;
    country: string;
    reasonFor: (ip: string, agent?: string) => Promise<string>;
  }> => {
    const dataDir = makeTempDir('regions');
    const [country, asn] = [join(dataDir, 'places.mmdb'), join(dataDir, 'networks.mmdb')];
    writeMmdb(country, { records, databaseType: 'GeoLite2-City' });
    writeMmdb(asn, { records: Object.fromEntries(Object.keys(records).map((cidr) => [cidr, CLOUD])) });
    const env = { GATEHOUSE_COUNTRY_MMDB: country, GATEHOUSE_ASN_MMDB: asn };
    const service = await startTestService({ clock, mode: 'learning', dataDir, env });
    stop = async () => {
      await service.stop();
      removeTempDir(dataDir);
    };
    const { secret } = await service.createKey();
    const reasonFor = async (ip: string, agent = AGENT): Promise<string> => {
      const { headers } = await service.check(secret, ip, { 'user-agent': agent });
      return String(headers['x-gatehouse-reason']);
    };
    for (let day = 0; day < 7; day += 1) {
      await reasonFor(USED);
      clock.advance(DAY_MS);
    }
    await service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'automatic' } });
    return { service, country, reasonFor };
  };

  it('lets the very agent in from a new part of the region, and from no other region', async () => {
    const { service, reasonFor } = await learned(CITIES);
    expect(await reasonFor(OTHER_REGION)).toBe('untrusted');
    expect(await reasonFor(SAME_REGION)).toBe('trusted');
    const { items } = (await service.api('/v1/reviews')).json as { items: Review[] };
    expect(items.map(({ ip }) => ip)).toEqual([OTHER_REGION]);
    expect(items[0]?.evidence.map(({ signal }) => signal)).not.toContain('same-region');
  });

  it('tells the region with a review and an explanation, as far as the data know it', async () => {
    const { service, reasonFor } = await learned({
      ...CITIES,
      '35.156.0.0/16': { country: { iso_code: 'DE' } },
    });
    await reasonFor(OTHER_REGION);
    await reasonFor(BEYOND, 'thief/1.0');
    const { items } = (await service.api('/v1/reviews')).json as { items: Review[] };
    expect(items.map(({ ip, region }) => [ip, region])).toEqual([
      [BEYOND, null],
      [OTHER_REGION, 'DE-BE'],
    ]);
    const regionOf = async (ip: string): Promise<unknown> => {
      const query = new URLSearchParams({ ip, keyId: items[0]?.keyId ?? '' });
      return ((await service.api(`/v1/explain?${query}`)).json as RouteResponse<'explain'>).region;
    };
    expect(await regionOf(USED)).toBe('DE-HE');
    expect(await regionOf(BEYOND)).toBeNull();
  });

  it('knows the region of an address that a person authorizes', async () => {
    const { service, reasonFor } = await learned(CITIES);
    expect(await reasonFor(OTHER_REGION)).toBe('untrusted');
    const { items } = (await service.api('/v1/reviews')).json as { items: Review[] };
    await service.api(`/v1/reviews/${items[0]?.id ?? ''}/authorize`, { body: { scope: 'address' } });
    expect(await reasonFor(BEYOND)).toBe('trusted');
  });

  it('lets in neither another agent, nor without data on regions', async () => {
    const withRegions = await learned(CITIES);
    expect(await withRegions.reasonFor(SAME_REGION, 'thief/1.0')).toBe('untrusted');
    await stop();
    const without = await learned(COUNTRIES);
    expect(await without.reasonFor(SAME_REGION)).toBe('untrusted');
  });

  it('learns the region of what it knows already when the data say it', async () => {
    const { service, country, reasonFor } = await learned(COUNTRIES);
    writeMmdb(country, { records: CITIES, databaseType: 'GeoLite2-City' });
    await service.restart();
    await reasonFor(USED);
    expect(await reasonFor(SAME_REGION)).toBe('trusted');
  });
});
