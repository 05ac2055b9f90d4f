import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { useUi } from '../../renderer/src/stores/ui';
import {
  account,
  embedded,
  key,
  minutesAgo,
  NOW,
  OPERATION_ID,
  range,
  review,
  ulid,
  unreachable,
} from './builders';
import { deferred, patchMirror, renderApp, settle } from './render-app';

const first = review();
const second = review({
  id: ulid(201),
  ip: '2001:db8::7',
  suggestedCidr: '2001:db8::/64',
  firstAt: minutesAgo(60),
});
const approved = range({ id: ulid(300), cidr: '203.0.113.9/32', source: 'approval', label: '' });
const enforcedAt = NOW.toISOString();

/** The panel beside the list, once it shows this review. */
const panel = (ip: string) => screen.findByRole('article', { name: ip });
const row = (ip: string) =>
  screen.findByRole('row', { name: new RegExp(ip.replaceAll('.', String.raw`\.`)) });

it('does not say that nothing waits while nobody can know', async () => {
  renderApp({ mirror: { connection: unreachable } });
  expect(
    await screen.findByRole('heading', { name: 'Nothing waited for you at the last sync' }),
  ).toBeTruthy();
  expect(screen.queryByText('Nothing waits for you')).toBeNull();
});

describe('the calls in a row', () => {
  it('are drawn inside its line, also one that was made just now', async () => {
    const { view } = renderApp({ mirror: { reviews: [review({ lastAt: minutesAgo(0) })] } });
    await screen.findByRole('row', { name: /203/ });
    const marks = [...view.container.querySelectorAll('[role=row] rect')];
    const ends = marks.map((mark) => Number(mark.getAttribute('x')) + Number(mark.getAttribute('width')));
    expect(Math.max(...ends)).toBe(100);
  });
});

