import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { failed, succeeded } from '#shared/ipc/failure';
import type { Settled } from '#shared/ipc/outbox';
import { account, minutesAgo, notifications, quiet, review, ulid } from './builders';
import { patchMirror, renderApp } from './render-app';

const first = review();
const second = review({ id: ulid(201), ip: '192.0.2.44', suggestedCidr: '192.0.2.0/24' });
const third = review({ id: ulid(202), ip: '2001:db8::7', suggestedCidr: '2001:db8::/64' });
const reviews = [first, second, third];

interface AnswerManyRequest {
  readonly reviewIds: readonly string[];
  readonly answer: unknown;
}

const answers = {
  reviews: {
    answerMany: ({ reviewIds }: { readonly reviewIds: readonly string[] }) =>
      succeeded({ queued: reviewIds.length, refused: [], operationIds: [] }),
  },
};
/** The news of an answer to these reviews. */
const answered = (status: 'authorized' | 'denied', ...of: readonly Review[]) => ({
  reviews: { upserted: of.map((each): Review => ({ ...each, status, version: 2 })), removed: [] },
});
const row = (ip: string) => within(screen.getByRole('row', { name: new RegExp(ip) }));
const select = (ip: string) => screen.findByRole('checkbox', { name: `Select ${ip}` });
/** Also one that would be hidden because its button is out of sight: without layout everything is. */
const menuItem = (name: string) => screen.findByRole('menuitem', { name, hidden: true });
const bar = () => within(screen.getByRole('group', { name: 'Answer together' }));

