import { beforeEach, describe, expect, it } from 'vitest';
import { authorizeReview } from '#electron/core/use-cases/authorize-review';
import { resolveOperation } from '#electron/core/use-cases/decide-operation';
import { listOutbox } from '#electron/core/use-cases/list-outbox';
import { undoAnswer } from '#electron/core/use-cases/undo-answer';
import type { Operation } from '#shared/api/routes-operations';
import type { Range, Review } from '#shared/domain/entities';
import { yieldToEventLoop } from '#test/support/console/yield-to-event-loop';
import { makeRange, makeReview, newId, upsert } from '#test/support/console/builders';
import { TEST_SERVICE } from '#test/support/console/memory-store';
import { applied } from '#test/support/console/outbox-builders';
import { sentIn, useOutboxWorld } from '#test/support/console/outbox-world';
import { value } from '#test/support/console/value';

const world = useOutboxWorld();
const { outbox, enqueue, feed, next, online, settled } = world;

const ME = 'owner@example.com';
const DOWN = { kind: 'unreachable', message: 'Nothing answers.' } as const;

let review: Review;
const core = () => ({ replica: world.replica, clock: world.clock, newId });
const offline = (): void => world.replica.setConnection({ kind: 'connecting', service: TEST_SERVICE });
const shown = (): Review | undefined => world.replica.snapshot().reviews.find(({ id }) => id === review.id);
const authorize = (): string =>
  value(authorizeReview(core(), { reviewId: review.id, scope: 'address', thisKeyOnly: false })).operationId;
const undo = (operationId: string | null) =>
  value(undoAnswer(core(), { reviewId: review.id, operationId })).operationId;
/** The review as the service has it after an answer. */
const answered = (fields: Partial<Review> = {}): Review => ({
  ...review,
  status: 'authorized',
  decidedBy: ME,
  decidedAt: '2026-01-15T12:00:01.000Z',
  rangeId: newId(),
  version: 2,
  ...fields,
});
const reopened = (fields: Partial<Review> = {}): Review => ({ ...review, version: 3, ...fields });
/** The one operation of a call. */
const only = (operations: readonly Operation[]): Operation => {
  const [operation, ...more] = operations;
  if (operation === undefined || more.length > 0) throw new Error(`not one operation: ${operations.length}`);
  return operation;
};

beforeEach(() => {
  review = makeReview();
  feed(upsert('review', review));
});

