import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Operation } from '#shared/api/routes-operations';
import type { Account } from '#shared/domain/entities';
import type { Settled } from '#shared/ipc/contract';
import type { Failure } from '#shared/ipc/failure';
import { Drainer } from '#electron/core/outbox/drainer';
import type { NewEntry } from '#electron/core/outbox/entry';
import { LOOSENING_HOLD_MS } from '#electron/core/outbox/hold';
import type { Outbox } from '#electron/core/outbox/outbox';
import { confirmEdit, resolveEdit, undoEdit } from '#electron/core/use-cases/decide-edit';
import { listOutbox } from '#electron/core/use-cases/list-outbox';
import { Replica } from '#electron/core/sync/replica';
import { makeAccount, makeRange, newId, upsert } from '#test/support/console/builders';
import { FakeClock } from '#test/support/console/fake-clock';
import { fixedRandom, RecordingLog, RecordingPublisher } from '#test/support/console/fakes';
import { MemoryStores, TEST_SERVICE } from '#test/support/console/memory-store';
import { adding, applied, rangeOf, setting, updating } from '#test/support/console/outbox-builders';
import { value } from '#test/support/console/value';
import { type MadeCall, ScriptedClient } from '#test/support/console/scripted-client';

const DOWN: Failure = { kind: 'unreachable', message: 'Nothing answers.' };

let client: ScriptedClient;
let clock: FakeClock;
let replica: Replica;
let account: Account;
let publisher: RecordingPublisher;
let drainer: Drainer;
let asked: number;

const outbox = (): Outbox => {
  if (replica.outbox === null) throw new Error('no outbox');
  return replica.outbox;
};
const start = (): void => {
  drainer = new Drainer({
    client,
    replica,
    clock,
    random: fixedRandom(0.999_999),
    log: new RecordingLog(),
    onUnreachable: () => {
      asked += 1;
    },
  });
  drainer.start();
};
const online = (): void => {
  replica.setConnection({ kind: 'online', service: TEST_SERVICE, since: '2026-01-15T12:00:00.000Z' });
  drainer.wake();
};
const enqueue = (...edits: readonly NewEntry[]): readonly (string | null)[] =>
  outbox().enqueue(edits, clock.now());
const next = (): Promise<MadeCall> => client.next('applyOperations');
const sentIn = ({ input }: MadeCall): readonly Operation[] =>
  (input['body'] as { readonly operations: readonly Operation[] }).operations;
const answerAll = (call: MadeCall): void =>
  call.answer({
    results: sentIn(call).map((operation) => applied(operation, rangeOf({ operation }))),
    cursor: 'c',
  });
const settled = (): readonly Settled[] =>
  (publisher.payloads('outbox.settled') as readonly { readonly items: readonly Settled[] }[]).flatMap(
    ({ items }) => items,
  );
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  client = new ScriptedClient();
  clock = new FakeClock();
  publisher = new RecordingPublisher();
  replica = new Replica(new MemoryStores(), publisher);
  account = makeAccount();
  asked = 0;
  replica.adopt(TEST_SERVICE, account);
  start();
  online();
});
afterEach(() => drainer.stop());

