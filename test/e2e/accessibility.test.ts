import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RemoteDesktop, startRemoteDesktop } from '#test/support/desktop/remote-desktop';
import { goTo, resizeTo, type ScreenName } from '#test/support/desktop/screens';
import { httpCall } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

let desktop: RemoteDesktop;

beforeAll(async () => {
  desktop = await startRemoteDesktop();
  const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0';
  for (const ip of ['203.0.113.9', LONGEST_ADDRESS]) {
    await httpCall(`${desktop.service.url}/v1/check`, {
      headers: { 'api-key': desktop.secret, 'x-forwarded-for': ip, 'user-agent': agent },
    });
  }
  for (const body of [
    { kind: 'country', spec: { country: 'ES' }, effect: 'deny' },
    { kind: 'asn', spec: { asn: 12_479 }, label: 'Roaming' },
  ]) {
    await desktop.api('/v1/sources', { body });
  }
  await goTo(desktop.page, 'Pending');
  await desktop.page.getByRole('article').first().waitFor();
});
afterAll(() => desktop.stop());

const LONGEST_ADDRESS = '2001:1db8:1234:5678:9abc:def0:1234:5678';

/** axe in the page itself, where there are colours and a layout. */
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

const SCREENS: readonly { readonly name: ScreenName; readonly opened?: string }[] = [
  { name: 'Overview' },
  { name: 'Pending' },
  { name: 'Log' },
  { name: 'Log', opened: 'Narrow down' },
  { name: 'Authorized IPs' },
  { name: 'Authorized IPs', opened: 'Sources' },
  { name: 'Protection' },
  { name: 'API keys' },
  { name: 'Users' },
  { name: 'Activity' },
  { name: 'Settings' },
];

/** In light and in dark, of which a person may choose either. */
const expectNoFindings = async (page: Page): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect({ colorScheme, findings: await findings(page) }).toEqual({ colorScheme, findings: [] });
  }
};

describe('axe finds nothing wrong, light and dark', () => {
  it.each(SCREENS)('in $name $opened', async ({ name, opened }) => {
    const { page } = desktop;
    await goTo(page, name);
    if (opened === 'Narrow down') {
      await page.getByRole('button', { name: opened }).click();
      await page
        .getByRole('region', { name: opened })
        .getByRole('button', { name: /Blocked/ })
        .waitFor();
    }
    if (opened === 'Sources') {
      await page.getByRole('tab', { name: opened }).click();
      await page.getByRole('list', { name: 'Sources of ranges' }).waitFor();
    }
    await expectNoFindings(page);
    if (opened === 'Narrow down') await page.getByRole('button', { name: opened }).click();
  });

  it('in the search', async () => {
    const { page } = desktop;
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Search' }).getByRole('combobox').fill('203.0.113.9');
    await page.getByRole('listbox', { name: 'Results' }).waitFor();
    await expectNoFindings(page);
    await page.keyboard.press('Escape');
  });
});

describe('the log in a window of the usual size', () => {
  it('shows the longest address whole, and something of the agent', async () => {
    const { page, running } = desktop;
    await resizeTo(running.app, 1240, 800);
    await page.getByRole('navigation').getByRole('button', { name: 'Log' }).click();
    const address = page.getByRole('gridcell').filter({ hasText: LONGEST_ADDRESS });
    await address.waitFor();
    expect(await address.evaluate((cell) => cell.scrollWidth <= cell.clientWidth)).toBe(true);
    const agent = page.getByRole('gridcell').filter({ hasText: 'Chrome 130, Linux' }).first();
    expect(await agent.evaluate((cell) => cell.scrollWidth <= cell.clientWidth)).toBe(true);
    expect(await agent.locator('[title*="AppleWebKit"]').count()).toBe(1);
  });
});

describe('the log in the narrowest window, with its facets beside it', () => {
  it.each(['Attempts', 'Addresses', 'Keys', 'Networks'])(
    'shows %s without scrolling sideways',
    async (shown) => {
      const { page, running } = desktop;
      await goTo(page, 'Log');
      await resizeTo(running.app, 900, 600);
      const facets = page.getByRole('button', { name: 'Narrow down' });
      if ((await facets.getAttribute('aria-expanded')) === 'false') await facets.click();
      await page.getByText(shown, { exact: true }).first().click();
      const grid = page.getByRole('grid');
      await grid.getByRole('row').nth(1).waitFor();
      const overflow = () => grid.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
      await waitFor('the list to fit', async () => (await overflow()) <= 0);
    },
  );
});
