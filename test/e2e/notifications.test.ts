import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalWindow, goTo, keepScreenshot } from '#test/support/desktop/screens';
import { startRemoteDesktop, type RemoteDesktop } from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { CLOSE_REASON, type ShownNotification } from '#test/support/desktop/session';
import { linksIn, pressButton } from '#test/support/service/mail-world';
import { startMailServer, type TestMailServer } from '#test/support/service/mail-server';
import { waitFor } from '#test/support/wait-for';

const SOON_MS = 10_000;
const OWNER = 'admin@example.com';

describe.skipIf(!linuxParts().ok)('notifications, answered where they are', () => {
  let desktop: RemoteDesktop;
  let mailServer: TestMailServer;

  beforeAll(async () => {
    mailServer = await startMailServer();
    desktop = await startRemoteDesktop({
      mode: 'automatic',
      serviceEnv: {
        GATEHOUSE_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
        GATEHOUSE_MAIL_FROM: 'Gate <gate@example.com>',
      },
    });
  });
  afterAll(async () => {
    await desktop.stop();
    await mailServer.stop();
  });

  const shownFor = (summary: string | RegExp): Promise<ShownNotification> =>
    desktop.session.waitForNotification(
      (shown) => (typeof summary === 'string' ? shown.summary === summary : summary.test(shown.summary)),
      SOON_MS,
    );

  /** Blocks a call from the address and waits for its notification. */
  const ask = async (ip: string): Promise<ShownNotification> => {
    expect((await desktop.call(ip)).status).toBe(401);
    return shownFor(`Blocked: ${ip}`);
  };

  const press = (shown: ShownNotification, label: string | RegExp): Promise<void> => {
    const action = shown.actions.find((each) =>
      typeof label === 'string' ? each.label === label : label.test(each.label),
    );
    if (action === undefined) throw new Error(`no button ${label} in ${JSON.stringify(shown.actions)}`);
    return desktop.session.invokeAction(shown.id, action.key);
  };

  const statusOf = async (ip: string): Promise<number> => (await desktop.call(ip)).status;
  const isPending = async (ip: string): Promise<boolean> =>
    (await desktop.pendingReviews()).some((review) => review.ip === ip);
  const rangeOf = async (cidr: string) =>
    (
      (await desktop.api('/v1/ranges?limit=1000')).json as { items: { cidr: string; expiresAt: string }[] }
    ).items.find((range) => range.cidr === cidr);

  it('"Allow for 1 hour" lets the address in for an hour, and says since when; Undo takes it back', async () => {
    const ip = '198.51.100.1';
    const shown = await ask(ip);
    expect(shown.actions.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Allow for 1 hour', 'Deny']),
    );
    await press(shown, 'Allow for 1 hour');
    await waitFor('the address to be let in', async () => (await statusOf(ip)) === 200);
    const range = await rangeOf(`${ip}/32`);
    const leftMs = Date.parse(range?.expiresAt ?? '') - Date.now();
    expect(leftMs).toBeGreaterThan(59 * 60_000);
    expect(leftMs).toBeLessThanOrEqual(60 * 60_000);

    const told = await desktop.session.waitForNotification(
      ({ summary, body }) => summary.includes(ip) && /Enforced at \d/.test(body),
      SOON_MS,
    );
    await press(told, 'Undo');
    await waitFor('the address to be blocked again', async () => (await statusOf(ip)) === 401);
    expect(await rangeOf(`${ip}/32`)).toBeUndefined();
    expect(await isPending(ip)).toBe(true);
  });

  it('"Deny" answers the review and lets nobody in; Undo opens it again', async () => {
    const ip = '198.51.100.2';
    await press(await ask(ip), 'Deny');
    await waitFor('the review to be answered', async () => !(await isPending(ip)));
    const told = await desktop.session.waitForNotification(
      ({ summary, actions }) =>
        summary.startsWith('Denied') && summary.includes(ip) && actions.some(({ label }) => label === 'Undo'),
      SOON_MS,
    );
    expect(await statusOf(ip)).toBe(401);
    await press(told, 'Undo');
    await waitFor('the review to be open again', () => isPending(ip));
  });

  it('a click opens the review, which can be answered with the keyboard alone', async () => {
    const ip = '198.51.100.3';
    await desktop.session.invokeAction((await ask(ip)).id, 'default');
    const approval = await approvalWindow(desktop.running.app);
    await approval.getByRole('heading', { name: ip }).waitFor();
    await keepScreenshot(approval, '35-approval-review');
    await waitFor('the buttons to take input', () =>
      approval.getByRole('button', { name: /^Authorize/ }).isEnabled(),
    );
    // A key that comes right after the window has taken the focus may have been meant for another window: pressed again.
    await expect
      .poll(
        async () => {
          await approval.keyboard.press('Enter');
          return approval.getByText(/Enforced at/).isVisible();
        },
        { interval: 1_000, timeout: SOON_MS },
      )
      .toBe(true);
    await keepScreenshot(approval, '36-approval-undo');
    expect(await statusOf(ip)).toBe(200);
    await approval.getByRole('button', { name: /^Undo/ }).click();
    await waitFor('the address to be blocked again', async () => (await statusOf(ip)) === 401);
    // It closes before the key comes up again.
    await Promise.all([approval.waitForEvent('close'), approval.keyboard.down('Escape')]);
  });

  it('clicks on two in a row show the later one, also while the window still loads', async () => {
    const [first, second] = [await ask('198.51.100.11'), await ask('198.51.100.12')];
    await desktop.session.invokeAction(first.id, 'default');
    await desktop.session.invokeAction(second.id, 'default');
    const approval = await approvalWindow(desktop.running.app);
    await approval.getByRole('heading', { name: '198.51.100.12' }).waitFor();
    await Promise.all([approval.waitForEvent('close'), approval.keyboard.down('Escape')]);
  });

  it('put away or timed out, it decides nothing and is not told again', async () => {
    for (const [ip, reason] of [
      ['198.51.100.4', CLOSE_REASON.dismissed],
      ['198.51.100.5', CLOSE_REASON.expired],
    ] as const) {
      const shown = await ask(ip);
      await desktop.session.close(shown.id, reason);
      expect(await statusOf(ip)).toBe(401);
      expect(await isPending(ip)).toBe(true);
    }
    // What comes later has gone through the policy after those: had they been told again, it would have been before.
    await ask('198.51.100.6');
    for (const ip of ['198.51.100.4', '198.51.100.5']) {
      const told = desktop.session.notifications.filter(({ summary }) => summary === `Blocked: ${ip}`);
      expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    }
  });

  it('is withdrawn when another administrator answers', async () => {
    const ip = '198.51.100.7';
    const shown = await ask(ip);
    const review = (await desktop.pendingReviews()).find((each) => each.ip === ip);
    await desktop.api(`/v1/reviews/${review?.id ?? ''}/authorize`, { body: { scope: 'address' } });
    const closed = await desktop.session.waitForClosed(shown.id, SOON_MS);
    expect(closed.reason).toBe(CLOSE_REASON.closedByCall);
  });

  it('is withdrawn when the review is answered by e-mail', async () => {
    const ip = '203.0.113.8';
    const shown = await ask(ip);
    const received = await waitFor(
      'an e-mail about the address',
      () => mailServer.received.find(({ to, mail }) => to.includes(OWNER) && (mail.text ?? '').includes(ip)),
      120_000,
    );
    const { open } = linksIn(received);
    const link = mailLinkFor(received.mail.text ?? '', ip) ?? `${open}/authorize`;
    expect((await pressButton(link)).status).toBe(200);
    const closed = await desktop.session.waitForClosed(shown.id, SOON_MS);
    expect(closed.reason).toBe(CLOSE_REASON.closedByCall);
    expect(await statusOf(ip)).toBe(200);
  });

  it('shows its reviews in Pending, whatever became of their notifications', async () => {
    await goTo(desktop.page, 'Pending');
    for (const { ip } of await desktop.pendingReviews()) {
      await desktop.page.getByText(ip, { exact: true }).first().waitFor();
    }
    await keepScreenshot(desktop.page, '37-pending-after-notifications');
  });
});

/** The link that authorizes this address; a message may be about several. */
const mailLinkFor = (text: string, ip: string): string | undefined =>
  new RegExp(
    `${ip.replaceAll('.', '\\.')}[\\s\\S]*?(https?://\\S+/mail/[A-Za-z0-9_-]{43}/authorize)\\b`,
  ).exec(text)?.[1];
