import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Connection } from '#shared/ipc/connection';
import { failed, succeeded } from '#shared/ipc/failure';
import { attempt, embedded, key, KEY_ID, minutesAgo, OPERATION_ID, range, review, ulid } from './builders';
import { patchMirror, renderApp } from './render-app';

const first = review();
const neighbour = review({ id: ulid(201), ip: '203.0.113.77', firstAt: minutesAgo(60) });
const deniedBefore = review({ id: ulid(202), ip: '203.0.113.50', status: 'denied' });
const blocked = (index: number, ip: string) =>
  attempt(index, { ip, verdict: 'blocked', reason: 'unknown', rangeId: null, count: index });

interface PageRequest {
  readonly filter: { readonly ip?: string | undefined; readonly verdict?: string | undefined };
}
const page = ({ filter }: PageRequest) =>
  succeeded({
    items:
      filter.verdict === 'blocked'
        ? [
            blocked(1, '203.0.113.9'),
            blocked(2, '203.0.113.77'),
            ...Array.from({ length: 14 }, (_, n) => blocked(20 - n, `203.0.113.${100 + n}`)),
            blocked(30, '203.0.113.50'),
            { ...blocked(40, '203.0.113.60'), reason: 'revoked_key' as const },
            blocked(50, '203.0.113.201'),
          ]
        : [attempt(1, { ip: '203.0.113.9' }), blocked(5, '203.0.113.9')],
    nextCursor: null,
  });
const scene = {
  mirror: {
    reviews: [first, neighbour, deniedBefore],
    ranges: [range({ cidr: '203.0.113.200/29', effect: 'deny' })],
    keys: [key()],
  },
  answers: { log: { page } },
  approval: first.id,
};
const letsIn = () => screen.findByRole('status', { name: 'What this lets in' });

describe('what else an answer would let in', () => {
  it('is nothing else for the address alone, and the log is not asked', async () => {
    const { double } = renderApp(scene);
    expect((await letsIn()).textContent).toBe('Lets in only this address');
    expect(double.requests('log.page')).toEqual([
      { filter: { ip: '203.0.113.9', keyId: KEY_ID }, cursor: null, limit: 200 },
    ]);
  });

  it('names the other reviews, and who was blocked there lately, the busiest first', async () => {
    const { user, double } = renderApp(scene);
    const box = await letsIn();
    await user.click(screen.getByRole('radio', { name: '203.0.113.0/24' }));
    // The denied range, the revoked key, and what is named already are left out.
    await waitFor(() =>
      expect(box.textContent).toBe(
        'Lets in 256 addresses, and settles 1 other review: 203.0.113.77' +
          'Blocked there lately, and let in then: 203.0.113.50 (denied before), 203.0.113.100, 203.0.113.101 and 12 more',
      ),
    );
    expect(double.requests('log.page')).toContainEqual({
      filter: { ip: '203.0.113.0/24', verdict: 'blocked' },
      cursor: null,
      limit: 200,
    });
    await user.click(screen.getByRole('radio', { name: 'This key only' }));
    await waitFor(() =>
      expect(double.requests('log.page')).toContainEqual({
        filter: { ip: '203.0.113.0/24', verdict: 'blocked', keyId: KEY_ID },
        cursor: null,
        limit: 200,
      }),
    );
  });

  it('says when the log cannot be reached, and asks again when it can', async () => {
    const { user, double } = renderApp({
      ...scene,
      answers: { log: { page: () => failed({ kind: 'unreachable', message: 'refused' }) } },
    });
    const box = await letsIn();
    await user.click(screen.getByRole('radio', { name: '203.0.113.0/24' }));
    await waitFor(() => expect(box.textContent).toContain('the log cannot be reached'));
    const connection = (change: Connection): void => patchMirror(double, { connection: change });
    connection({ kind: 'unreachable', service: embedded, since: minutesAgo(1), message: 'refused' });
    double.answer('log', 'page', page);
    connection({ kind: 'online', service: embedded, since: minutesAgo(0) });
    await waitFor(() => expect(box.textContent).toContain('let in then: 203.0.113.50'));
  });

  it('says that there may be more where only the newest are looked at', async () => {
    const { user, double } = renderApp({
      ...scene,
      answers: {
        log: {
          page: () =>
            succeeded({
              items: Array.from({ length: 200 }, (_, n) => blocked(200 - n, `203.0.113.${n % 200}`)),
              nextCursor: null,
            }),
        },
      },
    });
    const box = await letsIn();
    await user.click(screen.getByRole('radio', { name: '203.0.113.0/24' }));
    await waitFor(() => expect(box.textContent).toMatch(/ and \d+ more$/));
    act(() => double.emit('log', 'changed', { items: [blocked(300, '203.0.113.199')] }));
    expect(box.textContent).toMatch(/ and at least \d+ more$/);
  });

  it('follows the log while it is on screen', async () => {
    const { user, double } = renderApp({
      ...scene,
      answers: { log: { page: () => succeeded({ items: [], nextCursor: null }) } },
    });
    const box = await letsIn();
    await user.click(screen.getByRole('radio', { name: '203.0.113.0/24' }));
    await waitFor(() => expect(box.textContent).toContain('Nobody else was blocked there lately.'));
    act(() =>
      double.emit('log', 'changed', { items: [blocked(3, '203.0.113.120'), blocked(4, '198.51.100.9')] }),
    );
    expect(box.textContent).toContain('let in then: 203.0.113.120');
    expect(box.textContent).not.toContain('198.51.100.9');
  });

  it('has the log told to it for the review in the panel, and no longer than that', async () => {
    const { user, double } = renderApp({ mirror: scene.mirror, answers: scene.answers });
    await screen.findByRole('article', { name: '203.0.113.9' });
    expect(screen.getAllByRole('row')).toHaveLength(2);
    expect(double.listening('log.changed')).toBe(1);
    await user.click(screen.getByRole('button', { name: 'Settings' }));
    expect(double.listening('log.changed')).toBe(0);
  });

  it('stands in the panel of Pending too', async () => {
    const { user } = renderApp({ mirror: scene.mirror });
    const panel = within(await screen.findByRole('article', { name: '203.0.113.9' }));
    await user.click(panel.getByRole('radio', { name: '203.0.113.0/24' }));
    expect(panel.getByRole('status', { name: 'What this lets in' }).textContent).toContain(
      'Lets in 256 addresses, and settles 1 other review: 203.0.113.77',
    );
  });
});

