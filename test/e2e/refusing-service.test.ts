import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRemoteDesktop, type RemoteDesktop } from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { goTo, keepScreenshot } from '#test/support/desktop/screens';
import { mayMount, mountSmallDisk, type SmallDisk } from '#test/support/small-disk';
import { waitFor } from '#test/support/wait-for';

const SOON_MS = 10_000;
const REFUSING = 'Every call is refused (503)';

describe.skipIf(!linuxParts().ok || !mayMount)('a service whose disk is full', () => {
  let disk: SmallDisk;
  let desktop: RemoteDesktop;

  beforeAll(async () => {
    disk = mountSmallDisk('6m');
    desktop = await startRemoteDesktop({
      serviceEnv: { GATEHOUSE_DATA_DIR: disk.folder, GATEHOUSE_STALE_POLICY: 'off' },
    });
    await desktop.api('/v1/ranges', { body: { cidr: '10.0.0.0/8' } });
  });
  afterAll(async () => {
    await desktop.stop();
    disk.remove();
  });

  it('is told on every screen and by a notification, with what calls get, until there is room', async () => {
    const { page, session } = desktop;
    await goTo(page, 'Pending');
    await page.getByRole('heading', { name: 'Nothing waits for you' }).waitFor();
    disk.fill();
    let last = 0;
    await waitFor('a call that is refused', async () => {
      last += 1;
      return (await desktop.call(`10.0.${last >> 8}.${last & 255}`)).status === 503;
    });
    const shown = await session.waitForNotification(({ summary }) => summary === REFUSING, SOON_MS);
    expect(shown.body).toContain('its disk is full');
    await page
      .getByRole('alert')
      .filter({ hasText: `${REFUSING}. The service’s database is not available` })
      .waitFor();
    await page.getByRole('heading', { name: REFUSING }).waitFor();
    await page.getByLabel(/Connection: Online, refuses every call/).waitFor();
    expect(await page.getByText('Nothing waits for you').count()).toBe(0);
    await keepScreenshot(page, '24-service-disk-full');
    await goTo(page, 'Authorized IPs');
    await page.getByRole('alert').filter({ hasText: REFUSING }).waitFor();

    disk.free();
    await session.waitForClosed(shown.id, SOON_MS);
    await page.getByRole('alert').filter({ hasText: REFUSING }).waitFor({ state: 'detached' });
    expect(session.notifications.filter(({ summary }) => summary === REFUSING)).toHaveLength(1);
  });
});
