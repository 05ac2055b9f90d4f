import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playVisit } from '#demo/live';
import { visitsInHour } from '#demo/traffic/scenarios';
import { startDemoConsole, type DemoConsole } from '#test/support/desktop/demo-console';
import { mirrorOf } from '#test/support/desktop/embedded-console';
import { linuxParts } from '#test/support/desktop/requirements';
import { goTo, type ScreenName } from '#test/support/desktop/screens';
import { type DesktopSession, startDesktopSession } from '#test/support/desktop/session';
import { httpCall } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const DEMO = join(import.meta.dirname, '../../out/main/demo.js');
const SEED = 'test';
const SOON_MS = 10_000;
/** The history takes some seconds, and the start of the console a few more. */
const STARTED_MS = 60_000;
/** The addresses from which the leaked key is tried. */
const LEAK = 24;

describe.skipIf(!linuxParts().ok)('the console of the demo', () => {
  let session: DesktopSession;
  let demo: DemoConsole;

  beforeAll(async () => {
    session = await startDesktopSession();
    demo = await startDemoConsole(session, SEED);
  });
  afterAll(async () => {
    await session.stop();
  });

  it.each<ScreenName>(['Pending', 'Log', 'Authorized IPs', 'API keys', 'Activity'])(
    'has rows under %s',
    async (screen) => {
      await goTo(demo.page, screen);
      const rows = demo.page.getByRole('main').getByRole('row');
      await rows.nth(2).waitFor({ timeout: SOON_MS });
    },
  );

  it('has left learning, as Protection shows', async () => {
    await goTo(demo.page, 'Protection');
    const automatic = demo.page.getByRole('radio', { name: /^Automatic/ });
    await automatic.waitFor({ timeout: SOON_MS });
    expect(await automatic.isChecked()).toBe(true);
  });

  it('changes several ranges at once, and says before a removal what that would block', async () => {
    const { page } = demo;
    await goTo(page, 'Authorized IPs');
    const ending = async () => (await mirrorOf(page)).ranges.filter(({ expiresAt }) => expiresAt !== null);
    const before = new Set((await ending()).map(({ id }) => id));
    const changed = async () => (await ending()).filter(({ id }) => !before.has(id));
    const grid = page.getByRole('grid', { name: 'Authorized ranges' });
    await grid.getByRole('button', { name: 'Uses' }).click();
    await grid.focus();
    for (const key of ['ArrowDown', 'x', 'Shift+ArrowDown']) await page.keyboard.press(key);
    const bar = page.getByRole('toolbar', { name: 'With the selected ranges' });
    await bar.getByRole('button', { name: 'Set expiry…' }).click();
    const form = page.getByRole('dialog', { name: 'Set the expiry of 2 ranges' });
    await form.getByLabel('Expires').selectOption('In 7 days');
    await form.getByRole('button', { name: 'Change 2 ranges' }).click();
    await page.getByText('2 ranges were changed.').waitFor({ timeout: SOON_MS });
    await form.waitFor({ state: 'detached' });
    await waitFor('both ends', async () => (await changed()).length === 2);

    await grid
      .getByRole('button', { name: /^Remove/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: /^Remove / });
    await dialog
      .getByText(/In the last day it served [\d,]+ calls? with \d+ keys?\./)
      .waitFor({ timeout: SOON_MS });
    await dialog.getByRole('button', { name: 'Remove range' }).click();
    await page.getByText(/ was removed\.$/).waitFor({ timeout: SOON_MS });
    await waitFor('the removal', async () => (await changed()).length === 1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('1 range is as it was before.').waitFor({ timeout: SOON_MS });
  });

  it('announces a stranger, and shows a key that leaks', async () => {
    const { page, secrets, url } = demo;
    const visits = visitsInHour(SEED, 0);
    const stranger = visits.find(({ scenario }) => scenario === 'Stranger');
    if (stranger === undefined) throw new Error('no stranger calls');
    await playVisit(url, secrets, stranger);
    await session.waitForNotification(({ summary }) => summary.startsWith('Blocked'), SOON_MS);
    const leaked = visits.filter(({ scenario }) => scenario === 'Leaked key');
    for (const visit of leaked.slice(0, LEAK)) await playVisit(url, secrets, visit);
    await goTo(page, 'Pending');
    await page
      .getByRole('region', { name: /^Partner portal is probably leaked/ })
      .waitFor({ timeout: SOON_MS });
  });
});

describe.skipIf(!linuxParts().ok)('npm run demo', () => {
  it('says where the service is, calls it, and leaves nothing behind', async () => {
    const env: NodeJS.ProcessEnv = { ...process.env };
    delete env['DISPLAY'];
    delete env['DBUS_SESSION_BUS_ADDRESS'];
    const demo = spawn(process.execPath, [DEMO, '--setup', '--seed=test'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(demo, 'exit') as Promise<[number | null]>;
    let output = '';
    demo.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    demo.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    try {
      await waitFor('the sample traffic', () => output.includes('Sample traffic'), STARTED_MS);
      const [, url = '', token = ''] =
        /service at (\S+)\. The owner's access token is (\S+)/.exec(output) ?? [];
      const headers = { authorization: `Bearer ${token}` };
      const lastAt = async (): Promise<number> => {
        const { json } = await httpCall(`${url}/v1/attempts?limit=1`, { headers });
        return Date.parse((json as { items: { lastAt: string }[] }).items[0]?.lastAt ?? '');
      };
      const startedAt = Date.now();
      await waitFor('a live call', async () => (await lastAt()) > startedAt, SOON_MS * 3);
      await waitFor('the picture', () => output.includes('/window.png'), SOON_MS);
      const [, folder = ''] = /picture of the window is in (\S+)\/window\.png/.exec(output) ?? [];
      expect(existsSync(folder)).toBe(true);
      demo.kill('SIGINT');
      const [code] = await ended;
      expect(code, output).toBe(0);
      expect(existsSync(folder)).toBe(false);
    } finally {
      demo.kill('SIGKILL');
    }
  });
});
