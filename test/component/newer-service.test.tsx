import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { UNRECOGNISED } from '#shared/domain/told';
import { succeeded } from '#shared/ipc/failure';
import { useUi } from '../../renderer/src/stores/ui';
import { account, attempt, embedded, key, minutesAgo, range, review } from './builders';
import { renderApp } from './render-app';

const NEW = /does not know\. Update this console\./;

describe('what only a newer console knows', () => {
  it('is neither a mode that protects nor nothing to wait for', async () => {
    const online = { kind: 'online', service: embedded, since: minutesAgo(7), isNewer: true } as const;
    const { user } = renderApp({
      mirror: { connection: online, account: account({ mode: UNRECOGNISED }), reviews: [] },
    });
    expect((await screen.findByRole('alert')).textContent).toBe(
      'Update this console. The service is newer, and says things that this console cannot show.',
    );
    expect(screen.getByText(NEW)).toBeTruthy();
    expect(screen.queryByText('Nothing waits for you')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Mode: Something new. Update this console.' }));
    const modes = within(await screen.findByRole('radiogroup', { name: 'Mode' }));
    expect(modes.queryByRole('radio', { checked: true })).toBeNull();
    expect(screen.getByText(NEW)).toBeTruthy();
  });

  it('degrades the row of the log that it is in, and no other', async () => {
    useUi.setState({ screen: 'log' });
    const rows = [attempt(1), attempt(2, { verdict: UNRECOGNISED, reason: UNRECOGNISED })];
    const { user } = renderApp({
      answers: { log: { page: () => succeeded({ items: rows, nextCursor: null }) } },
    });
    const cell = await screen.findByText('Something new');
    const lines = screen.getAllByRole('row').map(({ textContent }) => textContent);
    expect(lines.filter((line) => line.includes('Allowed'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('New') && line.includes('Something new'))).toHaveLength(1);
    await user.click(cell);
    expect((await screen.findAllByText(NEW)).length).toBeGreaterThan(0);
  });

  it.each(['authorize', 'deny'] as const)('is a range in the list to %s, which says so', async (tab) => {
    useUi.setState({ screen: 'ranges', rangesTab: tab });
    renderApp({ mirror: { ranges: [range({ effect: UNRECOGNISED })] } });
    expect(await screen.findByText(NEW)).toBeTruthy();
  });

  it('is a key that is neither active nor revoked, and a review that is open', async () => {
    useUi.setState({ screen: 'keys' });
    const { user } = renderApp({
      mirror: { keys: [key({ status: UNRECOGNISED })], reviews: [review({ reason: UNRECOGNISED })] },
    });
    expect((await screen.findAllByText('Something new')).length).toBeGreaterThan(0);
    await user.click(screen.getByRole('button', { name: /^Pending/ }));
    expect(await screen.findByText(NEW)).toBeTruthy();
  });
});
