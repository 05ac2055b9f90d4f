import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRemoteDesktop, type RemoteDesktop } from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { goTo, keepScreenshot } from '#test/support/desktop/screens';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const LINES = 100_000;

describe.skipIf(!linuxParts().ok)('a list of 100,000 lines', () => {
  let desktop: RemoteDesktop;
  let dir: string;

  beforeAll(async () => {
    dir = makeTempDir('import');
    desktop = await startRemoteDesktop();
    await desktop.api('/v1/ranges', { body: { cidr: '10.0.0.0/24', label: 'Office' } });
    await desktop.api('/v1/ranges', { body: { cidr: '10.1.0.0/16', effect: 'deny' } });
  });
  afterAll(async () => {
    await desktop.stop();
    removeTempDir(dir);
  });

  it('is shown before it is imported, by outcome and a page at a time', async () => {
    const { page } = desktop;
    const lines = Array.from(
      { length: LINES },
      (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255},Host ${n}`,
    );
    lines[4] = '20.1.2.3, 20.4.5.6';
    lines[70_000] = '10.2.3.4/29,Warehouse';
    const file = join(dir, 'hosts.csv');
    writeFileSync(file, lines.join('\n'));

    await goTo(page, 'Authorized IPs');
    await page.getByRole('button', { name: 'Import…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import ranges' });
    await page.locator('input[type=file]').setInputFiles(file);
    await dialog.getByText(/^hosts\.csv/).waitFor();
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog.getByText('All 100,000').waitFor();
    expect(await dialog.getByRole('row').count()).toBeLessThan(100);
    await keepScreenshot(page, '40-import-preview');
    await dialog.getByText('Errors 1', { exact: true }).click();
    await dialog.getByText('10.0.0.0,Host 0', { exact: true }).waitFor({ state: 'detached' });
    await dialog.getByText(/“20\.4\.5\.6” stands where the label should be/).waitFor();
    await keepScreenshot(page, '41-import-errors');
    await dialog.getByText(/^Notes /).click();
    await dialog
      .getByText(/10\.1\.0\.0\/16 is denied/)
      .first()
      .waitFor();
    await keepScreenshot(page, '42-import-notes');

    await dialog.getByRole('button', { name: /^Authorize / }).click();
    await dialog.getByText(/lines added\./).waitFor({ timeout: 100_000 });
    await keepScreenshot(page, '43-import-done');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'detached' });
  });
});
