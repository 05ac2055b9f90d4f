import { describe, expect, it } from 'vitest';
import type { OperationResult } from '#shared/api/routes-operations';
import type { Review } from '#shared/domain/entities';
import { UNDO_MS } from '#electron/core/notify/notification-actions';
import { authorizeButton, BUTTON, reviewNotificationId } from '#electron/core/notify/notification-id';
import { yieldToEventLoop } from '#test/support/console/yield-to-event-loop';
import { makeReview } from '#test/support/console/builders';
import { useNotificationWorld } from '#test/support/console/notification-world';

const world = useNotificationWorld();
const IP = '203.0.113.9';

/** A review that has its notification on the screen. */
const asked = (): Review => {
  world.baseline();
  const review = makeReview({ ip: IP });
  world.sync([review]);
  return review;
};

const decidedAs = (review: Review, fields: Partial<Review>): Review => ({
  ...review,
  version: review.version + 1,
  decidedAt: '2026-01-15T14:02:11.000Z',
  decidedBy: world.account.me.email,
  ...fields,
});
const applies = (entity: Review) => (): Omit<OperationResult, 'id'> => ({ status: 'applied', entity });
const operations = () => world.replica.outbox?.all().map(({ operation }) => operation) ?? [];
const localTime = (iso: string): string => new Date(iso).toTimeString().slice(0, 8);

describe('an answer from the notification', () => {
  it('authorizes for as long as stands on the button that was pressed, whatever has been set since', async () => {
    world.notifications.change({ quickSeconds: 86_400 });
    const review = asked();
    const [button] = world.shownOf(review)?.buttons ?? [];
    expect(button?.label).toBe('Allow for 1 day');
    world.notifications.change({ quickSeconds: 900 });
    await world.press(review, button?.id ?? '');
    expect(operations()).toMatchObject([{ type: 'review.authorize', durationSeconds: 86_400 }]);
    expect(world.shownOf(review)?.title).toBe(`Authorized ${IP} for 1 day`);
  });

  it('authorizes the address for an hour and all keys, says since when it is enforced, and goes', async () => {
    const review = asked();
    await world.press(review, authorizeButton(3_600));
    expect(operations()).toMatchObject([
      {
        type: 'review.authorize',
        reviewId: review.id,
        scope: 'address',
        durationSeconds: 3_600,
        thisKeyOnly: false,
      },
    ]);
    expect(world.shownOf(review)).toMatchObject({
      title: `Authorized ${IP} for 1 hour`,
      body: 'On its way to the service.',
      buttons: [{ id: 'undo', label: 'Undo' }],
    });
    world.answerOperations(applies(decidedAs(review, { status: 'authorized' })));
    expect(world.shownOf(review)).toMatchObject({
      title: `Authorized ${IP} for 1 hour`,
      body: `Enforced at ${localTime('2026-01-15T14:02:11.000Z')}.`,
      buttons: [{ label: 'Undo' }],
    });
    await world.pass(UNDO_MS - 1);
    expect(world.presenter.open.size).toBe(1);
    await world.pass(1);
    expect(world.presenter.open.size).toBe(0);
    expect(world.windows.opened).toEqual([]);
  });

  it('denies without a range and without a new secret', async () => {
    const review = asked();
    await world.press(review, BUTTON.deny);
    expect(operations()).toMatchObject([{ type: 'review.deny', reviewId: review.id, addDenyRange: false }]);
    world.answerOperations(applies(decidedAs(review, { status: 'denied' })));
    expect(world.shownOf(review)).toMatchObject({ title: `Denied ${IP}`, buttons: [{ label: 'Undo' }] });
  });

  it('may come from elsewhere, and takes the place of the notification', async () => {
    const review = asked();
    world.controller.answer(review.id, authorizeButton(3_600));
    await yieldToEventLoop();
    expect(operations()).toMatchObject([{ type: 'review.authorize', reviewId: review.id }]);
    expect(world.presenter.open.size).toBe(1);
    expect(world.shownOf(review)).toMatchObject({
      title: `Authorized ${IP} for 1 hour`,
      buttons: [{ label: 'Undo' }],
    });
  });

  it('is kept while the service does not answer, and sent later without another word', async () => {
    const review = asked();
    world.unreachable();
    await world.press(review, authorizeButton(3_600));
    expect(world.shownOf(review)?.body).toBe('Kept. It is sent when the service answers.');
    await world.pass(UNDO_MS);
    const shown = world.presenter.shown.length;
    world.answerOperations(applies(decidedAs(review, { status: 'authorized' })));
    expect(world.presenter.shown).toHaveLength(shown);
    expect(operations()).toHaveLength(1);
  });

  it('is taken back with Undo, also before the service has it', async () => {
    const review = asked();
    await world.press(review, authorizeButton(3_600));
    await world.press(review, BUTTON.undo);
    expect(operations()).toEqual([]);
    expect(world.replica.view.review(review.id)?.status).toBe('pending');
    expect(world.shownOf(review)).toMatchObject({ title: `Taken back: ${IP}`, buttons: [] });
    await world.pass(UNDO_MS);
    expect(world.presenter.open.size).toBe(0);
    // The review is open, and was announced.
    world.sync([{ ...review, count: 2, version: 2 }]);
    expect(world.presenter.open.size).toBe(0);
  });

  it('is taken back with another operation once the service has it', async () => {
    const review = asked();
    await world.press(review, BUTTON.deny);
    const denied = decidedAs(review, { status: 'denied' });
    world.answerOperations(applies(denied));
    world.sync([denied]);
    await world.press(review, BUTTON.undo);
    expect(world.shownOf(review)?.title).toBe(`Taken back: ${IP}`);
    expect(world.replica.view.review(review.id)?.status).toBe('pending');
  });

  it('with Undo after its time opens the review', async () => {
    const review = asked();
    await world.press(review, BUTTON.deny);
    await world.pass(UNDO_MS);
    await world.press(review, BUTTON.undo);
    expect(world.windows.opened).toEqual([`approval ${review.id}`]);
    expect(operations()).toHaveLength(1);
  });

  it('pressed twice counts once', async () => {
    const review = asked();
    await world.press(review, authorizeButton(3_600));
    await world.press(review, BUTTON.deny);
    expect(operations()).toMatchObject([{ type: 'review.authorize' }]);
    expect(world.shownOf(review)?.title).toBe(`Authorized ${IP} for 1 hour`);
  });
});