describe('sending', () => {
  it('begins at once, and tells what was applied and when', async () => {
    const [id] = enqueue(adding());
    const call = await next();
    expect(sentIn(call).map((operation) => operation.id)).toEqual([id]);
    answerAll(call);
    await breathe();
    expect(settled()).toMatchObject([{ id, outcome: 'applied', enforcedAt: '2026-01-15T12:00:00.000Z' }]);
    expect(outbox().counts()).toEqual({ waiting: 0, conflicts: 0, needsConfirmation: 0 });
  });

  it('waits until the poller finds the service answering', async () => {
    replica.setConnection({
      kind: 'unreachable',
      service: TEST_SERVICE,
      since: '2026-01-15T12:00:00.000Z',
      message: 'm',
    });
    enqueue(adding());
    await breathe();
    expect(client.made).toEqual([]);
    expect(replica.snapshot().sync).toMatchObject({ waiting: 1, pausedBecause: 'offline' });
    online();
    answerAll(await next());
  });

  it('goes in batches, in order, one at a time', async () => {
    replica.setConnection({ kind: 'connecting', service: TEST_SERVICE });
    const ids = enqueue(
      ...Array.from({ length: 1_200 }, (_, n) => adding({ cidr: `10.0.${n >> 8}.${n & 255}/32` })),
    );
    online();
    const sent: string[] = [];
    for (const size of [500, 500, 200]) {
      const call = await next();
      expect(sentIn(call)).toHaveLength(size);
      expect(client.made.at(-1)).toBe(call);
      sent.push(...sentIn(call).map((operation) => operation.id));
      answerAll(call);
    }
    expect(sent).toEqual(ids);
  });

  it('sends the same words again under the same id after an answer was lost', async () => {
    enqueue(adding());
    const first = await next();
    first.fail(DOWN);
    expect(Math.round(await clock.passSleep())).toBe(1_000);
    const second = await next();
    expect(sentIn(second)).toEqual(sentIn(first));
    expect(asked).toBe(1);
    answerAll(second);
  });

  it('tries for ever, after growing pauses within their bounds', async () => {
    enqueue(adding());
    const pauses: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      (await next()).fail(DOWN);
      pauses.push(Math.round(await clock.passSleep()));
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(outbox().entries()[0]).toMatchObject({ lastError: 'Nothing answers.' });
  });

  it('obeys Retry-After, and says so', async () => {
    enqueue(adding());
    (await next()).fail({ kind: 'rate_limited', retryAfterSeconds: 42, message: 'Slow down.' });
    expect(await clock.nextSleep()).toBe(42_000);
    expect(replica.snapshot().sync).toMatchObject({ pausedBecause: 'rate_limited', message: 'Slow down.' });
    // More work does not end it.
    enqueue(adding({ cidr: '192.0.2.1/32' }));
    await breathe();
    expect(client.made).toHaveLength(1);
    await clock.passSleep();
    const again = await next();
    answerAll(again);
    await breathe();
    expect(replica.snapshot().sync).toMatchObject({ pausedBecause: null });
  });

  it('pauses while the token is refused, and goes on after signing in', async () => {
    enqueue(adding());
    (await next()).fail({ kind: 'unauthorized', code: 'token_expired', message: 'Expired.' });
    await breathe();
    expect(asked).toBe(1);
    replica.setConnection({
      kind: 'unauthorized',
      service: TEST_SERVICE,
      code: 'token_expired',
      message: 'Expired.',
    });
    await clock.passSleep();
    expect(replica.snapshot().sync).toMatchObject({ waiting: 1, pausedBecause: 'signed_out' });
    expect(client.made).toHaveLength(1);
    online();
    answerAll(await next());
  });

  it('finds the edit that the service fails over, and sends the others meanwhile', async () => {
    replica.setConnection({ kind: 'connecting', service: TEST_SERVICE });
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
      await breathe();
      if (clock.sleeps.length > 0) await clock.passSleep();
    }
    expect(applies.size).toBe(5);
    expect(
      outbox()
        .entries()
        .filter(({ state }) => state.kind !== 'done'),
    ).toMatchObject([{ operation: { id: poison }, lastError: 'Bug.' }]);
  });

  it('takes answers in any order, and sends again what was not answered', async () => {
    replica.setConnection({ kind: 'connecting', service: TEST_SERVICE });
    const [first, second, third] = enqueue(...[1, 2, 3].map((n) => adding({ cidr: `192.0.2.${n}/32` })));
    online();
    const call = await next();
    const [one, , three] = sentIn(call);
    if (one === undefined || three === undefined) throw new Error('too few');
    call.answer({ results: [applied(three), applied(one)], cursor: 'c' });
    await clock.passSleep();
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
    await drainer.stop();
    expect(call.options.signal?.aborted).toBe(true);
    start();
    expect(sentIn(await next()).map((operation) => operation.id)).toEqual([id]);
  });

  it('pauses after trouble on this side, and goes on once its cause is gone', async () => {
    drainer.retryNow();
    const database = replica.store?.database;
    database?.exec(`CREATE TRIGGER full BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
    enqueue(adding());
    expect(Math.round(await clock.nextSleep())).toBe(1_000);
    expect(replica.snapshot().sync).toMatchObject({ waiting: 1, pausedBecause: 'service_trouble' });
    expect(replica.snapshot().sync.message).toContain('disk full');
    database?.exec('DROP TRIGGER full');
    await clock.passSleep();
    answerAll(await next());
  });

  it('gives a request up that may hang after the computer slept, and sends it anew', async () => {
    const [id] = enqueue(adding());
    const hanging = await next();
    drainer.retryNow();
    const again = await next();
    expect(hanging.options.signal?.aborted).toBe(true);
    expect(sentIn(again).map((operation) => operation.id)).toEqual([id]);
    answerAll(again);
    await breathe();
    expect(settled()).toMatchObject([{ id, outcome: 'applied' }]);
  });

  it('does not take in an answer for an account that is not open any more', async () => {
    enqueue(adding());
    const call = await next();
    replica.adopt(TEST_SERVICE, makeAccount());
    answerAll(call);
    await breathe();
    expect(settled()).toEqual([]);
    replica.adopt(TEST_SERVICE, account);
    expect(outbox().counts().waiting).toBe(1);
  });
});

describe('an edit that loosens protection', () => {
  const offline = (): void =>
    replica.setConnection({
      kind: 'unreachable',
      service: TEST_SERVICE,
      since: '2026-01-15T12:00:00.000Z',
      message: 'm',
    });

  it('has an end by the service’s clock on its way', async () => {
    client.clockOffsetMs = -60_000;
    enqueue(setting('deactivated'), adding());
    const [mode, add] = sentIn(await next());
    expect(mode?.expiresAt).toBe('2026-01-15T12:14:00.000Z');
    expect(add).not.toHaveProperty('expiresAt');
  });

  it('asks again when it has waited for 15 minutes, and holds nothing else up', async () => {
    offline();
    const [mode, add] = enqueue(setting('deactivated'), adding());
    clock.advance(LOOSENING_HOLD_MS + 1_000);
    online();
    const call = await next();
    expect(sentIn(call).map((operation) => operation.id)).toEqual([add]);
    expect(settled()).toMatchObject([{ id: mode, outcome: 'parked', reason: 'needs_confirmation' }]);
    // What is not going to happen by itself is not shown either.
    expect(replica.snapshot().account?.mode).toBe('manual');
    expect(replica.snapshot().sync).toMatchObject({ needsConfirmation: 1 });
  });
});

describe('an edit that asks', () => {
  const core = () => ({ replica, clock, newId });

  it('goes under its own id when it is confirmed, with a new end', async () => {
    client.clockOffsetMs = 0;
    replica.setConnection({ kind: 'connecting', service: TEST_SERVICE });
    const [id = null] = enqueue(setting('deactivated'));
    clock.advance(LOOSENING_HOLD_MS + 1_000);
    online();
    await breathe();
    expect(confirmEdit(core(), { id: id ?? '' })).toMatchObject({ ok: true });
    expect(sentIn(await next())).toMatchObject([{ id, expiresAt: '2026-01-15T12:30:01.000Z' }]);
  });

  it('goes under a new id when the service has refused it as too late', async () => {
    const [id] = enqueue(setting('deactivated'));
    const call = await next();
    call.answer({ results: [{ id, status: 'expired' }], cursor: 'c' });
    await breathe();
    expect(replica.snapshot().sync).toMatchObject({ conflicts: 1 });
    expect(confirmEdit(core(), { id: id ?? '' })).toMatchObject({ ok: true });
    const [again] = sentIn(await next());
    expect(again).toMatchObject({ type: 'mode.set', mode: 'deactivated' });
    expect(again?.id).not.toBe(id);
  });

  it('is dropped when theirs is taken, and what is behind it starts from theirs', async () => {
    const office = makeRange({ label: 'Office' });
    replica.pollBegins();
    replica.applyAnswer(
      { cursor: 'c', reset: false, changes: [upsert('range', office)], more: false },
      clock.now(),
    );
    const [first] = enqueue(updating(office, { label: 'Mine' }));
    const call = await next();
    // Made while the first one is on its way.
    const [second] = enqueue(updating({ ...office, version: 2 }, { effect: 'deny' }));
    const current = { ...office, label: 'Theirs', version: 5 };
    call.answer({ results: [{ id: first, status: 'conflict', code: 'stale', current }], cursor: 'c' });
    await breathe();
    expect(client.made).toHaveLength(1);
    expect(value(listOutbox({ replica })).map(({ id, state }) => [id, state.kind])).toEqual([
      [first, 'parked'],
      [second, 'waiting'],
    ]);
    resolveEdit(core(), { id: first ?? '', resolution: { choice: 'take_theirs' } });
    expect(sentIn(await next())).toMatchObject([{ id: second, baseVersion: 5, changes: { effect: 'deny' } }]);
  });

  it('goes before what is behind it when mine is kept, each from where the other leaves the range', async () => {
    const office = makeRange({ label: 'Office' });
    replica.pollBegins();
    replica.applyAnswer(
      { cursor: 'c', reset: false, changes: [upsert('range', office)], more: false },
      clock.now(),
    );
    const [first] = enqueue(updating(office, { label: 'Mine' }));
    const call = await next();
    const [second] = enqueue(updating({ ...office, version: 2 }, { effect: 'deny' }));
    enqueue(adding({ cidr: '192.0.2.1/32' }));
    const current = { ...office, label: 'Theirs', version: 5 };
    call.answer({ results: [{ id: first, status: 'conflict', code: 'stale', current }], cursor: 'c' });
    // Nothing else waits behind it.
    answerAll(await next());
    await breathe();
    resolveEdit(core(), { id: first ?? '', resolution: { choice: 'keep_mine' } });
    const again = await next();
    expect(sentIn(again)).toMatchObject([
      { type: 'range.update', baseVersion: 5, changes: { label: 'Mine' } },
    ]);
    const [operation] = sentIn(again);
    if (operation === undefined) throw new Error('nothing sent');
    expect(operation.id).not.toBe(first);
    again.answer({ results: [applied(operation, { ...current, label: 'Mine', version: 6 })], cursor: 'c' });
    expect(sentIn(await next())).toMatchObject([{ id: second, baseVersion: 6 }]);
  });

  it('can be made into another edit', async () => {
    const [id] = enqueue(adding({ cidr: '192.0.2.1/32' }));
    const call = await next();
    call.answer({ results: [{ id, status: 'rejected', code: 'too_wide' }], cursor: 'c' });
    await breathe();
    const edit = {
      type: 'range.add',
      cidr: '192.0.2.0/24',
      effect: 'authorize',
      label: '',
      keyId: null,
      expiresAt: null,
      allowWide: false,
    } as const;
    expect(resolveEdit(core(), { id: id ?? '', resolution: { choice: 'edit', edit } })).toMatchObject({
      ok: true,
    });
    expect(sentIn(await next())).toMatchObject([{ type: 'range.add', cidr: '192.0.2.0/24' }]);
  });

  it('cannot be taken back once it was sent', async () => {
    const [id] = enqueue(adding());
    const call = await next();
    expect(undoEdit(core(), { id: id ?? '' })).toMatchObject({ failure: { code: 'already_sent' } });
    call.fail(DOWN);
    await breathe();
    expect(undoEdit(core(), { id: id ?? '' })).toMatchObject({ failure: { code: 'already_sent' } });
    expect(undoEdit(core(), { id: newId() })).toMatchObject({ failure: { code: 'not_found' } });
    expect(confirmEdit(core(), { id: id ?? '' })).toMatchObject({ failure: { code: 'not_asked' } });
    expect(resolveEdit(core(), { id: id ?? '', resolution: { choice: 'keep_mine' } })).toMatchObject({
      failure: { code: 'not_parked' },
    });
  });
});

describe('what is shown', () => {
  const feed = (changes: Parameters<typeof upsert>[1][] = [], more = false): void =>
    replica.applyAnswer(
      { cursor: 'c', reset: false, changes: changes.map((range) => upsert('range', range as never)), more },
      clock.now(),
    );
  /** Whether every state that windows have seen since had the range with this label. */
  const labelsSeen = (rangeId: string): readonly (string | null)[] =>
    publisher.patches.flatMap(({ ranges }) =>
      ranges === undefined
        ? []
        : [
            ...ranges.upserted.filter(({ id }) => id === rangeId).map(({ label }) => label),
            ...ranges.removed.filter((id) => id === rangeId).map(() => null),
          ],
    );

  it('never goes back from an edit to before it, whenever the feed brings it', async () => {
    const edit = adding({ label: 'New' });
    enqueue(edit);
    const id = rangeOf(edit).id;
    const call = await next();
    // A poll that began before the edit was applied.
    replica.pollBegins();
    answerAll(call);
    await breathe();
    feed();
    expect(replica.snapshot().ranges.map((range) => range.id)).toEqual([id]);
    expect(replica.awaitsFeed).toBe(true);
    // One that began after it, in two pages; the first does not have it yet.
    replica.pollBegins();
    feed([makeRange({ cidr: '192.0.2.77/32' })], true);
    feed([{ ...rangeOf(edit), createdBy: 'owner@example.com' }]);
    expect(replica.awaitsFeed).toBe(false);
    expect(outbox().size).toBe(0);
    expect(new Set(labelsSeen(id))).toEqual(new Set(['New']));
  });

  it('is what somebody else made of it, once the mirror knows that', async () => {
    const office = makeRange({ label: 'Office' });
    replica.pollBegins();
    feed([office]);
    enqueue(updating(office, { label: 'Mine' }));
    const call = await next();
    const [operation] = sentIn(call);
    if (operation === undefined) throw new Error('nothing sent');
    call.answer({ results: [applied(operation, { ...office, label: 'Mine', version: 2 })], cursor: 'c' });
    await breathe();
    // The poll that was under way brings a later edit of another administrator along.
    feed([{ ...office, label: 'Theirs', version: 3 }]);
    expect(replica.snapshot().ranges).toMatchObject([{ label: 'Theirs', version: 3 }]);
    expect(labelsSeen(office.id)).toEqual(['Office', 'Mine', 'Theirs']);
  });

  it('is server state again when the service refuses', async () => {
    const office = makeRange({ label: 'Office' });
    replica.pollBegins();
    feed([office]);
    enqueue(updating(office, { label: 'Mine' }));
    expect(replica.snapshot().ranges).toMatchObject([{ label: 'Mine', version: 2 }]);
    const call = await next();
    call.answer({
      results: sentIn(call).map(({ id }) => ({ id, status: 'rejected', code: 'forbidden' })),
      cursor: 'c',
    });
    await breathe();
    expect(replica.snapshot().ranges).toEqual([office]);
    expect(replica.snapshot().sync).toMatchObject({ waiting: 0, conflicts: 1 });
    expect(replica.mirrored('range')).toEqual([office]);
  });
});
