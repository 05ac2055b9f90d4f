import { afterEach, describe, expect, it } from 'vitest';
import { addRange } from '#electron/core/use-cases/add-range';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import { hasPostgres } from '#test/support/service/postgres';
import { usePostgres } from '#test/support/service/postgres-world';
import { mayMount, mountSmallDisk, type SmallDisk } from '#test/support/small-disk';
import { startTestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

let disk: SmallDisk | undefined;
// Registered first, so that it runs last: the service has been stopped by then.
afterEach(() => {
  disk?.remove();
  disk = undefined;
});
const world = useRemoteWorld();

const wish = { effect: 'authorize', label: '', keyId: null, expiresAt: null, allowWide: false } as const;
const told = () => {
  const { connection } = world.mirror();
  return connection.kind === 'online' || connection.kind === 'unreachable' ? connection.state : undefined;
};
const titles = (): readonly string[] => world.console.presenter.shown.map(({ title }) => title);
/** Both sides wait longer from try to try while a database is away. */
const OUTAGE_DEADLINE_MS = 45_000;
const REFUSING = 'Every call is refused (503)';

describe.skipIf(!mayMount)('a console of a service whose disk is full', () => {
  it('says what calls get and why, once, and why an edit waits, until there is room again', async () => {
    await world.service.stop();
    disk = mountSmallDisk('6m');
    world.replaceService(await startTestService({ dataDir: disk.folder }));
    const { secret } = await world.service.createKey();
    await world.service.api('/v1/ranges', { body: { cidr: '10.0.0.0/8' } });
    await world.connectAndSync();
    expect(told()).toEqual({ state: 'ready', why: null });

    disk.fill();
    let last = 0;
    const refusedCall = () =>
      waitFor('a call that is refused', async () => {
        last += 1;
        return (await world.service.check(secret, `10.0.${last >> 8}.${last & 255}`)).status === 503;
      });
    await refusedCall();
    await waitFor('the state', () => told()?.state === 'refusing');
    // It is there, and what is known goes on being read.
    expect(world.mirror().connection).toMatchObject({
      kind: 'online',
      state: { why: 'The service’s database is not available: its disk is full.' },
    });
    await waitFor('the notification', () => titles().includes(REFUSING));

    const { operationIds } = value(addRange(world.console.core, { ...wish, cidr: '192.0.2.1' }));
    await waitFor('why the edit waits', () => {
      const { pausedBecause, message } = world.mirror().sync;
      return pausedBecause === 'service_trouble' && message?.includes('its disk is full') === true;
    });
    for (let calls = 0; calls < 5; calls += 1) await refusedCall();
    expect(titles().filter((title) => title === REFUSING)).toHaveLength(1);

    disk.free();
    // Nobody calls, and nobody asks whether it is over.
    await waitFor('the end', () => told()?.state === 'ready');
    expect(world.console.presenter.openTitles).not.toContain(REFUSING);
    expect(await world.console.settled(operationIds[0] ?? '')).toMatchObject({ outcome: 'applied' });
    await world.console.drained();
    expect(world.mirror().sync).toMatchObject({ waiting: 0, pausedBecause: null });
  });
});

describe.skipIf(!hasPostgres())('a console of a service whose database is away', () => {
  const databases = usePostgres({ durable: true });

  it('says that the service cannot reach it, and what calls get', async () => {
    await world.service.stop();
    world.replaceService(await databases.start());
    await world.connectAndSync();
    await databases.postgres.halt('crash');
    await waitFor('the state', () => told()?.state === 'refusing', OUTAGE_DEADLINE_MS);
    expect(world.mirror().connection).toMatchObject({ kind: 'unreachable', trouble: 'database' });
    await databases.postgres.start();
    // A call that failed just before the database was back says so with a state that is right again.
    const isOver = () => world.mirror().connection.kind === 'online' && told()?.state === 'ready';
    await waitFor('the end', isOver, OUTAGE_DEADLINE_MS);
  });
});
