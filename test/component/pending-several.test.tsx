import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import { account, minutesAgo, notifications, range, review, ulid } from './builders';
import { patchMirror, renderApp } from './render-app';

const first = review();
const second = review({ id: ulid(201), ip: '192.0.2.44', suggestedCidr: '192.0.2.0/24' });
const third = review({ id: ulid(202), ip: '2001:db8::7', suggestedCidr: '2001:db8::/64' });
const reviews = [first, second, third];
const operationOf = (reviewId: string): string => ulid(900 + reviews.findIndex(({ id }) => id === reviewId));
const answers = {
  reviews: {
    authorize: ({ reviewId }: { readonly reviewId: string }) => {
      const asked = reviews.find(({ id }) => id === reviewId) ?? first;
      return succeeded({
        review: { ...asked, status: 'authorized' as const, version: 2 },
        range: range({ cidr: `${asked.ip}/32`, source: 'approval' }),
        operationId: operationOf(reviewId),
      });
    },
    undo: () => succeeded({ operationId: null }),
  },
};
const select = (ip: string) => screen.findByRole('checkbox', { name: `Select ${ip}` });
/** Also one that would be hidden because its button is out of sight: without layout everything is. */
const menuItem = (name: string) => screen.findByRole('menuitem', { name, hidden: true });
const bar = () => within(screen.getByRole('group', { name: 'Answer together' }));

describe('several questions at once', () => {
  it('are authorized together, each for its own address, with the choices made once', async () => {
    const { user, double } = renderApp({ mirror: { reviews }, answers });
    await user.click(await select('203.0.113.9'));
    await user.click(await select('2001:db8::7'));
    expect(bar().getByText('2 selected')).toBeTruthy();
    await user.selectOptions(bar().getByLabelText('For how long'), 'for 1 hour');
    await user.click(bar().getByRole('button', { name: 'Authorize 2 addresses' }));
    expect(await screen.findByText('2 questions answered.')).toBeTruthy();
    const sent = double.requests('reviews.authorize') as { readonly reviewId: string }[];
    expect(sent).toHaveLength(2);
    expect(sent).toEqual(
      expect.arrayContaining(
        [first, third].map(({ id }) => ({
          reviewId: id,
          scope: 'address',
          thisKeyOnly: false,
          durationSeconds: 3600,
        })),
      ),
    );
    const untouched = within(screen.getByRole('article', { name: '192.0.2.44' }));
    expect(untouched.getByRole('button', { name: /^Authorize this address(,|$)/ })).toBeTruthy();
  });

  it('are taken back together, or one by one', async () => {
    const { user, double } = renderApp({ mirror: { reviews }, answers });
    await user.click(await screen.findByRole('checkbox', { name: 'Select all 3' }));
    await user.click(bar().getByRole('button', { name: 'Authorize 3 addresses' }));
    const one = await screen.findByRole('button', { name: 'Undo the answer for 192.0.2.44' });
    await waitFor(() => expect(one.hasAttribute('disabled')).toBe(false));
    await user.click(one);
    const all = screen.getByRole('button', { name: 'Undo all' });
    await waitFor(() => expect(all.hasAttribute('disabled')).toBe(false));
    await user.click(all);
    await waitFor(() => expect(double.requests('reviews.undo')).toHaveLength(3));
    expect(double.requests('reviews.undo')).toEqual(
      expect.arrayContaining(reviews.map(({ id }) => ({ reviewId: id, operationId: operationOf(id) }))),
    );
    expect(double.requests('reviews.undo')[0]).toMatchObject({ reviewId: second.id });
  });

  it('are not taken back by the second press of a double click', async () => {
    const { user, double } = renderApp({ mirror: { reviews }, answers });
    await user.click(await screen.findByRole('checkbox', { name: 'Select all 3' }));
    await user.click(bar().getByRole('button', { name: 'Authorize 3 addresses' }));
    const all = await screen.findByRole('button', { name: 'Undo all' });
    fireEvent.click(all);
    await waitFor(() => expect(all.hasAttribute('disabled')).toBe(false));
    expect(double.requests('reviews.undo')).toEqual([]);
  });

  it('leave those out that somebody else answered meanwhile, and say which could not be answered', async () => {
    const { user, double } = renderApp({ mirror: { reviews }, answers });
    await user.click(await screen.findByRole('checkbox', { name: 'Select all 3' }));
    patchMirror(double, { reviews: { upserted: [{ ...first, status: 'denied', version: 2 }], removed: [] } });
    double.answer('reviews', 'deny', ({ reviewId }) =>
      reviewId === second.id
        ? failed({ kind: 'service', code: 'internal', message: 'The disk is full.' })
        : succeeded({
            kind: 'queued',
            operationId: operationOf(reviewId),
            review: { ...third, status: 'denied', version: 2 },
          }),
    );
    await user.click(bar().getByRole('button', { name: /^Deny 2(,|$)/ }));
    expect(await screen.findByText('1 question answered. 1 was not: the cards say why.')).toBeTruthy();
    const card = within(screen.getByRole('article', { name: '192.0.2.44' }));
    expect(card.getByRole('alert').textContent).toContain('The disk is full.');
  });

  it('are not offered where there is one, or to those who may only look', async () => {
    const { view } = renderApp({ mirror: { reviews: [first] } });
    await screen.findByRole('article', { name: '203.0.113.9' });
    expect(screen.queryByRole('checkbox', { name: /^Select/ })).toBeNull();
    view.unmount();
    const me = { ...account().me, role: 'user' as const };
    renderApp({ mirror: { reviews, account: account({ me }) } });
    await screen.findByRole('article', { name: '192.0.2.44' });
    expect(screen.queryByRole('checkbox', { name: /^Select/ })).toBeNull();
  });
});

