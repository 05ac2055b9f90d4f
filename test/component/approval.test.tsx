import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { succeeded } from '#shared/ipc/failure';
import { resetStores } from '../../renderer/src/stores/reset';
import { embedded, minutesAgo, NOW, OPERATION_ID, range, review, ulid } from './builders';
import { patchMirror, renderApp, settle } from './render-app';

const first = review();
const second = review({ id: ulid(201), ip: '192.0.2.44', firstAt: minutesAgo(60) });
const answered = { ...first, status: 'authorized' as const, version: 2 };
const authorize = () =>
  succeeded({
    review: answered,
    range: range({ cidr: '203.0.113.9/32', label: '', source: 'approval' }),
    operationId: OPERATION_ID,
  });
const answers = { reviews: { authorize } };

const authorizeButton = () => screen.findByRole('button', { name: 'Authorize this address' });

describe('the approval window in its first 400 ms', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('takes no answer until 400 ms after a review appeared', async () => {
    const { double } = renderApp({ mirror: { reviews: [first] }, answers, approval: first.id });
    await act(() => vi.advanceTimersByTimeAsync(50));
    const button = screen.getByRole('button', { name: 'Authorize this address' });
    fireEvent.click(button);
    await act(() => vi.advanceTimersByTimeAsync(300));
    fireEvent.click(button);
    expect(double.requests('reviews.authorize')).toEqual([]);
    await act(() => vi.advanceTimersByTimeAsync(100));
    fireEvent.click(button);
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(double.requests('reviews.authorize')).toHaveLength(1);
  });

  it('starts the 400 ms again when main shows another review', async () => {
    const { double } = renderApp({ mirror: { reviews: [first, second] }, answers, approval: first.id });
    await act(() => vi.advanceTimersByTimeAsync(1000));
    act(() => double.emit('app', 'showReview', { reviewId: second.id, accountId: 'first' }));
    expect(screen.getByRole('heading', { name: '192.0.2.44' })).toBeTruthy();
    const button = screen.getByRole('button', { name: 'Authorize this address' });
    fireEvent.click(button);
    expect(double.requests('reviews.authorize')).toEqual([]);
    await act(() => vi.advanceTimersByTimeAsync(450));
    fireEvent.click(button);
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(double.requests('reviews.authorize')).toMatchObject([{ reviewId: second.id }]);
  });
});

