import { describe, expect, it } from 'vitest';
import { changesResponse, type ChangesResponse } from '#shared/api/contract';
import { hasPostgres, startPostgres } from '#test/support/service/postgres';
import { statusOf, usePostgres } from '#test/support/service/postgres-world';
import type { TestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const LISTED = '203.0.113.9';
const LISTED_LATER = '203.0.113.10';
const UNLISTED = '203.0.113.11';

describe.skipIf(!hasPostgres())('a restored PostgreSQL database', () => {
  const world = usePostgres();

  const add = (service: TestService, cidr: string) => service.api('/v1/ranges', { body: { cidr } });
  const changes = async (service: TestService, cursor?: string): Promise<ChangesResponse> =>
    changesResponse.parse(
      (await service.api(`/v1/changes${cursor === undefined ? '' : `?cursor=${cursor}`}`)).json,
    );
  const rangesIn = ({ changes: all }: ChangesResponse): readonly string[] =>
    all.flatMap((change) => (change.kind === 'range' && change.op === 'upsert' ? [change.value.cidr] : []));
  /** A service that refuses to write what it holds to another history says so as it ends. */
  const end = (service: TestService): Promise<void> => service.stop().catch(() => undefined);
  const isTakenUp = async (service: TestService): Promise<boolean> =>
    (await service.api('/v1/changes')).status === 200;

  /** A service with a key and a list, of which a backup is made, and then a further range. */
  const startAndBackUp = async () => {
    const service = await world.start();
    const { secret } = await service.createKey();
    await add(service, LISTED);
    const restore = await world.postgres.backUp(world.url);
    return { service, secret, restore };
  };

  it('gives its readers a snapshot once the service was started again, however far the feed has come by then', async () => {
    const { service, secret, restore } = await startAndBackUp();
    const known = await changes(service);
    await add(service, LISTED_LATER);
    const { cursor: lost } = await changes(service, known.cursor);
    await end(service);
    await restore();
    const again = await world.start();
    expect(await statusOf(again, secret, LISTED_LATER)).toBe(401);
    for (const last of [1, 2, 3]) await add(again, `198.51.100.${last}`);
    const healed = await changes(again, lost);
    expect(healed.reset).toBe(true);
    expect(rangesIn(healed)).not.toContain(`${LISTED_LATER}/32`);
    expect(await changes(again, known.cursor)).toMatchObject({ reset: false });
  });

  it('is taken up by a service that runs and holds what is lost, which says so', async () => {
    const { service, secret, restore } = await startAndBackUp();
    await add(service, LISTED_LATER);
    expect(await statusOf(service, secret, LISTED_LATER)).toBe(200);
    const { cursor: lost } = await changes(service);
    const waiting = service.api(`/v1/changes?cursor=${lost}&wait=30`);
    await restore();
    const restoredAt = performance.now();
    // A repeat, which is decided from memory alone.
    await waitFor(
      'the service to go on from what is there',
      async () => (await statusOf(service, secret, LISTED_LATER)) === 401,
    );
    await waitFor('the service to take it up', () => isTakenUp(service));
    // Long before its wait is over.
    await waiting;
    expect(performance.now() - restoredAt).toBeLessThan(20_000);
    expect(await changes(service, lost)).toMatchObject({ reset: true });
    expect(await statusOf(service, secret, LISTED)).toBe(200);
    const { status, json } = await service.api('/readyz');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: 'degraded',
      why: expect.stringContaining('lacks changes') as string,
    });
    for (const last of [1, 2, 3]) expect((await add(service, `198.51.100.${last}`)).status).toBe(201);
    expect(await changes(service, lost)).toMatchObject({ reset: true });
    const { items } = (await service.api(`/v1/attempts?ip=${LISTED_LATER}`)).json as { items: unknown[] };
    // The row of its first call is lost, and the calls after it have one of their own.
    expect(items).toHaveLength(1);
  });

  it('is found by a service that was not started again although another one was, and has written since', async () => {
    const { service: a, secret, restore } = await startAndBackUp();
    const b = await world.start();
    await add(a, LISTED_LATER);
    await waitFor('the range everywhere', async () => (await statusOf(b, secret, LISTED_LATER)) === 200);
    const { cursor: lost } = await changes(a);
    await end(a);
    await restore();
    const again = await world.start();
    for (const last of [1, 2, 3, 4]) await add(again, `198.51.100.${last}`);
    await waitFor('the other one to find out', async () => (await statusOf(b, secret, LISTED_LATER)) === 401);
    expect(await statusOf(b, secret, '198.51.100.4')).toBe(200);
    expect(await changes(b, lost)).toMatchObject({ reset: true });
  });

  it('is not taken up while it is being restored', async () => {
    const { service, secret } = await startAndBackUp();
    await world.query('ALTER TABLE ranges DROP CONSTRAINT ranges_account_id_fkey');
    await world.query("DELETE FROM ranges; UPDATE epochs SET identity = 'another'");
    await waitFor('nothing to be decided', async () => (await statusOf(service, secret, LISTED)) === 503);
    expect((await add(service, UNLISTED)).status).toBe(503);
    await world.query(
      'ALTER TABLE ranges ADD CONSTRAINT ranges_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts',
    );
    await waitFor('the service to go on', async () => (await add(service, UNLISTED)).status === 201);
    // A range that vanished with no change of the feed cannot be noticed; a restore brings an older feed.
    expect(await isTakenUp(service)).toBe(true);
  });

  it('is what a standby is that takes over without the newest changes: every process goes on from it', async () => {
    const standby = await startPostgres();
    try {
      const { line, url } = await world.throughProxy();
      const env = { GATEHOUSE_DATABASE_URL: url };
      const [a, b] = [await world.start({ env }), await world.start({ env })];
      const { secret } = await a.createKey();
      await add(a, LISTED);
      const copy = await standby.createDatabase({ name: new URL(url).pathname.slice(1) });
      await (
        await world.postgres.backUp(world.url)
      )(copy);
      await add(a, LISTED_LATER);
      await waitFor('the range everywhere', async () => (await statusOf(b, secret, LISTED_LATER)) === 200);
      const { cursor: lost } = await changes(b);

      const { hostname: host, port } = new URL(copy);
      line.switchTo({ host, port: Number(port) });
      for (const service of [a, b]) {
        await waitFor(
          'the service to go on',
          async () => (await statusOf(service, secret, LISTED_LATER)) === 401,
        );
        await waitFor('the service to be ready', async () => (await service.api('/readyz')).status === 200);
        expect(await statusOf(service, secret, LISTED)).toBe(200);
        expect(await changes(service, lost)).toMatchObject({ reset: true });
      }
      const denied = await a.api('/v1/ranges', { body: { cidr: LISTED, effect: 'deny' } });
      expect(denied.status).toBe(201);
      await waitFor('the denial everywhere', async () => (await statusOf(b, secret, LISTED)) === 401);
      expect((await add(b, UNLISTED)).status).toBe(201);
      await waitFor('the range everywhere', async () => (await statusOf(a, secret, UNLISTED)) === 200);
      await Promise.all([a.stop(), b.stop()]);
    } finally {
      await standby.remove();
    }
  });

  it('is gone on with where nothing was lost, without a start', async () => {
    const { service, secret, restore } = await startAndBackUp();
    const { cursor } = await changes(service);
    await restore();
    await waitFor('the service to take it up', () => isTakenUp(service));
    expect(await changes(service, cursor)).toMatchObject({ reset: false, changes: [] });
    expect(await statusOf(service, secret, UNLISTED)).toBe(401);
    await add(service, UNLISTED);
    expect(await statusOf(service, secret, UNLISTED)).toBe(200);
    expect(rangesIn(await changes(service, cursor))).toEqual([`${UNLISTED}/32`]);
  });

  it('gives its readers a snapshot, too, where the only service that goes on has never seen what is lost', async () => {
    const a = await world.start();
    const { line, url } = await world.throughProxy();
    const b = await world.start({ env: { GATEHOUSE_DATABASE_URL: url } });
    const restore = await world.postgres.backUp(world.url);
    line.freeze();
    await add(a, LISTED_LATER);
    const { cursor: lost } = await changes(a);
    await end(a);
    await restore();
    line.cutAll();
    line.thaw();
    await waitFor(
      'the service to write again',
      async () => (await add(b, '198.51.100.1')).status === 201,
      20_000,
    );
    for (const last of [2, 3, 4]) await add(b, `198.51.100.${last}`);
    const healed = await changes(b, lost);
    expect(healed.reset).toBe(true);
    expect(rangesIn(healed)).not.toContain(`${LISTED_LATER}/32`);
  });

  it('goes on for readers when PostgreSQL itself was started again', async () => {
    const { service } = await startAndBackUp();
    const { cursor } = await changes(service);
    await world.postgres.halt('orderly');
    await world.postgres.start();
    await waitFor('the service to go on', () => isTakenUp(service), 20_000);
    expect(await changes(service, cursor)).toMatchObject({ reset: false });
  });
});
