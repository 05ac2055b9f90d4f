import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goTo } from '#test/support/desktop/screens';
import { type RemoteDesktop, startRemoteDesktop } from '#test/support/desktop/remote-desktop';

let desktop: RemoteDesktop;

beforeAll(async () => {
  desktop = await startRemoteDesktop();
  await desktop.call('203.0.113.9');
  await desktop.call('198.51.100.7');
  await goTo(desktop.page, 'Pending');
  await desktop.page.getByRole('article').first().waitFor();
});
afterAll(() => desktop.stop());

const field = () => desktop.page.getByRole('dialog', { name: 'Search' }).getByRole('combobox');

describe('the search', () => {
  it('leads from an address to its calls by the keyboard alone', async () => {
    const { page } = desktop;
    await page.keyboard.press('Control+k');
    await field().waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
    await page.keyboard.type('203.0.113.9');
    await page.getByRole('option', { name: 'Show the calls from 203.0.113.9', selected: true }).waitFor();
    // Its style sheet came with it.
    expect(await page.getByRole('listbox').evaluate((list) => getComputedStyle(list).overflowY)).toBe('auto');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Log' }).waitFor();
    const rows = page.getByRole('grid').getByRole('row').filter({ hasText: '203.0.113.9' });
    await rows.first().waitFor();
    expect(await page.getByRole('grid').getByText('198.51.100.7').count()).toBe(0);
    expect(await field().count()).toBe(0);
  });

  it('leads to the review of an address in Pending', async () => {
    const { page } = desktop;
    await page.keyboard.press('Control+k');
    await field().fill('198.51.100.7');
    await page.getByRole('option', { name: 'Open the review of 198.51.100.7' }).click();
    await page.getByRole('heading', { level: 2, name: '198.51.100.7' }).waitFor();
  });

  it('opens from the menu of the app', async () => {
    const { page, running } = desktop;
    await running.app.evaluate(({ Menu }) => {
      const view = Menu.getApplicationMenu()?.items.find(({ label }) => label === 'View');
      view?.submenu?.items.find(({ label }) => label === 'Search…')?.click();
    });
    await page.getByRole('dialog', { name: 'Search' }).waitFor();
    await page.keyboard.press('Escape');
  });
});
