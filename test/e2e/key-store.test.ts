import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchConsole, type RunningConsole } from '#test/support/desktop/console-app';
import { type Keyring, keyringPrompter, startKeyring } from '#test/support/desktop/keyring';
import { connectTo, OWNER_TOKEN } from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { startDesktopSession, type DesktopSession } from '#test/support/desktop/session';
import { freePort } from '#test/support/service/nginx';
import { startServiceProcess, type ServiceProcess } from '#test/support/service/service-process';
import { httpCall } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const PROGRAMS = ['gnome-keyring-daemon', 'xdotool'] as const;

describe.skipIf(!linuxParts(...PROGRAMS).ok)('with GNOME Keyring the console', () => {
  let session: DesktopSession;
  let keyring: Keyring;
  let running: RunningConsole;
  let page: Page;
  let service: ServiceProcess;
  let secret: string;
  const dataDir = makeTempDir('key-store');

  beforeAll(async () => {
    service = await startServiceProcess({
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: `127.0.0.1:${await freePort()}`,
      GATEHOUSE_OWNER_TOKEN: OWNER_TOKEN,
      GATEHOUSE_OWNER_EMAIL: 'admin@example.com',
    });
    const headers = { authorization: `Bearer ${OWNER_TOKEN}` };
    await httpCall(`${service.url}/v1/account/mode`, { method: 'PUT', body: { mode: 'manual' }, headers });
    const made = await httpCall(`${service.url}/v1/keys`, { body: { name: 'Production' }, headers });
    ({ secret } = made.json as { secret: string });
    session = await startDesktopSession({ service: keyringPrompter });
    keyring = await startKeyring(session);
    running = await launchConsole({
      session,
      args: ['--password-store=gnome-libsecret'],
      choosesService: true,
    });
    page = await running.app.firstWindow();
    await page.getByRole('heading', { name: 'Welcome to Gatehouse' }).waitFor();
  });
  afterAll(async () => {
    await session.stop();
    await service.stop();
    removeTempDir(dataDir);
  });

  const profilePath = (): string => join(running.userDataFolder, 'profile.json');
  /** The only connection of the file, with its encrypted token. */
  const keptToken = (): string | null =>
    (JSON.parse(readFileSync(profilePath(), 'utf8')) as { connections: { encryptedToken: string | null }[] })
      .connections[0]?.encryptedToken ?? null;
  const relaunch = async (): Promise<void> => {
    await running.kill();
    running = await running.relaunch();
    page = await running.app.firstWindow();
  };
  const isOnline = () => page.getByLabel(/Connection: Online/).waitFor();
  /** Blocks a call and waits for its notification: that is what must not stand still. */
  const announces = async (ip: string): Promise<void> => {
    await httpCall(`${service.url}/v1/check`, { headers: { 'api-key': secret, 'x-forwarded-for': ip } });
    await session.waitForNotification(({ summary }) => summary === `Blocked: ${ip}`, 10_000);
  };

  it('keeps the token in the open keyring, and reads at the next start also one of an older version', async () => {
    await connectTo(page, service.url);
    await waitFor('the token to be kept', () => keptToken() !== null);
    expect(readFileSync(profilePath(), 'utf8')).not.toContain(OWNER_TOKEN);
    // What earlier versions wrote, in the main process itself.
    const older = await running.app.evaluate(
      // oxlint-disable-next-line typescript/no-deprecated -- what they had
      ({ safeStorage }, token) => safeStorage.encryptString(token).toString('base64'),
      OWNER_TOKEN,
    );
    await running.kill();
    writeFileSync(profilePath(), readFileSync(profilePath(), 'utf8').replace(keptToken() ?? '', older));
    await relaunch();
    await isOnline();
  });

  it('starts with a locked keyring: its windows answer, and nothing is lost when a person closes the review', async () => {
    await keyring.lock();
    await relaunch();
    await keyring.asks();
    await page.getByText('The key store of this desktop has not handed out the access token yet.').waitFor();
    // The main process goes on.
    await page.getByRole('button', { name: 'Authorized IPs', exact: false }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Authorized IPs' }).waitFor();
    await keyring.cancel();
    await page.getByText('The key store of this desktop is locked, with the access token in it.').waitFor();
    expect(keptToken()).not.toBeNull();
  });

  it('is online again once the keyring is unlocked, and announces', async () => {
    await page.getByRole('button', { name: 'Unlock' }).click();
    await keyring.asks();
    await keyring.unlock();
    await isOnline();
    await announces('203.0.113.7');
  });

  it('announces while the keyring asks for a new token, and offers to ask again', async () => {
    await keyring.lock();
    await connectTo(page, service.url);
    await keyring.asks();
    await announces('203.0.113.8');
    expect(keptToken()).toBeNull();
    await keyring.cancel();
    const banner = page.getByRole('alert').filter({ hasText: 'kept for this session only' });
    await banner.getByRole('button', { name: 'Try again' }).click();
    await keyring.asks();
    await keyring.unlock();
    await banner.waitFor({ state: 'detached' });
    await waitFor('the token to be kept', () => keptToken() !== null);
  });

  it('leaves no helper behind that waits for an answer', async () => {
    await keyring.lock();
    await connectTo(page, service.url);
    await keyring.asks();
    await running.quit();
    await keyring.isGone();
  });

  it('survives an exception that nobody caught, and says so', async () => {
    running = await running.relaunch();
    page = await running.app.firstWindow();
    await running.app.evaluate(() => {
      setTimeout(() => {
        throw new Error('thrown from a timer');
      }, 0);
    });
    await page.getByText('Gatehouse had an internal error').waitFor();
    const log = readFileSync(join(running.userDataFolder, 'logs', 'console.log'), 'utf8');
    expect(log).toContain('thrown from a timer');
    expect(running.output()).toContain('Gatehouse had an internal error and continues: thrown from a timer');
  });
});
