import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NotificationPreferences } from '#shared/ipc/notifications';
import { keepScreenshot, goTo } from '#test/support/desktop/screens';
import {
  startRemoteDesktop,
  valueOf,
  type BridgeScope,
  type RemoteDesktop,
} from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { waitFor } from '#test/support/wait-for';

const SOON_MS = 10_000;
const STORM = 1_000;
/** Singles, summaries and their updates; how many addresses there are does not matter. */
const MOST_TOLD = 60;

describe.skipIf(!linuxParts().ok)('notifications in bad and in quiet times', () => {
  let desktop: RemoteDesktop;
  let block = 0;

  beforeAll(async () => {
    desktop = await startRemoteDesktop();
  });
  afterAll(() => desktop.stop());
  beforeEach(() => {
    block += 1;
  });

  const addressOf = (host: number): string => `198.18.${block}.${host}`;
  const change = async (preferences: Partial<NotificationPreferences>): Promise<void> => {
    valueOf(
      await desktop.page.evaluate(
        (wanted) => (globalThis as unknown as BridgeScope).gatehouse.call('notifications', 'change', wanted),
        preferences,
      ),
    );
  };
  const answerAll = async (): Promise<void> => {
    for (const { id } of await desktop.pendingReviews()) {
      await desktop.api(`/v1/reviews/${id}/deny`, { body: {} });
    }
    await waitFor('every notification to be withdrawn', () => desktop.session.openNotifications.length === 0);
  };
  const toldOf = (ip: string): number =>
    desktop.session.notifications.filter(({ summary }) => summary.includes(ip)).length;
  /** Blocked, and the console knows of it. */
  const askQuietly = async (ip: string): Promise<void> => {
    expect((await desktop.call(ip)).status).toBe(401);
    await goTo(desktop.page, 'Pending');
    await desktop.page.getByText(ip, { exact: true }).first().waitFor();
  };

  it('snoozed, nothing is shown; on waking one summary tells what is still open', async () => {
    valueOf(
      await desktop.page.evaluate(() =>
        (globalThis as unknown as BridgeScope).gatehouse.call('notifications', 'snooze', { for: 'hour' }),
      ),
    );
    for (const host of [1, 2, 3]) await askQuietly(addressOf(host));
    await keepScreenshot(desktop.page, '38-notifications-paused');
    expect([1, 2, 3].map((host) => toldOf(addressOf(host)))).toEqual([0, 0, 0]);
    valueOf(
      await desktop.page.evaluate(() =>
        (globalThis as unknown as BridgeScope).gatehouse.call('notifications', 'wake'),
      ),
    );
    await desktop.session.waitForNotification(
      ({ summary, body }) => /3 unknown addresses/.test(`${summary} ${body}`),
      SOON_MS,
    );
    await answerAll();
  });

  it('in quiet hours nothing is shown, out of them it is', async () => {
    const allDay = { from: '00:00', to: '00:00', days: [0, 1, 2, 3, 4, 5, 6] };
    await change({ quietHours: allDay });
    await askQuietly(addressOf(1));
    expect(toldOf(addressOf(1))).toBe(0);
    await change({ quietHours: null });
    await desktop.session.waitForNotification(({ summary }) => summary.includes(addressOf(1)), SOON_MS);
    await answerAll();
  });

  it('a restart in the middle repeats nothing, and misses nothing', async () => {
    await desktop.call(addressOf(1));
    const shown = await desktop.session.waitForNotification(
      ({ summary }) => summary.includes(addressOf(1)),
      SOON_MS,
    );
    // A crash before the console has the desktop's answer would leave it there for good.
    const numbers = join(desktop.running.userDataFolder, 'shown-notifications.json');
    await waitFor('the console to know its number', () =>
      readFileSync(numbers, 'utf8').includes(`:${shown.id}}`),
    );
    await desktop.running.kill();
    // While nobody looks.
    await desktop.call(addressOf(2));
    await desktop.relaunch('kill');
    await desktop.session.waitForNotification(({ summary }) => summary.includes(addressOf(2)), SOON_MS);
    expect(toldOf(addressOf(1))).toBe(1);
    await goTo(desktop.page, 'Pending');
    for (const host of [1, 2]) {
      await desktop.page.getByText(addressOf(host), { exact: true }).first().waitFor();
    }
    await answerAll();
  });

  it('a storm of 1,000 addresses is one summary, with every review in Pending', async () => {
    const before = desktop.session.notifications.length;
    const addresses = Array.from({ length: STORM }, (_, n) => `10.${block}.${n >> 8}.${n & 255}`);
    for (let start = 0; start < STORM; start += 50) {
      await Promise.all(addresses.slice(start, start + 50).map((ip) => desktop.call(ip)));
    }
    await desktop.session.waitForNotification(({ summary }) => /1,?000 addresses/.test(summary), 3 * SOON_MS);
    const told = desktop.session.notifications.slice(before);
    expect(told.length).toBeLessThan(MOST_TOLD);
    expect(desktop.session.openNotifications).toHaveLength(1);
    await goTo(desktop.page, 'Pending');
    await desktop.page.getByRole('heading', { level: 1, name: 'Pending' }).waitFor();
    await desktop.page
      .getByText(/1,?000/)
      .first()
      .waitFor();
    await keepScreenshot(desktop.page, '39-pending-storm');
    const known = valueOf(
      await desktop.page.evaluate(() =>
        (globalThis as unknown as BridgeScope).gatehouse.call('mirror', 'snapshot'),
      ),
    );
    expect(known.reviews.filter(({ status }) => status === 'pending')).toHaveLength(STORM);
  });
});
