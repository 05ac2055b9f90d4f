import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { succeeded } from '#shared/ipc/failure';
import { desktop, key, KEY_ID, minutesAgo, review, ulid } from './builders';
import { renderApp } from './render-app';

const answers = { desktop: { state: () => succeeded(desktop({ language: 'fr' })) } };
const burst = Array.from({ length: 12 }, (_, index) =>
  review({
    id: ulid(400 + index),
    ip: `203.0.${index}.9`,
    asn: 3320 + index,
    country: 'DE',
    firstAt: minutesAgo(9),
  }),
);

describe('Pending in French', () => {
  it('names the list, its groups, what is selected, and a leaked key', async () => {
    const { user } = renderApp({ mirror: { reviews: burst, keys: [key()] }, answers });
    await screen.findByRole('grid', { name: 'Demandes ouvertes' });
    expect(screen.getByText('12 adresses bloquées attendent votre décision.')).toBeTruthy();
    const leak = within(
      screen.getByRole('region', {
        name: 'Billing worker\u00a0: fuite probable, 12 nouvelles IP de 12 réseaux depuis 13:53',
      }),
    );
    expect(leak.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
      '',
      'Renouveler…',
      'Refuser 12 adresses',
      'Voir ce qui est passé',
    ]);
    await user.click(screen.getByRole('radio', { name: 'Pays' }));
    const group = screen.getByRole('row', { name: /^Sélectionner le groupe Allemagne/ });
    expect(group.textContent).toBe(
      'Allemagne12 adresses de 12 réseaux, même clé\u00a0: «\u00a0Billing worker\u00a0»',
    );
    await user.click(screen.getByRole('checkbox', { name: 'Tout sélectionner (12)' }));
    const together = within(screen.getByRole('group', { name: 'Répondre ensemble' }));
    expect(together.getByRole('heading', { name: '12 demandes sélectionnées' })).toBeTruthy();
    await user.click(together.getByRole('radio', { name: 'Chaque sous-réseau' }));
    expect(together.getByRole('button', { name: /^Autoriser 12 sous-réseaux/ })).toBeTruthy();
  });

  it('asks about one address in its own window', async () => {
    const told = { signal: 'same-country', weight: 10, detail: 'In English.' };
    const words = { text: 'country', values: { country: 'DE', ago: 7_200_000 } };
    const evidence = [
      { ...told, words },
      { signal: 'fresh-key', weight: -10, detail: 'An older service said this.' },
    ];
    const asked = review({ count: 14, keyId: KEY_ID, evidence });
    renderApp({ mirror: { reviews: [asked] }, answers, approval: asked.id });
    await screen.findByRole('heading', { level: 2, name: '203.0.113.9' });
    expect(screen.getByText('Bloqué, en attente de votre décision')).toBeTruthy();
    expect(screen.getByText(/^14 fois, première/)).toBeTruthy();
    expect(
      screen.getByText(
        'Cette clé est déjà utilisée depuis ce pays\u00a0: Allemagne (dernière fois\u00a0: il y a 2 heures).',
        { normalizer: String },
      ),
    ).toBeTruthy();
    expect(screen.getByText('An older service said this.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Autoriser cette adresse' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Refuser et renouveler la clé' })).toBeTruthy();
    expect(screen.getByRole('status', { name: 'Ce que cela laisse passer' }).textContent).toBe(
      'Laisse passer cette adresse seulement',
    );
  });
});
