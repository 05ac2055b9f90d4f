import { describe, expect, it } from 'vitest';

import { makeAnnouncement as announcement } from '#test/support/console/builders';
import { SOON_MS, useFreedesktopWorld } from '#test/support/desktop/freedesktop-world';
import { linuxParts } from '#test/support/desktop/requirements';
import { waitFor } from '#test/support/wait-for';

describe.skipIf(!linuxParts().ok)(
  'what comes and goes: the notification server, the bus, this program',
  () => {
    const world = useFreedesktopWorld((each) => each.startAll());

    it('shows what is open again when the server has started again', async () => {
      const withdrawn = await world.show('q1', announcement());
      await world.show('q2', announcement());
      await world.show('q3', announcement({ body: 'three' }));
      world.presenter.withdraw('q1');
      await world.server.waitForClosed(withdrawn, SOON_MS);
      await world.startServer();
      await world.nextAfter(1);
      expect(world.server.open.map(({ body }) => body)).toEqual(['Key “shop”', 'three']);
      expect(world.server.notifications.map(({ replacesId }) => replacesId)).toEqual([0, 0]);
      // Its numbers start again, so that 1 is another one than before.
      await world.server.invokeAction(2, 'deny');
      await world.server.invokeAction(1, 'default');
      await world.told({ kind: 'pressed', id: 'q3', button: 'deny' }, { kind: 'clicked', id: 'q2' });
    });

    it('assumes what is safe of a server that cannot say yet what it can do, and asks it again', async () => {
      await world.startServer({ isStarting: true });
      const body = '<b>AS64500</b>';
      await world.show('q1', announcement({ body }));
      expect(world.server.notifications[0]?.body).toBe('&lt;b&gt;AS64500&lt;/b&gt;');
      expect(world.server.notifications[0]?.actions).not.toEqual([]);
      expect(world.presenter.hasButtons()).toBe(true);
      await world.server.behave({ isStarting: false, capabilities: ['body'] });
      await expect.poll(() => world.presenter.hasButtons(), { timeout: SOON_MS }).toBe(false);
      await world.show('q2', announcement({ body }));
      expect(world.server.notifications[1]).toMatchObject({ body, actions: [] });
      // The next server is another one.
      await world.startServer();
      await expect.poll(() => world.presenter.hasButtons(), { timeout: SOON_MS }).toBe(true);
    });

    it('is not held up by an answer that the server took with it', async () => {
      await world.server.behave({ holdsAnswers: true });
      await world.show('q1', announcement());
      await world.show('q2', announcement());
      world.presenter.withdraw('q2');
      await world.startServer();
      await world.server.invokeAction((await world.nextAfter(0)).id, 'deny');
      await world.told({ kind: 'pressed', id: 'q1', button: 'deny' });
      expect(world.server.notifications).toHaveLength(1);
    });

    it('leaves a server that hands over to another without an answer', async () => {
      await world.server.behave({ holdsAnswers: true });
      for (const id of ['q0', 'q1', 'q2']) await world.show(id, announcement());
      world.presenter.withdraw('q0');
      const former = world.server;
      await world.replaceServer();
      const first = await world.nextAfter(0);
      await world.nextAfter(1);
      // Too late: its numbers, 2 and 3, are not those of the new one.
      await former.behave({ holdsAnswers: false });
      world.presenter.withdraw('q2');
      await world.server.waitForClosed(2, SOON_MS);
      await world.server.invokeAction(first.id, 'deny');
      await world.told({ kind: 'pressed', id: 'q1', button: 'deny' });
    });

    it('outlives the bus, and shows what is open on the next one', async () => {
      await world.show('q1', announcement());
      await world.stopServer();
      await world.stopBus();
      await expect.poll(() => world.presenter.isSupported(), { timeout: SOON_MS }).toBe(false);
      expect(world.presenter.hasButtons()).toBe(false);
      world.presenter.show('q2', announcement({ body: 'two' }));
      await world.startBus();
      await world.startServer();
      await world.nextAfter(1);
      expect(world.server.open.map(({ body }) => body)).toEqual(['Key “shop”', 'two']);
      expect(world.presenter.isSupported()).toBe(true);
      // However often it tried in between.
      expect(world.warnings).toEqual(['notifications.unsupported']);
      await world.server.invokeAction(world.server.notifications[0]?.id ?? 0, 'deny');
      await world.told({ kind: 'pressed', id: 'q1', button: 'deny' });
    });

    describe('after a crash', () => {
      it('takes back what the run before it left on the screen', async () => {
        const number = await world.show('q1', announcement());
        await world.crashPresenter();
        // As a program does that finds out at its start: before it knows of a server.
        world.presenter.withdraw('q1');
        await world.server.waitForClosed(number, SOON_MS);
        await world.show('q2', announcement());
        expect(world.server.open.map(({ replacesId }) => replacesId)).toEqual([0]);
      });

      it('leaves it where nobody takes it back, and is answered by it', async () => {
        const number = await world.show('q1', announcement());
        await world.crashPresenter();
        const other = await world.show('q2', announcement());
        expect(world.server.open.map(({ id }) => id)).toEqual([number, other]);
        await world.server.invokeAction(number, 'authorize');
        await world.told({ kind: 'pressed', id: 'q1', button: 'authorize' });
      });

      it('updates it in its place', async () => {
        const number = await world.show('q1', announcement());
        await world.crashPresenter();
        expect(await world.show('q1', announcement({ body: 'Key “shop” · 2 calls' }))).toBe(number);
      });

      it('means nothing by the numbers of a server that has started again since', async () => {
        await world.show('q1', announcement());
        await world.crashPresenter(async () => {
          await world.startServer();
        });
        await world.show('q2', announcement());
        world.presenter.withdraw('q1');
        await world.show('q3', announcement());
        expect(world.server.open).toHaveLength(2);
        expect(world.server.closed).toEqual([]);
      });
    });
  },
);

describe.skipIf(!linuxParts().ok)('a freedesktop desktop without a notification server', () => {
  const world = useFreedesktopWorld();

  it('is said once to be without, and used as soon as there is one', async () => {
    await world.startBus();
    world.startPresenter();
    expect(world.presenter.isSupported()).toBe(true);
    await expect.poll(() => world.presenter.isSupported(), { timeout: SOON_MS }).toBe(false);
    world.presenter.show('q1', announcement());
    world.presenter.show('q2', announcement());
    world.presenter.withdraw('q2');
    const server = await world.startServer();
    await waitFor('the notification', () => server.notifications.length > 0, SOON_MS);
    expect(world.presenter.isSupported()).toBe(true);
    expect(server.notifications).toHaveLength(1);
    expect(world.warnings).toEqual(['notifications.unsupported']);
  });

  it('has one started where the desktop does that on demand', async () => {
    await world.startBus('with a server on demand');
    world.startPresenter();
    const hasServer = (): boolean => world.presenter.hasButtons();
    await expect.poll(hasServer, { timeout: SOON_MS }).toBe(true);
    // Some end by themselves when they have nothing to show.
    await world.endServer();
    await expect.poll(hasServer, { timeout: SOON_MS }).toBe(false);
    world.presenter.show('q1', announcement());
    await expect.poll(hasServer, { timeout: SOON_MS }).toBe(true);
  });

  it('is tried again and again while there is no bus at all', async () => {
    world.startPresenter();
    await expect.poll(() => world.presenter.isSupported(), { timeout: SOON_MS }).toBe(false);
    expect(world.log.text).toContain('ENOENT');
    await world.startBus();
    await world.startServer();
    await expect.poll(() => world.presenter.hasButtons(), { timeout: SOON_MS }).toBe(true);
  });
});
