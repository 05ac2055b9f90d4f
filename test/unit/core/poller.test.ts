import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '#shared/domain/entities';
import type { Failure } from '#shared/ipc/failure';
import { Poller } from '#electron/core/sync/poller';
import { Replica } from '#electron/core/sync/replica';
import { makeAccount, makeRange, upsert } from '#test/support/console/builders';
import { FakeClock } from '#test/support/console/fake-clock';
import { fixedRandom, RecordingLog, RecordingPublisher } from '#test/support/console/fakes';
import { MemoryStores, TEST_SERVICE } from '#test/support/console/memory-store';
import { ScriptedClient } from '#test/support/console/scripted-client';

const DOWN: Failure = { kind: 'unreachable', message: 'Nothing answers.' };

let client: ScriptedClient;
let clock: FakeClock;
let replica: Replica;
let account: Account;
let poller: Poller;
let told: (string | Failure)[];

const startPoller = (fraction = 0.5): void => {
  poller = new Poller({
    client,
    service: TEST_SERVICE,
    replica,
    clock,
    random: fixedRandom(fraction),
    log: new RecordingLog(),
    observer: {
      onTold: () => undefined,
      onNew: () => told.push('new'),
      onAnswer: () => told.push('answer'),
      onFailure: (failure) => told.push(failure),
    },
  });
  poller.start();
};

const verify = async (): Promise<void> => (await client.next('getAccount')).answer(account);
const page = (cursor: string, changes: readonly unknown[] = [], more = false) => ({
  cursor,
  reset: false,
  changes,
  more,
});

beforeEach(() => {
  client = new ScriptedClient();
  clock = new FakeClock();
  replica = new Replica(new MemoryStores(), new RecordingPublisher());
  account = makeAccount();
  told = [];
});
afterEach(() => poller.stop());

describe('polling', () => {
  it('makes sure whose service it is, catches up at once, and then waits for changes', async () => {
    startPoller();
    await verify();
    const first = await client.next('getChanges');
    expect(first.input).toEqual({ query: { wait: 0 } });
    first.answer({ ...page('c1'), reset: true });
    await clock.passSleep();
    const second = await client.next('getChanges');
    expect(second.input).toEqual({ query: { wait: 25, cursor: 'c1' } });
    expect(second.options.timeoutMs).toBeGreaterThan(25_000);
    expect(told).toEqual(['answer']);
  });

  it('goes on without a pause while there is more', async () => {
    startPoller();
    await verify();
    (await client.next('getChanges')).answer(page('c1', [], true));
    (await client.next('getChanges')).answer(page('c2', [], true));
    const third = await client.next('getChanges');
    expect(third.input).toMatchObject({ query: { cursor: 'c2' } });
    expect(clock.sleeps).toEqual([]);
  });

  it('applies each answer before it asks again', async () => {
    startPoller();
    await verify();
    const range = makeRange();
    (await client.next('getChanges')).answer(page('c1', [upsert('range', range)]));
    await clock.passSleep();
    await client.next('getChanges');
    expect(replica.snapshot().ranges).toEqual([range]);
    expect(replica.mirror.state.cursor).toBe('c1');
  });

  it('does not spin when a service does not hold polls', async () => {
    startPoller();
    await verify();
    (await client.next('getChanges')).answer(page('c1'));
    await clock.passSleep();
    const held = await client.next('getChanges');
    held.answer(page('c1'));
    expect(await clock.passSleep()).toBe(1_000);
  });

  it('asks again at once after an empty answer that was held', async () => {
    startPoller();
    await verify();
    (await client.next('getChanges')).answer(page('c1'));
    await clock.passSleep();
    const held = await client.next('getChanges');
    clock.advance(25_000);
    held.answer(page('c1'));
    await client.next('getChanges');
  });
});

describe('something on the way that cuts polls', () => {
  const caughtUp = async (): Promise<void> => {
    startPoller();
    await verify();
    (await client.next('getChanges')).answer(page('c1'));
    await clock.passSleep();
  };
  /** The poll that is held for as long as it takes it to be cut. */
  const cutAfter = async (ms: number): Promise<unknown> => {
    const held = await client.next('getChanges');
    clock.advance(ms);
    held.fail(DOWN);
    return held.input['query'];
  };

  it('is not told, and asked less of from then on', async () => {
    await caughtUp();
    expect(await cutAfter(10_000)).toMatchObject({ wait: 25 });
    // Asked at once whether the service is there.
    await verify();
    const look = await client.next('getChanges');
    expect(look.input).toMatchObject({ query: { wait: 0 } });
    look.answer(page('c1'));
    await clock.passSleep();
    expect((await client.next('getChanges')).input).toMatchObject({ query: { wait: 8 } });
    expect(told).toEqual(['answer', 'answer']);
  });

  it('is asked for more again later, without a word if that is too much still', async () => {
    await caughtUp();
    await cutAfter(10_000);
    await verify();
    const look = await client.next('getChanges');
    clock.advance(11 * 60_000);
    look.answer(page('c1'));
    await clock.passSleep();
    expect(await cutAfter(10_000)).toMatchObject({ wait: 25 });
    await verify();
    (await client.next('getChanges')).answer(page('c1'));
    expect(told.filter((word) => word !== 'answer')).toEqual([]);
  });

  it('is told apart from a service that is gone', async () => {
    await caughtUp();
    await cutAfter(10_000);
    (await client.next('getAccount')).fail(DOWN);
    await clock.nextSleep();
    expect(told).toEqual(['answer', DOWN]);
  });

  it('is no excuse for a poll that fails at once, nor for an answer that is none', async () => {
    await caughtUp();
    await cutAfter(10);
    await clock.passSleep();
    await verify();
    (await client.next('getChanges')).answer(page('c1'));
    await clock.passSleep();
    const held = await client.next('getChanges');
    clock.advance(10_000);
    held.fail({ kind: 'service', code: 'internal', message: 'A bug.' });
    await clock.nextSleep();
    expect(told).toEqual([
      'answer',
      DOWN,
      'answer',
      { kind: 'service', code: 'internal', message: 'A bug.' },
    ]);
  });
});

