import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#shared/durations';
import { AttemptStore } from '#electron/core/store/attempts';
import { ACCOUNT_MIGRATIONS } from '#electron/core/store/migrations';
import { openDatabase } from '#electron/core/store/open-database';
import { makeAttempt } from '#test/support/console/builders';
import { startRemoteDesktop, type RemoteDesktop } from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { goTo, keepScreenshot } from '#test/support/desktop/screens';
import { waitFor } from '#test/support/wait-for';

const ROWS = 30_000;
const ADDRESSES = 300;
const COUNTRIES = ['DE', 'SG', 'GI'];

describe.skipIf(!linuxParts().ok)('a big log without a service', () => {
  let desktop: RemoteDesktop;

  /** Puts rows into the open console's store, as weeks of calls would have: every tenth is blocked. */
  const fill = (): void => {
    const accounts = join(desktop.running.userDataFolder, 'accounts');
    const [account] = readdirSync(accounts);
    const file = join(accounts, account ?? '', 'store.sqlite');
    const { database } = openDatabase(file, ACCOUNT_MIGRATIONS, 0);
    const store = new AttemptStore(database, () => 2 * ROWS);
    const startMs = Date.now() - ROWS * MINUTE_MS - HOUR_MS;
    database.transaction(() => {
      for (let number = 0; number < ROWS; number += 1) {
        const firstMs = startMs + number * MINUTE_MS;
        const at = new Date(firstMs).toISOString();
        const host = number % ADDRESSES;
        const isBlocked = number % 10 === 0;
        store.put(
          makeAttempt({
            id: ulid(firstMs),
            ip: `10.0.${host >> 8}.${host & 255}`,
            keyId: desktop.keyId,
            verdict: isBlocked ? 'blocked' : 'allowed',
            reason: isBlocked ? 'unknown' : 'authorized',
            firstAt: at,
            lastAt: at,
            path: number === 17 ? '/needle' : '/orders',
            asn: 64_500 + (host % 7),
            country: COUNTRIES[host % COUNTRIES.length] ?? null,
          }),
          1,
        );
      }
    });
    database.close();
  };

  beforeAll(async () => {
    desktop = await startRemoteDesktop();
    await desktop.stopService();
    await desktop.page
      .getByText(/Offline since \d/)
      .first()
      .waitFor();
    fill();
    await goTo(desktop.page, 'Log');
  });
  afterAll(() => desktop.stop());

  it('is counted, filtered, grouped and scrolled from this computer', async () => {
    const { page } = desktop;
    await page.getByText('30,000 rows on this computer').waitFor();
    await page.getByRole('img', { name: /27,000 calls allowed, 3,000 blocked/ }).waitFor();

    await page.getByLabel('Search in the log').fill('needle');
    await page.getByText('1 row on this computer').waitFor();
    await page.getByRole('row').filter({ hasText: '10.0.0.17' }).waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();

    await page.getByText('Addresses', { exact: true }).click();
    const groups = page.getByRole('grid', { name: 'Addresses, the most calls first' });
    await groups.getByRole('row').filter({ hasText: '10.0.0.5' }).first().click();
    await page.getByText('100 rows on this computer').waitFor();
    await page.getByText('Blocked', { exact: true }).first().click();
    await page.getByRole('heading', { name: 'No attempt fits these filters' }).waitFor();
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByText('30,000 rows on this computer').waitFor();
    await keepScreenshot(page, '31-big-log');

    // Far down the first pages are not in memory any more, and come back on the way up.
    const grid = page.getByRole('grid', { name: 'Attempts, newest first' });
    const rowAt = (index: number) => grid.locator(`[aria-rowindex="${index + 2}"]`);
    const first = await rowAt(0).textContent();
    const scrollTo = (index: number): Promise<boolean> =>
      waitFor(`row ${index}`, async () => {
        await grid.evaluate((element, row) => element.scrollTo({ top: row * 34 }), index);
        return (await rowAt(index).count()) > 0;
      });
    for (let index = 150; index <= 3_000; index += 150) await scrollTo(index);
    await keepScreenshot(page, '32-big-log-far-down');
    await scrollTo(0);
    expect(await rowAt(0).textContent()).toBe(first);
  });

  it('is narrowed to a time by dragging over the timeline, and to a country on the map', async () => {
    const { page } = desktop;
    const timeline = page.getByRole('slider', { name: 'Choose a time' });
    const box = await timeline.boundingBox();
    if (box === null) throw new Error('The timeline is not shown.');
    await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
    const chosen = await timeline.getAttribute('aria-valuetext');
    await keepScreenshot(page, '33-big-log-brushed');
    await page.mouse.up();
    const [, time = '', allowed = '', blocked = ''] =
      /^(.* – .*): ([\d,]+) calls allowed, ([\d,]+) blocked$/.exec(chosen ?? '') ?? [];
    await page.getByRole('button', { name: `Time: ${time}` }).waitFor();
    const [rows = 0, ofThem = 0] = [allowed, blocked].map((text) => Number(text.replaceAll(',', '')));
    expect(rows + ofThem).toBeGreaterThan(ROWS / 5);
    expect(rows + ofThem).toBeLessThan(ROWS / 3);
    await page.getByText(`${(rows + ofThem).toLocaleString('en')} rows on this computer`).waitFor();
    await page
      .getByRole('img', { name: `${allowed} calls allowed, ${blocked} blocked` })
      .waitFor({ timeout: 5_000 });

    await page.getByText('Map', { exact: true }).click();
    const map = page.getByRole('group', { name: 'Calls by country' });
    await map.getByRole('button', { name: /^Gibraltar: [\d,]+ calls/ }).waitFor();
    const mark = map.getByRole('button', { name: /^Singapore: [\d,]+ calls, [\d,]+ blocked$/ });
    await mark.hover();
    await page.getByRole('tooltip').waitFor();
    await keepScreenshot(page, '34-big-log-map');
    const [calls = ''] = /[\d,]+/.exec((await mark.getAttribute('aria-label')) ?? '') ?? [];
    await mark.press('Enter');
    await page.getByText(`${calls} rows on this computer`).waitFor();
    await page.getByRole('button', { name: 'Country Singapore: show any' }).waitFor();

    await timeline.press('Escape');
    await page.getByRole('button', { name: 'Time: Any time' }).waitFor();
    await page.getByText('10,000 rows on this computer').waitFor();
  });

  it('is narrowed down by facets, goes back, is saved under a name and exported', async () => {
    const { page, running } = desktop;
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByText('30,000 rows on this computer').waitFor();
    const toggle = page.getByRole('button', { name: 'Narrow down' });
    if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click();
    const facet = (name: string) => page.getByRole('group', { name, exact: true });
    await facet('Country').getByRole('button', { name: 'Germany 10,000' }).click();
    await page.getByText('10,000 rows on this computer').waitFor();
    await facet('Verdict').getByRole('button', { name: 'Blocked 1,000' }).click();
    await page.getByText('1,000 rows on this computer').waitFor();
    await facet('Country').getByRole('button', { name: 'Singapore 1,000' }).waitFor();
    await keepScreenshot(page, '35-big-log-facets');

    await page.getByRole('button', { name: 'Saved views' }).click();
    await page.getByLabel('Save what is shown as').fill('Blocked from Germany');
    await page.getByLabel('Save what is shown as').press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Alt+ArrowLeft');
    await page.getByText('10,000 rows on this computer').waitFor();
    await page.keyboard.press('Alt+ArrowLeft');
    await page.getByText('30,000 rows on this computer').waitFor();
    await page.getByRole('button', { name: 'Saved views' }).click();
    await page.getByRole('button', { name: 'Blocked from Germany', exact: true }).click();
    await page.getByText('1,000 rows on this computer').waitFor();

    const path = join(running.userDataFolder, 'blocked.csv');
    await running.app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, path);
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: /^CSV/ }).click();
    await page.getByText(`1,000 rows of this computer were written to ${path}.`).waitFor();
    const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\r\n');
    expect(header?.split(',')).toContain('userAgent');
    expect(lines).toHaveLength(1_000);
    expect(lines.every((line) => line.includes(',blocked,unknown,') && line.includes(',DE,'))).toBe(true);

    await page.getByRole('row').filter({ hasText: '10.0.' }).first().click();
    await page.getByRole('region', { name: 'All calls of this address' }).waitFor();
    await page.getByText('Only the service can say it, and it is not reachable.').waitFor();
    await keepScreenshot(page, '36-big-log-row');
  });
});
