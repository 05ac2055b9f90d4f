import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, it } from 'vitest';
import { lowestIdAt } from '#shared/domain/id-time';
import { HOUR_MS, MINUTE_MS } from '#shared/durations';
import { failed, succeeded } from '#shared/ipc/failure';
import { axeFindings } from '#test/support/axe';
import { useUi } from '../../renderer/src/stores/ui';
import { account, attempt, desktop, key, minutesAgo, NOW, review, ulid, unreachable } from './builders';
import { blocked, renderWithLog } from './log-world';
import { deferred, patchMirror, type Scene } from './render-app';

const OTHER_KEY = ulid(5);
const ROWS = [
  // From before the last day.
  attempt(1, { country: 'DE', asn: 3_320, asName: 'Telekom', ...at(60 * 24 * 3), count: 7 }),
  attempt(2, { country: 'DE', asn: 3_320, asName: 'Telekom', ...at(90), count: 1_222 }),
  attempt(3, { country: 'FR', keyId: OTHER_KEY, keyName: 'Reports', ip: '192.0.2.1', ...at(40), count: 20 }),
  blocked(4, { country: 'BR', asn: 64_500, asName: 'Telco', ...at(30), count: 12 }),
];

/** Of a row that was called this many minutes ago. */
function at(minutes: number) {
  const id = lowestIdAt(NOW.getTime() - minutes * MINUTE_MS);
  return { id, firstAt: minutesAgo(minutes), lastAt: minutesAgo(minutes) };
}

const overview = (scene: Scene = {}, rows = ROWS) => renderWithLog(rows, { isUnled: true, ...scene });
const section = async (name: string) => within(await screen.findByRole('region', { name }));
const names = async (title: string) =>
  (await (await section(title)).findAllByRole('button')).map((button) => button.getAttribute('aria-label'));
/** The last 24 hours, from a whole hour on. */
const DAY_FROM = new Date(2026, 10, 23, 15).getTime();
const HOUR_FROM = new Date(2026, 10, 24, 13, 3).getTime();

const shownLog = async (filter: object): Promise<void> => {
  await screen.findByRole('heading', { level: 1, name: 'Log' });
  expect(useUi.getState().logDraft).toMatchObject(filter);
};

