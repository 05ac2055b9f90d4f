import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchConsole, type RunningConsole } from '#test/support/desktop/console-app';
import { linuxParts } from '#test/support/desktop/requirements';
import { goTo, keepScreenshot } from '#test/support/desktop/screens';
import { startDesktopSession, type DesktopSession } from '#test/support/desktop/session';
import { freePort } from '#test/support/service/nginx';
import { startServiceProcess, type ServiceProcess } from '#test/support/service/service-process';
import { httpCall } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const TOKEN = 'bad-days-token-0123456789';

describe.skipIf(!linuxParts().ok)('on bad days the console', () => {
  let session: DesktopSession;
  let running: RunningConsole;
  let page: Page;
  let service: ServiceProcess;
  const dataDir = makeTempDir('bad-days');
  let env: Record<string, string>;

  beforeAll(async () => {
    env = {
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: `127.0.0.1:${await freePort()}`,
      GATEHOUSE_OWNER_TOKEN: TOKEN,
      GATEHOUSE_OWNER_EMAIL: 'admin@example.com',
    };
    service = await startServiceProcess(env);
    await httpCall(`${service.url}/v1/ranges`, {
      body: { cidr: '203.0.113.0/24', label: 'Office' },
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    session = await startDesktopSession();
    running = await launchConsole({ session, env: { GATEHOUSE_EMBEDDED_LISTEN: '127.0.0.1:0' } });
    page = await running.app.firstWindow();
    await page.getByLabel(/Connection: Online/).waitFor();
  });
  afterAll(async () => {
    await session.stop();
    await service.stop();
    removeTempDir(dataDir);
  });

  const connect = async (url: string, token: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Service address' }).fill(url);
    await page.getByLabel('Access token', { exact: true }).fill(token);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
  };
  const officeRow = () => page.getByRole('row').filter({ hasText: '203.0.113.0/24' });

  it('names the field that is wrong when it is connected elsewhere, and keeps the old connection', async () => {
    await goTo(page, 'Settings');
    await page.getByRole('button', { name: 'Add an account…' }).click();
    await connect('not a url', TOKEN);
    await page
      .getByRole('textbox', { name: 'Service address' })
      .and(page.locator('[aria-invalid="true"]'))
      .waitFor();
    await connect(`http://127.0.0.1:${await freePort()}`, TOKEN);
    await page.getByText(/Nothing answers at 127/).waitFor();
    await connect(service.url, 'a-wrong-token-0123456789');
    await page.getByText('The service does not accept this token.').waitFor();
    await keepScreenshot(page, '20-wrong-token');
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.getByLabel(/Connection: Online\..* This computer/).waitFor({ state: 'attached' });
  });

  it('connects once everything is right, and shows what that service has', async () => {
    await page.getByRole('button', { name: 'Add an account…' }).click();
    await connect(service.url, TOKEN);
    await goTo(page, 'Authorized IPs');
    await officeRow().waitFor();
    await page.getByText('Office').first().waitFor();
  });

  it('says since when the service is unreachable, keeps showing the list, and keeps an edit that can be undone', async () => {
    await service.stop();
    await page
      .getByText(/Offline since \d/)
      .first()
      .waitFor();
    expect(await officeRow().count()).toBe(1);
    await page.getByRole('button', { name: 'Remove 203.0.113.0/24' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove range' }).click();
    await page.getByText('203.0.113.0/24 is removed as soon as the service answers.').waitFor();
    await officeRow().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Show changes' }).click();
    await keepScreenshot(page, '21-unreachable');
    await page.getByRole('dialog').getByRole('button', { name: /^Undo/ }).click();
    await page.getByText('Everything is with the service.').waitFor();
    await page.keyboard.press('Escape');
    await officeRow().waitFor();
  });

  it('comes back by itself when the service does', async () => {
    service = await startServiceProcess(env);
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByLabel(/Connection: Online/).waitFor();
    expect(await officeRow().count()).toBe(1);
  });

  it('says so when the token stops being right, and goes on with a new one', async () => {
    // Without a key store the token lasts for the session; the next start has none.
    await running.quit();
    running = await running.relaunch();
    page = await running.app.firstWindow();
    await page.getByText('The access token was kept for the last session only.').waitFor();
    await keepScreenshot(page, '22-token-needed');
    await page.getByRole('button', { name: 'Enter a new token', exact: true }).click();
    await page.getByLabel('Access token', { exact: true }).fill(TOKEN);
    await page.getByRole('button', { name: 'Use this token' }).click();
    await page.getByLabel(/Connection: Online/).waitFor();
  });

  it('sets damaged settings aside with a message, and has everything again', async () => {
    await running.quit();
    const store = readdirSync(running.userDataFolder).find((name) => name === 'gatehouse.sqlite');
    expect(store).toBeDefined();
    const damage = 'not a database, but somebody may want to look at it';
    writeFileSync(join(running.userDataFolder, 'gatehouse.sqlite'), damage);
    running = await running.relaunch();
    page = await running.app.firstWindow();
    await page
      .getByText(/set aside/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Enter a new token', exact: true }).click();
    await page.getByLabel('Access token', { exact: true }).fill(TOKEN);
    await page.getByRole('button', { name: 'Use this token' }).click();
    await goTo(page, 'Authorized IPs');
    await officeRow().waitFor();
    await keepScreenshot(page, '23-store-set-aside');
    const aside = readdirSync(running.userDataFolder).filter((name) => name.startsWith('gatehouse.damaged-'));
    expect(aside.map((name) => readFileSync(join(running.userDataFolder, name), 'utf8'))).toEqual([damage]);
  });
});
