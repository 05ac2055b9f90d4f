import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Welcome } from '#shared/ipc/connection';
import { launchConsole, type RunningConsole } from '#test/support/desktop/console-app';
import { decideByHand, EMBEDDED, mirrorOf, online, welcomeOf } from '#test/support/desktop/embedded-console';
import { type BridgeScope, valueOf } from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { approvalWindow, goTo, keepScreenshot } from '#test/support/desktop/screens';
import { type DesktopSession, startDesktopSession } from '#test/support/desktop/session';
import { httpCall } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

/** Addresses of one large provider in one country, far apart. */
const PROVIDER = ['91.0.7.1', '80.128.99.9', '80.128.7.1', '84.128.7.1', '87.128.7.1'] as const;

describe.skipIf(!linuxParts().ok)('answering with the keyboard, and taking it back', () => {
  let session: DesktopSession;
  let running: RunningConsole;
  let page: Page;
  let service: Welcome;

  const call = async (ip: string): Promise<number> =>
    (
      await httpCall(`${service.serviceUrl}/v1/check`, {
        headers: { 'api-key': service.secret, 'x-forwarded-for': ip, 'user-agent': 'shop/2.1' },
      })
    ).status;
  const blockedCall = async (ip: string): Promise<string> => {
    expect(await call(ip)).toBe(401);
    return waitFor(`the review about ${ip}`, async () => {
      const { reviews } = await mirrorOf(page);
      return reviews.find((review) => review.ip === ip && review.status === 'pending')?.id;
    });
  };
  const openApproval = async (reviewId: string): Promise<Page> => {
    valueOf(
      await page.evaluate(
        (id) =>
          (globalThis as unknown as BridgeScope).gatehouse.call('app', 'openApproval', { reviewId: id }),
        reviewId,
      ),
    );
    return approvalWindow(running.app);
  };

  beforeAll(async () => {
    session = await startDesktopSession();
    running = await launchConsole({ session, env: EMBEDDED });
    page = await running.app.firstWindow();
    await online(page);
    service = await welcomeOf(page);
    await decideByHand(page);
  });
  afterAll(async () => {
    await session.stop();
  });

  it('lets an address in for an hour with two keys, blocks it again with a third, and asks again', async () => {
    const ip = '198.51.100.24';
    const approval = await openApproval(await blockedCall(ip));
    const authorize = approval.getByRole('button', { name: 'Authorize this address' });
    await waitFor('the buttons to take input', () => authorize.isEnabled());
    // An ordinary review needs no scrolling.
    const isScrolled = await approval.evaluate(() =>
      [...document.querySelectorAll('main, main > *')].some(
        (part) => part.scrollHeight > part.clientHeight + 1,
      ),
    );
    expect(isScrolled).toBe(false);
    await keepScreenshot(approval, '30-approval-keys');
    await approval.keyboard.press('1');
    await approval.keyboard.press('Enter');
    await approval.getByText(/Enforced at/).waitFor();
    expect(await call(ip)).toBe(200);
    await keepScreenshot(approval, '31-approval-undo');
    await waitFor('Undo to take input', () => approval.getByRole('button', { name: 'Undo' }).isEnabled());
    await approval.keyboard.press('u');
    await authorize.waitFor();
    await waitFor('the address to be blocked again', async () => (await call(ip)) === 401);
    // The choice of the last answer is where the next review starts.
    const next = await blockedCall('198.51.100.77');
    await approval.getByText('Open in console').waitFor();
    await openApproval(next);
    await approval.getByRole('heading', { name: '198.51.100.77' }).waitFor();
    expect(await approval.getByRole('radio', { name: '1 hour' }).isChecked()).toBe(true);
    // Escape closes what lies over the review first, also where that goes without a transition.
    await approval.getByRole('button', { name: 'More about 198.51.100.77' }).click();
    await approval.getByRole('menuitem').first().waitFor();
    await approval.keyboard.press('Escape');
    await approval.getByRole('menu').waitFor({ state: 'detached' });
    await approval.emulateMedia({ reducedMotion: 'reduce' });
    const updateKey = approval.getByRole('button', { name: 'Deny and update the key' });
    await waitFor('the buttons to take input', () => updateKey.isEnabled());
    await updateKey.click();
    await approval.getByRole('dialog').waitFor();
    await approval.keyboard.press('Escape');
    await approval.getByRole('dialog').waitFor({ state: 'detached' });
    await approval.getByRole('heading', { name: '198.51.100.77' }).waitFor();
    // Only down: the window is gone before the key comes up.
    await Promise.all([approval.waitForEvent('close'), approval.keyboard.down('Escape')]);
    expect((await mirrorOf(page)).reviews.filter(({ status }) => status === 'pending')).toHaveLength(2);
  });

  it('answers several together in Pending, and takes one and then all back', async () => {
    await goTo(page, 'Pending');
    await page.getByRole('checkbox', { name: 'Select all 2' }).check();
    await page.getByRole('button', { name: 'Authorize 2 addresses' }).click();
    await page.getByText('2 reviews answered.').waitFor();
    await waitFor('both to be let in', async () => {
      const statuses = [await call('198.51.100.24'), await call('198.51.100.77')];
      return statuses.every((status) => status === 200);
    });
    await keepScreenshot(page, '32-pending-several');
    await page.getByRole('row', { name: /198\.51\.100\.24/ }).click();
    await page.getByRole('article', { name: '198.51.100.24' }).getByRole('button', { name: 'Undo' }).click();
    await waitFor('the one to be blocked again', async () => (await call('198.51.100.24')) === 401);
    expect(await call('198.51.100.77')).toBe(200);
    await page.getByRole('button', { name: 'Undo all' }).click();
    await waitFor('the other to be blocked again', async () => (await call('198.51.100.77')) === 401);
    await page.getByText('2 answers taken back: open again.').waitFor();
  });

  it('proposes the network of addresses that were authorized one by one, and lets it in with one press', async () => {
    const [asked, next, ...authorized] = PROVIDER;
    for (const ip of authorized) {
      const approval = await openApproval(await blockedCall(ip));
      await approval.getByRole('heading', { name: ip }).waitFor();
      const authorize = approval.getByRole('button', { name: 'Authorize this address' });
      await waitFor('the buttons to take input', () => authorize.isEnabled());
      await authorize.click();
      await waitFor(`${ip} to be let in`, async () => (await call(ip)) === 200);
    }
    const reviewId = await blockedCall(asked);
    const approval = await openApproval(reviewId);
    const proposal = approval.getByRole('region', { name: 'Proposal' });
    await proposal.getByText(/one of 4 addresses in AS3320 .*The whole network has/).waitFor();
    await keepScreenshot(approval, '34-proposal');
    const accept = proposal.getByRole('button', { name: 'Authorize the network' });
    await waitFor('the button to take input', () => accept.isEnabled());
    await accept.click();
    await waitFor('an address that never called to be let in', async () => (await call(next)) === 200);
    await waitFor('the review to be settled', async () => {
      const { reviews } = await mirrorOf(page);
      return reviews.some(({ id, status }) => id === reviewId && status === 'superseded');
    });
    await approval.close();
    await goTo(page, 'Authorized IPs');
    await page.getByRole('tab', { name: 'Sources 1' }).click();
    await page.getByRole('listitem', { name: /^AS3320/ }).waitFor();
    await page.getByRole('tab', { name: /^Authorized/ }).click();
  });

  it('pauses notifications in the settings, says so in Pending, and resumes them there', async () => {
    await goTo(page, 'Settings');
    await page.getByRole('button', { name: 'Pause for 1 hour' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await keepScreenshot(page, '33-settings-notifications');
    await goTo(page, 'Pending');
    await page.getByText(/Notifications are paused until/).waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText(/Notifications are paused until/).waitFor({ state: 'detached' });
  });
});
