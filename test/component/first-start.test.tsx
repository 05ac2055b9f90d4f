import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import { desktop } from './builders';
import { renderApp } from './render-app';

describe('the first start', () => {
  const none = {
    connection: { kind: 'none' as const },
    account: null,
    lastSyncAt: null,
    ranges: [],
    keys: [],
  };

  it('offers to run the service on this computer', async () => {
    const { user, double } = renderApp({
      mirror: none,
      answers: { connection: { useEmbedded: () => succeeded(undefined) } },
    });
    await user.click(await screen.findByRole('button', { name: 'Run Gatehouse on this computer' }));
    expect(double.requests('connection.useEmbedded')).toHaveLength(1);
  });

  it('checks address and token before anything is sent', async () => {
    const { user, double } = renderApp({ mirror: none });
    await user.type(await screen.findByRole('textbox', { name: 'Service address' }), 'ftp://x');
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    expect(screen.getByText('The address has to start with https:// or http://.')).toBeTruthy();
    expect(screen.getByText('Enter the access token.')).toBeTruthy();
    expect(double.requests('connection.connect')).toEqual([]);
  });

  it('is one in French on a French desktop, with its failures', async () => {
    const { user } = renderApp({
      mirror: none,
      answers: {
        connection: {
          useEmbedded: () => failed({ kind: 'rate_limited', retryAfterSeconds: 5, message: '' }),
        },
        desktop: { state: () => succeeded(desktop({ language: 'fr' })) },
      },
    });
    expect(await screen.findByRole('heading', { name: 'Bienvenue dans Gatehouse' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Exécuter Gatehouse sur cet ordinateur' }));
    expect((await screen.findByRole('alert')).textContent).toBe(
      'Trop d’essais. Le service acceptera le prochain dans 5\u00a0s.',
    );
    await user.click(screen.getByRole('button', { name: 'Se connecter' }));
    expect(screen.getByLabelText('Jeton d’accès')).toBeTruthy();
    expect(screen.getByText('Saisissez le jeton d’accès.')).toBeTruthy();
  });

  it.each([
    [
      failed({ kind: 'unauthorized', code: 'unauthorized', message: 'x' }),
      'The service does not accept this token.',
      'Access token',
    ],
    [failed({ kind: 'unreachable', message: 'connection refused' }), 'connection refused', 'Service address'],
    [
      failed({ kind: 'invalid', code: 'invalid_request', field: 'url', message: 'no such host' }),
      'No such host.',
      'Service address',
    ],
  ])('shows an error of the service under the field that it belongs to', async (failure, message, label) => {
    const { user } = renderApp({ mirror: none, answers: { connection: { connect: () => failure } } });
    await user.type(
      await screen.findByRole('textbox', { name: 'Service address' }),
      'https://gatehouse.test',
    );
    await user.type(screen.getByLabelText('Access token'), 'secret');
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    const text = await screen.findByText(message);
    expect(screen.getByLabelText(label).getAttribute('aria-describedby')).toContain(text.id);
  });
});