describe('an answer that is taken back', () => {
  it('vanishes without a trace while the service cannot have it', async () => {
    offline();
    const id = authorize();
    expect(shown()).toMatchObject({ status: 'authorized' });
    expect(undo(id)).toBeNull();
    expect(shown()).toEqual(review);
    expect(outbox().size).toBe(0);
    expect(settled()).toMatchObject([{ id, outcome: 'undone' }]);
    online();
    await yieldToEventLoop();
    expect(world.client.made).toEqual([]);
  });

  it('vanishes too when nobody knows its id any more', () => {
    offline();
    const id = authorize();
    expect(undo(null)).toBeNull();
    expect([outbox().size, shown()?.status]).toEqual([0, 'pending']);
    expect(settled()).toMatchObject([{ id, outcome: 'undone' }]);
  });

  it('waits behind it while it is on its way, and starts from what it leaves there', async () => {
    const id = authorize();
    const call = await next();
    const reopenId = undo(id);
    expect(reopenId).not.toBeNull();
    // At once as it will be.
    expect(shown()).toMatchObject({ status: 'pending', rangeId: null, version: 3 });
    expect(world.replica.snapshot().ranges).toEqual([]);
    // Answered and reopened by others before: another version than this console could know.
    call.answer({ results: [applied(only(sentIn(call)), answered({ version: 6 }))], cursor: 'c' });
    const second = await next();
    expect(sentIn(second)).toMatchObject([
      { id: reopenId, type: 'review.reopen', reviewId: review.id, baseVersion: 6 },
    ]);
    second.answer({ results: [applied(only(sentIn(second)), reopened({ version: 7 }))], cursor: 'c' });
    await yieldToEventLoop();
    expect(settled().map((each) => [each.id, each.outcome])).toEqual([
      [id, 'applied'],
      [reopenId, 'applied'],
    ]);
    feed(upsert('review', reopened({ version: 7 })));
    expect(shown()).toMatchObject({ status: 'pending', version: 7 });
    expect(outbox().size).toBe(0);
  });

  it('waits behind it while its answer is lost, and both are sent in order', async () => {
    const id = authorize();
    (await next()).fail(DOWN);
    await yieldToEventLoop();
    const reopenId = undo(id);
    await world.clock.passSleep();
    const again = await next();
    expect(sentIn(again).map((operation) => operation.id)).toEqual([id]);
    again.answer({ results: [applied(only(sentIn(again)), answered())], cursor: 'c' });
    expect(sentIn(await next())).toMatchObject([{ id: reopenId, baseVersion: 2 }]);
  });

  it('starts from what the service said, also before the feed brings it', async () => {
    const id = authorize();
    const call = await next();
    call.answer({ results: [applied(only(sentIn(call)), answered({ version: 6 }))], cursor: 'c' });
    await yieldToEventLoop();
    const reopenId = undo(id);
    expect(sentIn(await next())).toMatchObject([{ id: reopenId, baseVersion: 6 }]);
  });

  it('starts from the mirror once the answer has left the outbox', async () => {
    const id = authorize();
    const call = await next();
    call.answer({ results: [applied(only(sentIn(call)), answered())], cursor: 'c' });
    await yieldToEventLoop();
    const range = makeRange({ source: 'approval', createdAt: '2026-01-15T12:00:01.000Z' });
    feed(upsert('review', answered({ rangeId: range.id })), upsert('range', range));
    expect(outbox().size).toBe(0);
    undo(id);
    expect(shown()).toMatchObject({ status: 'pending', version: 3 });
    expect(world.replica.snapshot().ranges).toEqual([]);
    expect(sentIn(await next())).toMatchObject([{ type: 'review.reopen', baseVersion: 2 }]);
  });

  it('opens the reviews again that it superseded, as long as it is shown', () => {
    offline();
    const neighbour = makeReview({ ip: '203.0.113.10', keyId: review.keyId });
    const at = '2026-01-15T12:00:01.000Z';
    const range = makeRange({ cidr: '203.0.113.0/24', source: 'approval', createdAt: at });
    const byRange = { decidedBy: ME, decidedAt: at, rangeId: range.id, version: 2 };
    feed(
      upsert('range', range),
      upsert('review', answered({ ...byRange })),
      upsert('review', { ...neighbour, ...byRange, status: 'superseded' }),
    );
    undo(null);
    const { reviews, ranges } = world.replica.snapshot();
    expect(ranges).toEqual([]);
    expect(reviews.map(({ status, version }) => [status, version])).toEqual([
      ['pending', 3],
      ['pending', 3],
    ]);
  });

  it('can be given again: what comes after it keeps its place', async () => {
    const id = authorize();
    const call = await next();
    const reopenId = undo(id);
    const againId = authorize();
    expect(shown()).toMatchObject({ status: 'authorized', version: 4 });
    call.answer({ results: [applied(only(sentIn(call)), answered())], cursor: 'c' });
    const second = await next();
    expect(sentIn(second)).toMatchObject([{ id: reopenId, baseVersion: 2 }]);
    second.answer({ results: [applied(only(sentIn(second)), reopened())], cursor: 'c' });
    expect(sentIn(await next())).toMatchObject([{ id: againId, type: 'review.authorize' }]);
  });

  it('that was given again and not sent vanishes alone', async () => {
    const id = authorize();
    await next();
    const reopenId = undo(id);
    const againId = authorize();
    expect(undo(againId)).toBeNull();
    expect(
      outbox()
        .all()
        .map(({ operation }) => operation.id),
    ).toEqual([id, reopenId]);
    expect(shown()).toMatchObject({ status: 'pending' });
  });

  it('is nothing to do for a review that is open', () => {
    expect(undo(null)).toBeNull();
    expect(outbox().size).toBe(0);
  });
});