describe('several reviews at once', () => {
  it('are authorized with one call, each for its own address, with the choices made once', async () => {
    const { user, double } = renderApp({ mirror: { reviews }, answers });
    await user.click(await select('203.0.113.9'));
    await user.click(await select('2001:db8::7'));
    expect(bar().getByRole('heading', { name: '2 reviews selected' })).toBeTruthy();
    expect(bar().getByText('2 addresses, all with the key “Billing worker”.')).toBeTruthy();
    await user.click(bar().getByRole('radio', { name: '1 hour' }));
    const button = bar().getByRole('button', { name: 'Authorize 2 addresses' });
    await waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('false'));
    await user.click(button);
    expect(await screen.findByText('2 reviews answered.')).toBeTruthy();
    const [sent, ...more] = double.requests('reviews.answerMany') as readonly AnswerManyRequest[];
    expect(more).toEqual([]);
    expect(sent?.answer).toEqual({
      kind: 'authorize',
      scope: 'address',
      thisKeyOnly: false,
      durationSeconds: 3600,
    });
    expect(sent?.reviewIds.toSorted()).toEqual([first.id, third.id]);
    patchMirror(double, answered('authorized', first, third));
    expect(await row('203.0.113.9').findByText('Authorized')).toBeTruthy();
    expect(await screen.findByRole('article', { name: '192.0.2.44' })).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole('grid'));
  });

  /** Denies all three. */
  async function denyAll({ user }: ReturnType<typeof renderApp>): Promise<void> {
    await user.click(await screen.findByRole('checkbox', { name: 'Select all 3' }));
    const button = bar().getByRole('button', { name: 'Deny 3 addresses' });
    await waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('false'));
    await user.click(button);
  }

  it('are taken back together, with one call', async () => {
    const app = renderApp({ mirror: { reviews }, answers });
    await denyAll(app);
    patchMirror(app.double, answered('denied', ...reviews));
    const all = await screen.findByRole('button', { name: 'Undo all' });
    await waitFor(() => expect(all.hasAttribute('disabled')).toBe(false));
    await app.user.click(all);
    expect(await screen.findByText('3 answers taken back: open again.')).toBeTruthy();
    const sent = app.double.requests('reviews.answerMany') as readonly AnswerManyRequest[];
    expect(sent.at(-1)?.answer).toEqual({ kind: 'reopen' });
    expect(sent.at(-1)?.reviewIds.toSorted()).toEqual(reviews.map(({ id }) => id));
    patchMirror(app.double, {
      reviews: { upserted: reviews.map((each) => ({ ...each, version: 3 })), removed: [] },
    });
    expect(await screen.findByRole('checkbox', { name: 'Select all 3' })).toBeTruthy();
    expect(row('203.0.113.9').getByText('Unknown')).toBeTruthy();
  });

  it('are taken back one by one', async () => {
    const app = renderApp({
      mirror: { reviews },
      answers: { reviews: { ...answers.reviews, undo: () => succeeded({ operationId: null }) } },
    });
    await denyAll(app);
    patchMirror(app.double, answered('denied', ...reviews));
    await app.user.click(screen.getByRole('row', { name: /192\.0\.2\.44/ }));
    const panel = within(await screen.findByRole('article', { name: '192.0.2.44' }));
    expect(panel.getByText('Denied. On its way to the service…')).toBeTruthy();
    const one = panel.getByRole('button', { name: 'Undo' });
    // The key is that of the button for all.
    expect(one.hasAttribute('aria-keyshortcuts')).toBe(false);
    expect(screen.getByText('All of these are answered.')).toBeTruthy();
    await waitFor(() => expect(one.hasAttribute('disabled')).toBe(false));
    await app.user.click(one);
    expect(app.double.requests('reviews.undo')).toEqual([{ reviewId: second.id, operationId: null }]);
  });

  it('are not taken back by the second press of a double click', async () => {
    const app = renderApp({ mirror: { reviews }, answers });
    await denyAll(app);
    const all = await screen.findByRole('button', { name: 'Undo all' });
    fireEvent.click(all);
    await waitFor(() => expect(all.hasAttribute('disabled')).toBe(false));
    expect(app.double.requests('reviews.answerMany')).toHaveLength(1);
  });

  it('show how many are sent while that takes long, and can be stopped in the middle', async () => {
    const operationIds = [ulid(901), ulid(902), ulid(903)];
    const app = renderApp({
      mirror: { reviews },
      answers: {
        reviews: {
          answerMany: () => succeeded({ refused: [], operationIds }),
          stopMany: () => succeeded({ reopenedIds: [third.id] }),
        },
      },
    });
    const [applied, undecided, undone] = operationIds.map((id) => ({ id }));
    const hear = (...items: readonly object[]): void =>
      act(() => app.double.emit('outbox', 'settled', { items } as { items: Settled[] }));
    await denyAll(app);
    patchMirror(app.double, { ...answered('denied', ...reviews), sync: { ...quiet, waiting: 3 } });
    expect((await screen.findByText('0 of 3 sent')).getAttribute('role')).toBe('status');
    hear({ ...applied, outcome: 'applied', entity: null, enforcedAt: minutesAgo(0) });
    expect(screen.getByText('1 of 3 sent')).toBeTruthy();
    const stop = screen.getByRole('button', { name: 'Stop' });
    await waitFor(() => expect(stop.hasAttribute('disabled')).toBe(false));
    await app.user.click(stop);
    const [sent] = app.double.requests('reviews.stopMany') as readonly {
      readonly reviewIds: readonly string[];
      readonly operationIds: readonly string[];
    }[];
    expect(sent?.reviewIds.toSorted()).toEqual(reviews.map(({ id }) => id));
    expect(sent?.operationIds).toEqual(operationIds);
    hear({ ...undone, outcome: 'undone' });
    expect(screen.getByText('1 of 2 sent')).toBeTruthy();
    const conflict = { kind: 'conflicted', code: 'already_decided', detail: '', current: null } as const;
    hear({ ...undecided, ...conflict, outcome: 'undecided' });
    expect(
      screen.getByText('1 review answered. 1 answer taken back: open again. Somebody else had answered 1.'),
    ).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
  });

  it('say what the service refused of them', async () => {
    const app = renderApp({
      mirror: { reviews },
      answers: {
        reviews: { answerMany: () => succeeded({ refused: [], operationIds: [ulid(901)] }) },
      },
    });
    await denyAll(app);
    const refusal = {
      kind: 'rejected',
      code: 'forbidden',
      detail: 'Only owners may.',
      current: null,
    } as const;
    act(() =>
      app.double.emit('outbox', 'settled', { items: [{ id: ulid(901), outcome: 'undecided', ...refusal }] }),
    );
    expect(await screen.findByText('2 reviews answered. 1 failed: Only owners may.')).toBeTruthy();
  });

  it('leave those out that somebody else answered meanwhile, and say which could not be answered', async () => {
    const { user, double } = renderApp({ mirror: { reviews }, answers });
    await user.click(await screen.findByRole('checkbox', { name: 'Select all 3' }));
    patchMirror(double, answered('denied', first));
    double.answer('reviews', 'answerMany', ({ reviewIds }) =>
      succeeded({
        queued: reviewIds.length - 1,
        refused: [{ reviewId: second.id, message: 'This review was answered already.' }],
        operationIds: [],
      }),
    );
    const button = bar().getByRole('button', { name: 'Deny 2 addresses' });
    await waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('false'));
    await user.click(button);
    expect(
      await screen.findByText('1 review answered. 1 was not: This review was answered already.'),
    ).toBeTruthy();
  });

  it('stay selected where the call failed, which is said', async () => {
    const { user } = renderApp({
      mirror: { reviews },
      answers: { reviews: { answerMany: () => failed({ kind: 'internal', message: 'The disk is full.' }) } },
    });
    await user.click(await screen.findByRole('checkbox', { name: 'Select all 3' }));
    const button = bar().getByRole('button', { name: 'Deny 3 addresses' });
    await waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('false'));
    await user.click(button);
    expect((await bar().findByRole('alert')).textContent).toContain('The disk is full.');
    expect(bar().getByRole('heading', { name: '3 reviews selected' })).toBeTruthy();
  });

  it('are selected as a span, from the last selected one to the one that is clicked with Shift', async () => {
    const { user } = renderApp({ mirror: { reviews }, answers });
    await user.click(await select('203.0.113.9'));
    await user.keyboard('{Shift>}');
    await user.click(screen.getByRole('row', { name: /2001:db8::7/ }));
    await user.keyboard('{/Shift}');
    const chosen = screen.getAllByRole('row', { selected: true });
    const order = screen.getAllByRole('row');
    expect(chosen.length).toBe(
      Math.abs(
        order.findIndex((each) => each.textContent.includes('203.0.113.9')) -
          order.findIndex((each) => each.textContent.includes('2001:db8::7')),
      ) + 1,
    );
  });

  it('are not offered where there is one, or to those who may only look', async () => {
    const { view } = renderApp({ mirror: { reviews: [first] } });
    await screen.findByRole('article', { name: '203.0.113.9' });
    expect(screen.queryByRole('checkbox', { name: /^Select/ })).toBeNull();
    view.unmount();
    const me = { ...account().me, role: 'user' as const };
    renderApp({ mirror: { reviews, account: account({ me }) } });
    await screen.findByRole('grid');
    expect(screen.queryByRole('checkbox', { name: /^Select/ })).toBeNull();
  });
});

