import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#shared/durations';
import type { Review } from '#shared/domain/entities';
import {
  SUMMARY_GROWTH_INTERVAL_MS,
  SUMMARY_INTERVAL_MS,
  UPDATE_INTERVAL_MS,
} from '#electron/core/notify/causes/review';
import { reviewNotificationId, SUMMARY_ID } from '#electron/core/notify/notification-id';
import { makeReview } from '#test/support/console/builders';
import { useNotificationWorld } from '#test/support/console/notification-world';

const world = useNotificationWorld();
const idOf = (review: Review): string => reviewNotificationId(review.id);
const burst = (count: number): readonly Review[] => Array.from({ length: count }, () => makeReview());

describe('announcing reviews', () => {
  it('does not begin with what was there at the first connection', () => {
    world.sync([makeReview(), makeReview()], true);
    world.sync([makeReview()]);
    expect(world.presenter.shown).toEqual([]);
    world.sync([makeReview({ ip: '198.51.100.7' })]);
    expect(world.presenter.openTitles).toEqual(['Blocked: 198.51.100.7']);
  });

  it('says the network of a review that counts several addresses', () => {
    world.baseline();
    world.sync([makeReview({ ip: '2001:db8::1', addressCount: 24 })]);
    expect(world.presenter.openTitles).toEqual([
      'Blocked: 2001:db8::1 and 23 more addresses in 2001:db8::/64',
    ]);
  });

  it('offers the answers to who may give them', () => {
    world.baseline();
    world.sync([makeReview()]);
    expect(world.presenter.shown[0]).toMatchObject({
      buttons: [{ label: 'Allow for 1 hour' }, { label: 'Deny' }],
      urgency: 'normal',
      stays: true,
    });
    world.syncAccount({ me: { ...world.account.me, role: 'user', permissions: [] } });
    world.sync([makeReview({ ip: '198.51.100.7' })]);
    expect(world.presenter.shown[1]).toMatchObject({ title: 'Blocked: 198.51.100.7', buttons: [] });
  });

  it('tells of all in the end on a desktop that keeps three and drops the oldest, however slowly they come', async () => {
    world.baseline();
    const asked: Review[] = [];
    const keepThree = (): void => {
      for (const id of [...world.presenter.open.keys()].slice(0, -3)) world.presenter.drop(id);
    };
    for (let count = 1; count <= 30; count += 1) {
      const review = makeReview();
      asked.push(review);
      world.sync([review]);
      keepThree();
      await world.pass(MINUTE_MS);
    }
    expect(world.presenter.openTitles).toEqual(['Blocked: 30 addresses']);
    // What was answered is not counted, dropped or not.
    world.presenter.drop(SUMMARY_ID);
    world.sync(asked.slice(0, 10).map((review) => ({ ...review, status: 'denied' as const, version: 2 })));
    world.sync([makeReview()]);
    expect(world.presenter.openTitles).toEqual(['Blocked: 21 addresses']);
  });

  it('does not bring back what a person has put away', async () => {
    world.baseline();
    for (let count = 1; count <= 12; count += 1) {
      const review = makeReview();
      world.sync([review]);
      world.presenter.dismiss(idOf(review));
      await world.pass(MINUTE_MS);
    }
    expect(world.presenter.shown.map(({ id }) => id)).not.toContain(SUMMARY_ID);
  });

  it('hides what it says while the screen is locked, at once, and shows it again', () => {
    world.baseline();
    world.notifications.change({ hideDetails: 'locked' });
    const review = makeReview({ ip: '198.51.100.7' });
    world.sync([review]);
    expect(world.presenter.openTitles).toEqual(['Blocked: 198.51.100.7']);
    world.quiet.lock(true);
    expect(world.presenter.openTitles).toEqual(['A call from an unknown address was blocked']);
    world.sync([makeReview({ ip: '198.51.100.8' })]);
    expect(JSON.stringify([...world.presenter.open.values()])).not.toMatch(/198\.51|Production/);
    world.quiet.lock(false);
    expect(world.presenter.openTitles).toEqual(['Blocked: 198.51.100.7', 'Blocked: 198.51.100.8']);
  });

  it('says each one once, also when it is counted up', () => {
    world.baseline();
    const review = makeReview();
    world.sync([review]);
    world.sync([{ ...review, count: 2 }]);
    world.sync([{ ...review, count: 3, version: 2 }]);
    expect(world.presenter.shown).toHaveLength(1);
  });

  it('brings it up to date in its place, at its interval', async () => {
    world.baseline();
    const review = makeReview();
    world.sync([review]);
    for (let count = 2; count < 20; count += 1) world.sync([{ ...review, count, version: count }]);
    expect(world.presenter.shown).toHaveLength(1);
    await world.pass(UPDATE_INTERVAL_MS);
    expect(world.presenter.shown.map(({ id }) => id)).toEqual([idOf(review), idOf(review)]);
    expect(world.shownOf(review)?.body).toContain('19 calls');
    await world.pass(UPDATE_INTERVAL_MS);
    expect(world.presenter.shown).toHaveLength(2);
  });

  it('takes the notification back when the review is answered, wherever that was', () => {
    world.baseline();
    const review = makeReview();
    world.sync([review]);
    world.replica.applyWritten(world.account.id, {
      reviews: [{ ...review, status: 'authorized', version: 2 }],
    });
    expect(world.presenter.open.size).toBe(0);
    expect(world.presenter.shown).toHaveLength(1);
  });

  it('opens the review with a click', () => {
    world.baseline();
    const review = makeReview();
    world.sync([review]);
    world.presenter.click(idOf(review));
    expect(world.windows.opened).toEqual([`approval ${review.id}`]);
    expect(world.presenter.open.size).toBe(0);
  });

  it('leaves in peace who puts a notification away', async () => {
    world.baseline();
    const review = makeReview();
    world.sync([review]);
    world.presenter.dismiss(idOf(review));
    world.sync([{ ...review, count: 2, version: 2 }]);
    await world.pass(UPDATE_INTERVAL_MS);
    world.sync([{ ...review, count: 3, version: 3 }]);
    world.sync([{ ...review, status: 'denied', version: 4 }]);
    expect(world.presenter.shown).toHaveLength(1);
    expect(world.replica.outbox?.size).toBe(0);
  });

  it('does not repeat itself after a restart, and says what came meanwhile', () => {
    world.baseline();
    const review = makeReview();
    world.sync([review]);
    world.restart();
    world.restart();
    expect(world.presenter.shown).toEqual([]);
    world.sync([review, makeReview({ ip: '198.51.100.7' })]);
    expect(world.presenter.openTitles).toEqual(['Blocked: 198.51.100.7']);
  });

  it('that was remembered and not shown is missed rather than told twice, and stays a review', () => {
    world.baseline();
    const review = makeReview();
    world.presenter.show = () => {
      throw new Error('the power is cut');
    };
    world.sync([review]);
    world.crash();
    world.sync([{ ...review, count: 2, version: 2 }]);
    expect(world.presenter.shown).toEqual([]);
    expect(world.replica.snapshot().reviews).toMatchObject([{ id: review.id, status: 'pending' }]);
  });

  it('of a run that crashed is taken back when the review is answered', () => {
    world.baseline();
    const review = makeReview();
    world.sync([review]);
    world.crash();
    expect(world.presenter.openTitles).toEqual([`Blocked: ${review.ip}`]);
    world.sync([{ ...review, status: 'denied', version: 2 }]);
    expect(world.presenter.open.size).toBe(0);
  });

  it('takes everything back when the app ends', () => {
    world.baseline();
    world.sync([makeReview(), makeReview()]);
    world.controller.stop();
    expect(world.presenter.open.size).toBe(0);
    world.sync([makeReview()]);
    expect(world.presenter.shown).toHaveLength(2);
    expect(world.clock.sleeps).toEqual([]);
  });

  it('begins anew with another account', () => {
    world.baseline();
    world.sync([makeReview()]);
    world.switchAccount();
    expect(world.presenter.open.size).toBe(0);
    world.sync([makeReview()]);
    expect(world.presenter.shown).toHaveLength(1);
    world.sync([makeReview()]);
    expect(world.presenter.shown).toHaveLength(2);
  });

  it('survives a desktop that refuses to show anything', () => {
    world.baseline();
    world.presenter.show = () => {
      throw new Error('no bus');
    };
    const review = makeReview();
    world.sync([review]);
    expect(world.replica.snapshot().reviews).toHaveLength(1);
    expect(world.log.lines).toContainEqual(
      expect.objectContaining({ event: 'notifications.failed', details: { message: 'no bus' } }),
    );
  });

  it('keeps quiet where there are no notifications', () => {
    world.controller.stop();
    world.presenter.supported = false;
    world.controller.start();
    world.baseline();
    world.sync([makeReview()]);
    expect(world.presenter.shown).toEqual([]);
  });
});

