import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { launchConsole, type RunningConsole } from '#test/support/desktop/console-app';
import type { BridgeScope } from '#test/support/desktop/remote-desktop';
import { outOfReach } from '#test/support/desktop/reach';
import { linuxParts } from '#test/support/desktop/requirements';
import { approvalWindow, goTo, type ScreenName } from '#test/support/desktop/screens';
import { type DesktopSession, startDesktopSession } from '#test/support/desktop/session';
import { OWNER_TOKEN, startTestService, type TestService } from '#test/support/service/test-service';
import { removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const PICTURES = join(import.meta.dirname, '../../test-output/screens');
const EMBEDDED = { GATEHOUSE_EMBEDDED_LISTEN: '127.0.0.1:0' };
const SCREENS: readonly ScreenName[] = [
  'Overview',
  'Pending',
  'Log',
  'Authorized IPs',
  'Protection',
  'API keys',
  'Users',
  'Activity',
  'Settings',
];

/** Where the frame of the first window is on the screen, in its pixels. */
async function frameOf({ app }: RunningConsole, { env }: DesktopSession) {
  const id = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getNativeWindowHandle().readUInt32LE(),
  );
  const { stdout } = spawnSync('xwininfo', ['-id', String(id), '-frame'], { env, encoding: 'utf8' });
  const figure = (name: string): number => Number(new RegExp(`${name}: +(-?\\d+)`).exec(stdout)?.[1]);
  return {
    left: figure('Absolute upper-left X'),
    top: figure('Absolute upper-left Y'),
    width: figure('Width'),
    height: figure('Height'),
  };
}

