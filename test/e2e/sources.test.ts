import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRemoteDesktop, type RemoteDesktop } from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { goTo, keepScreenshot } from '#test/support/desktop/screens';
import { startListServer, type ListServer } from '#test/support/service/list-server';
import { waitFor } from '#test/support/wait-for';

const SOON_MS = 10_000;
const OFFICE = '203.0.113.9';
const WAREHOUSE = '198.51.100.9';

describe.skipIf(!linuxParts().ok)('a partner’s list that keeps itself', () => {
  let desktop: RemoteDesktop;
  let server: ListServer;
  let source: Locator;

  beforeAll(async () => {
    server = await startListServer();
    desktop = await startRemoteDesktop({ serviceEnv: { GATEHOUSE_SOURCE_PRIVATE: 'on' } });
    source = desktop.page.getByRole('listitem', { name: /^Partner/ });
  });
  afterAll(async () => {
    await desktop.stop();
    await server.close();
  });

  const statusOf = async (ip: string): Promise<number> => (await desktop.call(ip)).status;
  const answers = (ip: string, status: number): Promise<boolean> =>
    waitFor(`${ip} to be answered ${status}`, async () => (await statusOf(ip)) === status);

  const openSources = async (): Promise<void> => {
    await goTo(desktop.page, 'Authorized IPs');
    await desktop.page.getByRole('tab', { name: /^Sources/ }).click();
  };

  it('is enforced, follows the list, and becomes much smaller only when somebody says so', async () => {
    const { page, session } = desktop;
    server.list('203.0.113.0/24\n198.51.100.0/24\n192.0.2.0/26\n192.0.2.64/26\n');
    await openSources();
    await page.getByRole('button', { name: 'Add source' }).click();
    const form = page.getByRole('dialog', { name: 'Add a source' });
    await form.getByLabel('What it reads').selectOption('A list at an address');
    await form.getByLabel('Address of the list').fill(server.url);
    await form.getByLabel('Label', { exact: true }).fill('Partner');
    await keepScreenshot(page, '47-source-form');
    await form.getByRole('button', { name: 'Add source' }).click();
    await source.getByText('Up to date').waitFor();
    await source.getByText(/authorizes 4 ranges/).waitFor();
    expect(await statusOf(OFFICE)).toBe(200);
    expect(await statusOf(WAREHOUSE)).toBe(200);

    server.list('203.0.113.0/24\n192.0.2.0/26\n192.0.2.64/26\n');
    await source.getByRole('button', { name: 'Read now: Partner' }).click();
    await source.getByText(/1 dropped \(198\.51\.100\.0\/24\)/).waitFor();
    await keepScreenshot(page, '48-source-read');
    await answers(WAREHOUSE, 401);
    expect(await statusOf(OFFICE)).toBe(200);

    server.list('203.0.113.0/24\n');
    await source.getByRole('button', { name: 'Read now: Partner' }).click();
    await source.getByText('Became much smaller').waitFor();
    await keepScreenshot(page, '49-source-smaller');
    expect(await statusOf('192.0.2.9')).toBe(200);
    await page.getByRole('tab', { name: /^Authorized/ }).click();
    await goTo(page, 'Overview');
    await page.getByText(/^Partner became much smaller/).waitFor();
    const shown = await session.waitForNotification(
      ({ summary }) => summary === 'Partner became much smaller',
      SOON_MS,
    );
    expect(shown.body).toContain('Its earlier ranges stay.');
    await session.invokeAction(shown.id, 'default');
    await source.getByRole('button', { name: 'Take it all the same: Partner' }).click();
    await source.getByText('Up to date').waitFor();
    await answers('192.0.2.9', 401);
    expect(await statusOf(OFFICE)).toBe(200);
  });

  it('is relabelled with its ranges, and asks before it goes with whom it lets in', async () => {
    const { page } = desktop;
    await source.getByRole('button', { name: 'Edit Partner' }).click();
    const form = page.getByRole('dialog', { name: 'Edit the source' });
    await form.getByLabel('Label', { exact: true }).fill('Partner in Lyon');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: /^Authorized/ }).click();
    await page.getByRole('row', { name: /203\.0\.113\.0\/24.*Partner in Lyon/ }).waitFor();
    await keepScreenshot(page, '50-source-ranges');

    await openSources();
    await source.getByRole('button', { name: 'Remove Partner in Lyon' }).click();
    await page
      .getByRole('dialog', { name: 'Remove the source Partner in Lyon?' })
      .getByRole('button', { name: 'Remove source' })
      .click();
    const question = page.getByRole('dialog', { name: /would be blocked/ });
    await question.getByText(OFFICE).waitFor();
    await keepScreenshot(page, '51-source-impact');
    expect(await statusOf(OFFICE)).toBe(200);
    await question.getByRole('button', { name: 'Apply anyway' }).click();
    await page.getByText('No sources yet').waitFor();
    await answers(OFFICE, 401);
  });
});
