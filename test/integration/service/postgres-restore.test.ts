import { describe, expect, it } from 'vitest';
import { changesResponse, type ChangesResponse } from '#shared/api/contract';
import { hasPostgres } from '#test/support/service/postgres';
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

  it('is found while a service runs that holds what is lost: it lets nobody in, and is no feed, until it is started again', async () => {
    const { service, secret, restore } = await startAndBackUp();
    await add(service, LISTED_LATER);
    expect(await statusOf(service, secret, LISTED_LATER)).toBe(200);
    const { cursor: lost } = await changes(service);
    const waiting = service.api(`/v1/changes?cursor=${lost}&wait=30`);
    await restore();
    const restoredAt = performance.now();
    // A repeat, which is decided from memory alone.
    await waitFor(
      'the service to find out',
      async () => (await statusOf(service, secret, LISTED_LATER)) === 503,
    );
    await waitFor('/readyz to tell', async () => (await service.api('/readyz')).status === 503);
    // What is there may be half of it as yet.
    expect((await service.api(`/v1/changes?cursor=${lost}`)).status).toBe(503);
    // Long before its wait is over.
    expect((await waiting).status).toBe(503);
    expect(performance.now() - restoredAt).toBeLessThan(20_000);
    await end(service);
    const again = await world.start();
    expect(await changes(again, lost)).toMatchObject({ reset: true });
    expect(await statusOf(again, secret, LISTED_LATER)).toBe(401);
    expect(await statusOf(again, secret, LISTED)).toBe(200);
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
    await waitFor('the other one to find out', async () => (await statusOf(b, secret, LISTED_LATER)) === 503);
    expect(await changes(b, lost)).toMatchObject({ reset: true });
    await end(b);
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