describe('an answer that comes to nothing', () => {
  it('because somebody else was faster says who and how', async () => {
    const review = asked();
    world.sync([decidedAs(review, { status: 'denied', decidedBy: 'bob@example.com' })]);
    await world.press(review, authorizeButton(3_600));
    expect(world.shownOf(review)).toMatchObject({
      title: `Answered already: ${IP}`,
      body: `bob@example.com denied it at ${localTime('2026-01-15T14:02:11.000Z').slice(0, 5)}. Your answer changed nothing.`,
      buttons: [],
    });
    expect(operations()).toEqual([]);
    await world.pass(UNDO_MS);
    expect(world.presenter.open.size).toBe(0);
  });

  it('because the service found that somebody else was faster says so once, and stays', async () => {
    const review = asked();
    await world.press(review, authorizeButton(3_600));
    const current = decidedAs(review, { status: 'denied', decidedBy: 'bob@example.com' });
    world.answerOperations(() => ({ status: 'conflict', code: 'already_decided', current }));
    expect(world.shownOf(review)?.body).toContain('bob@example.com denied it');
    await world.pass(UNDO_MS);
    // It stands for the operation that waits: there is no other notification about that.
    expect([...world.presenter.open.keys()]).toEqual([reviewNotificationId(review.id)]);
    world.sync([current]);
    expect(world.presenter.openTitles).toEqual([`Answered already: ${IP}`]);
    const [conflicted] = operations();
    world.replica.outbox?.replace(conflicted?.id ?? '', [], [], world.clock.now());
    expect(world.presenter.open.size).toBe(0);
  });

  it('because the service refuses it opens the review', async () => {
    const review = asked();
    await world.press(review, authorizeButton(3_600));
    world.answerOperations(() => ({ status: 'rejected', code: 'forbidden', detail: 'No.' }));
    expect(world.windows.opened).toEqual([`approval ${review.id}`]);
    expect(world.presenter.open.size).toBe(0);
  });

  it('because the token may not opens the review', async () => {
    const review = asked();
    world.syncAccount({ me: { ...world.account.me, role: 'user', permissions: [] } });
    await world.press(review, authorizeButton(3_600));
    expect(world.windows.opened).toEqual([`approval ${review.id}`]);
    expect(operations()).toEqual([]);
  });

  it('because the review is gone says that', async () => {
    world.baseline();
    const gone = makeReview();
    await world.press(gone, BUTTON.deny);
    expect(world.presenter.openTitles).toEqual(['The review is gone']);
    await world.pass(UNDO_MS);
    expect(world.presenter.open.size).toBe(0);
  });
});

describe('a button of an earlier run of the program', () => {
  it('is as good as one of this run', async () => {
    const review = asked();
    world.crash();
    await world.press(review, authorizeButton(3_600));
    expect(operations()).toMatchObject([{ type: 'review.authorize', reviewId: review.id }]);
    expect(world.shownOf(review)?.title).toBe(`Authorized ${IP} for 1 hour`);
  });

  it('pressed before the account is known waits for that', async () => {
    const review = asked();
    void world.replica.close();
    await world.press(review, BUTTON.deny);
    expect(world.presenter.open.size).toBe(0);
    world.replica.adopt({ kind: 'remote', url: 'http://service.test' }, world.account);
    await world.pass(0);
    expect(operations()).toMatchObject([{ type: 'review.deny', reviewId: review.id }]);
  });

  it('of a review that the mirror does not have yet waits until it is complete', async () => {
    const review = asked();
    const unknown = makeReview({ ip: '198.51.100.7' });
    world.crash();
    await world.press(unknown, BUTTON.deny);
    expect(world.presenter.openTitles).not.toContain('The review is gone');
    world.sync([review, unknown]);
    await world.pass(0);
    expect(operations()).toMatchObject([{ type: 'review.deny', reviewId: unknown.id }]);
  });

  it('clicked opens the review', () => {
    const review = asked();
    world.crash();
    world.presenter.click(reviewNotificationId(review.id));
    expect(world.windows.opened).toEqual([`approval ${review.id}`]);
  });
});