describe('trouble', () => {
  it('is told, and tried again after growing pauses within their bounds', async () => {
    startPoller(0.999_999);
    const pauses: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      (await client.next('getAccount')).fail(DOWN);
      pauses.push(Math.round(await clock.passSleep()));
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(told).toEqual(Array.from({ length: 7 }, () => DOWN));
  });

  it('never retries faster than the floor', async () => {
    startPoller(0);
    (await client.next('getAccount')).fail(DOWN);
    expect(await clock.nextSleep()).toBe(500);
  });

  it('makes sure again whose service it is, before the cursor is used', async () => {
    startPoller();
    await verify();
    (await client.next('getChanges')).answer(page('c1'));
    await clock.passSleep();
    (await client.next('getChanges')).fail(DOWN);
    await clock.passSleep();
    const other = makeAccount();
    (await client.next('getAccount')).answer(other);
    const fresh = await client.next('getChanges');
    expect(fresh.input).toEqual({ query: { wait: 0 } });
    expect(replica.accountId).toBe(other.id);
  });

  it('begins anew with small pauses after a success', async () => {
    startPoller(0.999_999);
    for (let round = 0; round < 4; round += 1) {
      (await client.next('getAccount')).fail(DOWN);
      await clock.passSleep();
    }
    await verify();
    (await client.next('getChanges')).answer(page('c1'));
    await clock.passSleep();
    (await client.next('getChanges')).fail(DOWN);
    expect(Math.round(await clock.nextSleep())).toBe(1_000);
  });

  it('obeys Retry-After', async () => {
    startPoller();
    (await client.next('getAccount')).fail({ kind: 'rate_limited', retryAfterSeconds: 42, message: 'm' });
    expect(await clock.nextSleep()).toBe(42_000);
  });

  it('fetches a snapshot when the service refuses the cursor', async () => {
    replica.adopt(TEST_SERVICE, account);
    replica.applyAnswer({ cursor: 'stale', reset: true, changes: [], more: false }, clock.now());
    startPoller();
    await verify();
    const refused = await client.next('getChanges');
    expect(refused.input).toMatchObject({ query: { cursor: 'stale' } });
    refused.fail({ kind: 'invalid', code: 'invalid_request', field: 'cursor', message: 'm' });
    // At once, and without a word: it is there, and only knows the cursor no more.
    const afresh = await client.next('getChanges');
    expect(afresh.input).toEqual({ query: { wait: 25 } });
    expect(told).toEqual([]);
    afresh.fail({ kind: 'invalid', code: 'invalid_request', field: 'wait', message: 'm' });
    await clock.nextSleep();
    expect(told).toHaveLength(1);
  });

  it('on this side is told as such, and does not end the polling', async () => {
    startPoller();
    await verify();
    const answer = await client.next('getChanges');
    replica.applyAnswer = () => {
      throw new Error('disk full');
    };
    answer.answer(page('c1'));
    await clock.passSleep();
    expect(told[0]).toMatchObject({
      kind: 'internal',
      message: expect.stringContaining('disk full') as string,
    });
    await verify();
    await client.next('getChanges');
  });

  it('with the token ends the polling until somebody wakes it', async () => {
    startPoller();
    (await client.next('getAccount')).fail({ kind: 'unauthorized', code: 'unauthorized', message: 'Wrong.' });
    expect(await clock.nextSleep()).toBe(Infinity);
    expect(client.made).toHaveLength(1);
    poller.wake();
    await client.next('getAccount');
  });
});

describe('waking and stopping', () => {
  it('a wake ends a pause', async () => {
    startPoller();
    (await client.next('getAccount')).fail(DOWN);
    await clock.nextSleep();
    poller.wake();
    await client.next('getAccount');
  });

  it('a wake drops a poll that may hang on a dead connection', async () => {
    startPoller();
    await verify();
    (await client.next('getChanges')).answer(page('c1'));
    await clock.passSleep();
    const hanging = await client.next('getChanges');
    poller.wake();
    await verify();
    expect(hanging.options.signal?.aborted).toBe(true);
    expect(told).toEqual(['answer']);
  });

  it('a stop aborts the poll that is under way and applies nothing of it', async () => {
    startPoller();
    await verify();
    const open = await client.next('getChanges');
    const stopped = poller.stop();
    expect(open.options.signal?.aborted).toBe(true);
    open.answer(page('c1', [upsert('range', makeRange())]));
    await stopped;
    expect(replica.snapshot().ranges).toEqual([]);
    expect(replica.mirror.state.cursor).toBeNull();
    expect(told).toEqual([]);
  });

  it('a stop does not apply an answer that has just arrived', async () => {
    startPoller();
    await verify();
    const open = await client.next('getChanges');
    open.answer(page('c1', [upsert('range', makeRange())]));
    await poller.stop();
    expect(replica.snapshot().ranges).toEqual([]);
    expect(replica.mirror.state.cursor).toBeNull();
  });

  it('a stop ends a pause, even an endless one', async () => {
    startPoller();
    (await client.next('getAccount')).fail({ kind: 'unauthorized', code: 'unauthorized', message: 'Wrong.' });
    await clock.nextSleep();
    await poller.stop();
    expect(client.made).toHaveLength(1);
  });
});
