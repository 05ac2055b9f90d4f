import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalDatabase } from '#electron/core/store/database';
import type { Welcome } from '#shared/ipc/connection';
import {
  consoleCommand,
  launchConsole,
  QUIT_ANYWAY,
  type RunningConsole,
} from '#test/support/desktop/console-app';
import { answerDialogs } from '#test/support/desktop/dialogs';
import {
  decideByHand,
  EMBEDDED,
  logOf,
  mirrorOf,
  online,
  welcomeOf,
} from '#test/support/desktop/embedded-console';
import type { BridgeScope } from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { type DesktopSession, startDesktopSession } from '#test/support/desktop/session';
import { httpCall } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const SOON_MS = 10_000;

const check = async ({ serviceUrl, secret }: Welcome, ip: string): Promise<number> =>
  (await httpCall(`${serviceUrl}/v1/check`, { headers: { 'api-key': secret, 'x-forwarded-for': ip } }))
    .status;

describe.skipIf(!linuxParts().ok)('the console', () => {
  let session: DesktopSession;
  let running: RunningConsole;
  let page: Page;

  beforeAll(async () => {
    session = await startDesktopSession();
    running = await launchConsole({ session, env: EMBEDDED });
    page = await running.app.firstWindow();
    await online(page);
  });
  afterAll(async () => {
    await session.stop();
  });

  it('shows a review with a link from a second start, which ends by itself', async () => {
    const welcome = await welcomeOf(page);
    await decideByHand(page);
    expect(await check(welcome, '203.0.113.9')).toBe(401);
    const { reviews } = await waitFor('the review', async () => {
      const mirror = await mirrorOf(page);
      return mirror.reviews.length === 1 && mirror;
    });
    const reviewId = reviews[0]?.id ?? '';
    const opening = running.app.waitForEvent('window', { timeout: SOON_MS });
    const { executable, args, env } = await consoleCommand({
      session,
      userDataFolder: running.userDataFolder,
      args: [`gatehouse://review/${reviewId}`],
    });
    const second = spawn(executable, args, { env, stdio: 'ignore' });
    const [code] = (await once(second, 'exit')) as [number | null];

    expect(code).toBe(0);
    const approval = await opening;
    expect(new URL(approval.url()).searchParams.get('review')).toBe(reviewId);

    const isOnTop = await running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => window.isAlwaysOnTop()),
    );
    expect(isOnTop).toContain(true);
    await approval
      .evaluate(() => (globalThis as unknown as BridgeScope).gatehouse.call('app', 'closeWindow'))
      .catch(() => undefined);
    await waitFor('the window to close', () => running.app.windows().length === 1);
  });

  it('brings its window to the front when it is started a second time', async () => {
    const windowState = () =>
      running.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.isVisible() && window.isFocused()),
      );
    await waitFor('only the console to be open', async () => (await windowState()).length === 1);
    await waitFor('it to be hidden', async () => {
      await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
      return (await windowState()).join() === 'false';
    });
    const { executable, args, env } = await consoleCommand({
      session,
      userDataFolder: running.userDataFolder,
    });
    const second = spawn(executable, args, { env, stdio: 'ignore' });
    const [code] = (await once(second, 'exit')) as [number | null];
    expect(code).toBe(0);
    await waitFor(
      'the first window to be in front',
      async () => (await windowState()).join() === 'true',
      SOON_MS,
    );
  });

  it('shows the screen that was chosen in the menu, also while its page was loading', async () => {
    const isLoading = await running.app.evaluate(({ BrowserWindow, Menu }) => {
      const [window] = BrowserWindow.getAllWindows();
      const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []);
      const item = items?.find(({ label }) => label === 'Activity');
      if (window === undefined || item === undefined) throw new Error('There is no window, or no menu.');
      window.webContents.reload();
      const wasLoading = window.webContents.isLoading();
      const click = item.click as () => void;
      click();
      return wasLoading;
    });
    expect(isLoading).toBe(true);
    await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor();
  });

  it('starts its service again when that is killed', async () => {
    const before = await mirrorOf(page);
    await running.app.evaluate(({ app }) => {
      const child = app.getAppMetrics().find(({ name }) => name === 'Gatehouse enforcement service');
      if (child === undefined) throw new Error('There is no such process.');
      process.kill(child.pid, 'SIGKILL');
    });
    await waitFor('the state to say so', async () => {
      const { connection } = await mirrorOf(page);
      return connection.kind === 'unreachable' && /ended unexpectedly/.test(connection.message);
    });
    const after = await online(page);
    expect(after.account?.id).toBe(before.account?.id);
    expect(after.connection).toMatchObject({
      service: 'service' in before.connection && before.connection.service,
    });
  });

  it('keeps its window as it was left, and ends with its service when the window is closed', async () => {
    const { serviceUrl } = await welcomeOf(page);
    await running.app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 50, width: 1010, height: 700 });
    });
    await answerDialogs(running.app, QUIT_ANYWAY);
    const child = running.app.process();
    const exit = once(child, 'exit');
    await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    expect(await exit).toEqual([0, null]);
    await expect(httpCall(`${serviceUrl}/healthz`)).rejects.toThrow('ECONNREFUSED');

    running = await running.relaunch();
    page = await running.app.firstWindow();
    const bounds = await running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.getNormalBounds(),
    );
    expect(bounds).toMatchObject({ width: 1010, height: 700 });
    const mirror = await online(page);
    expect(mirror.keys).toHaveLength(1);
  });

  it('leaves no service behind when it is killed, and comes back with everything', async () => {
    const { connection } = await online(page);
    const url = 'service' in connection ? connection.service.url : '';
    await running.kill();
    await waitFor('the service to end', () =>
      httpCall(`${url}/healthz`).then(
        () => false,
        () => true,
      ),
    );
    running = await running.relaunch();
    page = await running.app.firstWindow();
    expect((await online(page)).reviews).toHaveLength(1);
    // The service's thread works here too, and not only where Node itself runs it.
    expect(logOf(running)).toContain('service.started');
    expect(logOf(running)).not.toContain('database.checkpoint_failed');
  });
});

describe.skipIf(!linuxParts().ok)('a console on data of a newer version', () => {
  it('says so, changes nothing, and does not start', async () => {
    const session = await startDesktopSession();
    const folder = makeTempDir('newer');
    try {
      const file = join(folder, 'gatehouse.sqlite');
      const database = LocalDatabase.open(file);
      database.exec('PRAGMA user_version = 999; CREATE TABLE of_the_future (id TEXT)');
      database.close();
      const bytes = readFileSync(file);

      // Without Playwright, which waits for an app that has started.
      const { executable, args, env } = await consoleCommand({
        session,
        userDataFolder: folder,
        env: EMBEDDED,
      });
      const child = spawn(executable, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      await waitFor('the message', () => said.includes('written by a newer version of Gatehouse'));
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      expect(readFileSync(file).equals(bytes)).toBe(true);
    } finally {
      await session.stop();
      removeTempDir(folder);
    }
  });
});
