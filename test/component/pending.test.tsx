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

const card = (ip: string) => screen.findByRole('article', { name: ip });

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

  it('says which other addresses of a /64 a question counts', async () => {
    const callers = [
      { ip: '2001:db8::9', userAgent: 'curl/8', method: 'GET', path: '/v1/x', at: minutesAgo(1) },
    ];
    renderApp({ mirror: { reviews: [{ ...second, addressCount: 24, callers }] } });
    const facts = within(await card('2001:db8::7'));
    expect(facts.getByText('and 23 more addresses in 2001:db8::/64, the latest callers')).toBeTruthy();
    const [caller] = within(facts.getByRole('list', { name: 'Latest callers' })).getAllByRole('listitem');
    expect(caller?.textContent).toContain('2001:db8::9');
    expect(caller?.textContent).toContain('GET /v1/xcurl/8');
  });

  it('offers a note on a card, and sends it with the answer', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] } });
    const facts = within(await card('203.0.113.9'));
    expect(facts.queryByRole('textbox', { name: 'Note' })).toBeNull();
    await user.click(facts.getByRole('button', { name: 'Add a note…, 203.0.113.9' }));
    await user.type(facts.getByRole('textbox', { name: 'Note' }), 'Not ours');
    await user.click(facts.getByRole('button', { name: 'Deny, 203.0.113.9' }));
    expect(double.requests('reviews.deny')).toEqual([
      { reviewId: first.id, rotateKey: false, addDenyRange: false, note: 'Not ours' },
    ]);
  });

  it('shows a card for each question, the newest first, and counts them in the navigation', async () => {
    renderApp({ mirror: { reviews: [second, first, review({ id: ulid(202), status: 'denied' })] } });
    await card('203.0.113.9');
    const names = screen
      .getAllByRole('article')
      .map((article) => within(article).getByRole('heading').textContent);
    expect(names).toEqual(['203.0.113.9', '2001:db8::7']);
    expect(screen.getByRole('button', { name: 'Pending, 2 open reviews' })).toBeTruthy();
    const facts = within(await card('203.0.113.9'));
    expect(facts.getByText('14')).toBeTruthy();
    expect(facts.getByText('2 min ago').getAttribute('title')).toContain('24 Nov 2026');
    expect(facts.getByText('gh_live_4f2a…')).toBeTruthy();
  });

  it('lays out thousands of questions some at a time', async () => {
    const many = Array.from({ length: 120 }, (_, n) => review({ id: ulid(1000 + n), ip: `198.51.100.${n}` }));
    const { user, view } = renderApp({ mirror: { reviews: many } });
    // By element: looking up roles or texts among thousands of elements takes jsdom many seconds.
    const cards = () => view.container.querySelectorAll('article').length;
    const more = () => [...view.container.querySelectorAll('button')].at(-1);
    await waitFor(() => expect(cards()).toBe(50));
    expect(more()?.textContent).toBe('Show 50 more of 120');
    await user.click(more() as HTMLElement);
    expect(cards()).toBe(100);
    expect(more()?.textContent).toBe('Show 20 more of 120');
    await user.click(more() as HTMLElement);
    expect(cards()).toBe(120);
  });

  it('authorizes the address with one click, shows progress on that card only, and says when it is enforced', async () => {
    const answer = deferred<Outcome<{ review: typeof first; range: typeof approved; operationId: string }>>();
    const { user, double } = renderApp({
      mirror: { reviews: [first, second] },
      answers: { reviews: { authorize: () => answer.promise } },
    });
    const button = within(await card('203.0.113.9')).getByRole('button', {
      name: /^Authorize this address(,|$)/,
    });
    // Twice before anything is rendered in between.
    act(() => {
      button.click();
      button.click();
    });
    expect(button.hasAttribute('disabled')).toBe(true);
    const other = within(await card('2001:db8::7')).getByRole('button', {
      name: /^Authorize this address(,|$)/,
    });
    expect(other.hasAttribute('disabled')).toBe(false);
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
    await user.click(screen.getByRole('button', { name: 'Put 203.0.113.9 away' }));
    expect(screen.queryByRole('article', { name: '203.0.113.9' })).toBeNull();
  });

  it('sends the scope, the duration and the key that were chosen', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] } });
    const choices = within(await card('203.0.113.9'));
    await user.selectOptions(choices.getByLabelText('What to authorize'), '203.0.113.0/24');
    await user.selectOptions(choices.getByLabelText('For how long'), 'for 1 day');
    await user.selectOptions(choices.getByLabelText('For which keys'), 'for this key only');
    await user.click(choices.getByRole('button', { name: /^Authorize 203\.0\.113\.0\/24(,|$)/ }));
    expect(double.requests('reviews.authorize')).toEqual([
      { reviewId: first.id, scope: 'subnet', thisKeyOnly: true, durationSeconds: 86_400 },
    ]);
  });

  it('checks a range of one’s own while it is typed and asks before a very wide one', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first] } });
    const choices = within(await card('203.0.113.9'));
    await user.selectOptions(choices.getByLabelText('What to authorize'), 'a range of my own…');
    const field = choices.getByLabelText('Range to authorize');
    expect(choices.getByRole('button', { name: /^Authorize this range(,|$)/ }).hasAttribute('disabled')).toBe(
      true,
    );
    await user.type(field, '198.51.100.0/24');
    expect(choices.getByText(/does not contain 203\.0\.113\.9/)).toBeTruthy();
    await user.clear(field);
    await user.type(field, '203.0.0.0/7');
    const button = choices.getByRole('button', { name: /^Authorize 202\.0\.0\.0\/7(,|$)/ });
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

  it('says on the card that somebody else answered first', async () => {
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
      within(await card('203.0.113.9')).getByRole('button', { name: /^Authorize this address(,|$)/ }),
    );
    expect(await screen.findByText('Answered already: authorized by jon@example.com at 14:01.')).toBeTruthy();
  });

  it('keeps the question open with an explanation when the service cannot be reached', async () => {
    const { user } = renderApp({
      mirror: { reviews: [first] },
      answers: { reviews: { deny: () => failed({ kind: 'unreachable', message: 'ECONNREFUSED' }) } },
    });
    const choices = within(await card('203.0.113.9'));
    await user.click(choices.getByRole('button', { name: /^Deny(,|$)/ }));
    expect((await choices.findByRole('alert')).textContent).toBe(
      'The service cannot be reached, so nothing was changed. ECONNREFUSED.',
    );
    expect(choices.getByRole('button', { name: /^Deny(,|$)/ }).hasAttribute('disabled')).toBe(false);
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
    await user.click(within(await card('203.0.113.9')).getByRole('button', { name: /^Deny(,|$)/ }));
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
    expect(screen.getByText(/kept among the edits that need you/)).toBeTruthy();
  });

  it('keeps a card that was answered elsewhere in its place and holds new questions back while somebody is busy', async () => {
    const { user, double } = renderApp({ mirror: { reviews: [first, second], account: account() } });
    await user.hover(await card('203.0.113.9'));
    const theirs = {
      ...first,
      status: 'denied' as const,
      decidedBy: 'jon@example.com',
      decidedAt: minutesAgo(0),
    };
    const fresh = review({ id: ulid(203), ip: '192.0.2.1', firstAt: minutesAgo(0) });
    patchMirror(double, { reviews: { upserted: [theirs, fresh], removed: [] } });
    expect(screen.getByText(/Answered already: denied by jon@example\.com/)).toBeTruthy();
    expect(screen.queryByRole('article', { name: '192.0.2.1' })).toBeNull();
    await user.click(screen.getByRole('button', { name: '1 new question' }));
    expect(await card('192.0.2.1')).toBeTruthy();
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
    const choices = within(await card('203.0.113.9'));
    await user.click(choices.getByRole('checkbox', { name: /add a deny range/ }));
    await user.click(choices.getByRole('button', { name: /^Deny and update the key(,|$)/ }));
    const question = await screen.findByRole('dialog');
    expect(double.requests('reviews.deny')).toEqual([]);
    await user.click(within(question).getByRole('button', { name: /^Deny and update the key(,|$)/ }));
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

  it('offers no buttons to those who may only look', async () => {
    const me = { ...account().me, role: 'user' as const };
    renderApp({ mirror: { reviews: [first], account: account({ me }) } });
    const choices = within(await card('203.0.113.9'));
    expect(choices.getByText(/may look at questions but not answer them/)).toBeTruthy();
    expect(choices.queryByRole('button', { name: /^Deny(,|$)/ })).toBeNull();
  });
});
