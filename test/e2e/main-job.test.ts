import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchConsole, type RunningConsole } from '#test/support/desktop/console-app';
import { linuxParts } from '#test/support/desktop/requirements';
import { approvalWindow, goTo, keepScreenshot } from '#test/support/desktop/screens';
import { startDesktopSession, type DesktopSession } from '#test/support/desktop/session';
import { freePort, startNginx, type TestNginx } from '#test/support/service/nginx';
import { httpCall, type Answer } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const SOON_MS = 10_000;
/** The promise: a native notification within a second of the call, an answer enforced within another. */
const A_SECOND_MS = 1_000;

const parts = linuxParts('nginx');

describe.skipIf(!parts.ok)('the main job, from the first start on', () => {
  let session: DesktopSession;
  let running: RunningConsole;
  let page: Page;
  let api: Server;
  let nginx: TestNginx | undefined;
  let secret = '';

  beforeAll(async () => {
    session = await startDesktopSession();
    running = await launchConsole({
      session,
      env: { GATEHOUSE_EMBEDDED_LISTEN: `127.0.0.1:${await freePort()}` },
    });
    page = await running.app.firstWindow();
    api = createServer((_request, response) => response.end('{"from":"api"}'));
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await nginx?.stop();
    api.close();
    await session.stop();
  });

  /** A call to the protected API, as its client makes it: through nginx, from `ip`. */
  const callApi = (ip: string): Promise<Answer> =>
    httpCall(`${nginx?.url ?? ''}/v3/emails`, {
      headers: { 'api-key': secret, 'x-forwarded-for': ip, 'user-agent': 'mailer/2.1' },
    });

  const notificationFor = (ip: string) =>
    session.waitForNotification(({ summary }) => summary === `Blocked: ${ip}`, SOON_MS);

  const logRows = (ip: string) =>
    page
      .getByRole('row')
      .filter({ hasText: ip })
      .filter({ hasNot: page.getByRole('columnheader') });

  it('the first start is online with an account and a key of its own, and shows a ready curl line', async () => {
    await page
      .getByRole('button', { name: /Connection: Online/ })
      .or(page.getByLabel(/Connection: Online/))
      .first()
      .waitFor();
    const command = await page.getByText(/^curl -i -H 'api-key: gk_/).innerText();
    await keepScreenshot(page, '01-first-start');
    await goTo(page, 'Pending');
    await page.getByText(/The account is learning/).waitFor();
    // Pasted while the account learns, the call is let in; the first try is made where a person is asked.
    await page.getByRole('button', { name: 'Protection' }).last().click();
    await page.getByRole('radio', { name: 'Manual' }).check();
    await page.getByRole('button', { name: 'Switch to Manual' }).click();
    await page.getByRole('button', { name: 'Switch to Manual' }).waitFor({ state: 'detached' });
    await goTo(page, 'Pending');
    // Pasted into a terminal as it stands.
    const ran = spawnSync('sh', ['-c', command.replace(/^curl /, 'curl --silent ')], { encoding: 'utf8' });
    expect(ran.stdout).toMatch(/^HTTP\/1\.1 401 /);
    expect(ran.stdout).toContain(
      '"message":"We have detected you are using an unrecognised IP address 203.0.113.9.',
    );
    secret = /api-key: (gk_\w+)/.exec(command)?.[1] ?? '';
    const url = /http:\/\/[\d.:]+/.exec(command)?.[0] ?? '';
    nginx = await startNginx(url, `http://127.0.0.1:${(api.address() as AddressInfo).port}`);
    const shown = await notificationFor('203.0.113.9');
    await session.invokeAction(shown.id, 'default');
    const approval = await approvalWindow(running.app);
    await approval.getByRole('button', { name: 'Deny', exact: true }).click();
    await approval.getByText(/Enforced at/).waitFor();
    await approval.getByRole('button', { name: 'Close' }).click();
  });

  it('a blocked call becomes a notification within a second, its click opens the review, and one button lets it in', async () => {
    const ip = '198.51.100.24';
    const calledAt = Date.now();
    const blocked = await callApi(ip);
    expect(blocked.status).toBe(401);
    expect(blocked.json).toMatchObject({
      code: 'unauthorized',
      reason: 'unknown',
      message: expect.stringContaining(ip) as string,
    });

    const shown = await notificationFor(ip);
    expect(shown.atMs - calledAt).toBeLessThan(A_SECOND_MS);
    expect(shown.body).toContain('First key');
    await keepScreenshot(page, '02-pending');

    await session.invokeAction(shown.id, 'default');
    const approval = await approvalWindow(running.app);
    await approval.getByRole('heading', { name: ip }).waitFor();
    const authorize = approval.getByRole('button', { name: 'Authorize this address' });
    await waitFor('the buttons to take input', () => authorize.isEnabled());
    await keepScreenshot(approval, '03-approval');
    await authorize.click();
    const answeredAt = Date.now();
    await waitFor('the next call to be let in', async () => (await callApi(ip)).status === 200, A_SECOND_MS);
    expect(Date.now() - answeredAt).toBeLessThan(A_SECOND_MS);
    await approval.getByText(/Enforced at/).waitFor();
    await keepScreenshot(approval, '04-approval-answered');
    await approval.getByRole('button', { name: 'Close' }).click();
    expect((await callApi(ip)).text).toBe('{"from":"api"}');
    // Whoever answers in the window need not clear the notification too.
    await session.waitForClosed(shown.id, SOON_MS);
  });

  it('the log shows both attempts', async () => {
    await goTo(page, 'Log');
    const rows = logRows('198.51.100.24');
    await rows.filter({ hasText: 'Allowed' }).first().waitFor();
    await rows.filter({ hasText: 'Blocked' }).first().waitFor();
    expect(await rows.count()).toBe(2);
    await keepScreenshot(page, '05-log');
    await rows.first().click();
    await page.getByText('mailer/2.1').last().waitFor();
    await keepScreenshot(page, '06-log-details');
  });

  it('removing the range blocks the address again, and asks again', async () => {
    await goTo(page, 'Authorized IPs');
    await page.getByRole('row').filter({ hasText: '198.51.100.24/32' }).waitFor();
    await keepScreenshot(page, '07-authorized-ips');
    await page.getByRole('button', { name: 'Remove 198.51.100.24/32' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/Remove 198\.51\.100\.24\/32\?/).waitFor();
    // What the dialog has told is not asked about again.
    await dialog.getByText(/it served/).waitFor();
    await keepScreenshot(page, '08-remove-range');
    await dialog.getByRole('button', { name: 'Remove range' }).click();
    const before = session.notifications.length;
    await waitFor(
      'the address to be blocked again',
      async () => (await callApi('198.51.100.24')).status === 401,
      A_SECOND_MS,
    );
    await session.waitForNotification(
      (shown) => session.notifications.indexOf(shown) >= before && shown.summary.includes('198.51.100.24'),
      SOON_MS,
    );
    await page.getByRole('row').filter({ hasText: '198.51.100.24/32' }).waitFor({ state: 'detached' });
  });

  it('a range is added with a text of docs/behaviour.md 2, and the service enforces it', async () => {
    expect((await callApi('192.0.2.77')).status).toBe(401);
    await page.getByRole('button', { name: 'Add range' }).click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByRole('textbox', { name: /address|range/i })
      .first()
      .fill('010.0.0.1');
    await dialog
      .getByText(/leading zero/i)
      .first()
      .waitFor();
    await keepScreenshot(page, '09-add-range-refused');
    await dialog
      .getByRole('textbox', { name: /address|range/i })
      .first()
      .fill('192.0.2.*');
    await dialog.getByText('192.0.2.0/24').first().waitFor();
    await keepScreenshot(page, '10-add-range');
    await dialog.getByRole('button', { name: /^(Add|Authorize)/ }).click();
    await page.getByRole('row').filter({ hasText: '192.0.2.0/24' }).waitFor();
    await waitFor(
      'the added range to be enforced',
      async () => (await callApi('192.0.2.77')).status === 200,
      A_SECOND_MS,
    );
  });

  it('the three modes change what the service answers', async () => {
    await goTo(page, 'Protection');
    await keepScreenshot(page, '11-protection');
    await page.getByRole('radio', { name: 'Deactivated' }).check();
    await page.getByRole('button', { name: 'Deactivate…' }).click();
    await keepScreenshot(page, '12-deactivate');
    await page.getByRole('dialog').getByRole('button', { name: 'Accept every address' }).click();
    await waitFor(
      'deactivated to let everything in',
      async () => (await callApi('203.0.113.80')).status === 200,
      A_SECOND_MS,
    );
    await page.getByRole('radio', { name: 'Automatic' }).check();
    // Whoever has seen whom it blocks is not asked again.
    await page.getByRole('tab', { name: /would be blocked$/ }).waitFor();
    await page.getByRole('button', { name: 'Switch to Automatic' }).click();
    const untrusted = await waitFor(
      'automatic to block an unknown address',
      async () => {
        const answer = await callApi('203.0.113.81');
        return answer.status === 401 && answer;
      },
      A_SECOND_MS,
    );
    expect(untrusted.json).toMatchObject({ reason: 'untrusted', review: expect.any(String) as string });
    await notificationFor('203.0.113.81');
    await page.getByRole('radio', { name: 'Manual' }).check();
    await page.getByRole('button', { name: 'Switch to Manual' }).click();
    await waitFor(
      'manual to name the address unknown',
      async () => ((await callApi('203.0.113.82')).json as { reason?: string }).reason === 'unknown',
      A_SECOND_MS,
    );
  });

  it('an option is tried on the log, and then chosen', async () => {
    await goTo(page, 'Protection');
    await page.getByRole('checkbox', { name: 'Only report' }).check();
    await page.getByRole('tab', { name: /would be let in$/ }).waitFor();
    const list = page.getByRole('grid', { name: 'Addresses that would be let in' });
    await list.getByRole('row').filter({ hasText: '203.0.113.82' }).waitFor();
    await keepScreenshot(page, '12-simulation');
    expect((await callApi('203.0.113.83')).status).toBe(401);
    await page.getByRole('button', { name: 'Only report…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Only report' }).click();
    await page.getByRole('button', { name: 'Mode: Manual. Unknown IPs only reported.' }).waitFor();
    await waitFor(
      'report-only to let an unknown address in',
      async () => (await callApi('203.0.113.84')).status === 200,
      A_SECOND_MS,
    );
    await page.getByRole('tab', { name: /would be blocked if it enforced$/ }).waitFor();
    await page.getByRole('checkbox', { name: 'Only report' }).uncheck();
    await page.getByRole('tab', { name: /would be blocked$/ }).waitFor();
    await page.getByRole('button', { name: 'Enforce' }).click();
    await waitFor(
      'it to be blocked again',
      async () => (await callApi('203.0.113.85')).status === 401,
      A_SECOND_MS,
    );
  });

  it('a user is added, and signs in with an access token', async () => {
    await goTo(page, 'Users');
    await page.getByRole('button', { name: 'Add user' }).click();
    const form = page.getByRole('dialog', { name: 'Add a user' });
    await form.getByRole('textbox', { name: 'E-mail address' }).fill('ana@example.com');
    await form.getByRole('button', { name: 'Add this user' }).click();
    const ana = page.getByRole('complementary', { name: 'ana@example.com' });
    await ana.getByText(/^No access token yet/).waitFor();
    await ana.getByRole('button', { name: 'Create token…' }).click();
    const tokenForm = page.getByRole('dialog', { name: /^Create an access token/ });
    await tokenForm.getByRole('textbox', { name: 'Name' }).fill('Laptop');
    await tokenForm.getByRole('button', { name: 'Create this token' }).click();
    const shown = page.getByRole('dialog', { name: 'Access token “Laptop”' });
    const token = await shown.getByLabel('Secret', { exact: true }).innerText();
    const url = await shown.getByLabel('Address of the service', { exact: true }).innerText();
    await keepScreenshot(page, '13-access-token');
    await shown.getByRole('button', { name: 'I have stored it' }).click();
    await ana.getByRole('listitem').filter({ hasText: 'Laptop' }).waitFor();
    const account = await httpCall(`${url}/v1/account`, { headers: { authorization: `Bearer ${token}` } });
    expect(account.json).toMatchObject({
      me: { email: 'ana@example.com', role: 'user', permissions: ['authorized_ips'] },
    });
  });

  it('shows its other screens too, light and dark', async () => {
    await goTo(page, 'API keys');
    await keepScreenshot(page, '13-api-keys');
    await goTo(page, 'Settings');
    await keepScreenshot(page, '14-settings');
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const [name, screen] of [
      ['15-dark-pending', 'Pending'],
      ['16-dark-log', 'Log'],
      ['17-dark-authorized-ips', 'Authorized IPs'],
      ['18-dark-protection', 'Protection'],
    ] as const) {
      await goTo(page, screen);
      await keepScreenshot(page, name);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('quitting leaves enforcement to nobody: nothing gets through', async () => {
    expect(await running.quit()).toBe(0);
    expect((await callApi('192.0.2.77')).status).toBe(503);
  });

  it('the next start goes on where it was, without the curl line asking twice', async () => {
    running = await running.relaunch();
    page = await running.app.firstWindow();
    await waitFor('the service to answer again', async () => (await callApi('192.0.2.77')).status === 200);
    await goTo(page, 'Authorized IPs');
    await page.getByRole('row').filter({ hasText: '192.0.2.0/24' }).waitFor();
    await goTo(page, 'Protection');
    expect(await page.getByRole('radio', { name: 'Manual' }).isChecked()).toBe(true);
  });
});
