import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRemoteDesktop, type RemoteDesktop } from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { approvalWindow } from '#test/support/desktop/screens';
import { type MenuLine, TrayHost } from '#test/support/desktop/tray-host';
import { waitFor } from '#test/support/wait-for';

const SOON_MS = 10_000;

/** A line as one reads it: of one that opens others, what they say. */
const read = (lines: readonly MenuLine[]): unknown[] =>
  lines.map(({ type, label, children }) => {
    if (type === 'separator') return '-';
    return children.length === 0 ? label : [label, read(children)];
  });

type BadgeScope = typeof globalThis & { badge: number };

describe.skipIf(!linuxParts().ok)('the tray', () => {
  let desktop: RemoteDesktop;
  let tray: TrayHost;

  beforeAll(async () => {
    desktop = await startRemoteDesktop();
    tray = await TrayHost.start(desktop.session.env);
    desktop.session.beforeStop(() => tray.stop());
    // The dock that would show the number is not here; what it would be told is.
    await desktop.running.app.evaluate(({ app }) => {
      const scope = globalThis as BadgeScope;
      scope.badge = 0;
      app.setBadgeCount = (count = 0) => {
        scope.badge = count;
        return true;
      };
    });
  });
  afterAll(async () => {
    await desktop.stop();
  });

  const shows = (what: string, isIt: (menu: readonly unknown[]) => boolean): Promise<readonly unknown[]> =>
    waitFor(
      `the menu to show ${what}`,
      async () => {
        const menu = read(await tray.menu());
        return isIt(menu) && menu;
      },
      SOON_MS,
    );
  const tooltip = async (): Promise<string> => (await tray.item()).tooltip;
  const picture = async (): Promise<string> => (await tray.item()).pictures[0]?.digest ?? '';
  const badge = (): Promise<number> => desktop.running.app.evaluate(() => (globalThis as BadgeScope).badge);
  const statusOf = async (ip: string): Promise<number> => (await desktop.call(ip)).status;
  /** Blocks a call from the address and waits until the tray asks about it. */
  const ask = async (ip: string): Promise<string> => {
    expect(await statusOf(ip)).toBe(401);
    const line = `${ip} · Production`;
    await shows(`the review about ${ip}`, (menu) =>
      menu.some((each) => Array.isArray(each) && each[0] === line),
    );
    return line;
  };

  it('gets the app’s icon as soon as the desktop has one, with a picture and words', async () => {
    expect(tray.items).toBe(0);
    await tray.appear();
    await tray.waitForItems(1, SOON_MS);
    const { status, pictures } = await tray.item();
    expect(status).toBe('Active');
    expect(pictures).toEqual([
      { width: 48, height: 48, digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    ]);
    expect(await tooltip()).toBe('Gatehouse · No pending reviews · Manual');
    expect(read(await tray.menu())).toEqual([
      'No pending reviews',
      '-',
      'Mode: Manual',
      '-',
      ['Pause notifications', ['For 1 hour', 'Until tomorrow']],
      '-',
      'Open Gatehouse',
      'Quit',
    ]);
  });

  it('asks in picture, words, number and menu, and lets an address in for an hour with two clicks', async () => {
    const calm = await picture();
    const ip = '203.0.113.9';
    const line = await ask(ip);
    expect(await tooltip()).toBe('Gatehouse · 1 pending review · Manual');
    expect(read(await tray.menu()).slice(0, 2)).toEqual([
      '1 pending review',
      [line, ['Authorize for 1 hour', 'Deny', 'Open…']],
    ]);
    expect(await picture()).not.toBe(calm);
    expect(await badge()).toBe(1);

    await tray.choose(line, 'Authorize for 1 hour');
    await waitFor('the address to be let in', async () => (await statusOf(ip)) === 200, SOON_MS);
    const ranges = (await desktop.api('/v1/ranges')).json as {
      items: { cidr: string; expiresAt: string; keyId: string | null }[];
    };
    const range = ranges.items.find(({ cidr }) => cidr === `${ip}/32`);
    const leftMs = Date.parse(range?.expiresAt ?? '') - Date.now();
    expect(leftMs).toBeGreaterThan(59 * 60_000);
    expect(leftMs).toBeLessThanOrEqual(60 * 60_000);
    expect(range?.keyId).toBeNull();

    await shows('no review', ([first]) => first === 'No pending reviews');
    expect(await tooltip()).toBe('Gatehouse · No pending reviews · Manual');
    expect(await picture()).toBe(calm);
    expect(await badge()).toBe(0);
  });

  it('denies', async () => {
    const ip = '203.0.113.10';
    await tray.choose(await ask(ip), 'Deny');
    await waitFor(
      'the answer to reach the service',
      async () => (await desktop.pendingReviews()).length === 0,
    );
    const { items } = (await desktop.api('/v1/reviews?status=denied')).json as { items: { ip: string }[] };
    expect(items.map((review) => review.ip)).toContain(ip);
    expect(await statusOf(ip)).toBe(401);
  });

  it('opens a review', async () => {
    await tray.choose(await ask('203.0.113.11'), 'Open…');
    const approval = await approvalWindow(desktop.running.app);
    await approval.getByRole('heading', { name: '203.0.113.11' }).waitFor();
    await approval.close();
  });

  it('lists the newest five and counts the others, whose line opens Pending', async () => {
    for (let last = 20; last < 27; last += 1) await statusOf(`203.0.113.${last}`);
    const menu = await shows('that there are more', (lines) => lines.includes('and 3 more…'));
    expect(menu.slice(0, 7).map((line) => (Array.isArray(line) ? (line[0] as string) : line))).toEqual([
      '8 pending reviews',
      ...[26, 25, 24, 23, 22].map((last) => `203.0.113.${last} · Production`),
      'and 3 more…',
    ]);
    expect(await badge()).toBe(8);
    await tray.choose('Mode: Manual');
    await desktop.page.getByRole('heading', { level: 1, name: 'Protection' }).waitFor();
    await tray.choose('and 3 more…');
    await desktop.page.getByRole('heading', { level: 1, name: 'Pending' }).waitFor();
  });

  it('loses the reviews that somebody else answers', async () => {
    for (const { id } of await desktop.pendingReviews()) {
      await desktop.api(`/v1/reviews/${id}/deny`, { body: {} });
    }
    await shows('no review', ([first]) => first === 'No pending reviews');
    expect(await badge()).toBe(0);
  });

  it('pauses notifications, and ends the pause', async () => {
    await tray.choose('Pause notifications', 'For 1 hour');
    const isPause = (line: unknown): boolean =>
      typeof line === 'string' && /^Notifications paused until .*\d\d:\d\d$/.test(line);
    await shows('the pause', (menu) => menu.some(isPause));
    expect(await tooltip()).toMatch(/ · Paused until .*\d\d:\d\d$/);
    await ask('203.0.113.30');
    const isAbout = (ip: string) => (shown: { readonly summary: string }) => shown.summary.includes(ip);
    expect(desktop.session.notifications.filter(isAbout('203.0.113.30'))).toEqual([]);
    await tray.choose('Resume notifications');
    await shows('no pause', (menu) => !menu.some(isPause));
    await ask('203.0.113.31');
    await desktop.session.waitForNotification(isAbout('203.0.113.31'), SOON_MS);
  });

  it('shows that every address is accepted, and that the service is not reached', async () => {
    const asking = await picture();
    await desktop.api('/v1/account/mode', { method: 'PUT', body: { mode: 'deactivated' } });
    await shows('the mode', (menu) => menu.includes('Mode: Deactivated: every IP accepted'));
    const unprotected = await picture();
    await desktop.api('/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
    await shows('the mode', (menu) => menu.includes('Mode: Manual'));
    await desktop.stopService();
    await waitFor('the words', async () => /Offline since \d/.test(await tooltip()), SOON_MS);
    const offline = await picture();
    expect(new Set([asking, unprotected, offline]).size).toBe(3);
    await desktop.startService();
    await waitFor('the words', async () => !/Offline/.test(await tooltip()), 30_000);
    expect(await picture()).toBe(asking);
  });

  it('is not kept busy by a storm', async () => {
    const before = tray.changes('menu');
    const startedAt = Date.now();
    await Promise.all(Array.from({ length: 200 }, (_, index) => desktop.call(`198.51.100.${index}`)));
    await shows('all of them', ([first]) => first === '202 pending reviews');
    const seconds = (Date.now() - startedAt) / 1_000;
    // A new menu and a new tooltip each time, of which Electron sends the menu twice.
    expect(tray.changes('menu') - before).toBeLessThanOrEqual(2 * (4 * seconds + 2));
  });

  it('comes back when the panel does', async () => {
    await tray.vanish();
    const log = join(desktop.running.userDataFolder, 'logs', 'console.log');
    await waitFor('the console to know', () => readFileSync(log, 'utf8').includes('tray.gone'));
    await tray.appear();
    await tray.waitForItems(1, SOON_MS);
    expect(await tooltip()).toBe('Gatehouse · 202 pending reviews · Manual');
    await tray.setHost(false);
    await tray.waitForItems(0, SOON_MS);
    await tray.setHost(true);
    await tray.waitForItems(1, SOON_MS);
  });
});
