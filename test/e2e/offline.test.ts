import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent, Effect, Range } from '#shared/domain/entities';
import {
  startRemoteDesktop,
  valueOf,
  type BridgeScope,
  type RemoteDesktop,
} from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { goTo, keepScreenshot } from '#test/support/desktop/screens';
import { waitFor } from '#test/support/wait-for';

describe.skipIf(!linuxParts().ok)('edits without a service', () => {
  let desktop: RemoteDesktop;

  const ranges = async (): Promise<Range[]> =>
    ((await desktop.api('/v1/ranges?limit=1000')).json as { items: Range[] }).items;
  const add = async (cidr: string, effect: Effect = 'authorize'): Promise<unknown> =>
    valueOf(
      await desktop.page.evaluate(
        (request) => (globalThis as unknown as BridgeScope).gatehouse.call('ranges', 'add', request),
        { cidr, effect },
      ),
    );
  const goOffline = async (): Promise<void> => {
    await desktop.stopService();
    await desktop.page
      .getByText(/Offline since \d/)
      .first()
      .waitFor();
  };

  beforeAll(async () => {
    desktop = await startRemoteDesktop();
    await desktop.api('/v1/ranges', { body: { cidr: '203.0.113.0/24', label: 'Office' } });
    await goTo(desktop.page, 'Authorized IPs');
    await desktop.page.getByRole('row').filter({ hasText: '203.0.113.0/24' }).waitFor();
  });
  afterAll(() => desktop.stop());

  it('are shown at once, survive kill -9 of the app, and are applied once when the service is back', async () => {
    let { page } = desktop;
    await goOffline();
    // One by hand, four through the bridge that the window uses.
    await page.getByRole('button', { name: 'Remove 203.0.113.0/24' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove range' }).click();
    await page.getByRole('row').filter({ hasText: '203.0.113.0/24' }).waitFor({ state: 'detached' });
    const added = [1, 2, 3, 4].map((host) => `198.51.100.${host}/32`);
    for (const cidr of added) await add(cidr);
    for (const cidr of added) await page.getByRole('row').filter({ hasText: cidr }).waitFor();
    await page
      .getByText(/5 changes/)
      .first()
      .waitFor();
    await keepScreenshot(page, '24-offline-edits');

    await desktop.running.kill();
    await desktop.startService();
    // Nothing has reached it yet.
    expect((await ranges()).map(({ cidr }) => cidr)).toEqual(['203.0.113.0/24']);
    // Without a key store the token was kept for the session only; the edits wait for a new one.
    await desktop.relaunch('kill');
    ({ page } = desktop);
    await waitFor('the edits to be applied', async () => (await ranges()).length === added.length);
    expect((await ranges()).map(({ cidr }) => cidr).sort()).toEqual(added);

    const audit = ((await desktop.api('/v1/audit?limit=1000')).json as { items: AuditEvent[] }).items;
    const operations = audit.flatMap(({ operationId }) => operationId ?? []);
    expect(operations).toHaveLength(5);
    expect(new Set(operations).size).toBe(5);
    await goTo(page, 'Authorized IPs');
    for (const cidr of added) await page.getByRole('row').filter({ hasText: cidr }).waitFor();
    await page
      .getByText(/5 changes/)
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
    const { page } = desktop;
    const [range] = await ranges();
    if (range === undefined) throw new Error('no range');
    await goOffline();
    valueOf(
      await page.evaluate(
        (target) =>
          (globalThis as unknown as BridgeScope).gatehouse.call('ranges', 'update', {
            rangeId: target.id,
            version: target.version,
            changes: { label: 'Mine' },
          }),
        range,
      ),
    );
    // Somebody else is faster: the console comes back only after their edit.
    await desktop.startService('elsewhere');
    await desktop.api(`/v1/ranges/${range.id}`, { method: 'PATCH', body: { label: 'Theirs' } });
    await desktop.stopService();
    await desktop.startService();
    await page.getByRole('button', { name: 'Show changes' }).click();
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

  it('made in the form of a range are shown at once, and arrive as they were typed', async () => {
    const { page } = desktop;
    await page.keyboard.press('Escape');
    await goTo(page, 'Authorized IPs');
    const before = (await ranges()).find(({ label }) => label === 'Mine');
    if (before === undefined) throw new Error('no range');
    await goOffline();
    await page.getByRole('button', { name: `Edit ${before.cidr}` }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit range' });
    await dialog.getByRole('textbox', { name: 'Label' }).fill('Head office');
    await dialog.getByLabel('Expires').selectOption({ label: 'At a time of my own…' });
    await dialog.getByLabel('Expires at').fill('2031-05-06T07:08');
    await keepScreenshot(page, '40-edit-range');
    await page.emulateMedia({ colorScheme: 'dark' });
    await keepScreenshot(page, '41-edit-range-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row').filter({ hasText: before.cidr }).filter({ hasText: 'Head office' }).waitFor();
    await desktop.startService();
    const after = await waitFor('the edit to be applied', async () =>
      (await ranges()).find(({ id, version }) => id === before.id && version > before.version),
    );
    expect(after).toEqual({
      ...before,
      label: 'Head office',
      expiresAt: new Date('2031-05-06T07:08').toISOString(),
      version: before.version + 1,
    });
  });

  it('and those that would block whom the log let in ask first, with the addresses', async () => {
    const { page } = desktop;
    await page.keyboard.press('Escape');
    await desktop.api('/v1/ranges', { body: { cidr: '192.0.2.0/24', label: 'Plant' } });
    expect((await desktop.call('192.0.2.7')).status).toBe(200);
    const question = page.getByRole('dialog', { name: '1 address that called lately would be blocked' });
    await add('192.0.2.7', 'deny');
    await question.getByText('192.0.2.7', { exact: true }).waitFor();
    await keepScreenshot(page, '42-would-block');
    await question.getByRole('button', { name: 'Leave it' }).click();
    await question.waitFor({ state: 'detached' });
    expect((await desktop.call('192.0.2.7')).status).toBe(200);
    await add('192.0.2.7', 'deny');
    await question.getByRole('button', { name: 'Apply anyway' }).click();
    await waitFor('the denial to be enforced', async () => (await desktop.call('192.0.2.7')).status === 401);
    await question.waitFor({ state: 'detached' });
  });

  it('are kept when the app ends, which says so', async () => {
    const { page } = desktop;
    await page.keyboard.press('Escape');
    await goOffline();
    await add('192.0.2.200');
    expect(await desktop.running.quit()).toBe(0);
    await desktop.session.waitForNotification(
      ({ summary }) => summary === 'One change is not sent yet',
      10_000,
    );
  });
});