describe('the overview', () => {
  // The shapes of the world are loaded when they are first shown, and take their time on a busy machine.
  beforeAll(() => import('../../renderer/src/ui/world-map/world-map'), 60_000);

  it('is the first screen, accessible, with the figures of the last day', async () => {
    document.documentElement.lang = 'en';
    overview();
    expect(await screen.findByRole('heading', { level: 1, name: 'Overview' })).toBeTruthy();
    expect(screen.getByText('All calls since 23 Nov, 15:00.')).toBeTruthy();
    const calls = await section('Calls over time');
    expect(await calls.findByRole('button', { name: '1,254 calls' })).toBeTruthy();
    expect(calls.getByRole('button', { name: '1,242 allowed' })).toBeTruthy();
    expect(calls.getByRole('button', { name: '12 blocked' })).toBeTruthy();
    expect(await names('Busiest API keys')).toEqual([
      'Billing worker: 1,234 calls, 12 blocked',
      'Reports: 20 calls, 0 blocked',
    ]);
    expect(await names('Busiest addresses')).toHaveLength(3);
    await screen.findByRole('group', { name: 'Calls by country' });
    expect(await axeFindings()).toEqual([]);
  });

  it('calls new what as long a time before did not have', async () => {
    overview();
    expect(await names('New addresses')).toEqual([
      '203.0.113.9, 13:32: the first of 12 calls, 12 blocked',
      '192.0.2.1, 13:22: the first of 20 calls, 0 blocked',
    ]);
    expect(await names('New API keys')).toEqual(['Reports, 13:22: the first of 20 calls, 0 blocked']);
    expect(await names('New networks')).toEqual(['AS64500 Telco, 13:32: the first of 12 calls, 12 blocked']);
  });

  it.each([
    ['1,254 calls', { fromMs: DAY_FROM, verdict: null }],
    ['12 blocked', { fromMs: DAY_FROM, verdict: 'blocked' }],
    ['1,242 allowed', { fromMs: DAY_FROM, verdict: 'allowed' }],
    ['Reports: 20 calls, 0 blocked', { fromMs: DAY_FROM, keyId: OTHER_KEY }],
    ['AS64500 Telco: 12 calls, 12 blocked', { network: { asn: 64_500, asName: 'Telco' } }],
    ['198.51.100.7: 1,222 calls, 0 blocked', { fromMs: DAY_FROM, ipText: '198.51.100.7' }],
    ['203.0.113.9, 13:32: the first of 12 calls, 12 blocked', { ipText: '203.0.113.9' }],
    ['Brazil: 12 calls, 12 blocked', { fromMs: DAY_FROM, country: 'BR' }],
  ])('leads with “%s” to these calls in the log', async (name, filter) => {
    const { user } = overview();
    await user.click(await screen.findByRole('button', { name }));
    await shownLog(filter);
  });

  it('leads with a part of the time to its calls, by keyboard alone', async () => {
    const { user } = overview();
    const slider = await screen.findByRole('slider', { name: 'Choose a time' });
    slider.focus();
    await user.keyboard('{ArrowLeft}{Enter}');
    await shownLog({ fromMs: DAY_FROM + 22 * HOUR_MS, toMs: DAY_FROM + 24 * HOUR_MS });
  });

  it('keeps the chosen period', async () => {
    const { user, view } = overview();
    await user.click(await screen.findByRole('radio', { name: 'Hour' }));
    expect(await screen.findByRole('button', { name: '32 calls' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: '32 calls' }));
    await shownLog({ fromMs: HOUR_FROM });
    await user.click(screen.getByRole('button', { name: /^Overview/ }));
    expect(await screen.findByRole('radio', { name: 'Hour', checked: true })).toBeTruthy();
    expect(window.localStorage.getItem('gatehouse.overviewPeriod')).toBe('hour');
    view.unmount();
  });

  it('counts new calls', async () => {
    const { double } = overview();
    await screen.findByRole('button', { name: '12 blocked' });
    double.answer('log', 'timeline', () =>
      succeeded({
        from: NOW.toISOString(),
        bucketSeconds: 60,
        buckets: [{ allowed: 1, blocked: 2 }],
        completeFrom: null,
      }),
    );
    act(() => double.emit('log', 'replaced', {}));
    expect(await screen.findByRole('button', { name: '2 blocked' })).toBeTruthy();
  });

  it('says what to do first as long as nothing was called', async () => {
    const { user, double } = overview(
      {
        answers: {
          welcome: {
            get: () =>
              succeeded({ serviceUrl: 'http://x', keyName: 'First key', secret: 'gk_x', curl: 'curl -H x' }),
            dismiss: () => succeeded(undefined),
          },
        },
      },
      [],
    );
    expect(await screen.findByRole('heading', { name: 'No call yet' })).toBeTruthy();
    expect(await screen.findByText('curl -H x')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Copy command' }));
    expect(double.requests('app.copyText')).toEqual([{ text: 'curl -H x' }]);
    patchMirror(double, { keys: { upserted: [], removed: [key().id] } });
    await user.click(screen.getByRole('button', { name: 'Create an API key' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'API keys' })).toBeTruthy();
  });

  it('says that it loads, and that the log could not be read, with another try', async () => {
    const waiting = deferred<ReturnType<typeof failed>>();
    const { user, double } = overview({
      answers: { log: { timeline: () => waiting.promise } },
    });
    expect(await screen.findByRole('status', { name: 'Loading the figures' })).toBeTruthy();
    waiting.resolve(failed({ kind: 'internal', message: 'disk' }));
    expect(await screen.findByRole('heading', { name: 'The log could not be read' })).toBeTruthy();
    double.answer('log', 'timeline', () =>
      succeeded({
        from: NOW.toISOString(),
        bucketSeconds: 60,
        buckets: [{ allowed: 3, blocked: 4 }],
        completeFrom: null,
      }),
    );
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('button', { name: '7 calls' })).toBeTruthy();
  });

  it('works offline, as of the last sync', async () => {
    overview({ mirror: { connection: unreachable, lastSyncAt: minutesAgo(5) } });
    expect(await screen.findByText('All calls since 23 Nov, 15:00, as of 13:57.')).toBeTruthy();
    expect(await screen.findByRole('button', { name: '12 blocked' })).toBeTruthy();
  });

  it('says since when this computer has calls, and that it cannot know what is new', async () => {
    const completeFrom = minutesAgo(60);
    const { double, user } = overview();
    await screen.findByRole('button', { name: '12 blocked' });
    double.answer('log', 'timeline', () =>
      succeeded({ from: NOW.toISOString(), bucketSeconds: 60, buckets: [], completeFrom }),
    );
    await user.click(screen.getByRole('radio', { name: '7 days' }));
    expect(await screen.findByText(/This computer has only those since 13:02\.$/)).toBeTruthy();
    expect(await screen.findAllByText('Not known: this computer lacks the calls before')).toHaveLength(3);
  });

  it('is in French', async () => {
    overview({ answers: { desktop: { state: () => succeeded(desktop({ language: 'fr' })) } } });
    expect(await screen.findByRole('heading', { level: 1, name: 'Vue d’ensemble' })).toBeTruthy();
    expect(
      await screen.findByRole('button', { name: 'Reports\u00a0: 20 appels, bloqués\u00a0: 0' }),
    ).toBeTruthy();
    expect(screen.getByRole('button', { name: '12 bloqués' })).toBeTruthy();
  });
});

