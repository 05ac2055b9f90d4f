import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import { showScreen } from '../../renderer/src/stores/ui';
import { account, desktop, key, minutesAgo, NOW, OPERATION_ID, range, ulid } from './builders';
import { renderApp } from './render-app';

describe('Protection', () => {
  it('offers three modes and learning, and marks the current one', async () => {
    showScreen('protection');
    renderApp();
    const group = within(await screen.findByRole('radiogroup', { name: 'Mode' }));
    expect(group.getAllByRole('radio').map((radio) => radio.getAttribute('value'))).toEqual([
      'automatic',
      'manual',
      'deactivated',
      'learning',
    ]);
    expect(group.getByRole('radio', { name: 'Manual', description: /^Current/ })).toHaveProperty(
      'checked',
      true,
    );
  });

  it('applies a choice only with its button, so that arrow keys change nothing', async () => {
    showScreen('protection');
    const { user, double } = renderApp({
      answers: {
        mode: { set: ({ mode }) => succeeded({ operationId: OPERATION_ID, account: account({ mode }) }) },
      },
    });
    await user.click(await screen.findByRole('radio', { name: 'Automatic' }));
    expect(double.requests('mode.set')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Switch to Automatic' }));
    expect(double.requests('mode.set')).toEqual([{ mode: 'automatic' }]);
  });

  it('asks before it accepts every address', async () => {
    showScreen('protection');
    const { user, double } = renderApp({
      answers: {
        mode: { set: () => failed({ kind: 'forbidden', required: 'authorized_ips', message: 'no' }) },
      },
    });
    await user.click(await screen.findByRole('radio', { name: 'Deactivated' }));
    await user.click(screen.getByRole('button', { name: 'Deactivate…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Deactivate protection?' }));
    expect(dialog.getByText(/Everything will be accepted/)).toBeTruthy();
    expect(double.requests('mode.set')).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'Accept every address' }));
    expect((await dialog.findByRole('alert')).textContent).toContain(
      'it lacks the permission “Authorized IPs”',
    );
  });

  it('asks before it learns again', async () => {
    showScreen('protection');
    const { user, double } = renderApp({
      answers: {
        mode: { set: ({ mode }) => succeeded({ operationId: OPERATION_ID, account: account({ mode }) }) },
      },
    });
    await user.click(await screen.findByRole('radio', { name: 'Learning' }));
    await user.click(screen.getByRole('button', { name: 'Start learning…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Start learning again?' }));
    expect(double.requests('mode.set')).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'Start learning' }));
    await waitFor(() => expect(double.requests('mode.set')).toEqual([{ mode: 'learning' }]));
  });

  it('shows learning first while the account is in it, with the time that is left', async () => {
    showScreen('protection');
    const endsAt = new Date(NOW.getTime() + 12 * 86_400_000 + 3_600_000).toISOString();
    const learning = {
      startedAt: minutesAgo(60),
      lastNewAddressAt: minutesAgo(30),
      windowSeconds: 2_592_000,
    };
    renderApp({ mirror: { account: account({ mode: 'learning', learning: { ...learning, endsAt } }) } });
    expect(await screen.findByRole('radio', { name: 'Learning', description: /^Current/ })).toBeTruthy();
    expect(screen.getAllByRole('radio')[0]?.getAttribute('value')).toBe('learning');
    expect(screen.getByText(/Without a new address it ends/).textContent).toContain('in 12 days');
  });

  it('asks in French as well', async () => {
    showScreen('protection');
    const { user } = renderApp({
      mirror: { ranges: [range({ effect: 'deny' })] },
      answers: { desktop: { state: () => succeeded(desktop({ language: 'fr' })) } },
    });
    const group = within(await screen.findByRole('radiogroup', { name: 'Mode' }));
    expect(group.getByRole('radio', { name: 'Manuel', description: /^Actuel Les adresses/ })).toBeTruthy();
    await user.click(group.getByRole('radio', { name: 'Désactivé' }));
    await user.click(screen.getByRole('button', { name: 'Désactiver…' }));
    const dialog = within(await screen.findByRole('dialog', { name: /^Désactiver la protection/ }));
    expect(dialog.getByText('1 plage refusée ne sera pas appliquée non plus.')).toBeTruthy();
    expect(dialog.getByRole('button', { name: 'Accepter toutes les adresses' })).toBeTruthy();
  });
});

describe('API keys', () => {
  const revoked = key({ id: ulid(9), name: 'Old import', status: 'revoked' });

  it('lists keys, the revoked ones last and without actions', async () => {
    showScreen('keys');
    renderApp({ mirror: { keys: [revoked, key({ rotatedAt: minutesAgo(60 * 24 * 3) })] } });
    const rows = within(await screen.findByRole('table', { name: 'API keys' })).getAllByRole('row');
    expect(rows[1]?.textContent).toContain('Billing workergh_live_4f2a…Active');
    expect(rows[1]?.textContent).toContain('rotated 3 days ago');
    expect(rows[2]?.textContent).toContain('Old import');
    expect(screen.queryByRole('button', { name: 'Revoke Old import' })).toBeNull();
  });

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
    await user.click(await screen.findByRole('radio', { name: 'Works for 24 more hours' }));
    await user.click(screen.getByRole('button', { name: 'Make a new secret' }));
    expect(double.requests('keys.rotate')).toEqual([{ keyId: key().id, graceSeconds: 86_400 }]);
    expect((await screen.findByLabelText('Secret')).textContent).toBe('gh_live_NEXT');
  });

  it('revokes only when the name was typed', async () => {
    showScreen('keys');
    const { user, double } = renderApp({ answers: { keys: { revoke: () => succeeded(undefined) } } });
    await user.click(await screen.findByRole('button', { name: 'Revoke Billing worker' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Revoke “Billing worker” for good?' }));
    const button = dialog.getByRole('button', { name: 'Revoke this key' });
    expect(button.hasAttribute('disabled')).toBe(true);
    await user.type(dialog.getByLabelText('Type Billing worker to go on'), 'Billing worker');
    await user.click(button);
    expect(double.requests('keys.revoke')).toEqual([{ keyId: key().id }]);
  });

  it('are in French, from the list to the secret', async () => {
    showScreen('keys');
    const { user } = renderApp({
      answers: {
        desktop: { state: () => succeeded(desktop({ language: 'fr' })) },
        keys: { rotate: () => succeeded({ key: key(), secret: 'gh_live_NEXT' }) },
      },
    });
    const rows = within(await screen.findByRole('table', { name: 'Clés API' })).getAllByRole('row');
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