describe('what has moved', () => {
  const fresh = review({ id: ulid(203), ip: '192.0.2.1', firstAt: minutesAgo(0) });
  const arrive = (double: ReturnType<typeof renderApp>['double']): void =>
    patchMirror(double, { reviews: { upserted: [fresh], removed: [] } });

  it('takes no press for a moment, without a flicker', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first, second] }, answers });
    await user.click(await screen.findByRole('row', { name: /192\.0\.2\.44/ }));
    const panel = await screen.findByRole('article', { name: '192.0.2.44' });
    const button = within(panel).getByRole('button', { name: 'Authorize this address' });
    fireEvent.click(button);
    expect(double.requests('reviews.authorize')).toEqual([]);
    expect(button.hasAttribute('disabled')).toBe(false);
    await waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('false'));
    fireEvent.click(button);
    await waitFor(() => expect(double.requests('reviews.authorize')).toHaveLength(1));
  });

  it('is not the panel: a review stays there while others come', async () => {
    const { double } = renderApp({ mirror: { reviews: [first] }, answers });
    await screen.findByRole('article', { name: '203.0.113.9' });
    arrive(double);
    expect(screen.getAllByRole('row')).toHaveLength(2);
    expect(screen.getByRole('article', { name: '203.0.113.9' })).toBeTruthy();
  });

  it('does not move while the focus goes from one button of the panel to the next', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] } });
    const panel = within(await screen.findByRole('article', { name: '203.0.113.9' }));
    panel.getByRole('button', { name: 'Authorize this address' }).focus();
    arrive(double);
    await user.tab();
    expect(document.activeElement).toBe(panel.getByRole('button', { name: 'Deny' }));
    expect(screen.getAllByRole('row')).toHaveLength(1);
    expect(screen.getByRole('button', { name: '1 new review' })).toBeTruthy();
    act(() => (document.activeElement as HTMLElement).blur());
    await waitFor(() => expect(screen.getAllByRole('row')).toHaveLength(2));
  });

  it('moves where the pointer only rests beside the reviews', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] } });
    await user.pointer({ target: await screen.findByRole('grid') });
    arrive(double);
    await waitFor(() => expect(screen.getAllByRole('row')).toHaveLength(2));
  });
});

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