describe('the timeline of a review', () => {
  it('says in words what it shows', async () => {
    renderApp(scene);
    expect(
      await screen.findByRole('img', {
        name: 'Calls over time: 5 blocked and 1 allowed call; the first 10 min ago, the last 10 min ago',
      }),
    ).toBeTruthy();
  });
});

describe('the choices of the last answer', () => {
  const answers = {
    reviews: {
      authorize: () =>
        succeeded({
          review: { ...first, status: 'authorized' as const, version: 2 },
          range: range({ cidr: '203.0.113.0/24' }),
          operationId: OPERATION_ID,
        }),
    },
  };
  const far = review({
    id: ulid(210),
    ip: '192.0.2.44',
    suggestedCidr: '192.0.2.0/24',
    firstAt: minutesAgo(90),
  });

  /** The choices of the review in the panel. */
  const chosen = (panel: Pick<typeof screen, 'getAllByRole'>) =>
    panel.getAllByRole<HTMLInputElement>('radio', { checked: true }).map(({ value }) => value);

  it('are where the next review starts', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first, far] }, answers });
    const card = within(await screen.findByRole('article', { name: '203.0.113.9' }));
    await user.click(card.getByRole('radio', { name: '203.0.113.0/24' }));
    await user.click(card.getByRole('radio', { name: '7 days' }));
    await user.click(card.getByRole('radio', { name: 'This key only' }));
    await user.click(card.getByRole('button', { name: 'Authorize 203.0.113.0/24' }));
    await waitFor(() => expect(double.requests('reviews.authorize')).toHaveLength(1));
    const next = within(await screen.findByRole('article', { name: '192.0.2.44' }));
    expect(next.getByRole('button', { name: 'Authorize 192.0.2.0/24' })).toBeTruthy();
    expect(chosen(next)).toEqual(['subnet', 'this', 'week']);
  });

  it('are not those for a wide range of one’s own for good, nor that range', async () => {
    window.localStorage.setItem('gatehouse.answerChoices', 'subnet hour all');
    const { user, double } = renderApp({ mirror: { reviews: [first, far] }, answers });
    const card = within(await screen.findByRole('article', { name: '203.0.113.9' }));
    await user.click(card.getByRole('radio', { name: 'My own range' }));
    await user.type(card.getByLabelText('Range to authorize'), '203.0.0.0/16');
    expect(chosen(card)).toContain('hour');
    await user.click(card.getByRole('radio', { name: 'For good' }));
    await user.click(card.getByRole('radio', { name: 'This key only' }));
    await user.click(card.getByRole('button', { name: 'Authorize 203.0.0.0/16' }));
    await waitFor(() => expect(double.requests('reviews.authorize')).toHaveLength(1));
    expect(window.localStorage.getItem('gatehouse.answerChoices')).toBe('subnet hour this');
  });

  it('stay where a review has no subnet to choose', async () => {
    window.localStorage.setItem('gatehouse.answerChoices', 'subnet hour all');
    const alone = { ...first, suggestedCidr: '203.0.113.9/32' };
    const { user, double } = renderApp({ mirror: { reviews: [alone, far] }, answers });
    const card = within(await screen.findByRole('article', { name: '203.0.113.9' }));
    await user.click(card.getByRole('button', { name: 'Authorize this address' }));
    await waitFor(() => expect(double.requests('reviews.authorize')).toHaveLength(1));
    expect(window.localStorage.getItem('gatehouse.answerChoices')).toBe('subnet hour all');
  });

  it('are the usual ones where nothing sensible is kept', async () => {
    window.localStorage.setItem('gatehouse.answerChoices', 'everything always');
    renderApp({ mirror: { reviews: [first] } });
    const card = within(await screen.findByRole('article', { name: '203.0.113.9' }));
    expect(chosen(card)).toEqual(['address', 'all', 'forever']);
  });
});
