import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DesktopState } from '#shared/ipc/desktop';
import {
  consoleCommand,
  launchConsole,
  type LaunchSettings,
  QUIT_ANYWAY,
  type RunningConsole,
} from '#test/support/desktop/console-app';
import { answerDialogs, askedQuestions } from '#test/support/desktop/dialogs';
import { decideByHand, EMBEDDED, welcomeOf } from '#test/support/desktop/embedded-console';
import { type BridgeScope, valueOf } from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { type DesktopSession, startDesktopSession } from '#test/support/desktop/session';
import { TrayHost } from '#test/support/desktop/tray-host';
import { httpCall } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const SOON_MS = 10_000;
/** Longer than the console waits for a tray. */
const PATIENT_MS = 25_000;
const ENFORCEMENT_STOPS = 'Enforcement on this computer stops with Gatehouse';
const KEEP_RUNNING = 'Keep running in the tray';
const GOES_ON = 'Gatehouse keeps running in the tray';

describe.skipIf(!linuxParts().ok)('a console without a window', () => {
  let session: DesktopSession;
  let tray: TrayHost;
  let running: RunningConsole;

  beforeEach(async () => {
    session = await startDesktopSession();
    tray = await TrayHost.start(session.env);
    session.beforeStop(() => tray.stop());
  });
  afterEach(async () => {
    await session.stop();
  });

  const launch = async (settings: LaunchSettings = {}): Promise<void> => {
    const env = { ...EMBEDDED, ...settings.env };
    running = await launchConsole({ session, ...settings, env });
  };
  const online = async (): Promise<Page> => {
    const page = await running.app.firstWindow();
    await page
      .getByLabel(/Connection: Online/)
      .first()
      .waitFor();
    return page;
  };
  const countWindows = (): number => running.app.windows().length;
  const windowsAre = (count: number, deadlineMs = SOON_MS): Promise<boolean> =>
    waitFor(`${count} windows`, () => countWindows() === count, deadlineMs);
  const closeWindows = (): Promise<void> =>
    running.app.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) window.close();
    });
  const exit = async (): Promise<unknown> => {
    const [code] = (await once(running.app.process(), 'exit')) as unknown[];
    return code;
  };
  const change = async (page: Page, changes: Partial<DesktopState['settings']>): Promise<DesktopState> =>
    valueOf(
      await page.evaluate(
        (request) => (globalThis as unknown as BridgeScope).gatehouse.call('desktop', 'change', request),
        changes,
      ),
    );
  const stateOf = async (page: Page): Promise<DesktopState> =>
    valueOf(
      await page.evaluate(() => (globalThis as unknown as BridgeScope).gatehouse.call('desktop', 'state')),
    );
  /** A second start on the same data; resolves when it has ended. */
  const startAgain = async (...args: readonly string[]): Promise<void> => {
    const { userDataFolder } = running;
    const command = await consoleCommand({ session, userDataFolder, args });
    const second = spawn(command.executable, command.args, { env: command.env, stdio: 'ignore' });
    expect(await once(second, 'exit')).toEqual([0, null]);
  };
  /** Starts what an entry says, as a desktop does, and gives its process id. */
  const startFromDesktopEntry = async (path: string): Promise<number> => {
    const program = `
import sys
from gi.repository import Gio, GLib
Gio.DesktopAppInfo.new_from_filename(sys.argv[1]).launch_uris_as_manager(
    [], None,
    GLib.SpawnFlags.SEARCH_PATH | GLib.SpawnFlags.STDOUT_TO_DEV_NULL | GLib.SpawnFlags.STDERR_TO_DEV_NULL,
    None, None,
    lambda entry, pid, data: print(pid), None)
`;
    const { stdout } = await promisify(execFile)('/usr/bin/python3', ['-c', program, path], {
      env: session.env,
    });
    const pid = Number(stdout.trim());
    session.beforeStop(() => {
      killIfThere(pid);
      return Promise.resolve();
    });
    return pid;
  };
  const asked = () => askedQuestions(running.app);

  it('goes on in the tray when its window is closed, says so once, and comes back from there', async () => {
    await tray.appear();
    await launch();
    const page = await online();
    await decideByHand(page);
    const { serviceUrl, secret } = await welcomeOf(page);
    const call = { headers: { 'api-key': secret, 'x-forwarded-for': '203.0.113.9' } };
    await tray.waitForItems(1, SOON_MS);
    expect((await stateOf(page)).hasTray).toBe(true);

    await closeWindows();
    await windowsAre(0);
    await session.waitForNotification(({ summary }) => summary === GOES_ON, SOON_MS);
    expect((await httpCall(`${serviceUrl}/v1/check`, call)).status).toBe(401);
    await session.waitForNotification(({ summary }) => summary === 'Blocked: 203.0.113.9', SOON_MS);

    await tray.click();
    await windowsAre(1);
    await online();
    await closeWindows();
    await windowsAre(0);
    await tray.choose('Open Gatehouse');
    await windowsAre(1);
    await closeWindows();
    await windowsAre(0);
    await startAgain('--hidden');
    expect(countWindows()).toBe(0);
    await startAgain();
    await windowsAre(1);
    expect(session.notifications.filter(({ summary }) => summary === GOES_ON)).toHaveLength(1);
  });

  it('asks before it ends with its service, and takes each answer', async () => {
    await tray.appear();
    await launch();
    await online();
    await tray.waitForItems(1, SOON_MS);

    await answerDialogs(running.app, 'Cancel');
    await tray.choose('Quit');
    await waitFor('the review', async () => (await asked()).length === 1);
    expect(await asked()).toEqual([
      { message: ENFORCEMENT_STOPS, buttons: [KEEP_RUNNING, QUIT_ANYWAY, 'Cancel'] },
    ]);
    expect(countWindows()).toBe(1);

    await answerDialogs(running.app, KEEP_RUNNING);
    await running.app.evaluate(({ app }) => app.quit());
    await windowsAre(0);
    expect(tray.items).toBe(1);

    await answerDialogs(running.app, QUIT_ANYWAY);
    const exited = exit();
    await tray.choose('Quit');
    expect(await exited).toBe(0);
    await tray.waitForItems(0, SOON_MS);
  });

  it('ends with its window where that is the setting, and asks all the same', async () => {
    await tray.appear();
    await launch();
    const page = await online();
    await tray.waitForItems(1, SOON_MS);
    expect((await change(page, { closeToTray: false })).settings.closeToTray).toBe(false);

    await answerDialogs(running.app, KEEP_RUNNING);
    await closeWindows();
    await windowsAre(0);
    await tray.click();
    await windowsAre(1);
    await online();

    await answerDialogs(running.app, QUIT_ANYWAY);
    const exited = exit();
    await closeWindows();
    expect(await exited).toBe(0);
  });

  it('ends with its window where there is no tray, which the review does not offer either', async () => {
    await launch();
    const page = await online();
    expect((await stateOf(page)).hasTray).toBe(false);

    await answerDialogs(running.app, 'Cancel');
    await closeWindows();
    await waitFor('the review', async () => (await asked()).length === 1);
    expect(await asked()).toEqual([{ message: ENFORCEMENT_STOPS, buttons: [QUIT_ANYWAY, 'Cancel'] }]);
    expect(countWindows()).toBe(1);

    await answerDialogs(running.app, QUIT_ANYWAY);
    const exited = exit();
    await closeWindows();
    expect(await exited).toBe(0);
  });

  it('comes back with a window when the tray goes for good', async () => {
    await tray.appear();
    await launch();
    await online();
    await tray.waitForItems(1, SOON_MS);
    await closeWindows();
    await windowsAre(0);
    await tray.vanish();
    await windowsAre(1, PATIENT_MS);
    await online();
  });

  it.each(['SIGTERM', 'SIGINT', 'the end of the session'] as const)(
    'ends without a review at %s, in good order',
    async (what) => {
      await tray.appear();
      await launch();
      await online();
      await tray.waitForItems(1, SOON_MS);
      await answerDialogs(running.app, 'Cancel');
      const exited = exit();
      if (what === 'the end of the session') {
        await running.app.evaluate(({ powerMonitor }) => powerMonitor.emit('shutdown'));
      } else {
        running.app.process().kill(what);
      }
      expect(await exited).toBe(0);
    },
  );

  it('starts hidden in the tray, and shows its window when it is asked to', async () => {
    await tray.appear();
    await launch({ args: ['--hidden'] });
    await tray.waitForItems(1, SOON_MS);
    await waitFor('the service', async () => /Learning/.test((await tray.item()).tooltip), SOON_MS);
    expect(countWindows()).toBe(0);
    await startAgain();
    await windowsAre(1);
    await online();
  });

  it('starts hidden and shows its window all the same where no tray appears', async () => {
    await launch({ args: ['--hidden'] });
    expect(countWindows()).toBe(0);
    await windowsAre(1, PATIENT_MS);
    await online();
  });

  it('starts at login as a desktop starts it: hidden, on the same data', async () => {
    await tray.appear();
    await launch();
    const page = await online();
    await decideByHand(page);
    await tray.waitForItems(1, SOON_MS);
    expect((await stateOf(page)).settings.startAtLogin).toBe(false);
    expect((await change(page, { startAtLogin: true })).settings.startAtLogin).toBe(true);
    expect(await running.quit()).toBe(0);
    await tray.waitForItems(0, SOON_MS);

    const pid = await startFromDesktopEntry(
      join(session.env['XDG_CONFIG_HOME'] ?? '', 'autostart', 'gatehouse.desktop'),
    );
    await tray.waitForItems(1, SOON_MS);
    await waitFor('the service', async () => / · Manual$/.test((await tray.item()).tooltip), SOON_MS);
    process.kill(pid, 'SIGTERM');
    await tray.waitForItems(0, SOON_MS);

    running = await running.relaunch();
    const again = await online();
    expect((await change(again, { startAtLogin: false })).settings.startAtLogin).toBe(false);
    expect(readdirSync(join(session.env['XDG_CONFIG_HOME'] ?? '', 'autostart'))).toEqual([]);
  });
});

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
