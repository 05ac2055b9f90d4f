import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import { minutesAgo, notifications, review } from './builders';
import { renderApp } from './render-app';

const first = review();
/** Also one that would be hidden because its button is out of sight: without layout everything is. */
const menuItem = (name: string) => screen.findByRole('menuitem', { name, hidden: true });

describe('notifications, from Pending', () => {
  it('are muted for a key from the menu of its review, which then shows it', async () => {
    const { user, double } = renderApp({
      mirror: { reviews: [first] },
      answers: { notifications: { muteKey: () => succeeded(undefined) } },
    });
    await user.click(await screen.findByRole('button', { name: 'More about 203.0.113.9' }));
    await user.click(await menuItem('Mute this key’s notifications'));
    expect(double.requests('notifications.muteKey')).toEqual([{ keyId: first.keyId, muted: true }]);
    act(() => double.emit('notifications', 'changed', notifications({ mutedKeyIds: [first.keyId] })));
    expect(screen.getByRole('img', { name: 'Muted' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'More about 203.0.113.9' }));
    expect(await menuItem('Announce this key again')).toBeTruthy();
  });

  it('are not muted where that fails, which is said', async () => {
    const { user } = renderApp({
      mirror: { reviews: [first] },
      answers: {
        notifications: { muteKey: () => failed({ kind: 'internal', message: 'The disk is full.' }) },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'More about 203.0.113.9' }));
    await user.click(await menuItem('Mute this key’s notifications'));
    expect((await screen.findByRole('alert')).textContent).toContain('The disk is full.');
  });

  it('are muted from the approval window too', async () => {
    const { user, double } = renderApp({
      mirror: { reviews: [first] },
      approval: first.id,
      answers: { notifications: { muteKey: () => succeeded(undefined) } },
    });
    await user.click(await screen.findByRole('button', { name: 'More about 203.0.113.9' }));
    await user.click(await menuItem('Mute this key’s notifications'));
    expect(double.requests('notifications.muteKey')).toEqual([{ keyId: first.keyId, muted: true }]);
    await user.keyboard('{Escape}');
  });

  it('lead to the calls in the log', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] } });
    await user.click(await screen.findByRole('button', { name: 'More about 203.0.113.9' }));
    await user.click(await menuItem('Show its calls in the log'));
    await screen.findByRole('heading', { name: 'Log', level: 1 });
    await waitFor(() =>
      expect(double.requests('log.page')).toContainEqual(
        expect.objectContaining({ filter: { ip: '203.0.113.9', keyId: first.keyId } }),
      ),
    );
  });

  it.each([
    [{ reason: 'snoozed', until: minutesAgo(-60) } as const, 'Notifications are paused until 15:02.', 'wake'],
    [{ reason: 'off', until: null } as const, 'Notifications are off.', 'change'],
  ])('say that they are quiet, and end it: %o', async (quiet, words, call) => {
    const done = () => succeeded(undefined);
    const { user, double } = renderApp({
      answers: {
        notifications: { state: () => succeeded(notifications({ quiet })), wake: done, change: done },
      },
    });
    expect(await screen.findByText(words)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: call === 'wake' ? 'Resume' : 'Turn on' }));
    expect(double.requests(`notifications.${call}`)).toEqual([
      call === 'wake' ? undefined : { enabled: true },
    ]);
    act(() => double.emit('notifications', 'changed', notifications()));
    expect(screen.queryByText(words)).toBeNull();
  });

  it('leave quiet hours to the settings', async () => {
    const quiet = { reason: 'quiet_hours' as const, until: minutesAgo(-60) };
    renderApp({ answers: { notifications: { state: () => succeeded(notifications({ quiet })) } } });
    expect(await screen.findByText('Quiet hours until 15:02: nothing is announced.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Resume' })).toBeNull();
  });
});
