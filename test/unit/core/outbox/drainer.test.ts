import { describe, expect, it } from 'vitest';
import { LOOSENING_HOLD_MS } from '#electron/core/outbox/hold';
import type { Failure } from '#shared/ipc/failure';
import { yieldToEventLoop } from '#test/support/console/yield-to-event-loop';
import { makeAccount } from '#test/support/console/builders';
import { TEST_SERVICE } from '#test/support/console/memory-store';
import { adding, applied, setting } from '#test/support/console/outbox-builders';
import { sentIn, answerAll, useOutboxWorld } from '#test/support/console/outbox-world';
import { waitFor } from '#test/support/wait-for';

const DOWN: Failure = { kind: 'unreachable', message: 'Nothing answers.' };

const world = useOutboxWorld();
const { outbox, start, online, enqueue, next, settled } = world;

describe('sending', () => {
  it('begins at once, and tells what was applied and when', async () => {
    const [id] = enqueue(adding());
    const call = await next();
    expect(sentIn(call).map((operation) => operation.id)).toEqual([id]);
    answerAll(call);
    await yieldToEventLoop();
    expect(settled()).toMatchObject([{ id, outcome: 'applied', enforcedAt: '2026-01-15T12:00:00.000Z' }]);
    expect(outbox().counts()).toEqual({ waiting: 0, conflicts: 0, needsConfirmation: 0, others: 0 });
  });

  it('waits until the poller finds the service answering', async () => {
    world.replica.setConnection({
      kind: 'unreachable',
      service: TEST_SERVICE,
      since: '2026-01-15T12:00:00.000Z',
      message: 'm',
    });
    enqueue(adding());
    await yieldToEventLoop();
    expect(world.client.made).toEqual([]);
    expect(world.replica.snapshot().sync).toMatchObject({ waiting: 1, pausedBecause: 'offline' });
    online();
    answerAll(await next());
  });

  it('goes in batches, the first ones short, in order, one at a time', async () => {
    world.replica.setConnection({ kind: 'connecting', service: TEST_SERVICE });
    const ids = enqueue(
      ...Array.from({ length: 1_200 }, (_, n) => adding({ cidr: `10.0.${n >> 8}.${n & 255}/32` })),
    );
    online();
    const sent: string[] = [];
    for (const size of [100, 200, 400, 500]) {
      const call = await next();
      expect(sentIn(call)).toHaveLength(size);
      expect(world.client.made.at(-1)).toBe(call);
      sent.push(...sentIn(call).map((operation) => operation.id));
      answerAll(call);
    }
    expect(sent).toEqual(ids);
  });

  it('sends the same words again under the same id after an answer was lost', async () => {
    enqueue(adding());
    const first = await next();
    first.fail(DOWN);
    expect(Math.round(await world.clock.passSleep())).toBe(1_000);
    const second = await next();
    expect(sentIn(second)).toEqual(sentIn(first));
    expect(world.asked).toBe(1);
    answerAll(second);
  });

  it('tries for ever, after growing pauses within their bounds', async () => {
    enqueue(adding());
    const pauses: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      (await next()).fail(DOWN);
      pauses.push(Math.round(await world.clock.passSleep()));
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(outbox().all()[0]).toMatchObject({ lastError: 'Nothing answers.' });
  });

  it('obeys Retry-After, and says so', async () => {
    enqueue(adding());
    (await next()).fail({ kind: 'rate_limited', retryAfterSeconds: 42, message: 'Slow down.' });
    expect(await world.clock.nextSleep()).toBe(42_000);
    expect(world.replica.snapshot().sync).toMatchObject({
      pausedBecause: 'rate_limited',
      message: 'Slow down.',
    });
    // More work does not end it.
    enqueue(adding({ cidr: '192.0.2.1/32' }));
    await yieldToEventLoop();
    expect(world.client.made).toHaveLength(1);
    await world.clock.passSleep();
    const again = await next();
    answerAll(again);
    await yieldToEventLoop();
    expect(world.replica.snapshot().sync).toMatchObject({ pausedBecause: null });
  });

  it('pauses while the token is refused, and goes on after signing in', async () => {
    enqueue(adding());
    (await next()).fail({ kind: 'unauthorized', code: 'token_expired', message: 'Expired.' });
    await yieldToEventLoop();
    expect(world.asked).toBe(1);
    world.replica.setConnection({
      kind: 'unauthorized',
      service: TEST_SERVICE,
      code: 'token_expired',
      message: 'Expired.',
    });
    await world.clock.passSleep();
    expect(world.replica.snapshot().sync).toMatchObject({ waiting: 1, pausedBecause: 'signed_out' });
    expect(world.client.made).toHaveLength(1);
    online();
    answerAll(await next());
  });

  it('finds the operation that the service fails over, and sends the others meanwhile', async () => {
    world.replica.setConnection({ kind: 'connecting', service: TEST_SERVICE });
    const ids = enqueue(...Array.from({ length: 6 }, (_, n) => adding({ cidr: `192.0.2.${n}/32` })));
    const poison = ids[1];
    online();
    const applies = new Set<string>();
    for (let round = 0; round < 30 && applies.size < 5; round += 1) {
      const call = await next();
      const sent = sentIn(call).map((operation) => operation.id);
      if (sent.includes(poison ?? '')) call.fail({ kind: 'service', code: 'internal', message: 'Bug.' });
      else {
        for (const id of sent) applies.add(id);
        answerAll(call);
      }
      await yieldToEventLoop();
      if (world.clock.sleeps.length > 0) await world.clock.passSleep();
    }
    expect(applies.size).toBe(5);
    expect(
      outbox()
        .all()
        .filter(({ state }) => state.kind !== 'done'),
    ).toMatchObject([{ operation: { id: poison }, lastError: 'Bug.' }]);
  });

  it('does not hold the service’s failure against an operation that a person has decided about since', async () => {
    const [id] = enqueue(setting('deactivated'));
    (await next()).fail({ kind: 'service', code: 'internal', message: 'Bug.' });
    await world.clock.nextSleep();
    world.clock.advance(LOOSENING_HOLD_MS + 1);
    const queued = await waitFor('the operation to be held', () => {
      const waiting = outbox().get(id ?? '');
      return waiting?.state.kind === 'held' ? waiting : undefined;
    });
    world.replica.setConnection({ kind: 'connecting', service: TEST_SERVICE });
    outbox().update([{ ...queued, confirmedAt: world.clock.now(), state: { kind: 'pending' } }]);
    const [another] = enqueue(adding());
    online();
    expect(sentIn(await next()).map((operation) => operation.id)).toEqual([id, another]);
  });

  it('takes answers in any order, and sends again what was not answered', async () => {
    world.replica.setConnection({ kind: 'connecting', service: TEST_SERVICE });
    const [first, second, third] = enqueue(...[1, 2, 3].map((n) => adding({ cidr: `192.0.2.${n}/32` })));
    online();
    const call = await next();
    const [one, , three] = sentIn(call);
    if (one === undefined || three === undefined) throw new Error('too few');
    call.answer({ results: [applied(three), applied(one)], cursor: 'c' });
    await world.clock.passSleep();
    expect(sentIn(await next()).map((operation) => operation.id)).toEqual([second]);
    expect(
      settled()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual([first, third].toSorted());
  });

  it('stops in the middle of a request, which is sent again by the next one', async () => {
    const [id] = enqueue(adding());
    const call = await next();
    await world.drainer.stop();
    expect(call.options.signal?.aborted).toBe(true);
    start();
    expect(sentIn(await next()).map((operation) => operation.id)).toEqual([id]);
  });

  it('pauses after trouble on this side, and goes on once its cause is gone', async () => {
    world.drainer.retryNow();
    const database = world.replica.store?.database;
    database?.exec(`CREATE TRIGGER full BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
    enqueue(adding());
    expect(Math.round(await world.clock.nextSleep())).toBe(1_000);
    expect(world.replica.snapshot().sync).toMatchObject({ waiting: 1, pausedBecause: 'own_trouble' });
    expect(world.replica.snapshot().sync.message).toContain('disk full');
    database?.exec('DROP TRIGGER full');
    await world.clock.passSleep();
    answerAll(await next());
  });

  it('gives a request up that may hang after the computer slept, and sends it anew', async () => {
    const [id] = enqueue(adding());
    const hanging = await next();
    world.drainer.retryNow();
    const again = await next();
    expect(hanging.options.signal?.aborted).toBe(true);
    expect(sentIn(again).map((operation) => operation.id)).toEqual([id]);
    answerAll(again);
    await yieldToEventLoop();
    expect(settled()).toMatchObject([{ id, outcome: 'applied' }]);
  });

  it('does not take in an answer for an account that is not open any more', async () => {
    enqueue(adding());
    const call = await next();
    world.replica.adopt(TEST_SERVICE, makeAccount());
    answerAll(call);
    await yieldToEventLoop();
    expect(settled()).toEqual([]);
    world.replica.adopt(TEST_SERVICE, world.account);
    expect(outbox().counts().waiting).toBe(1);
  });
});
