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

const callerAt = (ip: string, calls: number) => ({ ip, keyId: KEY_ID, calls });
const callers = [
  callerAt('203.0.113.50', 30),
  ...Array.from({ length: 14 }, (_, n) => callerAt(`203.0.113.${100 + n}`, 20 - n)),
  callerAt('203.0.113.77', 2),
  callerAt('203.0.113.9', 1),
  callerAt('203.0.113.201', 1),
];
const lately = (found = callers, isMore = false, completeFrom: string | null = null) =>
  succeeded({ callers: found, isMore, completeFrom, from: minutesAgo(7 * 24 * 60) });
const page = () =>
  succeeded({ items: [attempt(1, { ip: '203.0.113.9' }), blocked(5, '203.0.113.9')], nextCursor: null });
const scene = {
  mirror: {
    reviews: [first, neighbour, deniedBefore],
    ranges: [range({ cidr: '203.0.113.200/29', effect: 'deny' })],
    keys: [key()],
  },
  answers: { log: { page, blockedLately: () => lately() } },
  approval: first.id,
};
const letsIn = () => screen.findByRole('status', { name: 'What this lets in' });

describe('what else an answer would let in', () => {
  it('is nothing else for the address alone, and the log is not asked', async () => {
    const { double } = renderApp(scene);
    expect((await letsIn()).textContent).toBe('Lets in only this address');
    expect(double.requests('log.blockedLately')).toEqual([]);
  });

  it('names the other reviews, and who was blocked there lately, the busiest first', async () => {
    const { user, double } = renderApp(scene);
    const box = await letsIn();
    await user.click(screen.getByRole('radio', { name: '203.0.113.0/24' }));
    // The denied range, the revoked key, and what is named already are left out.
    await waitFor(() =>
      expect(box.textContent).toBe(
        'Lets in 256 addresses, and settles 1 other review: 203.0.113.77' +
          'Blocked there in the last 7 days, and let in then: 203.0.113.50 (30 calls, denied before), ' +
          '203.0.113.100 (20 calls), 203.0.113.101 (19 calls) and 12 more',
      ),
    );
    expect(double.requests('log.blockedLately')).toEqual([{ ip: '203.0.113.0/24', limit: 200 }]);
    await user.click(screen.getByRole('radio', { name: 'This key only' }));
    await waitFor(() =>
      expect(double.requests('log.blockedLately').at(-1)).toEqual({
        ip: '203.0.113.0/24',
        keyId: KEY_ID,
        limit: 200,
      }),
    );
  });

  it('says when there is no log, and asks again when the service answers', async () => {
    const { user, double } = renderApp({
      ...scene,
      answers: { log: { page, blockedLately: () => failed({ kind: 'unreachable', message: 'refused' }) } },
    });
    const box = await letsIn();
    await user.click(screen.getByRole('radio', { name: '203.0.113.0/24' }));
    await waitFor(() => expect(box.textContent).toContain('there is no log on this computer yet'));
    const connection = (change: Connection): void => patchMirror(double, { connection: change });
    connection({ kind: 'unreachable', service: embedded, since: minutesAgo(1), message: 'refused' });
    double.answer('log', 'blockedLately', () => lately());
    connection({ kind: 'online', service: embedded, since: minutesAgo(0) });
    await waitFor(() => expect(box.textContent).toContain('let in then: 203.0.113.50'));
  });

  it('says that there may be more, and since when the log knows', async () => {
    const { user } = renderApp({
      ...scene,
      answers: { log: { page, blockedLately: () => lately(callers, true, minutesAgo(60)) } },
    });
    const box = await letsIn();
    await user.click(screen.getByRole('radio', { name: '203.0.113.0/24' }));
    await waitFor(() => expect(box.textContent).toMatch(/ and at least 12 more$/));
    expect(box.textContent).toContain('Blocked there since 13:02, from when on the log is on this computer,');
  });

  it('follows the log while it is on screen', async () => {
    const { user, double } = renderApp({
      ...scene,
      answers: { log: { page, blockedLately: () => lately([]) } },
    });
    const box = await letsIn();
    await user.click(screen.getByRole('radio', { name: '203.0.113.0/24' }));
    await waitFor(() =>
      expect(box.textContent).toContain('Nobody else was blocked there in the last 7 days.'),
    );
    double.answer('log', 'blockedLately', () => lately([callerAt('203.0.113.120', 3)]));
    act(() => double.emit('log', 'replaced', {}));
    await waitFor(() => expect(box.textContent).toContain('let in then: 203.0.113.120 (3 calls)'));
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
