import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { launchConsole } from '#test/support/desktop/console-app';
import type { RunningConsole } from '#test/support/desktop/console-app';
import { linuxParts } from '#test/support/desktop/requirements';
import { CLOSE_REASON, startDesktopSession } from '#test/support/desktop/session';
import type { DesktopSession } from '#test/support/desktop/session';

const FIXTURE = join(import.meta.dirname, '../support/desktop/fixture-app');
const SCREENSHOT = join(import.meta.dirname, '../../test-output/desktop-session.png');
const SOON_MS = 10_000;

/** What the fixture app keeps in the global scope of its main process. */
interface Fixture {
  readonly clicked: readonly string[];
  notify(title: string, body: string): void;
  describe(): Record<string, unknown>;
}
type FixtureScope = typeof globalThis & { fixture: Fixture };

const notify = ({ app }: RunningConsole, title: string): Promise<void> =>
  app.evaluate(
    (_electron, text) => (globalThis as FixtureScope).fixture.notify(text, `Body of ${text}`),
    title,
  );

const clicked = ({ app }: RunningConsole): Promise<readonly string[]> =>
  app.evaluate(() => (globalThis as FixtureScope).fixture.clicked);

const describeApp = ({ app }: RunningConsole): Promise<Record<string, unknown>> =>
  app.evaluate(() => (globalThis as FixtureScope).fixture.describe());

describe.skipIf(!linuxParts('notify-send').ok)('the test desktop', () => {
  let session: DesktopSession;
  let running: RunningConsole;

  beforeAll(async () => {
    session = await startDesktopSession();
    running = await launchConsole({ session, appFolder: FIXTURE, args: ['--hidden', 'fixture://link'] });
  });
  afterAll(async () => {
    await session.stop();
  });

  it('loads the app as Electron itself would', async () => {
    const facts = await describeApp(running);
    expect(facts).toMatchObject({
      name: 'Desktop Fixture',
      version: '1.2.3',
      appPath: FIXTURE,
      userData: running.userDataFolder,
      isPackaged: false,
      wasReadyWhenLoaded: false,
    });
    expect(facts['argv']).toEqual(
      expect.arrayContaining([FIXTURE, `--user-data-dir=${running.userDataFolder}`, 'fixture://link']),
    );
  });

  it('shows its window, on a screen that can be photographed', async () => {
    const window = await running.app.firstWindow();
    await window.getByRole('heading', { name: 'It works' }).waitFor();
    const photograph = async (): Promise<Buffer> => {
      await session.screenshot(SCREENSHOT);
      return readFile(SCREENSHOT);
    };
    // An empty screen of this size is some five kilobytes; the document is there a moment before its picture is.
    await expect.poll(async () => (await photograph()).length, { timeout: SOON_MS }).toBeGreaterThan(10_000);
    const png = await photograph();
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1600, 1000]);
  });

  it('carries a notification to the server and the click back to the app', async () => {
    const askedAtMs = Date.now();
    await notify(running, 'First');
    const shown = await session.waitForNotification(({ summary }) => summary === 'First', SOON_MS);
    expect(shown).toMatchObject({ body: 'Body of First', appName: 'Desktop Fixture', replacesId: 0 });
    expect(shown.actions).toContainEqual(expect.objectContaining({ key: 'default' }));
    expect(shown.atMs).toBeGreaterThanOrEqual(askedAtMs);
    expect(session.openNotifications.map(({ id }) => id)).toContain(shown.id);

    await session.invokeAction(shown.id, 'default');
    await expect.poll(() => clicked(running), { timeout: SOON_MS }).toEqual(['First']);
    await session.waitForClosed(shown.id, SOON_MS);
    await expect(session.invokeAction(shown.id, 'default')).rejects.toThrow('not open');
  });

  it('lets a notification be dismissed without a click', async () => {
    await notify(running, 'Second');
    const { id } = await session.waitForNotification(({ summary }) => summary === 'Second', SOON_MS);
    await session.close(id);
    expect((await session.waitForClosed(id, SOON_MS)).reason).toBe(CLOSE_REASON.dismissed);
    expect(await clicked(running)).not.toContain('Second');
  });

  it('answers notify-send with the button that was chosen', async () => {
    const answer = promisify(execFile)(
      'notify-send',
      ['--wait', '--urgency=critical', '-A', 'allow=Allow', '-A', 'deny=Deny', 'Third', 'text'],
      { env: session.env },
    );
    const shown = await session.waitForNotification(({ summary }) => summary === 'Third', SOON_MS);
    expect(shown.actions).toEqual([
      { key: 'allow', label: 'Allow' },
      { key: 'deny', label: 'Deny' },
    ]);
    expect(shown.hints['urgency']).toBe(2);
    await session.invokeAction(shown.id, 'deny');
    expect((await answer).stdout.trim()).toBe('deny');
  });

  it('says what there was when a notification does not come', async () => {
    await expect(session.waitForNotification(({ summary }) => summary === 'Never', 50)).rejects.toThrow(
      /No such notification within 50 ms; .*"First"/,
    );
  });

  it('starts the app again on the same user data after a crash', async () => {
    await running.kill();
    const again = await running.relaunch({ args: ['--second'] });
    const facts = await describeApp(again);
    expect(facts['userData']).toBe(running.userDataFolder);
    expect(facts['argv']).toContain('--second');
    await again.app.evaluate(() => console.log('a word from the app'));
    await expect.poll(() => again.output(), { timeout: SOON_MS }).toContain('a word from the app');
    expect(await again.quit()).toBe(0);
  });
});
