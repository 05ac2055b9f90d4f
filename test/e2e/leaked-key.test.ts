import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { startRemoteDesktop, type RemoteDesktop } from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { goTo, keepScreenshot, resizeTo } from '#test/support/desktop/screens';
import { waitFor } from '#test/support/wait-for';

const ADDRESSES = 1_000;
const MOST_TABS = 60;
const SOON_MS = 30_000;

/** One address in each of many /16s, so that they look like many networks. */
function addressOf(n: number): string {
  return `${11 + (n % 40)}.${n % 7}.${n >> 8}.${n & 255}`;
}

/** Moves the focus by Tab until it is on a button with this name, and presses Enter. */
async function enter(page: Page, name: RegExp): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
    });
    if (!name.test(focused)) continue;
    await page.keyboard.press('Enter');
    return;
  }
  throw new Error(`Tab does not reach ${name.source}`);
}

describe.skipIf(!linuxParts().ok)('a leaked key that a thousand addresses try', () => {
  let desktop: RemoteDesktop;
  beforeAll(async () => {
    desktop = await startRemoteDesktop();
    await Promise.all(Array.from({ length: ADDRESSES }, (_, n) => desktop.call(addressOf(n))));
    await goTo(desktop.page, 'Pending');
    await desktop.page.getByText('1,000 blocked addresses wait').waitFor({ timeout: SOON_MS });
  });
  afterAll(() => desktop.stop());

  const denied = async (): Promise<number> => {
    const { json } = await desktop.api('/v1/reviews?status=denied&limit=1000');
    return (json as { items: Review[] }).items.length;
  };

  it('is told as that, with the steps in order', async () => {
    const card = desktop.page.getByRole('region', { name: /^Production is probably leaked/ });
    expect(await card.getByRole('listitem').allTextContents()).toEqual([
      'Update the key…',
      'Deny 1,000 addresses',
      'See what got in',
    ]);
    await keepScreenshot(desktop.page, '60-leaked-key');
  });

  it('leaves the buttons in reach in a low window, above the choices that scroll under them', async () => {
    const { page, running } = desktop;
    await resizeTo(running.app, 900, 560);
    for (const name of ['Authorize this address', 'Deny']) {
      await page.getByRole('button', { name, exact: true }).click({ trial: true });
    }
    await page.getByRole('checkbox', { name: /^Select all/ }).check();
    for (const name of ['Authorize 1,000 addresses', 'Deny 1,000 addresses']) {
      await page
        .getByRole('group', { name: 'Answer together' })
        .getByRole('button', { name })
        .click({ trial: true });
    }
    await page.getByRole('checkbox', { name: /^Select all/ }).uncheck();
    await resizeTo(running.app, 1280, 800);
  });

  it('is answered for many at once, stopped in the middle, and taken back as far as it was not sent', async () => {
    const { page } = desktop;
    // The first request stays unanswered until the rest is taken back.
    process.kill(desktop.service.pid, 'SIGSTOP');
    try {
      await enter(page, /^Deny 1,000 addresses/);
      await page.getByText('0 of 1,000 sent').waitFor({ timeout: SOON_MS });
      await keepScreenshot(page, '61-leaked-key-progress');
      await page.getByRole('button', { name: 'Stop', disabled: false }).press('Enter', { timeout: SOON_MS });
      await page.getByText(/^0 of [1-9]\d\d? sent$/).waitFor({ timeout: SOON_MS });
    } finally {
      process.kill(desktop.service.pid, 'SIGCONT');
    }
    const outcome = page.getByText(/reviews? answered\. [\d,]+ answers? taken back: open again\./);
    await outcome.waitFor({ timeout: SOON_MS });
    const [answered, back] = ((await outcome.textContent()) ?? '').match(/[\d,]+/g) ?? [];
    const [kept, open] = [answered, back].map((text) => Number(text?.replace(',', '')));
    expect((kept ?? 0) + (open ?? 0)).toBe(ADDRESSES);
    await waitFor('the rest to be open', async () => (await desktop.pendingReviews()).length === open);
    expect(await denied()).toBe(kept);
  });

  it('is updated, shut out and looked into by keyboard alone', async () => {
    const { page } = desktop;
    await enter(page, /^Update the key/);
    await page.getByRole('dialog', { name: /^Rotate/ }).waitFor();
    await enter(page, /^Make a new secret/);
    await page.getByRole('dialog', { name: /^New secret of/ }).waitFor();
    await enter(page, /^I have stored it/);
    await page.getByText(/^Key updated at/).waitFor();
    await enter(page, /^Deny [\d,]+ address/);
    await waitFor('all to be denied', async () => (await denied()) === ADDRESSES, SOON_MS);
    expect((await desktop.call(addressOf(ADDRESSES - 1))).status).toBe(401);
    await enter(page, /^See what got in/);
    await page.getByRole('heading', { level: 1, name: 'Log' }).waitFor();
    await page.getByRole('button', { name: /^Time: Since / }).waitFor();
    await page.getByText('No attempt fits these filters').waitFor();
    await keepScreenshot(page, '62-leaked-key-log');
  });
});
