import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startListServer, type ListServer } from '#test/support/service/list-server';
import { hasPostgres } from '#test/support/service/postgres';
import { statusOf, usePostgres } from '#test/support/service/postgres-world';
import { sourcesOf } from '#test/support/service/source-world';
import { waitFor } from '#test/support/wait-for';

const env = { GATEHOUSE_SOURCE_PRIVATE: 'on' };

describe.skipIf(!hasPostgres())('sources of several services on one database', () => {
  const world = usePostgres();
  let server: ListServer;
  beforeEach(async () => {
    server = await startListServer();
  });
  afterEach(() => server.close());

  it('are read by one of them, and enforced by all', async () => {
    const a = await world.start({ env });
    const b = await world.start({ env });
    const { secret } = await a.createKey();
    server.list('203.0.113.0/24\n');
    const sources = sourcesOf(a);
    const { id } = await sources.add({ kind: 'url', spec: { url: server.url } });
    const first = await sources.tried(id);
    await waitFor('the other one to let in', async () => (await statusOf(b, secret, '203.0.113.9')) === 200);
    expect(server.requests).toHaveLength(1);

    // Both are told at once that it is due.
    server.list('198.51.100.0/24\n');
    await Promise.all([sources.refresh(id), sourcesOf(b).refresh(id)]);
    await sources.tried(id, first.lastTriedAt);
    for (const service of [a, b]) {
      await waitFor('the change', async () => (await statusOf(service, secret, '203.0.113.10')) === 401);
      await waitFor('the change', async () => (await statusOf(service, secret, '198.51.100.9')) === 200);
    }
    expect(await sources.networks(id)).toEqual(['198.51.100.0/24']);
    const [rows] = await world.query<{ count: number }>('SELECT count(*)::int AS count FROM ranges');
    expect(rows).toEqual({ count: 1 });

    const added = await sources.add({ kind: 'country', spec: { country: 'DE' }, effect: 'deny' });
    await waitFor('the country to be denied by the other one', async () => {
      const { headers } = await b.check(secret, '5.9.1.1');
      return headers['x-gatehouse-reason'] === 'denied';
    });
    await sources.remove(added.id);
    await waitFor('the country to be unknown again', async () => {
      const { headers } = await b.check(secret, '5.9.1.2');
      return headers['x-gatehouse-reason'] === 'unknown';
    });
  });

  it('are read by another one when the one that read them has ended', async () => {
    const a = await world.start({ env });
    server.serve(() => undefined);
    const { id } = await sourcesOf(a).add({ kind: 'url', spec: { url: server.url } });
    await waitFor('the list to be asked for', () => server.requests.length > 0);
    await a.stop();
    server.list('203.0.113.0/24\n');
    const b = await world.start({ env });
    // A person need not wait until the claim of the one that ended is over.
    await sourcesOf(b).refresh(id);
    expect(await sourcesOf(b).tried(id)).toMatchObject({ status: 'ok', rangeCount: 1 });
  });
});
