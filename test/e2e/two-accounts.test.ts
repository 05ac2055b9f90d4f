import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BridgeScope,
  OWNER_TOKEN,
  type RemoteDesktop,
  startRemoteDesktop,
  valueOf,
} from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { approvalWindow, goTo, keepScreenshot } from '#test/support/desktop/screens';
import type { ShownNotification } from '#test/support/desktop/session';
import { freePort } from '#test/support/service/nginx';
import { type ServiceProcess, startServiceProcess } from '#test/support/service/service-process';
import { type Answer, type CallOptions, httpCall } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const SOON_MS = 10_000;
const [FIRST, SECOND] = ['admin@example.com', 'bolt@example.com'];

describe.skipIf(!linuxParts().ok)('two accounts', () => {
  let desktop: RemoteDesktop;
  let dataDir: string;
  let env: Record<string, string>;
  let second: ServiceProcess;
  let secret: string;

  const api = (path: string, options: CallOptions = {}): Promise<Answer> =>
    httpCall(`${second.url}${path}`, { ...options, headers: { authorization: `Bearer ${OWNER_TOKEN}` } });

  beforeAll(async () => {
    dataDir = makeTempDir('second-account');
    env = {
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: `127.0.0.1:${await freePort()}`,
      GATEHOUSE_OWNER_TOKEN: OWNER_TOKEN,
      GATEHOUSE_OWNER_EMAIL: SECOND,
    };
    second = await startServiceProcess(env);
    await api('/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
    ({ secret } = (await api('/v1/keys', { body: { name: 'Warehouse' } })).json as { secret: string });
    desktop = await startRemoteDesktop();
  });
  afterAll(async () => {
    await desktop.stop();
    await second.stop();
    removeTempDir(dataDir);
  });

  const shownFor = (summary: string): Promise<ShownNotification> =>
    desktop.session.waitForNotification((shown) => shown.summary === summary, SOON_MS);
  const switcher = (name: string) =>
    desktop.page.getByRole('button', { name: new RegExp(`^Account: ${name},`) });

  it('are both there after the second one is added', async () => {
    const { page } = desktop;
    await page.getByRole('button', { name: 'Accounts' }).click();
    await page.getByRole('menuitem', { name: 'Add an account…' }).click();
    await page.getByRole('textbox', { name: 'Service address' }).fill(second.url);
    await page.getByLabel('Access token', { exact: true }).fill(OWNER_TOKEN);
    await keepScreenshot(page, '80-add-account');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await switcher(SECOND).waitFor();
    await page.getByLabel(/Connection: Online/).waitFor();
    await switcher(SECOND).click();
    await page.getByRole('menuitemradio', { name: new RegExp(`^${FIRST}, Online · `) }).waitFor();
    await keepScreenshot(page, '81-accounts');
    await page.keyboard.press('Escape');
    const inMenu = await waitFor('both to be in the menu', async () => {
      const lines = await desktop.running.app.evaluate(({ Menu }) =>
        Menu.getApplicationMenu()
          ?.items.find(({ label }) => label === 'Accounts')
          ?.submenu?.items.map(({ label, checked, accelerator }) => [label, checked, accelerator]),
      );
      return lines?.length === 4 && lines;
    });
    expect(inMenu).toEqual([
      [FIRST, false, 'CmdOrCtrl+Alt+1'],
      [SECOND, true, 'CmdOrCtrl+Alt+2'],
      ['', false, null],
      ['Add an account…', false, null],
    ]);
  });

  it('each send their edits, also the one that is not shown', async () => {
    const { page } = desktop;
    await second.stop();
    await page
      .getByText(/Offline since \d/)
      .first()
      .waitFor();
    valueOf(
      await page.evaluate(() =>
        (globalThis as unknown as BridgeScope).gatehouse.call('ranges', 'add', {
          cidr: '192.0.2.0/24',
          effect: 'authorize',
          label: 'Waits',
          keyId: null,
          expiresAt: null,
          allowWide: false,
        }),
      ),
    );
    await goTo(page, 'Authorized IPs');
    await page.getByText('Waits').first().waitFor();

    await page.keyboard.press('Control+Alt+Digit1');
    await switcher(FIRST).waitFor();
    await page.getByLabel(/Connection: Online/).waitFor();
    expect(await page.getByText('Waits').count()).toBe(0);

    second = await startServiceProcess(env);
    await waitFor(
      'the edit to be sent',
      async () => (await api('/v1/ranges')).text.includes('192.0.2.0/24'),
      20_000,
    );
    await switcher(FIRST).waitFor();
  });

  it('are both announced by name, and a click shows the account that asks', async () => {
    const { page } = desktop;
    expect((await desktop.call('198.51.100.1')).status).toBe(401);
    await shownFor(`Blocked: 198.51.100.1 · ${FIRST}`);
    const check = { headers: { 'api-key': secret, 'x-forwarded-for': '198.51.100.2' } };
    expect((await httpCall(`${second.url}/v1/check`, check)).status).toBe(401);
    const { id } = await shownFor(`Blocked: 198.51.100.2 · ${SECOND}`);
    await page.getByRole('button', { name: /^Account: .* 1 open review in other accounts$/ }).waitFor();
    await keepScreenshot(page, '82-other-account-asks');
    await desktop.session.invokeAction(id, 'default');
    const approval = await approvalWindow(desktop.running.app);
    await approval.getByRole('heading', { name: '198.51.100.2' }).waitFor();
    await switcher(SECOND).waitFor();
  });

  it('closes the approval window when a person shows another account', async () => {
    const approval = await approvalWindow(desktop.running.app);
    await approval.getByRole('banner').getByText(SECOND).waitFor();
    await keepScreenshot(approval, '83-approval-of-account');
    await Promise.all([approval.waitForEvent('close'), desktop.page.keyboard.press('Control+Alt+Digit1')]);
    await switcher(FIRST).waitFor();
    await desktop.page.keyboard.press('Control+Alt+Digit2');
    await switcher(SECOND).waitFor();
  });

  it('are one again after the shown one is forgotten', async () => {
    const { page } = desktop;
    await goTo(page, 'Settings');
    await page.getByRole('button', { name: 'Forget this connection…' }).click();
    await page.getByRole('button', { name: 'Forget connection' }).click();
    await page.getByRole('button', { name: 'Accounts' }).waitFor();
    await page.getByLabel(/Connection: Online/).waitFor();
    await goTo(page, 'Pending');
    await page.getByText('198.51.100.1').first().waitFor();
  });
});