describe('what has moved', () => {
  const fresh = review({ id: ulid(203), ip: '192.0.2.1', firstAt: minutesAgo(0) });
  const arrive = (double: ReturnType<typeof renderApp>['double']): void =>
    patchMirror(double, { reviews: { upserted: [fresh], removed: [] } });

  it('takes no press for a moment, without a flicker', async () => {
    const { double } = renderApp({ mirror: { reviews: [first] }, answers });
    await screen.findByRole('article', { name: '203.0.113.9' });
    arrive(double);
    const button = within(screen.getByRole('article', { name: '203.0.113.9' })).getByRole('button', {
      name: /^Authorize this address(,|$)/,
    });
    fireEvent.click(button);
    expect(double.requests('reviews.authorize')).toEqual([]);
    expect(button.hasAttribute('disabled')).toBe(false);
    await waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('false'));
    fireEvent.click(button);
    await waitFor(() => expect(double.requests('reviews.authorize')).toHaveLength(1));
  });

  it('does not move while the focus goes from one button of a card to the next', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] } });
    const card = within(await screen.findByRole('article', { name: '203.0.113.9' }));
    card.getByRole('button', { name: /^Authorize this address(,|$)/ }).focus();
    arrive(double);
    await user.tab();
    expect(document.activeElement).toBe(card.getByRole('button', { name: /^Deny(,|$)/ }));
    expect(screen.queryByRole('article', { name: '192.0.2.1' })).toBeNull();
    expect(screen.getByRole('button', { name: '1 new question' })).toBeTruthy();
    act(() => (document.activeElement as HTMLElement).blur());
    expect(await screen.findByRole('article', { name: '192.0.2.1' })).toBeTruthy();
  });

  it('moves where the pointer only rests beside the cards', async () => {
    const { user, double, view } = renderApp({ mirror: { reviews: [first] } });
    const card = await screen.findByRole('article', { name: '203.0.113.9' });
    await user.pointer({ target: card.parentElement ?? view.container });
    arrive(double);
    expect(await screen.findByRole('article', { name: '192.0.2.1' })).toBeTruthy();
  });
});

describe('notifications, from Pending', () => {
  it('are muted for a key from the menu of its question, which then shows it', async () => {
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
