import { act, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { succeeded } from '#shared/ipc/failure';
import { axeFindings } from '../support/axe';
import { bootstrap, desktop, minutesAgo, remote, review } from './builders';
import { renderApp } from './render-app';

const french = desktop({ language: 'fr' });

describe('a console in French', () => {
  it('says so in the frame and in all of Settings', async () => {
    const { user } = renderApp({
      mirror: {
        reviews: [review()],
        connection: { kind: 'unreachable', service: remote, since: minutesAgo(7), message: '' },
      },
      answers: { desktop: { state: () => succeeded(french) } },
    });
    const screens = within(await screen.findByRole('navigation', { name: 'Écrans' }));
    expect(screens.getAllByRole('button').map((button) => button.getAttribute('aria-label'))).toEqual([
      'Vue d’ensemble',
      'En attente, 1 demande ouverte',
      'Journal',
      'IP autorisées',
      'Protection',
      'Clés API',
      'Utilisateurs',
      'Activité',
      'Réglages',
    ]);
    expect(document.documentElement.lang).toBe('fr');
    expect(screen.getByRole('alert').textContent).toContain('Le service\u00a0: injoignable depuis 13:55.');
    await user.click(screens.getByRole('button', { name: 'Réglages' }));
    expect(document.title).toBe('(1) Réglages – Gatehouse');
    const titles = await screen.findAllByRole('heading', { level: 2 });
    expect(titles.map((title) => title.textContent)).toEqual([
      'Connexion',
      'Réseau',
      'Notifications',
      'Cet ordinateur',
      'Journal sur cet ordinateur',
      'Apparence',
      'À propos',
    ]);
    expect(await axeFindings()).toEqual([]);
  });

  it('says why tokens are not kept in the language of the window', async () => {
    const { user, double } = renderApp({
      answers: { app: { bootstrap: () => succeeded(bootstrap({ keepsTokens: false })) } },
    });
    await user.click(await screen.findByRole('button', { name: 'Settings' }));
    expect(await screen.findByText(/This desktop has no key store/)).toBeTruthy();
    act(() => double.emit('desktop', 'changed', french));
    expect(screen.getByText(/Ce bureau n’a pas de trousseau/)).toBeTruthy();
  });

  it('is one press away, and back, without a restart', async () => {
    const { user, double } = renderApp({ answers: { desktop: { change: () => succeeded(french) } } });
    await user.click(await screen.findByRole('button', { name: 'Settings' }));
    await user.click(await screen.findByRole('radio', { name: 'Français' }));
    expect(double.requests('desktop.change')).toEqual([{ language: 'fr' }]);
    act(() => double.emit('desktop', 'changed', french));
    expect(screen.getByRole('heading', { level: 1, name: 'Réglages' })).toBeTruthy();
    act(() => double.emit('desktop', 'changed', desktop()));
    expect(screen.getByRole('heading', { level: 1, name: 'Settings' })).toBeTruthy();
    expect(document.documentElement.lang).toBe('en');
  });
});
