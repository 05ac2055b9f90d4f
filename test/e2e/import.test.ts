import { readFileSync, writeFileSync } from 'node:fs';
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

  it('may come from elsewhere, replaces what came before, and is exported', async () => {
    const { page, running } = desktop;
    await goTo(page, 'Authorized IPs');
    const drop = async (text: string): Promise<void> => {
      const transfer = await page.evaluateHandle((content) => {
        const data = new DataTransfer();
        data.items.add(new File([content], 'offices.conf'));
        return data;
      }, text);
      await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
      await page.getByText('Drop the list to import it').waitFor();
      await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    };
    const dialog = page.getByRole('dialog', { name: 'Import ranges' });
    const importDropped = async (button: string): Promise<void> => {
      await dialog.getByText(/^offices\.conf/).waitFor();
      await dialog.getByLabel('Label', { exact: true }).fill('Offices');
      await dialog.getByLabel(/Remove what the last import/).check();
      await keepScreenshot(page, '44-import-options');
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await dialog.getByText('Recognized as rules of nginx.').waitFor();
      await keepScreenshot(page, '45-import-nginx');
      await dialog.getByRole('button', { name: button }).click();
      await dialog.getByRole('status').waitFor();
      await dialog.getByRole('button', { name: 'Done' }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    await drop('allow 192.0.2.0/25;\nallow 192.0.2.128/25;\ndeny 198.51.100.7;\ndeny all;\n');
    await importDropped('Import 3 new lines');
    await drop('allow 192.0.2.0/25;\ndeny 198.51.100.7;\n');
    await importDropped('Remove 1 range');
    const ranges = (await desktop.api('/v1/ranges?q=Offices')).json as { items: { cidr: string }[] };
    expect(ranges.items.map(({ cidr }) => cidr).sort()).toEqual(['192.0.2.0/25', '198.51.100.7/32']);

    const saved = join(dir, 'list.csv');
    await running.app.evaluate(({ dialog: dialogs }, filePath) => {
      dialogs.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, saved);
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('button', { name: 'Save as…' }).click();
    await page.getByText(`The list is saved in ${saved}.`).waitFor();
    await keepScreenshot(page, '46-export-done');
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
    expect(readFileSync(saved, 'utf8')).toContain('198.51.100.7/32,deny,Offices,');
  });

  it('is shown before it is imported, by outcome and a page at a time', async () => {
    const { page } = desktop;
    const lines = Array.from(
      { length: LINES },
      (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255},Host ${n}`,
    );
    lines[4] = '20.1.2.3,Office,20.4.5.6';
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
    await dialog.getByText(/“20\.4\.5\.6” is a second range in the line/).waitFor();
    await keepScreenshot(page, '41-import-errors');
    await dialog.getByText(/^Notes /).click();
    await dialog
      .getByText(/10\.1\.0\.0\/16 is denied/)
      .first()
      .waitFor();
    await keepScreenshot(page, '42-import-notes');

    await dialog.getByRole('button', { name: /^Import / }).click();
    await dialog.getByText(/lines added\./).waitFor({ timeout: 100_000 });
    await keepScreenshot(page, '43-import-done');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'detached' });
  });
});
