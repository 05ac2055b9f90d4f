import { describe, expect, it } from 'vitest';
import type { AccountFacts, TrayFacts } from '#electron/core/tray/facts';
import { trayModel } from '#electron/core/tray/model';
import { formatCount } from '#shared/words';
import { makeAccount, makeReview } from '#test/support/console/builders';
import {
  at,
  UNREACHABLE,
  NO_OPERATIONS,
  QUIET_NEVER,
  ID,
  accountFacts,
  trayFacts,
  iconOf,
  shownOf,
  read,
  all,
  choiceOf,
  makeReviews,
} from '#test/support/console/tray-facts';

describe('the menu of the tray', () => {
  it('is short when nothing is asked', () => {
    expect(read(iconOf().menu)).toEqual([
      '(No pending reviews)',
      '-',
      'Mode: Manual',
      '-',
      ['Pause notifications', ['For 1 hour', 'Until tomorrow']],
      '-',
      'Open Gatehouse',
      'Quit',
    ]);
  });

  it('has each review with its answers', () => {
    const [review] = makeReviews(1);
    const { menu } = iconOf({
      pendingReviews: makeReviews(1).map((each) => ({ ...each, id: review?.id ?? '' })),
    });
    expect(read(menu).slice(0, 3)).toEqual([
      '1 pending review',
      ['203.0.113.1 · Key 1', ['Authorize for 1 hour', 'Deny', 'Open…']],
      '-',
    ]);
    const reviewId = review?.id;
    expect(choiceOf(menu, 'Authorize for 1 hour')).toEqual({
      do: 'authorize',
      account: ID,
      seconds: 3_600,
      reviewId,
    });
    const { menu: longer } = iconOf({ pendingReviews: makeReviews(1), quickSeconds: 604_800 });
    expect(choiceOf(longer, 'Authorize for 7 days')).toMatchObject({ seconds: 604_800 });
    expect(choiceOf(menu, 'Deny')).toEqual({ do: 'deny', account: ID, reviewId });
    expect(choiceOf(menu, 'Open…')).toEqual({ do: 'open-review', account: ID, reviewId });
    expect(choiceOf(menu, '1 pending review')).toEqual({
      do: 'open-console',
      account: ID,
      screen: 'pending',
    });
    expect(choiceOf(menu, 'Mode: Manual')).toEqual({ do: 'open-console', account: ID, screen: 'protection' });
  });

  it.each([
    [5, []],
    [6, ['and 1 more…']],
    [1_000, ['and 995 more…']],
  ])('lists the newest five of %i, and counts the others', (count, more) => {
    const menu = read(iconOf({ pendingReviews: makeReviews(count) }).menu);
    expect(menu[0]).toBe(`${formatCount(count)} pending reviews`);
    expect(
      menu.slice(1, menu.indexOf('-')).map((line) => (Array.isArray(line) ? (line[0] as string) : line)),
    ).toEqual([...[1, 2, 3, 4, 5].map((number) => `203.0.113.${number} · Key ${number}`), ...more]);
  });

  it('lets only look who may not answer', () => {
    const [review] = makeReviews(1);
    const { menu } = iconOf({ pendingReviews: review === undefined ? [] : [review], mayAnswer: false });
    expect(choiceOf(menu, '203.0.113.1 · Key 1')).toEqual({
      do: 'open-review',
      account: ID,
      reviewId: review?.id,
    });
    expect(all(menu).map(({ id }) => id)).not.toContain(`authorize-${review?.id ?? ''}`);
  });

  it('shortens the name of a key, and keeps what would turn the line around out of it', () => {
    const keyName = `\u202Eprod\n${'x'.repeat(200)}`;
    const menu = read(iconOf({ pendingReviews: [makeReview({ ip: '192.0.2.7', keyName })] }).menu);
    expect(menu[1]).toEqual([`192.0.2.7 · prod ${'x'.repeat(26)}…`, expect.any(Array)]);
  });

  it('has ids that are unique, and the same as long as a line means the same', () => {
    const pendingReviews = makeReviews(7);
    const operations = { waiting: 2, conflicts: 1, needsConfirmation: 1 };
    const snoozed = { snoozedUntil: at(15, 15, 2), quiet: null };
    for (const notifications of [QUIET_NEVER, snoozed]) {
      const ids = all(
        iconOf({ pendingReviews, operations, notifications, connection: UNREACHABLE }).menu,
      ).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
    const idOf = (shown: typeof pendingReviews, label: string) =>
      all(iconOf({ pendingReviews: shown }).menu).find((item) => 'label' in item && item.label === label)?.id;
    expect(idOf(pendingReviews.slice(1), '203.0.113.3 · Key 3')).toBe(
      idOf(pendingReviews, '203.0.113.3 · Key 3'),
    );
  });

  it('says nothing of reviews and mode before an account is known', () => {
    const { menu, tooltip } = iconOf({ account: null, connection: { kind: 'none' } });
    expect(read(menu)).toEqual([
      'Not connected to a service',
      '-',
      ['Pause notifications', ['For 1 hour', 'Until tomorrow']],
      '-',
      'Open Gatehouse',
      'Quit',
    ]);
    expect(tooltip).toBe('Gatehouse · Not connected to a service');
  });

  it.each([
    [{ ...NO_OPERATIONS, waiting: 1 }, ['1 change not sent yet']],
    [{ ...NO_OPERATIONS, waiting: 3 }, ['3 changes not sent yet']],
    [{ waiting: 0, conflicts: 1, needsConfirmation: 0 }, ['1 change waits for you']],
    [
      { waiting: 4, conflicts: 1, needsConfirmation: 2 },
      ['3 changes wait for you', '4 changes not sent yet'],
    ],
  ])('tells of operations that wait: %o', (operations, lines) => {
    const menu = read(iconOf({ operations }).menu);
    expect(menu.slice(2, 4 + lines.length)).toEqual(['Mode: Manual', ...lines, '-']);
  });
});

describe('pausing notifications from the tray', () => {
  const pauseLines = (notifications: TrayFacts['notifications']): readonly unknown[] =>
    read(iconOf({ notifications }).menu).slice(4, -3);

  it.each([
    ['today', at(15, 15, 2), 'until 15:02'],
    ['tomorrow', at(16, 8, 0), 'until Fri 08:00'],
  ])('can be ended while it lasts until %s', (_when, snoozedUntil, words) => {
    const notifications = { snoozedUntil, quiet: { reason: 'snoozed', until: snoozedUntil } } as const;
    expect(pauseLines(notifications)).toEqual([`(Notifications paused ${words})`, 'Resume notifications']);
    const { menu, tooltip } = iconOf({ notifications });
    expect(choiceOf(menu, 'Resume notifications')).toEqual({ do: 'resume' });
    expect(tooltip).toContain(`Paused ${words}`);
  });

  it('is no use where they are turned off', () => {
    expect(pauseLines({ snoozedUntil: null, quiet: { reason: 'off', until: null } })).toEqual([
      '(Notifications are turned off)',
    ]);
  });

  it.each(['quiet_hours', 'desktop'] as const)('goes on being offered in other quiet: %s', (reason) => {
    expect(pauseLines({ snoozedUntil: null, quiet: { reason, until: null } })).toEqual([
      ['Pause notifications', ['For 1 hour', 'Until tomorrow']],
    ]);
  });

  it('names the two spans', () => {
    const { menu } = iconOf();
    expect(choiceOf(menu, 'For 1 hour')).toEqual({ do: 'pause', for: 'hour' });
    expect(choiceOf(menu, 'Until tomorrow')).toEqual({ do: 'pause', for: 'tomorrow' });
  });
});

describe('several accounts', () => {
  const [first, second, third] = makeReviews(3);
  if (first === undefined || second === undefined || third === undefined) throw new Error('no reviews');
  const both = (acme: Partial<AccountFacts> = {}, bolt: Partial<AccountFacts> = {}): TrayFacts => ({
    ...trayFacts(),
    accounts: [
      accountFacts({ id: 'a', name: 'Acme', pendingReviews: [second], ...acme }),
      accountFacts({ id: 'b', name: 'Bolt', pendingReviews: [third, first], ...bolt }),
    ],
  });

  it('have their pending reviews in one list, each with the name of its account', () => {
    const { menu } = shownOf(both());
    const labels = read(menu)
      .slice(0, 4)
      .map((line) => (Array.isArray(line) ? (line[0] as string) : line));
    expect(labels).toEqual([
      '3 pending reviews',
      '203.0.113.1 · Key 1 · Bolt',
      '203.0.113.2 · Key 2 · Acme',
      '203.0.113.3 · Key 3 · Bolt',
    ]);
    expect(choiceOf(menu, 'Deny')).toEqual({ do: 'deny', account: 'b', reviewId: first.id });
    expect(choiceOf(menu, '3 pending reviews')).toEqual({
      do: 'open-console',
      account: 'b',
      screen: 'pending',
    });
    expect(trayModel(both()).badgeCount).toBe(3);
  });

  it('have lines of their own, with unique ids', () => {
    const { menu, tooltip } = shownOf(
      both({ connection: UNREACHABLE }, { operations: { ...NO_OPERATIONS, waiting: 2 } }),
    );
    expect(read(menu)).toEqual(
      expect.arrayContaining([
        'Acme: Mode: Manual',
        'Acme: Offline since 13:05',
        'Bolt: Mode: Manual',
        'Bolt: 2 changes not sent yet',
      ]),
    );
    expect(choiceOf(menu, 'Bolt: Mode: Manual')).toEqual({
      do: 'open-console',
      account: 'b',
      screen: 'protection',
    });
    const ids = all(menu).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(tooltip).toBe('Gatehouse · 3 pending reviews · Acme: Offline since 13:05');
  });

  it.each<[Partial<AccountFacts>, Partial<AccountFacts>, string]>([
    [{ pendingReviews: [] }, { pendingReviews: [] }, 'normal'],
    [{ pendingReviews: [] }, {}, 'asking'],
    [{ connection: UNREACHABLE }, {}, 'offline'],
    [{ connection: UNREACHABLE }, { account: makeAccount({ mode: 'deactivated' }) }, 'unprotected'],
  ])('show the image of the one that matters most: %#', (acme, bolt, image) => {
    expect(shownOf(both(acme, bolt)).image).toBe(image);
  });
});
