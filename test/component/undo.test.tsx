import { act, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { failed, succeeded } from '#shared/ipc/failure';
import { key, minutesAgo, NOW, OPERATION_ID, range, review, ulid } from './builders';
import { patchMirror, renderApp, settle, type Scene } from './render-app';

const first = review();
const second = review({ id: ulid(201), ip: '192.0.2.44', firstAt: minutesAgo(60) });
const denied: Review = {
  ...first,
  status: 'denied',
  decidedBy: 'owner@example.com',
  decidedAt: NOW.toISOString(),
  version: 2,
};
const answers = {
  reviews: {
    deny: () => succeeded({ kind: 'queued' as const, operationId: OPERATION_ID, review: denied }),
    undo: () => succeeded({ operationId: null }),
  },
};

type App = ReturnType<typeof renderApp>;
/** In steps, because what is rendered in one of them sets the timers of the next. */
async function wait(ms: number): Promise<void> {
  const STEP_MS = 500;
  for (let passed = 0; passed <= ms; passed += STEP_MS) {
    await act(() => vi.advanceTimersByTimeAsync(Math.min(STEP_MS, ms - passed)));
  }
}
const patch = ({ double }: App, ...upserted: Review[]): void =>
  patchMirror(double, { reviews: { upserted, removed: [] } });
const applied = ({ double }: App): void =>
  settle(double, { outcome: 'applied', entity: denied, enforcedAt: NOW.toISOString() });
const undo = () => screen.queryByRole('button', { name: /^Undo/ });
const button = (name: string, ip = '203.0.113.9') =>
  within(screen.getByRole('article', { name: ip })).getByRole('button', { name });
/** Brings the review into the panel. */
const show = (ip = '203.0.113.9'): void =>
  void fireEvent.click(screen.getByRole('row', { name: new RegExp(ip.replaceAll('.', String.raw`\.`)) }));

describe('Undo', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Denies the first review; the second is in the panel then, and Undo is under the list. */
  async function denyFirst(scene: Scene = {}): Promise<App> {
    const app = renderApp({ mirror: { reviews: [first, second] }, answers, ...scene });
    await wait(1000);
    fireEvent.click(button('Deny'));
    await wait(0);
    patch(app, denied);
    return app;
  }

  it('is offered for ten seconds, which it counts, beside when the answer is enforced', async () => {
    const app = await denyFirst();
    applied(app);
    expect(screen.getByText(/Denied\. Enforced/).textContent).toBe(
      '203.0.113.9: Denied. Enforced at 14:02:11',
    );
    expect(undo()?.textContent).toContain('10');
    await wait(7_500);
    expect(undo()?.textContent).toContain('3');
    expect(undo()?.getAttribute('aria-label')).toBe('Undo the answer for 203.0.113.9');
    await wait(2_600);
    expect(undo()).toBeNull();
    // Its row goes with it, so that what is left is what is open.
    expect(screen.getAllByRole('row')).toHaveLength(1);
  });

  it('is beside how the answer is enforced where its review is in the panel, which stays', async () => {
    const app = await denyFirst();
    applied(app);
    show();
    expect(screen.getByText('Denied. Enforced at 14:02:11')).toBeTruthy();
    expect(undo()?.getAttribute('aria-label')).toBe('Undo');
    await wait(10_500);
    expect(undo()).toBeNull();
    expect(screen.getByText('Denied. Enforced at 14:02:11')).toBeTruthy();
  });

  it('does not take the second press of a double click', async () => {
    const { double } = await denyFirst();
    fireEvent.click(undo() as HTMLElement);
    await wait(0);
    expect(double.requests('reviews.undo')).toEqual([]);
  });

  it('opens the review again, which takes an answer a moment later', async () => {
    const app = await denyFirst();
    show();
    await wait(500);
    fireEvent.click(undo() as HTMLElement);
    await wait(0);
    expect(app.double.requests('reviews.undo')).toEqual([{ reviewId: first.id, operationId: OPERATION_ID }]);
    expect(screen.getByText('The answer was taken back.')).toBeTruthy();
    patch(app, { ...first, version: 3 });
    expect(undo()).toBeNull();
    // Where Undo was there is a button again.
    fireEvent.click(button('Deny'));
    await wait(450);
    expect(app.double.requests('reviews.deny')).toHaveLength(1);
    const again = { kind: 'queued' as const, operationId: ulid(901), review: { ...denied, version: 4 } };
    app.double.answer('reviews', 'deny', () => succeeded(again));
    fireEvent.click(button('Deny'));
    await wait(0);
    expect(app.double.requests('reviews.deny')).toHaveLength(2);
    expect(undo()).not.toBeNull();
  });

  /** Takes the answer back in the panel, and waits until the review is open again. */
  async function takeBack(app: App): Promise<void> {
    show();
    await wait(500);
    fireEvent.click(undo() as HTMLElement);
    await wait(0);
    patch(app, { ...first, version: 3 });
    await wait(0);
  }

  it('leaves a review that somebody else answers then: it says who', async () => {
    const app = await denyFirst();
    await takeBack(app);
    patch(app, { ...denied, decidedBy: 'jon@example.com', version: 4 });
    expect(screen.getByText(/Answered already: denied by jon@example\.com/)).toBeTruthy();
    expect(screen.queryByText('The answer was taken back.')).toBeNull();
  });

  it('that the service refused leaves the answer as it was', async () => {
    const app = await denyFirst();
    applied(app);
    await takeBack(app);
    patch(app, denied);
    expect(screen.getByText('Denied. Enforced at 14:02:11')).toBeTruthy();
    expect(screen.queryByText('The answer was taken back.')).toBeNull();
  });

  it('leaves the focus in the list, and takes it from nowhere else', async () => {
    const app = renderApp({ mirror: { reviews: [first, second] }, answers });
    await wait(1000);
    button('Deny').focus();
    fireEvent.click(button('Deny'));
    await wait(0);
    patch(app, denied);
    const grid = screen.getByRole('grid');
    expect(document.activeElement).toBe(grid);
    // Somebody else answers the review in the panel.
    const other = button('Deny', '192.0.2.44');
    other.focus();
    patch(app, { ...review({ id: ulid(203), ip: '192.0.2.9' }), status: 'denied', version: 2 });
    expect(document.activeElement).toBe(other);
  });

  it('says why it did not work, and stays for the rest of its time', async () => {
    const app = await denyFirst({
      answers: {
        reviews: {
          ...answers.reviews,
          undo: () => failed({ kind: 'service', code: 'internal', message: 'The disk is full.' }),
        },
      },
    });
    show();
    await wait(500);
    fireEvent.click(undo() as HTMLElement);
    await wait(0);
    expect(screen.getByRole('alert').textContent).toContain('The disk is full.');
    expect(undo()).not.toBeNull();
    expect(app.double.requests('reviews.undo')).toHaveLength(1);
  });

  it('is still there on return to the screen, and for answers given in another window or a notification', async () => {
    const app = renderApp({ mirror: { reviews: [first, second] }, answers });
    await wait(1000);
    fireEvent.click(screen.getByRole('button', { name: 'Log' }));
    patch(app, denied);
    applied(app);
    await wait(4_000);
    fireEvent.click(screen.getByRole('button', { name: /^Pending/ }));
    show();
    const card = within(screen.getByRole('article', { name: '203.0.113.9' }));
    expect(card.getByText(/Denied\. Enforced at 14:02:11/)).toBeTruthy();
    expect(card.getByText(/outside this window/)).toBeTruthy();
    await wait(500);
    fireEvent.click(undo() as HTMLElement);
    await wait(0);
    expect(app.double.requests('reviews.undo')).toEqual([{ reviewId: first.id, operationId: OPERATION_ID }]);
  });

  it('is not offered for what somebody else answered', async () => {
    const app = renderApp({ mirror: { reviews: [first, second] }, answers });
    await wait(1000);
    patch(app, { ...denied, decidedBy: 'jon@example.com' });
    expect(screen.getByText(/Answered already: denied by jon@example\.com/)).toBeTruthy();
    expect(undo()).toBeNull();
  });

  it('is not offered once the answer was not applied', async () => {
    const app = await denyFirst();
    show();
    settle(app.double, {
      outcome: 'undecided',
      kind: 'rejected',
      code: 'forbidden',
      detail: 'Not allowed.',
      current: null,
    });
    expect(screen.getByText(/The answer was not applied\. Not allowed\./)).toBeTruthy();
    expect(undo()).toBeNull();
  });

  it('is not offered for “Deny and update the key”, which says so', async () => {
    renderApp({
      mirror: { reviews: [first], keys: [key()] },
      answers: {
        reviews: {
          deny: () =>
            succeeded({
              kind: 'done' as const,
              review: denied,
              secret: 'gk_NEW',
              enforcedAt: NOW.toISOString(),
            }),
        },
      },
    });
    await wait(1000);
    fireEvent.click(button('Deny and update the key'));
    await wait(500);
    fireEvent.click(
      within(screen.getByRole('dialog')).getByRole('button', { name: /^Deny and update the key(,|$)/ }),
    );
    await wait(500);
    expect(screen.getByText(/The key has a new secret; this cannot be undone\./)).toBeTruthy();
    expect(undo()).toBeNull();
  });

  it('in the approval window stays above the next review for the rest of its time', async () => {
    const { double } = renderApp({
      mirror: { reviews: [first, second] },
      answers: {
        reviews: {
          ...answers.reviews,
          authorize: () =>
            succeeded({
              review: { ...first, status: 'authorized' as const, version: 2 },
              range: range({ cidr: '203.0.113.9/32' }),
              operationId: OPERATION_ID,
            }),
        },
      },
      approval: first.id,
    });
    await wait(50);
    await wait(500);
    fireEvent.click(screen.getByRole('button', { name: /^Authorize this address(,|$)/ }));
    await wait(500);
    expect(screen.getByRole('button', { name: 'Undo' }).getAttribute('aria-keyshortcuts')).toBe('U');
    fireEvent.click(screen.getByRole('button', { name: /^Next review/ }));
    await wait(500);
    screen.getByRole('heading', { name: '192.0.2.44' });
    fireEvent.click(screen.getByRole('button', { name: 'Undo the answer for 203.0.113.9' }));
    await wait(0);
    expect(double.requests('reviews.undo')).toEqual([{ reviewId: first.id, operationId: OPERATION_ID }]);
    await wait(10_000);
    expect(undo()).toBeNull();
  });
});
