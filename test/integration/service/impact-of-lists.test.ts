import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { startListServer } from '#test/support/service/list-server';
import { writeMmdb } from '#test/support/service/mmdb-writer';
import { sourcesOf } from '#test/support/service/source-world';
import type { Answer } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const ASKING = { env: { GATEHOUSE_IMPACT_WINDOW: '1d' } };

describe('a source or a list that would block whom the log let in', () => {
  const dataDir = makeTempDir('impact');
  const country = join(dataDir, 'country.mmdb');
  writeMmdb(country, {
    records: { '203.0.113.0/24': { country: { iso_code: 'ES' } } },
    databaseType: 'GeoLite2-Country',
  });
  const world = useControlPlane({
    env: { ...ASKING.env, GATEHOUSE_COUNTRY_MMDB: country, GATEHOUSE_SOURCE_PRIVATE: 'on' },
  });
  afterAll(() => removeTempDir(dataDir));
  const asked = { status: 409, json: { code: 'would_block', addresses: 1, keys: 1, calls: 1 } };
  const letIn = async (ip: string): Promise<void> => {
    expect((await world.service.check(world.secret, ip)).status).toBe(200);
  };
  const remove = (id: string, query = '', headers = {}): Promise<Answer> =>
    world.service.api(`/v1/sources/${id}${query}`, { method: 'DELETE', headers });

  it('is a source of a list that goes, or loses its effect or key', async () => {
    const { service, ip } = world;
    const sources = sourcesOf(service);
    const server = await startListServer();
    try {
      server.list(ip);
      const { id } = await sources.add({ kind: 'url', spec: { url: server.url } });
      await sources.tried(id);
      await letIn(ip);
      const other = await service.createKey('Other');
      expect(await remove(id)).toMatchObject(asked);
      expect(await sources.change(id, { effect: 'deny' })).toMatchObject(asked);
      expect(await sources.change(id, { keyId: other.key.id })).toMatchObject(asked);
      expect((await sources.change(id, { confirmImpact: true })).json).toMatchObject({
        code: 'invalid_request',
      });
      expect((await sources.change(id, { paused: true, colour: 'red' })).json).toMatchObject({
        code: 'invalid_request',
        detail: expect.stringContaining('colour') as unknown,
      });
      // Whoever saw an older version is told that first.
      expect((await sources.change(id, { effect: 'deny' }, { 'if-match': '"7"' })).status).toBe(412);
      expect((await remove(id, '', { 'if-match': '"7"' })).status).toBe(412);
      // Nothing has changed.
      expect((await sources.get(id)).version).toBe(1);
      expect((await sources.change(id, { label: 'Office' })).status).toBe(200);
      expect((await sources.change(id, { effect: 'deny', confirmImpact: true })).status).toBe(200);
      expect((await service.check(world.secret, ip)).status).toBe(401);
      // A denial that goes blocks nobody, and neither does one beside a range of the same address.
      expect((await remove(id)).status).toBe(204);
      const again = await sources.add({ kind: 'url', spec: { url: server.url } });
      await sources.tried(again.id);
      await letIn(ip);
      const range = await world.addOne({ cidr: ip });
      expect((await remove(again.id)).status).toBe(204);
      await service.api(`/v1/ranges/${range.id}?confirmImpact=true`, { method: 'DELETE' });
    } finally {
      await server.close();
    }
  });

  it('is a source of a country that denies, or that goes', async () => {
    const { service } = world;
    const ip = '203.0.113.7';
    const sources = sourcesOf(service);
    const add = (body: object): Promise<Answer> =>
      service.api('/v1/sources', { body: { kind: 'country', spec: { country: 'ES' }, ...body } });
    const { id } = await sources.add({ kind: 'country', spec: { country: 'ES' } });
    await letIn(ip);
    expect((await add({ effect: 'deny' })).json).toMatchObject({ code: 'would_block', addresses: 1 });
    expect((await remove(id)).json).toMatchObject({ code: 'would_block', addresses: 1 });
    expect((await sources.change(id, { spec: { country: 'DE' } })).json).toMatchObject({
      code: 'would_block',
    });
    expect(await sources.all()).toHaveLength(1);
    await letIn(ip);
    expect((await add({ effect: 'deny', spec: { country: 'DE' } })).status).toBe(201);
    expect((await add({ effect: 'deny', confirmImpact: true })).status).toBe(201);
    expect((await service.check(world.secret, ip)).status).toBe(401);
  });

  it('is an imported list that denies, or that lacks what was there, and not its preview', async () => {
    const { service, block, secret } = world;
    const own = `10.0.${block}.7`;
    const load = (body: object): Promise<Answer> => service.api('/v1/ranges/import', { body });
    const list = { name: 'Office', replace: true };
    expect((await load({ ...list, text: `10.0.${block}.0/24` })).status).toBe(200);
    await letIn(own);
    const denial = { text: `10.0.${block}.0/28`, effect: 'deny' };
    expect(await load(denial)).toMatchObject(asked);
    const other = { ...list, text: '192.0.2.0/24' };
    expect(await load(other)).toMatchObject(asked);
    expect((await load({ ...other, dryRun: true })).json).toMatchObject({ added: 1, removed: 1 });
    await letIn(own);
    // What the list still lets in by another range is not blocked.
    expect((await load({ ...list, text: `10.0.${block}.0/25` })).json).toMatchObject({
      added: 1,
      removed: 1,
    });
    expect((await load({ ...denial, confirmImpact: true })).json).toMatchObject({ added: 1 });
    expect((await service.check(secret, own)).status).toBe(401);
  });
});