describe('a burst', () => {
  it('becomes one summary that opens the console', () => {
    world.baseline();
    world.sync(burst(3));
    expect(world.presenter.open.size).toBe(3);
    world.sync(burst(4));
    expect(world.presenter.openTitles).toEqual(['Blocked: 7 addresses']);
    world.presenter.click(SUMMARY_ID);
    expect(world.windows.opened).toEqual(['console pending']);
  });

  it('updates the summary at its interval, with everything that came', async () => {
    world.baseline();
    world.sync(burst(10));
    for (let round = 0; round < 20; round += 1) world.sync(burst(5));
    expect(world.presenter.shown).toHaveLength(1);
    expect(world.clock.sleeps).toHaveLength(1);
    await world.pass(SUMMARY_INTERVAL_MS);
    expect(world.presenter.openTitles).toEqual(['Blocked: 110 addresses']);
    expect(world.presenter.shown.map(({ id }) => id)).toEqual([SUMMARY_ID, SUMMARY_ID]);
  });

  it('counts down as they are answered, and is taken back with the last one', async () => {
    world.baseline();
    const reviews = burst(8);
    world.sync(reviews);
    const answered = (some: readonly Review[]): void =>
      world.sync(some.map((review) => ({ ...review, status: 'superseded', version: 2 })));
    answered(reviews.slice(0, 3));
    await world.pass(SUMMARY_INTERVAL_MS);
    expect(world.presenter.openTitles).toEqual(['Blocked: 5 addresses']);
    answered(reviews.slice(3));
    expect(world.presenter.open.size).toBe(0);
  });

  it('that was put away stays away; what comes then is told', async () => {
    world.baseline();
    world.sync(burst(8));
    world.presenter.dismiss(SUMMARY_ID);
    await world.pass(SUMMARY_INTERVAL_MS);
    expect(world.presenter.shown).toHaveLength(1);
    world.sync([makeReview({ ip: '198.51.100.7' })]);
    expect(world.presenter.openTitles).toEqual(['Blocked: 198.51.100.7']);
  });

  it('of a thousand reviews in a second is a handful of notifications, and nothing is missing', async () => {
    world.baseline();
    for (let round = 0; round < 50; round += 1) {
      world.sync(burst(20));
      await world.pass(20);
    }
    await world.pass(SUMMARY_INTERVAL_MS);
    expect(world.presenter.openTitles).toEqual(['Blocked: 1,000 addresses']);
    // The first, and how it grew.
    expect(world.presenter.shown.length).toBeLessThanOrEqual(2 + 1_000 / SUMMARY_GROWTH_INTERVAL_MS);
    expect(world.replica.snapshot().reviews).toHaveLength(1_000);
  });
});
