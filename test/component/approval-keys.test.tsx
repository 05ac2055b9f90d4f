import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { succeeded } from '#shared/ipc/failure';
import { account, NOW, OPERATION_ID, range, review, ulid } from './builders';
import { patchMirror, renderApp, type Scene } from './render-app';

const first = review();
const second = review({ id: ulid(201), ip: '192.0.2.44' });
const answers = {
  reviews: {
    authorize: () =>
      succeeded({
        review: { ...first, status: 'authorized' as const, version: 2 },
        range: range({ cidr: '203.0.113.9/32', source: 'approval' }),
        operationId: OPERATION_ID,
      }),
    deny: () =>
      succeeded({
        kind: 'queued' as const,
        operationId: OPERATION_ID,
        review: { ...first, status: 'denied' as const, version: 2 },
      }),
    undo: () => succeeded({ operationId: null }),
  },
};

const press = (key: string, target: Element = document.activeElement ?? document.body): boolean =>
  fireEvent.keyDown(target, { key });
const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
/** Renders the window on the first review and lets it arm itself. */
async function open(scene: Scene = {}) {
  const app = renderApp({ mirror: { reviews: [first, second] }, answers, approval: first.id, ...scene });
  await wait(50);
  await wait(500);
  return app;
}

describe('the keys of the approval window', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('Enter authorizes with the choices that are shown, digits choose how long', async () => {
    const { double } = await open();
    press('2');
    expect(screen.getByRole<HTMLInputElement>('radio', { name: '1 day' }).checked).toBe(true);
    press('Enter');
    await wait(0);
    expect(double.requests('reviews.authorize')).toEqual([
      { reviewId: first.id, scope: 'address', thisKeyOnly: false, durationSeconds: 86_400 },
    ]);
  });

  it('D denies', async () => {
    const { double } = await open();
    press('d');
    await wait(0);
    expect(double.requests('reviews.deny')).toEqual([
      { reviewId: first.id, rotateKey: false, addDenyRange: false },
    ]);
  });

  it('show themselves to the eye and to assistive technology, and leave the names clean', async () => {
    await open();
    const shortcuts = (name: string) =>
      screen.getByRole('button', { name }).getAttribute('aria-keyshortcuts');
    expect(shortcuts('Authorize this address')).toBe('Enter');
    expect(shortcuts('Deny')).toBe('D');
    expect(screen.getByRole('button', { name: 'Deny' }).textContent).toBe('DenyD');
    expect(screen.getByRole('radio', { name: '7 days' })).toBeTruthy();
  });

  it('count only after a moment without any: what was typed into another window decides nothing', async () => {
    const { double } = renderApp({ mirror: { reviews: [first] }, answers, approval: first.id });
    await wait(50);
    for (const key of ['h', 'e', 'd', 'Enter', 'd', 'Enter']) {
      await wait(150);
      press(key);
    }
    await wait(0);
    expect([...double.requests('reviews.deny'), ...double.requests('reviews.authorize')]).toEqual([]);
    await wait(450);
    press('d');
    await wait(0);
    expect(double.requests('reviews.deny')).toHaveLength(1);
  });

  it('count only after a moment when the window gets the focus again', async () => {
    const { double } = await open();
    fireEvent.focus(window);
    press('Enter');
    await wait(0);
    expect(double.requests('reviews.authorize')).toEqual([]);
  });

  it('do nothing with a modifier, held down, in a text field, or on a button of their own', async () => {
    const { double } = await open();
    fireEvent.keyDown(document.body, { key: 'd', ctrlKey: true });
    fireEvent.keyDown(document.body, { key: 'Enter', repeat: true });
    press('Enter', screen.getByRole('button', { name: 'Copy address' }));
    press('Enter', screen.getByRole('checkbox', { name: /add a deny range/ }));
    fireEvent.click(screen.getByRole('radio', { name: 'My own range' }));
    await wait(450);
    press('d', screen.getByLabelText('Range to authorize'));
    press('4', screen.getByLabelText('Range to authorize'));
    await wait(0);
    expect([...double.requests('reviews.deny'), ...double.requests('reviews.authorize')]).toEqual([]);
  });

  it('Enter in the range of one’s own authorizes it once it is one', async () => {
    const { double } = await open();
    fireEvent.click(screen.getByRole('radio', { name: 'My own range' }));
    const field = screen.getByLabelText('Range to authorize');
    press('Enter', field);
    await wait(0);
    expect(double.requests('reviews.authorize')).toEqual([]);
    fireEvent.change(field, { target: { value: '203.0.113.0/28' } });
    press('Enter', field);
    await wait(0);
    expect(double.requests('reviews.authorize')).toMatchObject([
      { scope: { cidr: '203.0.113.0/28', allowWide: false } },
    ]);
  });

  it('Enter goes on to the next review once this one is answered, but not with the same press', async () => {
    const { double } = await open();
    press('Enter');
    await wait(50);
    press('Enter');
    expect(screen.getByRole('heading', { name: '203.0.113.9' })).toBeTruthy();
    await wait(450);
    press('Enter');
    await wait(0);
    expect(screen.getByRole('heading', { name: '192.0.2.44' })).toBeTruthy();
    expect(double.requests('reviews.authorize')).toHaveLength(1);
  });

  it('U takes the answer back', async () => {
    const { double } = await open();
    press('d');
    await wait(500);
    press('u');
    await wait(0);
    expect(double.requests('reviews.undo')).toEqual([{ reviewId: first.id, operationId: OPERATION_ID }]);
  });

  it('Escape closes at any moment and decides nothing', async () => {
    const { double } = renderApp({ mirror: { reviews: [first] }, answers, approval: first.id });
    await wait(50);
    press('Escape');
    await wait(0);
    expect(double.requests('app.closeWindow')).toHaveLength(1);
    expect([...double.requests('reviews.deny'), ...double.requests('reviews.authorize')]).toEqual([]);
  });

  it('answer nothing for those who may only look', async () => {
    const me = { ...account().me, role: 'user' as const };
    const { double } = await open({ mirror: { reviews: [first], account: account({ me }) } });
    press('Enter');
    press('d');
    await wait(0);
    expect([...double.requests('reviews.deny'), ...double.requests('reviews.authorize')]).toEqual([]);
  });

  it('do nothing behind the review about the key', async () => {
    const { double } = await open();
    fireEvent.click(screen.getByRole('button', { name: 'Deny and update the key' }));
    await wait(500);
    screen.getByRole('dialog');
    press('d', document.body);
    press('Escape', document.body);
    await wait(0);
    expect(double.requests('reviews.deny')).toEqual([]);
    expect(double.requests('app.closeWindow')).toEqual([]);
  });

  it('authorize nothing after somebody else answered', async () => {
    const { double } = await open({ mirror: { reviews: [first] } });
    patchMirror(double, { reviews: { upserted: [{ ...first, status: 'denied', version: 2 }], removed: [] } });
    await wait(500);
    press('Enter');
    await wait(0);
    expect(double.requests('reviews.authorize')).toEqual([]);
  });
});
