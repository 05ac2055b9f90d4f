import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SECOND_MS } from '#shared/durations';
import { createNameResolver } from '#service/sources/name-resolver';
import { manualClock } from '#test/support/manual-clock';
import { startDnsServer, type DnsServer } from '#test/support/service/dns-server';
import { startListServer, type ListServer } from '#test/support/service/list-server';
import { writeMmdb } from '#test/support/service/mmdb-writer';
import { sourcesOf } from '#test/support/service/source-world';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { VENDOR_LISTS } from '#test/support/service/vendor-lists';

describe('a source', () => {
  const clock = manualClock();
  const dataDir = makeTempDir('sources');
  const asn = join(dataDir, 'asn.mmdb');
  const country = join(dataDir, 'country.mmdb');
  let service: TestService;
  let sources: ReturnType<typeof sourcesOf>;
  let dns: DnsServer;
  let lists: ListServer;
  let secret = '';
  let keyId = '';

  beforeAll(async () => {
    writeMmdb(asn, {
      records: {
        '81.184.0.0/16': {
          autonomous_system_number: 12_479,
          autonomous_system_organization: 'Orange Espagne',
        },
      },
      databaseType: 'GeoLite2-ASN',
    });
    writeMmdb(country, {
      records: {
        '81.0.0.0/8': { country: { iso_code: 'ES' } },
        '5.9.0.0/16': { country: { iso_code: 'DE' } },
      },
      databaseType: 'GeoLite2-Country',
    });
    dns = await startDnsServer();
    lists = await startListServer();
    service = await startTestService({
      clock,
      dataDir,
      resolveName: createNameResolver([dns.address]),
      env: { GATEHOUSE_SOURCE_PRIVATE: 'on', GATEHOUSE_ASN_MMDB: asn, GATEHOUSE_COUNTRY_MMDB: country },
    });
    sources = sourcesOf(service);
    const created = await service.createKey();
    secret = created.secret;
    keyId = created.key.id;
  });
  afterAll(async () => {
    await service.stop();
    await dns.close();
    await lists.close();
    removeTempDir(dataDir);
  });
  afterEach(async () => {
    for (const { id } of await sources.all()) await sources.remove(id);
    for (const { id } of await sources.list()) await service.api(`/v1/ranges/${id}`, { method: 'DELETE' });
  });

  const reasonOf = async (ip: string): Promise<unknown> =>
    (await service.check(secret, ip)).headers['x-gatehouse-reason'];
  const add = async (body: object) => {
    const { id } = await sources.add(body);
    return sources.tried(id);
  };

  describe('of a name', () => {
    const named = (body: object = {}) => add({ kind: 'dns', spec: { name: 'office.example', ...body } });

    it('has its addresses of both families, and is asked again when their time is over', async () => {
      dns.answer('office.example', ['203.0.113.7', '2001:db8::7'], 120);
      const source = await named();
      expect(source).toMatchObject({ status: 'ok', rangeCount: 2 });
      expect(await sources.networks(source.id)).toEqual(['2001:db8::7/128', '203.0.113.7/32']);
      const waitS = (Date.parse(source.nextAt ?? '') - Date.parse(source.lastTriedAt ?? '')) / SECOND_MS;
      expect(waitS).toBeGreaterThanOrEqual(120);
      expect(waitS).toBeLessThanOrEqual(132);
    });

    it('is not asked more often than once a minute', async () => {
      dns.answer('office.example', ['203.0.113.7'], 1);
      const source = await named();
      const waitS = (Date.parse(source.nextAt ?? '') - Date.parse(source.lastTriedAt ?? '')) / SECOND_MS;
      expect(waitS).toBeGreaterThanOrEqual(60);
    });

    it('keeps an address that the name no longer has for the overlap', async () => {
      dns.answer('office.example', ['203.0.113.7'], 60);
      const { id, lastTriedAt } = await named({ overlapSeconds: 600 });
      dns.answer('office.example', ['203.0.113.8'], 60);
      clock.advance(70 * SECOND_MS);
      const moved = await sources.tried(id, lastTriedAt);
      expect(await sources.networks(id)).toEqual(['203.0.113.7/32', '203.0.113.8/32']);
      expect(await reasonOf('203.0.113.7')).toBe('authorized');
      clock.advance(600 * SECOND_MS);
      await sources.tried(id, moved.lastTriedAt);
      expect(await sources.networks(id)).toEqual(['203.0.113.8/32']);
      expect(await reasonOf('203.0.113.7')).toBe('unknown');
    });

    it.each([
      ['the name is gone', 'has no address', () => dns.refuse('office.example', 'NXDOMAIN')],
      ['the DNS server is in trouble', 'could not answer', () => dns.refuse('office.example', 'SERVFAIL')],
      [
        'one family cannot be asked',
        'could not answer',
        () => dns.refuse('office.example', 'SERVFAIL', 'AAAA'),
      ],
    ])('keeps its addresses while %s', async (_what, message, fail) => {
      dns.answer('office.example', ['203.0.113.7', '2001:db8::7'], 60);
      const { id, lastTriedAt } = await named();
      fail();
      clock.advance(120 * SECOND_MS);
      const source = await sources.tried(id, lastTriedAt);
      expect(source).toMatchObject({ status: 'failing', rangeCount: 2 });
      expect(source.lastError).toContain(message);
      expect(await sources.networks(id)).toEqual(['2001:db8::7/128', '203.0.113.7/32']);
    });
  });

  describe('of a network or a country', () => {
    it('lets in or keeps out whose data say so, and fills no list', async () => {
      expect(await reasonOf('81.184.3.4')).toBe('unknown');
      const source = await add({ kind: 'asn', spec: { asn: 12_479 } });
      expect(source).toMatchObject({ status: 'ok', rangeCount: 0 });
      expect(await reasonOf('81.184.3.4')).toBe('authorized');
      expect(await reasonOf('81.185.3.4')).toBe('unknown');
      await add({ kind: 'country', spec: { country: 'es' }, effect: 'deny' });
      expect(await reasonOf('81.185.3.4')).toBe('denied');
      // A network is more specific than a country.
      expect(await reasonOf('81.184.3.4')).toBe('authorized');
      expect(await sources.list()).toEqual([]);
      expect((await sources.remove(source.id)).status).toBe(204);
      expect(await reasonOf('81.184.3.4')).toBe('denied');
    });

    it('leaves the word to any range', async () => {
      await add({ kind: 'asn', spec: { asn: 12_479 } });
      await service.api('/v1/ranges', { body: { cidr: '81.0.0.0/8', effect: 'deny' } });
      expect(await reasonOf('81.184.3.4')).toBe('denied');
    });

    it('holds for its key alone, and until its time is over', async () => {
      const { key, secret: other } = await service.createKey('Other');
      const rangeExpiresAt = new Date(clock.now() + 10 * SECOND_MS).toISOString();
      await add({ kind: 'asn', spec: { asn: 12_479 }, keyId: key.id, rangeExpiresAt });
      expect(await reasonOf('81.184.3.4')).toBe('unknown');
      expect((await service.check(other, '81.184.3.4')).status).toBe(200);
      // The verdict on a repeat ends with it.
      clock.advance(10 * SECOND_MS);
      expect((await service.check(other, '81.184.3.4')).status).toBe(401);
    });

    it('is named by an explanation, answers reviews, and counts in a simulation', async () => {
      await service.check(secret, '81.184.9.9');
      const { id } = await add({ kind: 'asn', spec: { asn: 12_479 } });
      const explained = await service.api(`/v1/explain?ip=81.184.9.9&keyId=${keyId}`);
      expect(explained.json).toMatchObject({
        verdict: 'allowed',
        reason: 'authorized',
        range: null,
        source: { id },
      });
      const { items } = (await service.api('/v1/reviews?status=superseded')).json as {
        items: { ip: string }[];
      };
      expect(items.map(({ ip }) => ip)).toContain('81.184.9.9');
      const simulated = await service.api('/v1/simulate', { body: { mode: 'manual' } });
      expect(simulated.json).toMatchObject({ before: { allowed: expect.any(Number) as number } });
      const removed = (await sources.remove(id)).status;
      expect(removed).toBe(204);
    });

    it('survives a restart', async () => {
      await add({ kind: 'country', spec: { country: 'DE' } });
      await service.restart();
      expect(await reasonOf('5.9.1.1')).toBe('authorized');
    });

    it('has nothing to pause', async () => {
      const { id } = await add({ kind: 'country', spec: { country: 'DE' } });
      expect(await sources.change(id, { paused: true })).toMatchObject({
        status: 400,
        json: { field: 'paused' },
      });
    });
  });

  describe('of a vendor', () => {
    it.each([
      ['aws', {}, ['13.34.0.0/27', '2600:1f60::/40', '3.5.140.0/22', '52.93.0.0/24']],
      ['aws', { services: ['S3'] }, ['3.5.140.0/22']],
      ['aws', { services: ['amazon'], regions: ['EU-WEST-1'] }, ['52.93.0.0/24']],
      ['google', { regions: ['europe-west3'] }, ['2600:1900:40d0::/44', '34.89.128.0/17']],
      ['azure', { services: ['Storage'] }, ['20.38.96.0/23', '20.60.0.0/24', '2603:1020::/46']],
      ['azure', { services: ['Storage'], regions: ['westeurope'] }, ['20.60.0.0/24']],
      ['cloudflare', {}, ['173.245.48.0/20', '2400:cb00::/32']],
      ['github', {}, ['4.148.0.0/16', '2603:1030:401:202::/63'].sort()],
      ['github', { services: ['hooks'] }, ['140.82.112.0/20', '192.30.252.0/22']],
      ['fastly', {}, ['23.235.32.0/20', '2a04:4e40::/32']],
      ['oracle', { services: ['OSN'], regions: ['eu-frankfurt-1'] }, ['134.70.40.0/21']],
      ['bots', { services: ['Googlebot'] }, ['192.178.4.0/27', '2001:4860:4801:10::/64']],
    ] as const)('takes of the list of %s what %j names', async (preset, filter, expected) => {
      lists.list(JSON.stringify(VENDOR_LISTS[preset]), { 'content-type': 'application/json' });
      const { id, lastError } = await add({ kind: 'preset', spec: { preset, ...filter, url: lists.url } });
      expect(lastError).toBeNull();
      expect(await sources.networks(id)).toEqual([...expected].sort());
    });

    it('may let in a whole cloud, however much it is, and no more of a part of one than of another list', async () => {
      const prefixes = [96, 97].map((first) => ({
        ip_prefix: `${first}.0.0.0/8`,
        region: 'us-east-1',
        service: first === 96 ? 'EC2' : 'S3',
        network_border_group: 'us-east-1',
      }));
      lists.list(JSON.stringify({ syncToken: '1', createDate: '2026-01-15-00-00-00', prefixes }));
      const spec = { preset: 'aws', url: lists.url };
      expect(await add({ kind: 'preset', spec })).toMatchObject({ status: 'ok', rangeCount: 2 });
      prefixes.forEach((prefix) => (prefix.service = 'S3'));
      lists.list(JSON.stringify({ syncToken: '2', createDate: '2026-01-15-00-00-00', prefixes }));
      const part = { kind: 'preset', spec: { ...spec, services: ['S3'] } };
      expect(await add(part)).toMatchObject({ status: 'failing', lastErrorCode: 'too_wide' });
    });

    it('says so when the filter names nothing of the list', async () => {
      lists.list(JSON.stringify(VENDOR_LISTS.aws));
      const spec = { preset: 'aws', services: ['NOTHING'], url: lists.url };
      expect(await add({ kind: 'preset', spec })).toMatchObject({ status: 'failing', rangeCount: 0 });
    });

    it('refuses a list of another shape, because nothing could be chosen from it', async () => {
      lists.list('203.0.113.0/24\n');
      const source = await add({ kind: 'preset', spec: { preset: 'aws', services: ['S3'], url: lists.url } });
      expect(source).toMatchObject({ status: 'failing', rangeCount: 0 });
      expect(source.lastError).toContain('“aws” was expected');
    });
  });
});
