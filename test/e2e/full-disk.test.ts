import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consoleCommand, launchConsole, type RunningConsole } from '#test/support/desktop/console-app';
import { linuxParts } from '#test/support/desktop/requirements';
import { goTo, keepScreenshot } from '#test/support/desktop/screens';
import { type DesktopSession, startDesktopSession } from '#test/support/desktop/session';
import { OWNER_TOKEN, startTestService, type TestService } from '#test/support/service/test-service';
import { mayMount, mountSmallDisk, type SmallDisk } from '#test/support/small-disk';
import { waitFor } from '#test/support/wait-for';

const SOON_MS = 15_000;
/** From the signal to the end, on a computer that has other things to do. */
const END_MS = 3_000;
const NOBODY = 65_534;

/** How long the program takes to end after a signal. */
async function msToEnd({ app }: RunningConsole): Promise<number> {
  const child = app.process();
  const ended = once(child, 'exit');
  const before = performance.now();
  child.kill('SIGTERM');
  await ended;
  return performance.now() - before;
}

describe.skipIf(!linuxParts('xdotool').ok || !mayMount)('the disk of the console', () => {
  let session: DesktopSession;
  let disk: SmallDisk;
  let folder = '';

  beforeEach(async () => {
    session = await startDesktopSession();
    disk = mountSmallDisk('40m');
    ({ folder } = disk);
  });
  afterEach(async () => {
    await session.stop();
    disk.remove();
  });

  describe('that is full', () => {
    let service: TestService;
    let secret = '';
    let running: RunningConsole;
    let page: Page;

    beforeEach(async () => {
      service = await startTestService();
      ({ secret } = await service.createKey());
      const env = { GATEHOUSE_EMBEDDED_LISTEN: '127.0.0.1:0' };
      running = await launchConsole({ session, userDataFolder: folder, choosesService: true, env });
      page = await running.app.firstWindow();
      await page.getByRole('textbox', { name: 'Service address' }).fill(service.url);
      await page.getByLabel('Access token', { exact: true }).fill(OWNER_TOKEN);
      await page.getByRole('button', { name: 'Connect', exact: true }).click();
      await page.getByLabel(/Connection: Online\..* 127\./).waitFor({ state: 'attached' });
      disk.fill();
    });
    afterEach(() => service.stop());

    it('is named; calls are announced all the same, an edit is refused with its form kept, and it goes on with room', async () => {
      await service.check(secret, '203.0.113.9');
      await session.waitForNotification(({ summary }) => summary === 'Blocked: 203.0.113.9', SOON_MS);
      await page.getByText("This computer's disk is full", { exact: true }).waitFor();
      expect(await page.getByText(/unreachable/).count()).toBe(0);

      await goTo(page, 'Authorized IPs');
      await page.getByRole('button', { name: 'Add range' }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').first().fill('198.51.100.0/24');
      const submit = dialog.getByRole('button', { name: /^(Add|Authorize)/ }).last();
      await submit.click();
      await dialog.getByText("This computer's disk is full. Nothing was changed.").waitFor();
      expect(await dialog.getByRole('textbox').first().inputValue()).toBe('198.51.100.0/24');
      await keepScreenshot(page, '60-disk-full');

      disk.free();
      await submit.click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByText("This computer's disk is full", { exact: true }).waitFor({ state: 'detached' });
    });

    it('stops neither the window from closing nor the program from ending', async () => {
      await service.check(secret, '203.0.113.9');
      await page.close();
      expect(await msToEnd(running)).toBeLessThan(END_MS + 1_000);
      expect(running.output()).not.toMatch(/JavaScript error|at .*\.js:\d+/);
    });

    it('that hangs does not keep the program from ending', async () => {
      await running.app.evaluate(({ app }) => {
        app.on('will-quit', () => {
          for (;;);
        });
      });
      expect(await msToEnd(running)).toBeLessThan(END_MS + 1_000);
    });
  });

  it('may be fine: a service in the console that hangs does not keep the program from ending either', async () => {
    const env = { GATEHOUSE_EMBEDDED_LISTEN: '127.0.0.1:0' };
    const running = await launchConsole({ session, userDataFolder: folder, env });
    const page = await running.app.firstWindow();
    await page.getByLabel(/Connection: Online/).waitFor();
    const pid = await running.app.evaluate(
      ({ app }) => app.getAppMetrics().find(({ name }) => name === 'Gatehouse enforcement service')?.pid,
    );
    if (pid === undefined) throw new Error('the service has no process');
    process.kill(pid, 'SIGSTOP');
    expect(await msToEnd(running)).toBeLessThan(END_MS + 1_000);
    // It would go on holding its port and its data folder.
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  describe('at the start', () => {
    const start = async (): Promise<{ readonly code: number | null; readonly stderr: string }> => {
      const command = await consoleCommand({
        session,
        userDataFolder: folder,
        env: { GATEHOUSE_EMBEDDED_LISTEN: '127.0.0.1:0' },
      });
      const child = spawn(command.executable, command.args, {
        env: command.env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
      const ended = once(child, 'exit');
      const find = () =>
        spawnSync('xdotool', ['search', '--name', 'Gatehouse cannot start'], {
          env: { ...process.env, ...session.env },
          encoding: 'utf8',
        }).stdout.trim();
      const dialog = await waitFor('the dialog', () => find().split('\n').at(-1) || undefined, SOON_MS);
      await session.screenshot(join(import.meta.dirname, '../../test-output/screens/61-cannot-start.png'));
      spawnSync('xdotool', ['windowfocus', dialog, 'key', '--window', dialog, 'Return'], {
        env: { ...process.env, ...session.env },
      });
      const [code] = (await ended) as [number | null];
      return { code, stderr: stderr.split('\n').find((line) => line.startsWith('Gatehouse')) ?? stderr };
    };

    it.each([
      ['is full', () => disk.fill(), "This computer's disk is full."],
      [
        'is read-only and fresh',
        () => disk.setReadOnly(true),
        "This computer's disk cannot be written to: it is read-only.",
      ],
      [
        'is read-only and was used before',
        () => {
          for (const name of ['profile.json', 'gatehouse.sqlite']) writeFileSync(join(folder, name), '');
          mkdirSync(join(folder, 'session'));
          disk.setReadOnly(true);
        },
        "This computer's disk cannot be written to: it is read-only.",
      ],
      ["has another user's folder", () => chownSync(folder, NOBODY, NOBODY), 'belongs to another user.'],
      [
        'has something in the place of the lock',
        () => mkdirSync(join(folder, 'SingletonLock')),
        'cannot be taken: SingletonLock in it is not a lock',
      ],
    ])('says in a sentence that it %s', async (_name, spoil, sentence) => {
      spoil();
      const { code, stderr } = await start();
      expect(stderr).toContain(sentence);
      expect(stderr).toContain(folder);
      expect(code).toBe(1);
    });
  });
});
