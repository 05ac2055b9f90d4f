import { describe, expect, it } from 'vitest';

import { makeAnnouncement as announcement } from '#test/support/console/builders';
import { SOON_MS, useFreedesktopWorld } from '#test/support/desktop/freedesktop-world';
import { linuxParts } from '#test/support/desktop/requirements';
import { waitFor } from '#test/support/wait-for';

describe.skipIf(!linuxParts().ok)('do not disturb on a freedesktop desktop', () => {
  const world = useFreedesktopWorld((each) => each.startBus());

  it('is known from the start, followed, and over when the server is gone', async () => {
    const heard: boolean[] = [];
    const server = await world.startServer({ inhibited: true });
    world.quiet.subscribe(() => heard.push(world.quiet.isQuiet()));
    world.startPresenter();
    await expect.poll(() => heard, { timeout: SOON_MS }).toEqual([true]);
    await server.behave({ inhibited: false });
    await expect.poll(() => heard, { timeout: SOON_MS }).toEqual([true, false]);
    await server.behave({ inhibited: true });
    await expect.poll(() => heard, { timeout: SOON_MS }).toEqual([true, false, true]);
    await world.stopServer();
    await expect.poll(() => heard, { timeout: SOON_MS }).toEqual([true, false, true, false]);
  });

  it('knows when the screen is locked', async () => {
    await world.startServer();
    world.startPresenter();
    await waitFor('the connection', () => world.presenter.hasButtons(), SOON_MS);
    let told = 0;
    world.quiet.subscribe(() => (told += 1));
    // Until it listens: the first one may be too early for it.
    await waitFor(
      'the lock',
      async () => {
        await world.lockScreen(true);
        return world.quiet.isLocked();
      },
      SOON_MS,
    );
    await world.lockScreen(false);
    await expect.poll(() => world.quiet.isLocked(), { timeout: SOON_MS }).toBe(false);
    expect(told).toBe(2);
  });

  it('is not known where the server does not tell', async () => {
    const server = await world.startServer();
    world.startPresenter();
    world.presenter.show('q1', announcement());
    await waitFor('the notification', () => server.notifications.length > 0, SOON_MS);
    expect(world.quiet.isQuiet()).toBe(false);
    expect(world.warnings).toEqual([]);
  });
});