describe('an answer that came to nothing', () => {
  it.each([
    { status: 'conflict', code: 'already_decided' },
    { status: 'rejected', code: 'forbidden' },
    { status: 'expired' },
  ])('and was taken back meanwhile asks nothing: $status', async (result) => {
    const id = authorize();
    const call = await next();
    const reopenId = undo(id);
    call.answer({
      results: [{ id, ...result, current: answered({ decidedBy: 'bob@example.com' }) }],
      cursor: 'c',
    });
    await yieldToEventLoop();
    expect(outbox().size).toBe(0);
    expect(settled()).toMatchObject([
      { id, outcome: 'undone' },
      { id: reopenId, outcome: 'undone' },
    ]);
    expect(world.client.made).toHaveLength(1);
    expect(world.replica.snapshot().sync).toMatchObject({ waiting: 0, conflicts: 0 });
  });

  it('because somebody else had denied already does not take their denial back', async () => {
    const [id = null] = enqueue({
      operation: {
        id: newId(),
        type: 'review.deny',
        madeAt: '2026-01-15T12:00:00.000Z',
        reviewId: review.id,
        addDenyRange: false,
      },
      base: review,
    });
    const call = await next();
    const reopenId = undo(id);
    const theirs = answered({ status: 'denied', decidedBy: 'bob@example.com', rangeId: null });
    call.answer({ results: [{ id, status: 'conflict', current: theirs }], cursor: 'c' });
    await yieldToEventLoop();
    expect(settled()).toMatchObject([
      { id, outcome: 'applied' },
      { id: reopenId, outcome: 'undone' },
    ]);
    expect(world.client.made).toHaveLength(1);
    feed(upsert('review', theirs));
    expect(shown()).toEqual(theirs);
    // Nor later on: it is another answer than the one that is meant.
    expect(undoAnswer(core(), { reviewId: review.id, operationId: id })).toMatchObject({
      failure: { kind: 'conflict', code: 'already_decided', current: { decidedBy: 'bob@example.com' } },
    });
  });

  it('and waits for a person is taken back without a trace', async () => {
    const id = authorize();
    const call = await next();
    call.answer({ results: [{ id, status: 'rejected', code: 'too_wide' }], cursor: 'c' });
    await yieldToEventLoop();
    expect(undo(id)).toBeNull();
    expect(outbox().size).toBe(0);
  });

  it('by a refusal of the whole request is decided by a person, and what was to take it back goes with it', async () => {
    const id = authorize();
    const call = await next();
    const reopenId = undo(id);
    call.fail({ kind: 'forbidden', required: 'authorized_ips', message: 'No.' });
    await yieldToEventLoop();
    expect(value(listOutbox(core())).map(({ state }) => state.kind)).toEqual(['rejected', 'waiting']);
    value(resolveOperation(core(), { id, resolution: { choice: 'take_theirs' } }));
    expect(outbox().size).toBe(0);
    expect(settled().slice(1)).toMatchObject([
      { id, outcome: 'undone' },
      { id: reopenId, outcome: 'undone' },
    ]);
  });
});

describe('a reopening that conflicts', () => {
  let range: Range;
  /** The answer is in the mirror; its reopening comes to a stop with this as it stands at the service. */
  const conflict = async (code: string, current: () => Range | Review): Promise<string> => {
    range = makeRange({ source: 'approval', createdAt: '2026-01-15T12:00:01.000Z' });
    feed(upsert('review', answered({ rangeId: range.id })), upsert('range', range));
    const id = undo(null);
    const call = await next();
    call.answer({ results: [{ id, status: 'conflict', code, current: current() }], cursor: 'c' });
    await yieldToEventLoop();
    const [item] = value(listOutbox(core()));
    expect(item).toMatchObject({
      operation: { type: 'review.reopen' },
      mine: { status: 'pending' },
      state: { kind: 'conflicted', code },
    });
    expect(shown()).toMatchObject({ status: 'authorized' });
    return id ?? '';
  };

  it('takes back the answer that stands now, when mine is kept', async () => {
    const id = await conflict('stale', () => answered({ version: 5, decidedBy: 'bob@example.com' }));
    value(resolveOperation(core(), { id, resolution: { choice: 'keep_mine' } }));
    const again = only(sentIn(await next()));
    expect(again).toMatchObject({ type: 'review.reopen', baseVersion: 5 });
    expect(again.id).not.toBe(id);
  });

  it('removes the range that was changed before it takes the answer back, when mine is kept', async () => {
    const id = await conflict('stale', () => ({ ...range, label: 'Theirs', version: 2 }));
    value(resolveOperation(core(), { id, resolution: { choice: 'keep_mine' } }));
    expect(sentIn(await next())).toMatchObject([
      { type: 'range.remove', rangeId: range.id, baseVersion: 2 },
      { type: 'review.reopen', reviewId: review.id, baseVersion: 2 },
    ]);
  });

  it('has nothing left to take back where no answer stands', async () => {
    const id = await conflict('already_decided', () => answered({ version: 5, status: 'superseded' }));
    value(resolveOperation(core(), { id, resolution: { choice: 'keep_mine' } }));
    expect(outbox().size).toBe(0);
  });

  it('leaves theirs as it is, when theirs is taken', async () => {
    const id = await conflict('stale', () => answered({ version: 5 }));
    value(resolveOperation(core(), { id, resolution: { choice: 'take_theirs' } }));
    expect(outbox().size).toBe(0);
    expect(world.client.made).toHaveLength(1);
  });
});