describe.skipIf(!linuxParts('openbox', 'xwininfo').ok)('on a small screen', () => {
  let session: DesktopSession;

  describe.each([
    ['800x600', 1],
    ['1366x768', 1.5],
    ['1920x1080', 2],
  ])('of %s, enlarged %d times', (screen, scale) => {
    const [screenWidth = 0, screenHeight = 0] = screen.split('x').map(Number);
    let folder = '';
    afterEach(async () => {
      await session.stop();
      removeTempDir(folder);
    });

    it('the console opens as a whole, also where it was left on a larger one', async () => {
      session = await startDesktopSession({ screen, windowManager: 'openbox' });
      folder = mkdtempSync(join(tmpdir(), 'gatehouse-fit-'));
      const args = [`--force-device-scale-factor=${scale}`];
      let running = await launchConsole({ session, userDataFolder: folder, args, env: EMBEDDED });
      for (let start = 1; start <= 2; start += 1) {
        await running.app.firstWindow();
        const frame = await waitFor('the window to be shown', async () => {
          const found = await frameOf(running, session);
          return found.width > 0 && found;
        });
        expect(frame.left, `start ${start}`).toBeGreaterThanOrEqual(0);
        expect(frame.top).toBeGreaterThanOrEqual(0);
        expect(frame.left + frame.width).toBeLessThanOrEqual(screenWidth);
        expect(frame.top + frame.height).toBeLessThanOrEqual(screenHeight);
        if (start === 2) break;
        // As it would have been left on two large screens.
        await running.app.evaluate(({ BrowserWindow }) => {
          const [window] = BrowserWindow.getAllWindows();
          if (window !== undefined) {
            window.getNormalBounds = () => ({ x: 2600, y: 300, width: 1800, height: 1200 });
          }
        });
        await running.quit();
        running = await running.relaunch();
      }
    });
  });

  describe.each([
    [1, 'light'],
    [1.5, 'dark'],
    [2, 'light'],
  ] as const)('of 800x600, with text enlarged %d times (%s), everything is in reach:', (zoom, scheme) => {
    let service: TestService;
    let running: RunningConsole;
    let page: Page;

    beforeAll(async () => {
      service = await startTestService();
      const { secret } = await service.createKey('Billing worker of the accounting department');
      await service.createKey('Old one');
      for (let n = 1; n <= 12; n += 1) {
        await service.api('/v1/ranges', {
          body: { cidr: `198.51.${n}.0/24`, label: `Office number ${n} on the hill` },
        });
        await service.check(secret, `203.0.113.${n}`);
      }
      await service.api('/v1/ranges', {
        body: { cidr: '2001:db8:1234:5678:9abc:def0:1234:5678', label: 'IPv6' },
      });
      session = await startDesktopSession({ screen: '800x600', windowManager: 'openbox' });
      running = await launchConsole({ session, env: EMBEDDED });
      page = await running.app.firstWindow();
      await page.emulateMedia({ colorScheme: scheme });
      await page.getByLabel(/Connection: Online/).waitFor();
      await running.app.evaluate(({ BrowserWindow }, factor) => {
        for (const window of BrowserWindow.getAllWindows()) window.webContents.setZoomFactor(factor);
      }, zoom);
      await goTo(page, 'Settings');
      await page.getByRole('button', { name: 'Add an account…' }).click();
      await page.getByRole('textbox', { name: 'Service address' }).fill(service.url);
      await page.getByLabel('Access token', { exact: true }).fill(OWNER_TOKEN);
      await look('connect');
      await page.getByRole('button', { name: 'Connect', exact: true }).click();
      await page.getByLabel(/Connection: Online\..* 127\./).waitFor({ state: 'attached' });
    });
    afterAll(async () => {
      await session.stop();
      await service.stop();
    });

    const look = async (name: string, on: Page = page): Promise<void> => {
      expect(await outOfReach(on), name).toEqual([]);
      // Of the whole screen: a picture of an enlarged page is only a part of it.
      await session.screenshot(
        join(PICTURES, `70-${zoom * 100}-${scheme}-${name.toLowerCase().replaceAll(' ', '-')}.png`),
      );
    };
    const close = async (): Promise<void> => {
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };

    it.each(SCREENS)('%s', async (screen) => {
      await goTo(page, screen);
      await waitFor('its rows', async () => (await page.getByText('Loading').count()) === 0);
      await look(screen);
    });

    it('the details of a call and of an event', async () => {
      for (const screen of ['Log', 'Activity'] as const) {
        await goTo(page, screen);
        await page.getByRole('grid').focus();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        await page.getByRole('button', { name: 'Close the details' }).waitFor();
        await look(`${screen} details`);
        await page.getByRole('button', { name: 'Close the details' }).click();
      }
    });

    it.each([
      ['Authorized IPs', 'Add range'],
      ['Authorized IPs', 'Edit 198.51.2.0/24'],
      ['Authorized IPs', 'Remove 198.51.2.0/24'],
      ['Authorized IPs', 'Import…'],
      ['Authorized IPs', 'Export…'],
      ['Authorized IPs', 'Tidy up…'],
      ['API keys', 'Create key'],
      ['Users', 'Add user'],
      ['API keys', 'Rotate Old one'],
      ['API keys', 'Revoke Old one'],
    ] as const)('in %s the dialog of %s', async (screen, button) => {
      await goTo(page, screen);
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('dialog').waitFor();
      await look(button.replace('198.51.2.0/24', 'range').replace('…', ''));
      await close();
    });

    it('the facets of the log', async () => {
      await goTo(page, 'Log');
      await page.getByRole('button', { name: 'Narrow down' }).click();
      await page
        .getByRole('region', { name: 'Narrow down' })
        .getByRole('button', { name: /Blocked/ })
        .waitFor();
      await look('facets');
      await page.keyboard.press('Escape');
    });

    it('the sources of ranges, and the dialog that adds one', async () => {
      await goTo(page, 'Authorized IPs');
      await page.getByRole('tab', { name: 'Sources' }).click();
      await look('sources');
      await page.getByRole('button', { name: 'Add source' }).click();
      await page.getByRole('dialog').waitFor();
      await look('add source');
      await close();
      await page.getByRole('tab', { name: 'Authorized' }).click();
    });

    it('the list of edits', async () => {
      await page.getByRole('button', { name: /Opens the list of waiting changes/ }).click();
      await page.getByRole('dialog').waitFor();
      await look('edits');
      await close();
    });

    it('the approval window', async () => {
      const { json } = await service.api('/v1/reviews?status=pending&limit=1');
      const [review] = (json as { items: Review[] }).items;
      await page.evaluate(
        (reviewId) =>
          (globalThis as unknown as BridgeScope).gatehouse.call('app', 'openApproval', { reviewId }),
        review?.id ?? '',
      );
      const approval = await approvalWindow(running.app);
      await approval.emulateMedia({ colorScheme: scheme });
      await approval
        .getByRole('button', { name: /^Authorize/ })
        .first()
        .waitFor();
      await look('approval', approval);
      await approval.close();
    });
  });
});