describe('the approval window', () => {
  it('says when an answer that was given is enforced', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] }, answers, approval: first.id });
    const button = await authorizeButton();
    expect(document.activeElement).toBe(screen.getByRole('heading', { name: '203.0.113.9' }));
    await waitFor(() => expect(button.hasAttribute('disabled')).toBe(false));
    button.focus();
    await user.keyboard('{Enter}');
    expect(await screen.findByText('Authorized. On its way to the service…')).toBeTruthy();
    expect(double.requests('reviews.authorize')).toHaveLength(1);
    settle(double, { outcome: 'applied', entity: answered, enforcedAt: NOW.toISOString() });
    expect(await screen.findByText('Authorized. Enforced at 14:02:11')).toBeTruthy();
  });

  it('names what it would let in and sends the choices', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] }, answers, approval: first.id });
    await authorizeButton();
    const scope = screen.getByRole('radiogroup', { name: 'What to authorize' });
    await user.click(within(scope).getByRole('radio', { name: '203.0.113.0/24' }));
    await user.click(screen.getByRole('radio', { name: '1 hour' }));
    await user.click(screen.getByRole('radio', { name: 'This key only' }));
    const button = screen.getByRole('button', { name: 'Authorize 203.0.113.0/24' });
    await waitFor(() => expect(button.hasAttribute('disabled')).toBe(false));
    await user.click(button);
    expect(double.requests('reviews.authorize')).toEqual([
      { reviewId: first.id, scope: 'subnet', thisKeyOnly: true, durationSeconds: 3600 },
    ]);
  });

  it('goes on to the next open review, or closes', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first, second] }, answers, approval: first.id });
    const button = await authorizeButton();
    await waitFor(() => expect(button.hasAttribute('disabled')).toBe(false));
    await user.click(button);
    const next = await screen.findByRole('button', { name: 'Next review (1 more)' });
    await waitFor(() => expect(next.hasAttribute('disabled')).toBe(false));
    await user.click(next);
    expect(screen.getByRole('heading', { name: '192.0.2.44' })).toBeTruthy();
    await user.keyboard('{Escape}');
    expect(double.requests('app.closeWindow')).toHaveLength(1);
  });

  it('says when somebody else answered while it was open', async () => {
    const { double } = renderApp({ mirror: { reviews: [first] }, approval: first.id });
    await authorizeButton();
    const theirs = { ...answered, decidedBy: 'jon@example.com', decidedAt: minutesAgo(0) };
    patchMirror(double, { reviews: { upserted: [theirs], removed: [] } });
    expect(screen.getByText('Answered already: authorized by jon@example.com at 14:02.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Authorize this address' })).toBeNull();
  });

  it('does not close on Escape while it asks about the key, and keeps the review', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] }, approval: first.id });
    const button = await screen.findByRole('button', { name: 'Deny and update the key' });
    await waitFor(() => expect(button.hasAttribute('disabled')).toBe(false));
    await user.click(button);
    await screen.findByRole('dialog');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(double.requests('app.closeWindow')).toEqual([]);
    expect(double.requests('reviews.deny')).toEqual([]);
  });

  it('says that the review is gone, and leads to the console', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] }, approval: first.id });
    await authorizeButton();
    patchMirror(double, { reviews: { upserted: [], removed: [first.id] } });
    expect(await screen.findByRole('heading', { name: 'This review is not here any more' })).toBeTruthy();
    expect(screen.getByText(/^It was one of “.+”, and was/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Open in console' }));
    expect(double.requests('app.showScreen')).toEqual([{ screen: 'pending' }]);
  });

  it('says that an answer waits while the service is unreachable', async () => {
    renderApp({
      mirror: {
        reviews: [first],
        connection: { kind: 'unreachable', service: embedded, since: minutesAgo(7), message: 'refused' },
      },
      approval: first.id,
    });
    expect(await screen.findByText(/Offline since 13:55\. An answer is kept, and sent when/)).toBeTruthy();
  });

  it('says who called, and sends a note with the answer', async () => {
    const caller = {
      ip: first.ip,
      userAgent: 'curl/8.4',
      method: 'POST',
      path: '/v1/mails',
      at: first.lastAt,
    };
    const { user, double } = renderApp({
      mirror: { reviews: [{ ...first, callers: [caller] }] },
      answers,
      approval: first.id,
    });
    const [item] = within(await screen.findByRole('list', { name: 'Latest callers' })).getAllByRole(
      'listitem',
    );
    expect(item?.textContent).toBe('POST /v1/mailscurl/8.4');
    const note = screen.getByRole('textbox', { name: 'Note' });
    await user.type(note, 'zero\u200bwidth');
    expect(screen.getByText(/^A note must not hold the character U\+200B/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Deny' })).toHaveProperty('disabled', true);
    await user.clear(note);
    // Typed letters and digits are no keys of the window.
    await user.type(note, ' Build server d1 ');
    await user.click(await authorizeButton());
    expect(double.requests('reviews.authorize')).toEqual([
      { reviewId: first.id, scope: 'address', thisKeyOnly: false, note: 'Build server d1' },
    ]);
  });

  it('has what was typed before Escape when it shows the review again', async () => {
    const scene = { mirror: { reviews: [first] }, answers, approval: first.id };
    const { user, view, double } = renderApp(scene);
    await user.click(await screen.findByText('My own range'));
    await user.type(screen.getByRole('textbox', { name: 'Range to authorize' }), '203.0.113.0/2');
    await user.type(screen.getByRole('textbox', { name: 'Note' }), 'Half of a no');
    await user.keyboard('{Escape}');
    expect(double.requests('app.closeWindow')).toHaveLength(1);
    // The window goes, and with it all that it held.
    view.unmount();
    resetStores();
    renderApp(scene);
    expect(await screen.findByRole('textbox', { name: 'Range to authorize' })).toHaveProperty(
      'value',
      '203.0.113.0/2',
    );
    expect(screen.getByRole('textbox', { name: 'Note' })).toHaveProperty('value', 'Half of a no');
  });
});