describe('Pending', () => {
  it('teaches what will appear when nothing is open, with a command to try', async () => {
    const { user, double } = renderApp({
      answers: {
        welcome: {
          get: () =>
            succeeded({
              serviceUrl: embedded.url,
              keyName: 'First key',
              secret: 's',
              curl: "curl -H 'api-key: s'",
            }),
        },
      },
    });
    expect(await screen.findByRole('heading', { name: 'Nothing waits for you' })).toBeTruthy();
    expect(await screen.findByText("curl -H 'api-key: s'")).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Copy command' }));
    expect(double.requests('app.copyText')).toEqual([{ text: "curl -H 'api-key: s'" }]);
  });

  it('says which other addresses of a /64 a review counts', async () => {
    const callers = [
      { ip: '2001:db8::9', userAgent: 'curl/8', method: 'GET', path: '/v1/x', at: minutesAgo(1) },
    ];
    renderApp({ mirror: { reviews: [{ ...second, addressCount: 24, callers }] } });
    const facts = within(await panel('2001:db8::7'));
    expect(facts.getByText('and 23 more addresses in 2001:db8::/64, the latest callers')).toBeTruthy();
    const [caller] = within(facts.getByRole('list', { name: 'Latest callers' })).getAllByRole('listitem');
    expect(caller?.textContent).toContain('2001:db8::9');
    expect(caller?.textContent).toContain('GET /v1/xcurl/8');
  });

  it('offers a note, and sends it with the answer', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] } });
    const facts = within(await panel('203.0.113.9'));
    await user.type(facts.getByRole('textbox', { name: 'Note' }), 'Not ours');
    await user.click(facts.getByRole('button', { name: 'Deny' }));
    expect(double.requests('reviews.deny')).toEqual([
      { reviewId: first.id, rotateKey: false, addDenyRange: false, note: 'Not ours' },
    ]);
  });

  it('has a row for each review, the newest first, shows the first, and counts them in the navigation', async () => {
    const agent = 'python-requests/2.31';
    const callers = [{ ip: first.ip, userAgent: agent, method: 'GET', path: '/', at: minutesAgo(2) }];
    const place = { country: 'DE', region: 'DE-BE', asn: 3320, asName: 'Deutsche Telekom AG' };
    const known = { ...first, callers, ...place, score: -20 };
    renderApp({ mirror: { reviews: [second, known, review({ id: ulid(202), status: 'denied' })] } });
    const facts = within(await panel('203.0.113.9'));
    const grid = screen.getByRole('grid', { name: 'Open reviews' });
    expect(grid.getAttribute('aria-rowcount')).toBe('2');
    const [one, other, ...more] = within(grid).getAllByRole('row');
    expect(more).toEqual([]);
    expect(one?.textContent).toBe(
      '203.0.113.9python-requests/2.31GermanyAS3320 Deutsche Telekom AGBilling worker14× calls2 min agoSuspicious',
    );
    expect(other?.textContent).toContain('2001:db8::7');
    expect(other?.textContent).toContain('Unknown');
    expect(grid.getAttribute('aria-activedescendant')).toBe(one?.id);
    expect(screen.getByRole('button', { name: 'Pending, 2 open reviews' })).toBeTruthy();
    expect(facts.getByText('2 min ago', { selector: 'dd time' }).getAttribute('title')).toContain(
      '24 Nov 2026',
    );
    expect(facts.getByText('gh_live_4f2a…')).toBeTruthy();
    expect(facts.getByText('Germany · region DE-BE · AS3320 Deutsche Telekom AG')).toBeTruthy();
  });

  it('lays out the rows in view of thousands of reviews, and asks the log for the one in the panel', async () => {
    const many = Array.from({ length: 2_000 }, (_, n) =>
      review({ id: ulid(1000 + n), ip: `198.51.${n >> 8}.${n & 255}` }),
    );
    const { view, double } = renderApp({ mirror: { reviews: many } });
    await screen.findByRole('grid', { name: 'Open reviews' });
    expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('2000');
    expect(view.container.querySelectorAll('[role="row"]').length).toBeLessThan(40);
    await waitFor(() => expect(double.requests('log.page')).toHaveLength(1));
  });

  it('authorizes the address with one click, shows that it is on its way, and says when it is enforced', async () => {
    const answer = deferred<Outcome<{ review: typeof first; range: typeof approved; operationId: string }>>();
    const { double } = renderApp({
      mirror: { reviews: [first] },
      answers: { reviews: { authorize: () => answer.promise } },
    });
    const button = within(await panel('203.0.113.9')).getByRole('button', {
      name: /^Authorize this address$/,
    });
    // Twice before anything is rendered in between.
    act(() => {
      button.click();
      button.click();
    });
    expect(button.hasAttribute('disabled')).toBe(true);
    expect(within(await row('203.0.113.9')).getByText('Sending…')).toBeTruthy();
    expect(double.requests('reviews.authorize')).toEqual([
      { reviewId: first.id, scope: 'address', thisKeyOnly: false },
    ]);

    const answered = { ...first, status: 'authorized' as const, decidedBy: 'owner@example.com', version: 2 };
    // The news may come before the acknowledgement; it is our own answer all the same.
    patchMirror(double, { reviews: { upserted: [answered], removed: [] } });
    expect(screen.queryByText(/Somebody else/)).toBeNull();
    answer.resolve(succeeded({ review: answered, range: approved, operationId: OPERATION_ID }));
    expect(await screen.findByText('Authorized. On its way to the service…')).toBeTruthy();
    settle(double, { outcome: 'applied', entity: answered, enforcedAt });
    expect(await screen.findByText('Authorized. Enforced at 14:02:11')).toBeTruthy();
    expect(screen.getByText(/203\.0\.113\.9 may use all keys for good/)).toBeTruthy();
    expect(within(await row('203.0.113.9')).getByText('Authorized')).toBeTruthy();
  });

  it('goes on to the next review after an answer, with the focus in the list, and Undo under it', async () => {
    const { user } = renderApp({
      mirror: { reviews: [first, second] },
      answers: {
        reviews: {
          deny: () =>
            succeeded({
              kind: 'queued',
              operationId: OPERATION_ID,
              review: { ...first, status: 'denied', version: 2 },
            }),
        },
      },
    });
    await user.click(within(await panel('203.0.113.9')).getByRole('button', { name: 'Deny' }));
    await panel('2001:db8::7');
    const grid = screen.getByRole('grid');
    expect(document.activeElement).toBe(grid);
    expect(grid.getAttribute('aria-activedescendant')).toBe((await row('2001:db8::7')).id);
    expect(screen.getByText('Denied. On its way to the service…', { exact: false })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Undo the answer for 203.0.113.9' })).toBeTruthy();
  });

  it('sends the scope, the duration and the key that were chosen', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] } });
    const choices = within(await panel('203.0.113.9'));
    await user.click(choices.getByRole('radio', { name: '203.0.113.0/24' }));
    await user.click(choices.getByRole('radio', { name: '1 day' }));
    await user.click(choices.getByRole('radio', { name: 'This key only' }));
    await user.click(choices.getByRole('button', { name: /^Authorize 203\.0\.113\.0\/24$/ }));
    expect(double.requests('reviews.authorize')).toEqual([
      { reviewId: first.id, scope: 'subnet', thisKeyOnly: true, durationSeconds: 86_400 },
    ]);
  });

  it('checks a range of one’s own while it is typed and asks before a very wide one', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] } });
    const choices = within(await panel('203.0.113.9'));
    await user.click(choices.getByRole('radio', { name: 'My own range' }));
    const field = choices.getByLabelText('Range to authorize');
    expect(choices.getByRole('button', { name: /^Authorize this range$/ }).hasAttribute('disabled')).toBe(
      true,
    );
    await user.type(field, '198.51.100.0/24');
    expect(choices.getByText(/does not contain 203\.0\.113\.9/)).toBeTruthy();
    await user.clear(field);
    await user.type(field, '203.0.0.0/7');
    const button = choices.getByRole('button', { name: /^Authorize 202\.0\.0\.0\/7$/ });
    expect(button.hasAttribute('disabled')).toBe(true);
    await user.click(choices.getByRole('checkbox', { name: /is very wide/ }));
    await user.click(button);
    expect(double.requests('reviews.authorize')).toEqual([
      {
        reviewId: first.id,
        scope: { cidr: '203.0.0.0/7', allowWide: true },
        thisKeyOnly: false,
        durationSeconds: 86_400,
      },
    ]);
  });

  it('says in the panel that somebody else answered first', async () => {
    const theirs = {
      ...first,
      status: 'authorized' as const,
      decidedBy: 'jon@example.com',
      decidedAt: minutesAgo(1),
    };
    const { user } = renderApp({
      mirror: { reviews: [first] },
      answers: {
        reviews: {
          authorize: () =>
            failed({ kind: 'conflict', code: 'already_decided', message: 'decided', current: theirs }),
        },
      },
    });
    await user.click(
      within(await panel('203.0.113.9')).getByRole('button', { name: /^Authorize this address$/ }),
    );
    expect(await screen.findByText('Answered already: authorized by jon@example.com at 14:01.')).toBeTruthy();
  });

  it('keeps the review open with an explanation when the service cannot be reached', async () => {
    const { user } = renderApp({
      mirror: { reviews: [first] },
      answers: { reviews: { deny: () => failed({ kind: 'unreachable', message: 'ECONNREFUSED' }) } },
    });
    const choices = within(await panel('203.0.113.9'));
    await user.click(choices.getByRole('button', { name: /^Deny$/ }));
    expect((await choices.findByRole('alert')).textContent).toBe(
      'The service cannot be reached, so nothing was changed. ECONNREFUSED.',
    );
    expect(choices.getByRole('button', { name: /^Deny$/ }).hasAttribute('disabled')).toBe(false);
  });

  it('keeps an answer that is given offline, and shows the other one when it turns out to be too late', async () => {
    const { user, double } = renderApp({
      mirror: {
        reviews: [first],
        connection: unreachable,
      },
      answers: {
        reviews: {
          deny: () =>
            succeeded({ kind: 'queued', operationId: OPERATION_ID, review: { ...first, status: 'denied' } }),
        },
      },
    });
    await user.click(within(await panel('203.0.113.9')).getByRole('button', { name: /^Deny$/ }));
    expect(await screen.findByText('Denied. Sent as soon as the service answers.')).toBeTruthy();
    const theirs = {
      ...first,
      status: 'authorized' as const,
      decidedBy: 'jon@example.com',
      decidedAt: minutesAgo(1),
    };
    settle(double, {
      outcome: 'undecided',
      kind: 'conflicted',
      code: 'already_decided',
      detail: 'This review was answered already.',
      current: theirs,
    });
    expect(screen.getByText('Answered already: authorized by jon@example.com at 14:01.')).toBeTruthy();
    expect(screen.getByText(/kept among the changes that need you/)).toBeTruthy();
  });

  it('keeps a row that was answered elsewhere in its place and holds new reviews back while somebody is busy', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first, second], account: account() } });
    await user.hover(await panel('203.0.113.9'));
    const theirs = {
      ...first,
      status: 'denied' as const,
      decidedBy: 'jon@example.com',
      decidedAt: minutesAgo(0),
    };
    const fresh = review({ id: ulid(203), ip: '192.0.2.1', firstAt: minutesAgo(0) });
    patchMirror(double, { reviews: { upserted: [theirs, fresh], removed: [] } });
    expect(screen.getByText(/Answered already: denied by jon@example\.com/)).toBeTruthy();
    expect(within(await row('203.0.113.9')).getByText('Denied')).toBeTruthy();
    expect(screen.queryByRole('row', { name: /192\.0\.2\.1/ })).toBeNull();
    await user.click(screen.getByRole('button', { name: '1 new review' }));
    const addresses = screen
      .getAllByRole('row')
      .map(({ textContent }) => textContent.split(/No user|Net/)[0]);
    expect(addresses[0]).toContain('192.0.2.1');
    expect(screen.getByRole('article', { name: '203.0.113.9' })).toBeTruthy();
  });

  it('denies and updates the key only after asking, and shows the secret once', async () => {
    const { user, double } = renderApp({
      mirror: { reviews: [first], keys: [key()] },
      answers: {
        reviews: {
          deny: () =>
            succeeded({
              kind: 'done',
              review: { ...first, status: 'denied' },
              secret: 'gh_live_NEW',
              enforcedAt,
            }),
        },
      },
    });
    const choices = within(await panel('203.0.113.9'));
    await user.click(choices.getByRole('checkbox', { name: /add a deny range/ }));
    await user.click(choices.getByRole('button', { name: /^Deny and update the key$/ }));
    const question = await screen.findByRole('dialog');
    expect(double.requests('reviews.deny')).toEqual([]);
    await user.click(within(question).getByRole('button', { name: /^Deny and update the key$/ }));
    expect(double.requests('reviews.deny')).toEqual([
      { reviewId: first.id, rotateKey: true, addDenyRange: true },
    ]);
    expect((await screen.findByLabelText('Secret')).textContent).toBe('gh_live_NEW');
    await user.keyboard('{Escape}');
    expect(useUi.getState().newSecret?.secret).toBe('gh_live_NEW');
    await user.click(screen.getByRole('button', { name: 'Copy secret' }));
    expect(double.requests('app.copyText')).toEqual([{ text: 'gh_live_NEW' }]);
    await user.click(screen.getByRole('button', { name: 'I have stored it' }));
    await waitFor(() => expect(screen.queryByText('gh_live_NEW')).toBeNull());
    expect(screen.getByText('Denied. Enforced at 14:02:11')).toBeTruthy();
  });

  it('offers no buttons and no selection to those who may only look', async () => {
    const me = { ...account().me, role: 'user' as const };
    renderApp({ mirror: { reviews: [first, second], account: account({ me }) } });
    const choices = within(await panel('203.0.113.9'));
    expect(choices.getByText(/may look at reviews but not answer them/)).toBeTruthy();
    expect(choices.queryByRole('button', { name: /^Deny$/ })).toBeNull();
    expect(screen.queryByRole('checkbox')).toBeNull();
  });
});
