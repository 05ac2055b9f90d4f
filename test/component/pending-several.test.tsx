import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { failed, succeeded } from '#shared/ipc/failure';
import type { Settled } from '#shared/ipc/outbox';
import { account, minutesAgo, quiet, review, ulid } from './builders';
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
        refused: [{ id: second.id, message: 'This review was answered already.' }],
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
