import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import { axeFindings } from '#test/support/axe';
import { showScreen, useUi } from '../../renderer/src/stores/ui';
import { account, attempt, desktop, key, KEY_ID, minutesAgo, range, ulid, unreachable } from './builders';
import { renderWithLog } from './log-world';
import { renderApp, type Scene } from './render-app';

const revoked = key({ id: ulid(9), name: 'Old import', status: 'revoked' });

const ROWS = [
  attempt(1, { country: 'DE', asn: 3_320, asName: 'Telekom', count: 1_222 }),
  attempt(2, {
    country: 'BR',
    asn: 64_500,
    asName: 'Telco',
    verdict: 'blocked',
    reason: 'unknown',
    count: 12,
  }),
  attempt(3, {
    keyId: revoked.id,
    keyName: revoked.name,
    verdict: 'blocked',
    reason: 'revoked_key',
    count: 5,
  }),
];

function renderKeys(scene: Scene = {}, rows = ROWS) {
  showScreen('keys');
  return renderWithLog(rows, scene);
}

const list = async () =>
  within(await screen.findByRole('grid', { name: 'API keys' }))
    .getAllByRole('row')
    .slice(1);
const detail = (name: string) => within(screen.getByRole('complementary', { name }));

describe('the list of API keys', () => {
  // The shapes of the world are loaded when they are first shown, and take their time on a busy machine.
  beforeAll(() => import('../../renderer/src/ui/world-map/world-map'), 60_000);

  it('has the revoked ones last, and what to look at', async () => {
    renderKeys({ mirror: { keys: [revoked, key({ lastUsedAt: minutesAgo(60 * 24 * 60) })] } });
    const rows = await list();
    expect(rows[0]?.textContent).toContain('Billing workergh_live_4f2a…Active Not in use');
    await waitFor(() => expect(rows[1]?.textContent).toContain('Old import'));
    expect(await screen.findByText('Still tried')).toBeTruthy();
  });

  it('says of the chosen one from where it is used, on a map and by network; each leads to the log', async () => {
    const { user } = renderKeys();
    await list();
    const about = detail('Billing worker');
    const networks = within(await about.findByRole('list', { name: 'Networks with the most calls' }));
    expect(networks.getAllByRole('button').map((button) => button.getAttribute('aria-label'))).toEqual([
      'AS3320 Telekom: 1,222 calls, 0 blocked',
      'AS64500 Telco: 12 calls, 12 blocked',
    ]);
    expect(await about.findByRole('button', { name: 'Brazil: 12 calls, 12 blocked' })).toBeTruthy();
    expect(await axeFindings()).toEqual([]);
    await user.click(about.getByRole('button', { name: 'Germany: 1,222 calls, 0 blocked' }));
    expect(useUi.getState()).toMatchObject({ screen: 'log', logDraft: { country: 'DE' } });
  });

  it('says that a revoked key is still tried, and by which calls', async () => {
    const { user } = renderKeys({ mirror: { keys: [key(), revoked] } });
    await user.click((await list())[1] as HTMLElement);
    const about = detail('Old import');
    expect(await about.findByText(/still tried: 5 calls were blocked/)).toBeTruthy();
    expect(about.queryByRole('button', { name: 'Rotate Old import' })).toBeNull();
    await user.click(about.getByRole('button', { name: 'Show them' }));
    expect(useUi.getState().screen).toBe('log');
  });

  it('works offline, by the log on this computer', async () => {
    renderKeys({ mirror: { connection: unreachable } });
    await list();
    expect(
      await detail('Billing worker').findByRole('list', { name: 'Networks with the most calls' }),
    ).toBeTruthy();
  });

  it('says that there is no call, and what could not be read', async () => {
    renderKeys({}, []);
    expect(await screen.findByText('The log has no call with it.')).toBeTruthy();
  });

  it('names the failure of a read', async () => {
    renderKeys({
      answers: {
        log: { groups: () => failed({ kind: 'storage', code: 'broken', message: 'the store is damaged' }) },
      },
    });
    expect((await screen.findByRole('alert')).textContent).toContain('The store is damaged.');
  });

  it('leads to the ranges of one key', async () => {
    const { user } = renderKeys({
      mirror: { ranges: [range(), range({ id: ulid(101), cidr: '192.0.2.0/24', keyId: KEY_ID })] },
    });
    await user.click(await screen.findByRole('button', { name: '1 authorized range' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Authorized IPs' })).toBeTruthy();
    expect(await screen.findByText('192.0.2.0/24')).toBeTruthy();
    expect(screen.queryByText('198.51.100.0/24')).toBeNull();
  });

  it('is empty with a hint', async () => {
    renderKeys({ mirror: { keys: [] } });
    expect(await screen.findByRole('heading', { name: 'No API keys yet' })).toBeTruthy();
  });

  it('shows what one may not do as not permitted, and why', async () => {
    const me = { userId: ulid(4), email: 'ana@example.com', role: 'user' as const, permissions: [] };
    const { user } = renderKeys({ mirror: { account: account({ me }) } });
    expect(await screen.findByText('Your access token lacks the permission “API keys”.')).toBeTruthy();
    const rotate = await screen.findByRole('button', { name: 'Rotate Billing worker' });
    expect(rotate.getAttribute('aria-disabled')).toBe('true');
    await user.click(rotate);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(
      screen.getByRole('checkbox', {
        name: 'Only report for this key',
        description: 'Your access token lacks the permission “Authorized IPs”.',
      }),
    ).toHaveProperty('disabled', true);
  });

  it('lets a key only report after a question, and enforce at once', async () => {
    const { user, double } = renderKeys({
      answers: { keys: { update: ({ reportOnly = false }) => succeeded(key({ reportOnly })) } },
    });
    await user.click(await screen.findByRole('checkbox', { name: 'Only report for this key' }));
    expect(double.requests('keys.update')).toEqual([]);
    const dialog = within(await screen.findByRole('dialog', { name: 'Only report for “Billing worker”?' }));
    await user.click(dialog.getByRole('button', { name: 'Only report' }));
    await waitFor(() =>
      expect(double.requests('keys.update')).toEqual([{ keyId: KEY_ID, reportOnly: true }]),
    );
    act(() =>
      double.emit('mirror', 'patch', {
        version: 2,
        keys: { upserted: [key({ reportOnly: true })], removed: [] },
      }),
    );
    await user.click(
      await screen.findByRole('checkbox', { name: 'Only report for this key', checked: true }),
    );
    await waitFor(() => expect(double.requests('keys.update')).toHaveLength(2));
    expect(double.requests('keys.update')[1]).toEqual({ keyId: KEY_ID, reportOnly: false });
    double.answer('keys', 'update', ({ confirmImpact }) =>
      confirmImpact === true
        ? succeeded(key())
        : failed({
            kind: 'conflict',
            code: 'would_block',
            message: 'It would block 2 calls.',
            current: null,
          }),
    );
    await user.click(screen.getByRole('checkbox', { name: 'Only report for this key', checked: true }));
    const enforce = within(await screen.findByRole('dialog', { name: 'Enforce for “Billing worker”?' }));
    await user.click(enforce.getByRole('button', { name: 'Enforce all the same' }));
    await waitFor(() =>
      expect(double.requests('keys.update').at(-1)).toEqual({
        keyId: KEY_ID,
        reportOnly: false,
        confirmImpact: true,
      }),
    );
  });
});

describe('API keys', () => {
  it('creates a key and shows its secret once, with a command to try it', async () => {
    showScreen('keys');
    const { user, double } = renderApp({
      answers: {
        keys: { create: ({ name }) => succeeded({ key: key({ name }), secret: 'gh_live_SECRET' }) },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Create key' }));
    const form = within(await screen.findByRole('dialog', { name: 'Create an API key' }));
    await user.click(form.getByRole('button', { name: 'Create key' }));
    expect(form.getByText(/Give the key a name/)).toBeTruthy();
    await user.type(form.getByLabelText('Name'), 'Mailer\u202e');
    await user.click(form.getByRole('button', { name: 'Create key' }));
    expect(form.getByText(/must not hold the character U\+202E/)).toBeTruthy();
    await user.clear(form.getByLabelText('Name'));
    await user.type(form.getByLabelText('Name'), 'Mailer');
    await user.click(form.getByRole('button', { name: 'Create key' }));
    expect(double.requests('keys.create')).toEqual([{ name: 'Mailer' }]);
    expect((await screen.findByLabelText('Secret')).textContent).toBe('gh_live_SECRET');
    expect(screen.getByLabelText('Command to try it').textContent).toBe(
      "curl -i -H 'api-key: gh_live_SECRET' http://127.0.0.1:8787/v1/check",
    );
    // Another screen does not lose it.
    showScreen('log');
    await waitFor(() => expect(screen.getByLabelText('Secret')).toBeTruthy());
    await user.click(screen.getByRole('button', { name: 'I have stored it' }));
    await waitFor(() => expect(screen.queryByText('gh_live_SECRET')).toBeNull());
  });

  it('rotates with the grace that was chosen', async () => {
    showScreen('keys');
    const { user, double } = renderApp({
      answers: { keys: { rotate: () => succeeded({ key: key(), secret: 'gh_live_NEXT' }) } },
    });
    await user.click(await screen.findByRole('button', { name: 'Rotate Billing worker' }));
    await user.click(await screen.findByRole('radio', { name: 'Works for 7 more days' }));
    await user.click(screen.getByRole('button', { name: 'Make a new secret' }));
    expect(double.requests('keys.rotate')).toEqual([{ keyId: key().id, graceSeconds: 604_800 }]);
    expect((await screen.findByLabelText('Secret')).textContent).toBe('gh_live_NEXT');
  });

  it('revokes only when the name was typed', async () => {
    showScreen('keys');
    const { user, double } = renderApp({ answers: { keys: { revoke: () => succeeded(undefined) } } });
    await user.click(await screen.findByRole('button', { name: 'Revoke Billing worker' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Revoke “Billing worker” for good?' }));
    const button = dialog.getByRole('button', { name: 'Revoke this key' });
    expect(button.hasAttribute('disabled')).toBe(true);
    await user.type(dialog.getByLabelText('Type “Billing worker” to go on'), 'Billing worker');
    await user.click(button);
    expect(double.requests('keys.revoke')).toEqual([{ keyId: key().id, confirmImpact: true }]);
  });

  it('are in French, from the list to the secret', async () => {
    showScreen('keys');
    const { user } = renderApp({
      answers: {
        desktop: { state: () => succeeded(desktop({ language: 'fr' })) },
        keys: { rotate: () => succeeded({ key: key(), secret: 'gh_live_NEXT' }) },
      },
    });
    const rows = within(await screen.findByRole('grid', { name: 'Clés API' })).getAllByRole('row');
    expect(rows[1]?.textContent).toContain('Billing workergh_live_4f2a…Active');
    await user.click(screen.getByRole('button', { name: 'Renouveler Billing worker' }));
    await user.click(await screen.findByRole('radio', { name: 'Fonctionne encore 1 heure' }));
    await user.click(screen.getByRole('button', { name: 'Créer un nouveau secret' }));
    expect(
      await screen.findByRole('dialog', { name: 'Nouveau secret de «\u00a0Billing worker\u00a0»' }),
    ).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Copier le secret' })).toBeTruthy();
  });
});
