import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RemoteDesktop, startRemoteDesktop } from '#test/support/desktop/remote-desktop';
import { goTo, keepScreenshot, resizeTo } from '#test/support/desktop/screens';
import { waitFor } from '#test/support/wait-for';

/** Addresses of these countries in the data that come with the service. */
const FRANCE = '92.150.169.145';
const SPAIN = '80.58.10.63';
const VIETNAM = '14.185.37.196';

const SIZES = [
  [900, 700],
  [1280, 800],
  [1920, 1080],
  [2560, 1440],
] as const;

let desktop: RemoteDesktop;

beforeAll(async () => {
  desktop = await startRemoteDesktop();
  await desktop.api('/v1/ranges', { body: { cidr: `${FRANCE}/32`, label: 'Paris' } });
  for (const ip of [FRANCE, FRANCE, FRANCE, SPAIN, VIETNAM]) await desktop.call(ip);
});
afterAll(() => desktop.stop());

const findings = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      rules: { 'label-content-name-mismatch': { enabled: true } },
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
  });
};

const shownRows = (page: Page): Promise<readonly string[]> =>
  page
    .getByRole('grid', { name: 'Attempts, newest first' })
    .getByRole('row')
    .filter({ hasNot: page.getByRole('columnheader') })
    .allTextContents();

describe('the overview', () => {
  it('is where the console opens, and shows calls of a moment ago from where they came', async () => {
    const { page } = desktop;
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Overview');
    await page.getByRole('button', { name: /^Vietnam: 1 call, 1 blocked$/ }).waitFor();
    await page.getByRole('button', { name: /^France: 3 calls, 0 blocked$/ }).waitFor();
    await page.getByRole('button', { name: '2 blocked', exact: true }).waitFor();
    await page.getByRole('button', { name: /^2 open reviews/ }).waitFor();
  });

  it.each([
    ['a country', /^France: /, [FRANCE]],
    ['an address', new RegExp(`^${SPAIN}: 1 call`), [SPAIN]],
    ['a new address', new RegExp(`^${VIETNAM}, `), [VIETNAM]],
    ['the blocked calls', /^2 blocked$/, [VIETNAM, SPAIN]],
  ] as const)('leads with %s to these calls in the log', async (_what, name, ips) => {
    const { page } = desktop;
    await goTo(page, 'Overview');
    await page.getByRole('button', { name }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Log' }).waitFor();
    await waitFor('the rows of these calls alone', async () => {
      const rows = await shownRows(page);
      return rows.length === ips.length && ips.every((ip, index) => rows[index]?.includes(ip));
    });
  });

  it.each(['light', 'dark'] as const)(
    'uses each size of a window, and axe finds nothing (%s)',
    async (scheme) => {
      const { page, running } = desktop;
      await goTo(page, 'Overview');
      await page.emulateMedia({ colorScheme: scheme });
      for (const [width, height] of SIZES) {
        await resizeTo(running.app, width, height);
        await waitFor('the new size', () => page.evaluate((wide) => window.innerWidth === wide, width));
        await page.getByRole('group', { name: 'Calls by country' }).waitFor();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        expect(await findings(page)).toEqual([]);
        await keepScreenshot(page, `60-overview-${width}-${scheme}`);
      }
    },
  );

  it('goes on without the service, as of the last sync', async () => {
    const { page } = desktop;
    await desktop.stopService();
    await page.getByText(/^All calls since .+, as of \d\d:\d\d\.$/).waitFor();
    await page.getByRole('button', { name: /^France: 3 calls/ }).waitFor();
    await desktop.startService();
  });
});