describe('what needs a person', () => {
  const needs = async () =>
    within(await screen.findByRole('list', { name: 'What needs you' }))
      .getAllByRole('button')
      .map(({ textContent }) => textContent);

  it('is nothing as long as nothing does', async () => {
    overview();
    expect(await screen.findByText('Nothing needs you.')).toBeTruthy();
  });

  it('is named, the most urgent first', async () => {
    const tried = Array.from({ length: 12 }, (_, index) =>
      review({ id: ulid(400 + index), ip: `198.51.${index}.7`, asn: 64_500 + index }),
    );
    overview({
      mirror: {
        reviews: tried,
        account: account({ mode: 'deactivated' }),
        sync: {
          waiting: 0,
          conflicts: 2,
          needsConfirmation: 0,
          others: 1,
          pausedBecause: null,
          message: null,
        },
      },
    });
    expect(await needs()).toEqual([
      'Protection is off Every IP is accepted',
      'Billing worker is probably leaked 12 new addresses since 13:32',
      '2 changes need you 2 conflicts',
      '1 change of somebody else Adopt or discard',
      '12 open reviews The newest: 198.51.11.7, 30 min ago',
    ]);
    expect(await axeFindings()).toEqual([]);
  });

  it('leads to where it is answered', async () => {
    const { user } = overview({ mirror: { reviews: [review()] } });
    await user.click(await screen.findByRole('button', { name: /^1 open review The newest/ }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Pending' })).toBeTruthy();
  });

  it('is the end of learning, within a day before it', async () => {
    const learning = (hours: number) =>
      account({
        mode: 'learning',
        learning: {
          startedAt: minutesAgo(60 * 24 * 20),
          windowSeconds: 30 * 24 * 3_600,
          lastNewAddressAt: minutesAgo(60 * 24 * 20),
          endsAt: minutesAgo(-60 * hours),
        },
      });
    const { user, double } = overview({ mirror: { account: learning(30) } });
    expect(await screen.findByText('Nothing needs you.')).toBeTruthy();
    patchMirror(double, { account: learning(20) });
    await user.click(await screen.findByRole('button', { name: /^Learning ends in 20 h/ }));
    await waitFor(() => expect(useUi.getState().screen).toBe('protection'));
  });
});
