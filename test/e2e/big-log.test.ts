import { readdirSync } from 'node:fs';
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
});
