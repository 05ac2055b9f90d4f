import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent, Range } from '#shared/domain/entities';
import type { Bridge } from '#shared/ipc/derive';
import type { Outcome } from '#shared/ipc/failure';
import { launchConsole, type RunningConsole } from '#test/support/desktop/console-app';
import { linuxParts } from '#test/support/desktop/requirements';
import { goTo, keepScreenshot } from '#test/support/desktop/screens';
import { startDesktopSession, type DesktopSession } from '#test/support/desktop/session';
import { freePort } from '#test/support/service/nginx';
import { startServiceProcess, type ServiceProcess } from '#test/support/service/service-process';
import { httpCall, type Answer, type CallOptions } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const TOKEN = 'offline-token-0123456789';

interface BridgeScope {
  readonly gatehouse: Bridge;
}

const value = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
};

describe.skipIf(!linuxParts().ok)('edits without a service', () => {
  let session: DesktopSession;
  let running: RunningConsole;
  let page: Page;
  let service: ServiceProcess;
  const dataDir = makeTempDir('offline');
  let env: Record<string, string>;

  const api = (path: string, options: CallOptions = {}): Promise<Answer> =>
    httpCall(`${service.url}${path}`, { ...options, headers: { authorization: `Bearer ${TOKEN}` } });
  const ranges = async (): Promise<Range[]> =>
    ((await api('/v1/ranges?limit=1000')).json as { items: Range[] }).items;
  const add = async (cidr: string): Promise<unknown> =>
    value(
      await page.evaluate(
        (text) => (globalThis as unknown as BridgeScope).gatehouse.calls.ranges.add({ cidr: text }),
        cidr,
      ),
    );

  beforeAll(async () => {
    env = {
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: `127.0.0.1:${await freePort()}`,
      GATEHOUSE_OWNER_TOKEN: TOKEN,
      GATEHOUSE_OWNER_EMAIL: 'admin@example.com',
    };
    service = await startServiceProcess(env);
    await api('/v1/ranges', { body: { cidr: '203.0.113.0/24', label: 'Office' } });
    session = await startDesktopSession();
    running = await launchConsole({ session, env: { GATEHOUSE_EMBEDDED_LISTEN: '127.0.0.1:0' } });
    page = await running.app.firstWindow();
    await page.getByLabel(/Connection: Online/).waitFor();
    await goTo(page, 'Settings');
    await page.getByRole('button', { name: 'Connect to another service…' }).click();
    await page.getByRole('textbox', { name: 'Service address' }).fill(service.url);
    await page.getByLabel('Access token', { exact: true }).fill(TOKEN);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await goTo(page, 'Authorized IPs');
    await page.getByRole('row').filter({ hasText: '203.0.113.0/24' }).waitFor();
  });
  afterAll(async () => {
    await session.stop();
    await service.stop();
    removeTempDir(dataDir);
  });

  it('are shown at once, survive kill -9 of the app, and are applied once when the service is back', async () => {
    await service.stop();
    await page
      .getByText(/Offline since \d/)
      .first()
      .waitFor();
    // One by hand, four through the bridge that the window uses.
    await page.getByRole('button', { name: 'Remove 203.0.113.0/24' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove range' }).click();
    await page.getByRole('row').filter({ hasText: '203.0.113.0/24' }).waitFor({ state: 'detached' });
    const added = [1, 2, 3, 4].map((host) => `198.51.100.${host}/32`);
    for (const cidr of added) await add(cidr);
    for (const cidr of added) await page.getByRole('row').filter({ hasText: cidr }).waitFor();
    await page
      .getByText(/5 edits/)
      .first()
      .waitFor();
    await keepScreenshot(page, '24-offline-edits');

    await running.kill();
    service = await startServiceProcess(env);
    // Nothing has reached it yet.
    expect((await ranges()).map(({ cidr }) => cidr)).toEqual(['203.0.113.0/24']);
    running = await running.relaunch();
    page = await running.app.firstWindow();
    // Without a key store the token was kept for the session only; the edits wait for a new one.
    await page.getByRole('button', { name: 'Enter a new token', exact: true }).click();
    await page.getByLabel('Access token', { exact: true }).fill(TOKEN);
    await page.getByRole('button', { name: 'Use this token' }).click();
    await waitFor('the edits to be applied', async () => (await ranges()).length === added.length);
    expect((await ranges()).map(({ cidr }) => cidr).sort()).toEqual(added);

    const audit = ((await api('/v1/audit?limit=1000')).json as { items: AuditEvent[] }).items;
    const operations = audit.flatMap(({ operationId }) => operationId ?? []);
    expect(operations).toHaveLength(5);
    expect(new Set(operations).size).toBe(5);
    await goTo(page, 'Authorized IPs');
    for (const cidr of added) await page.getByRole('row').filter({ hasText: cidr }).waitFor();
    await page
      .getByText(/5 edits/)
      .first()
      .waitFor({ state: 'detached' });
    await goTo(page, 'Activity');
    await page.getByRole('row').filter({ hasText: 'Removed 203.0.113.0/24 (Office)' }).first().click();
    await page.getByRole('complementary').waitFor();
    await keepScreenshot(page, '28-activity');
    await page.emulateMedia({ colorScheme: 'dark' });
    await keepScreenshot(page, '29-activity-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await goTo(page, 'Settings');
    await page.getByLabel('Keep at most').scrollIntoViewIfNeeded();
    await keepScreenshot(page, '34-settings-local-log');
  });

  it('that met those of a second administrator are shown beside theirs, and kept as chosen', async () => {
    const [range] = await ranges();
    if (range === undefined) throw new Error('no range');
    await service.stop();
    await page
      .getByText(/Offline since \d/)
      .first()
      .waitFor();
    value(
      await page.evaluate(
        (target) =>
          (globalThis as unknown as BridgeScope).gatehouse.calls.ranges.update({
            rangeId: target.id,
            version: target.version,
            changes: { label: 'Mine' },
          }),
        range,
      ),
    );
    // Somebody else is faster: the console comes back only after their edit.
    service = await startServiceProcess({ ...env, GATEHOUSE_LISTEN: '127.0.0.1:0' });
    await api(`/v1/ranges/${range.id}`, { method: 'PATCH', body: { label: 'Theirs' } });
    await service.stop();
    service = await startServiceProcess(env);
    await page.getByRole('button', { name: 'Show edits' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Theirs').first().waitFor();
    await keepScreenshot(page, '25-conflict');
    // Another edit in its place: the form starts with mine, and is given up again.
    await dialog.getByRole('button', { name: /^Edit…/ }).click();
    expect(await dialog.getByRole('textbox', { name: 'Label' }).inputValue()).toBe('Mine');
    await keepScreenshot(page, '26-conflict-edit');
    await page.emulateMedia({ colorScheme: 'dark' });
    await keepScreenshot(page, '27-conflict-edit-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('button', { name: /^Keep mine/ }).click();
    await waitFor('my label to be kept', async () =>
      (await ranges()).some(({ id, label }) => id === range.id && label === 'Mine'),
    );
  });

  it('are kept when the app ends, which says so', async () => {
    await page.keyboard.press('Escape');
    await service.stop();
    await page
      .getByText(/Offline since \d/)
      .first()
      .waitFor();
    await add('192.0.2.200');
    expect(await running.quit()).toBe(0);
    await session.waitForNotification(({ summary }) => summary === 'One edit is not sent yet', 10_000);
  });
});
