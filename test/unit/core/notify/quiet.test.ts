import { describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import type { NotificationState } from '#shared/ipc/notifications';
import { HOUR_MS } from '#shared/durations';
import { MOST_OPEN, SUMMARY_INTERVAL_MS } from '#electron/core/notify/causes/review';
import { SUMMARY_ID } from '#electron/core/notify/notification-id';
import { makeReview, newId } from '#test/support/console/builders';
import { useNotificationWorld } from '#test/support/console/notification-world';

const world = useNotificationWorld();
function several(count: number, fields: Partial<Review> = {}): readonly Review[] {
  return Array.from({ length: count }, () => makeReview(fields));
}
function states(): readonly NotificationState[] {
  return world.publisher.payloads('notifications.changed') as readonly NotificationState[];
}
function suppressedLines() {
  return world.log.lines.filter(({ event }) => event === 'notifications.suppressed');
}

/** Each way to ask for quiet, and to end it. */
const WAYS = [
  ['snoozed', () => world.notifications.snooze('hour'), () => world.notifications.wake()],
  [
    'quiet_hours',
    () =>
      world.notifications.change({ quietHours: { from: '00:00', to: '00:00', days: [0, 1, 2, 3, 4, 5, 6] } }),
    () => world.notifications.change({ quietHours: null }),
  ],
  ['desktop', () => world.quiet.turn(true), () => world.quiet.turn(false)],
  [
    'off',
    () => world.notifications.change({ enabled: false }),
    () => world.notifications.change({ enabled: true }),
  ],
  [
    'off',
    () => world.notifications.change({ causes: { review: false } }),
    () => world.notifications.change({ causes: { review: true } }),
  ],
] as const satisfies readonly (readonly [string, () => void, () => void])[];

describe.each(WAYS)('quiet (%s)', (reason, begin, end) => {
  it('shows nothing, and says once in the log why', () => {
    world.baseline();
    begin();
    const reviews = several(3);
    world.sync(reviews);
    world.sync(reviews.map((review) => ({ ...review, count: 2, version: 2 })));
    expect(world.presenter.shown).toEqual([]);
    expect(suppressedLines().map(({ details }) => details)).toEqual([
      { cause: 'review', reason, count: 3, subjects: reviews.map(({ id }) => id) },
    ]);
  });

  it('ends with one summary of what is still open', async () => {
    world.baseline();
    begin();
    const [answered, ...open] = several(4);
    world.sync([answered as Review, ...open]);
    world.sync([{ ...(answered as Review), status: 'denied', version: 2 }]);
    end();
    expect(world.presenter.shown.map(({ id, title }) => [id, title])).toEqual([
      [SUMMARY_ID, '3 unknown addresses called while notifications were paused'],
    ]);
    await world.pass(SUMMARY_INTERVAL_MS);
    expect(world.presenter.shown).toHaveLength(1);
    world.sync(open.map((review) => ({ ...review, status: 'authorized', version: 2 })));
    expect(world.presenter.open.size).toBe(0);
  });

  it('ends with the review itself where there is one', () => {
    world.baseline();
    begin();
    const review = makeReview();
    world.sync([review]);
    end();
    expect(world.presenter.openTitles).toEqual([`Blocked: ${review.ip}`]);
  });

  it('ends without a word when all is answered', () => {
    world.baseline();
    begin();
    const reviews = several(3);
    world.sync(reviews);
    world.sync(reviews.map((review) => ({ ...review, status: 'denied', version: 2 })));
    end();
    expect(world.presenter.shown).toEqual([]);
  });

  it('that a restart falls into ends in the same way', () => {
    world.baseline();
    begin();
    world.sync(several(2));
    world.restart();
    end();
    expect(world.presenter.openTitles).toEqual([
      '2 unknown addresses called while notifications were paused',
    ]);
  });
});

describe('quiet', () => {
  it.each(WAYS.slice(0, 3))('(%s) leaves what is on the screen until it is answered', (_name, begin) => {
    world.baseline();
    const review = makeReview();
    world.sync([review]);
    begin();
    expect(world.presenter.open.size).toBe(1);
    world.sync([{ ...review, status: 'denied', version: 2 }]);
    expect(world.presenter.open.size).toBe(0);
  });

  it('(off) takes back what is on the screen', () => {
    world.baseline();
    world.sync(several(2));
    world.notifications.change({ enabled: false });
    expect(world.presenter.open.size).toBe(0);
  });

  it('of a snooze ends by itself, and windows are told', async () => {
    world.baseline();
    world.notifications.snooze('hour');
    world.sync(several(2));
    expect(states().at(-1)).toMatchObject({
      snoozedUntil: '2026-01-15T13:00:00.001Z',
      quiet: { reason: 'snoozed', until: '2026-01-15T13:00:00.001Z' },
    });
    // In pieces, because the time is looked at again now and then.
    for (let minute = 0; minute < 60; minute += 1) await world.pass(HOUR_MS / 60);
    expect(world.presenter.openTitles).toEqual([
      '2 unknown addresses called while notifications were paused',
    ]);
    expect(states().at(-1)).toMatchObject({ snoozedUntil: null, quiet: null });
  });

  it('of a muted key concerns that key alone', () => {
    world.baseline();
    const keyId = newId();
    expect(world.notifications.muteKey({ keyId, muted: true })).toMatchObject({ ok: true });
    world.sync([...several(2, { keyId }), makeReview({ ip: '198.51.100.7' })]);
    expect(world.presenter.openTitles).toEqual(['Blocked: 198.51.100.7']);
    expect(suppressedLines()).toMatchObject([{ details: { reason: 'muted', count: 2 } }]);
    expect(states().at(-1)).toMatchObject({ mutedKeyIds: [keyId] });
    world.notifications.muteKey({ keyId, muted: false });
    expect(world.presenter.openTitles).toEqual([
      'Blocked: 198.51.100.7',
      '2 unknown addresses called while notifications were paused',
    ]);
  });

  it('that ends while a key is muted lets go of the others', () => {
    world.baseline();
    const keyId = newId();
    world.notifications.muteKey({ keyId, muted: true });
    world.notifications.snooze('hour');
    world.sync([...several(2, { keyId }), makeReview({ ip: '198.51.100.7' })]);
    world.notifications.wake();
    expect(world.presenter.openTitles).toEqual(['Blocked: 198.51.100.7']);
  });

  it('with more than can be shown is one summary that what follows joins', async () => {
    world.baseline();
    world.notifications.snooze('hour');
    world.sync(several(MOST_OPEN + 1));
    world.notifications.wake();
    expect(world.presenter.openTitles).toEqual([
      '6 unknown addresses called while notifications were paused',
    ]);
    world.sync(several(1));
    await world.pass(SUMMARY_INTERVAL_MS);
    expect(world.presenter.openTitles).toEqual(['Blocked: 7 addresses']);
  });

  it('belongs to the person and outlives a restart; muted keys belong to the account', () => {
    world.baseline();
    const keyId = newId();
    world.notifications.snooze('hour');
    world.notifications.muteKey({ keyId, muted: true });
    world.notifications.change({ causes: { grant_added: true } });
    world.restart();
    const { account } = world;
    expect(world.notifications.state()).toMatchObject({
      mutedKeyIds: [keyId],
      snoozedUntil: '2026-01-15T13:00:00.001Z',
      preferences: { causes: { grant_added: true, review: true } },
    });
    world.switchAccount();
    expect(world.notifications.state()).toMatchObject({ mutedKeyIds: [], quiet: { reason: 'snoozed' } });
    expect(world.account.id).not.toBe(account.id);
  });
});

describe('a sample', () => {
  it('is shown whatever is set, and does nothing', () => {
    world.baseline();
    world.notifications.change({ enabled: false });
    expect(world.notifications.test()).toEqual({ ok: true, value: undefined });
    expect(world.presenter.openTitles).toEqual(['Notifications work']);
    world.presenter.click('sample');
    expect(world.windows.opened).toEqual([]);
  });

  it('says so where nothing can be shown', () => {
    world.presenter.supported = false;
    expect(world.notifications.test()).toMatchObject({
      ok: false,
      failure: { kind: 'conflict', code: 'unsupported' },
    });
  });
});

it('nothing is muted before an account is known', () => {
  void world.replica.close();
  expect(world.notifications.muteKey({ keyId: newId(), muted: true })).toMatchObject({
    ok: false,
    failure: { kind: 'unreachable' },
  });
});
