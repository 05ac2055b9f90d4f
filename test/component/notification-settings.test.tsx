import { act, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import type { NotificationState } from '#shared/ipc/notifications';
import { desktop, key, KEY_ID, minutesAgo, notifications } from './builders';
import { renderApp, type Scene } from './render-app';

const done = () => succeeded(undefined);
const unlimited = { change: done, muteKey: done, snooze: done, wake: done, test: done };

/** Opens the settings; gives one of their sections. */
async function openSettings(name: string, scene: Scene = {}) {
  const app = renderApp(scene);
  await app.user.click(await screen.findByRole('button', { name: 'Settings' }));
  return { ...app, section: within(await screen.findByRole('region', { name })) };
}
const openNotifications = (state: Partial<NotificationState> = {}) =>
  openSettings('Notifications', {
    answers: { notifications: { ...unlimited, state: () => succeeded(notifications(state)) } },
  });

describe('the settings of notifications', () => {
  it('change at once, each alone', async () => {
    const { user, double, section } = await openNotifications();
    await user.click(section.getByRole('checkbox', { name: 'The trust review let an address in by itself' }));
    await user.click(section.getByRole('checkbox', { name: /do not disturb/ }));
    await user.click(section.getByRole('checkbox', { name: 'Show notifications' }));
    expect(double.requests('notifications.change')).toEqual([
      { causes: { grant_added: true } },
      { followDesktopQuiet: false },
      { enabled: false },
    ]);
  });

  it('offer nothing to set while they are off', async () => {
    const { section } = await openNotifications({
      preferences: { ...notifications().preferences, enabled: false },
    });
    const [, ...others] = section.getAllByRole('checkbox');
    expect(others.every((box) => box.hasAttribute('disabled'))).toBe(true);
    expect(section.getByRole('button', { name: 'Pause for 1 hour' }).hasAttribute('disabled')).toBe(true);
  });

  it('have quiet hours with times and days, which are sent once they are complete', async () => {
    const { user, double, section } = await openNotifications();
    await user.click(section.getByRole('checkbox', { name: 'Quiet hours' }));
    const all = [0, 1, 2, 3, 4, 5, 6];
    const [started] = double.requests('notifications.change') as { readonly quietHours: object }[];
    expect(started?.quietHours).toMatchObject({ from: '22:00', to: '07:00' });
    const quietHours = { from: '22:00', to: '07:00', days: all };
    const preferences = { ...notifications().preferences, quietHours };
    act(() => double.emit('notifications', 'changed', notifications({ preferences })));
    expect(section.getByText('the next day')).toBeTruthy();

    fireEvent.change(section.getByLabelText('From'), { target: { value: '' } });
    expect(section.getByRole('alert').textContent).toBe('Choose both times.');
    fireEvent.change(section.getByLabelText('From'), { target: { value: '07:00' } });
    expect(section.getByRole('alert').textContent).toContain('at another time');
    expect(double.requests('notifications.change')).toHaveLength(1);
    fireEvent.change(section.getByLabelText('From'), { target: { value: '05:30' } });
    expect(section.getByText('the same day')).toBeTruthy();
    await user.click(section.getByRole('checkbox', { name: 'Sunday' }));
    expect(double.requests('notifications.change').slice(1)).toEqual([
      { quietHours: { ...quietHours, from: '05:30' } },
      { quietHours: { ...quietHours, from: '05:30', days: [1, 2, 3, 4, 5, 6] } },
    ]);
  });

  it('are paused for an hour or until tomorrow, and resumed', async () => {
    const { user, double, section } = await openNotifications();
    await user.click(section.getByRole('button', { name: 'Pause for 1 hour' }));
    await user.click(section.getByRole('button', { name: 'Pause until tomorrow' }));
    expect(double.requests('notifications.snooze')).toEqual([{ for: 'hour' }, { for: 'tomorrow' }]);
    const until = minutesAgo(-60);
    act(() =>
      double.emit(
        'notifications',
        'changed',
        notifications({ snoozedUntil: until, quiet: { reason: 'snoozed', until } }),
      ),
    );
    expect(section.getByText('Notifications are paused until 15:02.')).toBeTruthy();
    await user.click(section.getByRole('button', { name: 'Resume' }));
    expect(double.requests('notifications.wake')).toHaveLength(1);
  });

  it('show a sample, and say what this desktop can do', async () => {
    const { user, double, section } = await openNotifications({
      desktop: { supported: true, buttons: false },
    });
    expect(section.getByText(/shows notifications without buttons/)).toBeTruthy();
    await user.click(section.getByRole('button', { name: 'Show a sample' }));
    expect(double.requests('notifications.test')).toHaveLength(1);
    act(() =>
      double.emit(
        'notifications',
        'changed',
        notifications({ desktop: { supported: false, buttons: false } }),
      ),
    );
    expect(section.getByText(/shows no notifications/)).toBeTruthy();
    expect(section.getByRole('button', { name: 'Show a sample' }).hasAttribute('disabled')).toBe(true);
  });

  it('list the muted keys by name, and announce them again', async () => {
    const { user, double, section } = await openSettings('Notifications', {
      mirror: { keys: [key()] },
      answers: {
        notifications: { ...unlimited, state: () => succeeded(notifications({ mutedKeyIds: [KEY_ID] })) },
      },
    });
    await user.click(section.getByRole('button', { name: 'Announce Billing worker again' }));
    expect(double.requests('notifications.muteKey')).toEqual([{ keyId: KEY_ID, muted: false }]);
    double.answer('notifications', 'muteKey', () =>
      failed({ kind: 'internal', message: 'The disk is full.' }),
    );
    await user.click(section.getByRole('button', { name: 'Announce Billing worker again' }));
    expect((await section.findByRole('alert')).textContent).toContain('The disk is full.');
  });

  it('say why a change was not taken', async () => {
    const { user, section } = await openSettings('Notifications', {
      answers: {
        notifications: { change: () => failed({ kind: 'internal', message: 'The disk is full.' }) },
      },
    });
    await user.click(section.getByRole('checkbox', { name: 'Learning is about to end' }));
    expect((await section.findByRole('alert')).textContent).toContain('The disk is full.');
  });
});

describe('the settings of this computer', () => {
  it('change at once, and show what main made of them', async () => {
    const { user, double, section } = await openSettings('This computer', {
      answers: { desktop: { change: () => succeeded(desktop()) } },
    });
    expect(section.getByRole('checkbox', { name: /without a window/ }).hasAttribute('disabled')).toBe(true);
    await user.click(section.getByRole('checkbox', { name: 'Start when I log in' }));
    await user.click(section.getByRole('checkbox', { name: 'Stay in the tray when the window is closed' }));
    expect(double.requests('desktop.change')).toEqual([{ startAtLogin: true }, { closeToTray: false }]);
    const settings = { ...desktop().settings, startAtLogin: true, closeToTray: false };
    act(() => double.emit('desktop', 'changed', desktop({ settings })));
    const hidden = section.getByRole('checkbox', { name: /without a window/ });
    expect(hidden.hasAttribute('disabled')).toBe(false);
    await user.click(hidden);
    expect(double.requests('desktop.change').at(-1)).toEqual({ startHidden: false });
    await user.click(section.getByRole('checkbox', { name: 'In the menu of this desktop' }));
    expect(double.requests('desktop.change').at(-1)).toEqual({ menuEntry: true });
  });

  it('set for how long one press authorizes, and when details are hidden', async () => {
    const { user, double, section } = await openSettings('Notifications', {
      answers: { notifications: { change: () => succeeded(undefined) } },
    });
    await user.selectOptions(
      section.getByRole('combobox', { name: /Authorize in one press for/ }),
      '8 hours',
    );
    await user.selectOptions(section.getByRole('combobox', { name: /Hide addresses and keys/ }), 'Always');
    expect(double.requests('notifications.change')).toEqual([
      { quickSeconds: 28_800 },
      { hideDetails: 'always' },
    ]);
  });

  it('say what this computer cannot do', async () => {
    const { section } = await openSettings('This computer', {
      answers: {
        desktop: {
          state: () =>
            succeeded(desktop({ hasTray: false, canStartAtLogin: false, canHaveMenuEntry: false })),
        },
      },
    });
    expect(section.getByText(/cannot be started at login/)).toBeTruthy();
    expect(section.getByText(/shows no tray/)).toBeTruthy();
    expect(section.getAllByRole('checkbox').every((box) => box.hasAttribute('disabled'))).toBe(true);
  });

  it('say why the system refused', async () => {
    const { user, section } = await openSettings('This computer', {
      answers: {
        desktop: {
          change: () =>
            failed({
              kind: 'invalid',
              code: 'login_item_refused',
              field: 'startAtLogin',
              message: 'the system refused',
            }),
        },
      },
    });
    await user.click(section.getByRole('checkbox', { name: 'Start when I log in' }));
    expect((await section.findByRole('alert')).textContent).toBe('The system refused.');
  });
});
