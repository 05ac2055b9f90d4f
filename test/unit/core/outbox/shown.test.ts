import { describe, expect, it } from 'vitest';
import { yieldToEventLoop } from '#test/support/console/yield-to-event-loop';
import { makeRange, upsert } from '#test/support/console/builders';
import { adding, applied, rangeOf, updating } from '#test/support/console/outbox-builders';
import { sentIn, answerAll, useOutboxWorld } from '#test/support/console/outbox-world';

const world = useOutboxWorld();
const { outbox, enqueue, next } = world;

describe('what is shown', () => {
  const feed = (changes: Parameters<typeof upsert>[1][] = [], more = false): void =>
    world.replica.applyAnswer(
      { cursor: 'c', reset: false, changes: changes.map((range) => upsert('range', range as never)), more },
      world.clock.now(),
    );
  /** Whether every state that windows have seen since had the range with this label. */
  const labelsSeen = (rangeId: string): readonly (string | null)[] =>
    world.publisher.patches.flatMap(({ ranges }) =>
      ranges === undefined
        ? []
        : [
            ...ranges.upserted.filter(({ id }) => id === rangeId).map(({ label }) => label),
            ...ranges.removed.filter((id) => id === rangeId).map(() => null),
          ],
    );

  it('never goes back from an operation to before it, whenever the feed brings it', async () => {
    const added = adding({ label: 'New' });
    enqueue(added);
    const id = rangeOf(added).id;
    const call = await next();
    // A poll that began before the operation was applied.
    world.replica.mirror.pollBegins();
    answerAll(call);
    await yieldToEventLoop();
    feed();
    expect(world.replica.snapshot().ranges.map((range) => range.id)).toEqual([id]);
    expect(world.replica.outbox?.awaited.size).toBe(1);
    // One that began after it, in two pages; the first does not have it yet.
    world.replica.mirror.pollBegins();
    feed([makeRange({ cidr: '192.0.2.77/32' })], true);
    feed([{ ...rangeOf(added), createdBy: 'owner@example.com' }]);
    expect(world.replica.outbox?.awaited.size).toBe(0);
    expect(outbox().size).toBe(0);
    expect(new Set(labelsSeen(id))).toEqual(new Set(['New']));
  });

  it('is what somebody else made of it, once the mirror knows that', async () => {
    const office = makeRange({ label: 'Office' });
    world.replica.mirror.pollBegins();
    feed([office]);
    enqueue(updating(office, { label: 'Mine' }));
    const call = await next();
    const [operation] = sentIn(call);
    if (operation === undefined) throw new Error('nothing sent');
    call.answer({ results: [applied(operation, { ...office, label: 'Mine', version: 2 })], cursor: 'c' });
    await yieldToEventLoop();
    // The poll that was under way brings a later operation of another administrator along.
    feed([{ ...office, label: 'Theirs', version: 3 }]);
    expect(world.replica.snapshot().ranges).toMatchObject([{ label: 'Theirs', version: 3 }]);
    expect(labelsSeen(office.id)).toEqual(['Office', 'Mine', 'Theirs']);
  });

  it('is server state again when the service refuses', async () => {
    const office = makeRange({ label: 'Office' });
    world.replica.mirror.pollBegins();
    feed([office]);
    enqueue(updating(office, { label: 'Mine' }));
    expect(world.replica.snapshot().ranges).toMatchObject([{ label: 'Mine', version: 2 }]);
    const call = await next();
    call.answer({
      results: sentIn(call).map(({ id }) => ({ id, status: 'rejected', code: 'forbidden' })),
      cursor: 'c',
    });
    await yieldToEventLoop();
    expect(world.replica.snapshot().ranges).toEqual([office]);
    expect(world.replica.snapshot().sync).toMatchObject({ waiting: 0, conflicts: 1 });
    expect(world.replica.mirrored('range')).toEqual([office]);
  });
});
