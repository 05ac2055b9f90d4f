import { describe, expect, it } from 'vitest';
import type { Failure } from '#shared/ipc/failure';
import { LOOSENING_HOLD_MS } from '#electron/core/outbox/hold';
import { confirmOperation, resolveOperation, undoOperation } from '#electron/core/use-cases/decide-operation';
import { listOutbox } from '#electron/core/use-cases/list-outbox';
import { yieldToEventLoop } from '#test/support/console/yield-to-event-loop';
import { makeRange, newId, upsert } from '#test/support/console/builders';
import { TEST_SERVICE } from '#test/support/console/memory-store';
import { adding, applied, setting, updating } from '#test/support/console/outbox-builders';
import { value } from '#test/support/console/value';
import { sentIn, answerAll, useOutboxWorld } from '#test/support/console/outbox-world';

const DOWN: Failure = { kind: 'unreachable', message: 'Nothing answers.' };

const world = useOutboxWorld();
const { online, enqueue, feed, next, settled } = world;

describe('an operation that loosens protection', () => {
  const offline = (): void =>
    world.replica.setConnection({
      kind: 'unreachable',
      service: TEST_SERVICE,
      since: '2026-01-15T12:00:00.000Z',
      message: 'm',
    });

  it('has an end by the service’s clock on its way', async () => {
    world.client.clockOffsetMs = -60_000;
    enqueue(setting('deactivated'), adding());
    const [mode, add] = sentIn(await next());
    expect(mode?.expiresAt).toBe('2026-01-15T12:14:00.000Z');
    expect(add).not.toHaveProperty('expiresAt');
  });

  it('asks again when it has waited for 15 minutes, and holds nothing else up', async () => {
    offline();
    const [mode, add] = enqueue(setting('deactivated'), adding());
    world.clock.advance(LOOSENING_HOLD_MS + 1_000);
    online();
    const call = await next();
    expect(sentIn(call).map((operation) => operation.id)).toEqual([add]);
    expect(settled()).toMatchObject([{ id: mode, outcome: 'undecided', kind: 'held' }]);
    // What is not going to happen by itself is not shown either.
    expect(world.replica.snapshot().account?.mode).toBe('manual');
    expect(world.replica.snapshot().sync).toMatchObject({ needsConfirmation: 1 });
  });
});

describe('an operation that asks', () => {
  const core = () => ({ replica: world.replica, clock: world.clock, newId });

  it('goes under its own id when it is confirmed, with a new end', async () => {
    world.client.clockOffsetMs = 0;
    world.replica.setConnection({ kind: 'connecting', service: TEST_SERVICE });
    const [id = null] = enqueue(setting('deactivated'));
    world.clock.advance(LOOSENING_HOLD_MS + 1_000);
    online();
    await yieldToEventLoop();
    expect(confirmOperation(core(), { id: id ?? '' })).toMatchObject({ ok: true });
    expect(sentIn(await next())).toMatchObject([{ id, expiresAt: '2026-01-15T12:30:01.000Z' }]);
  });

  it('goes under a new id when the service has refused it as too late', async () => {
    const [id] = enqueue(setting('deactivated'));
    const call = await next();
    call.answer({ results: [{ id, status: 'expired' }], cursor: 'c' });
    await yieldToEventLoop();
    expect(world.replica.snapshot().sync).toMatchObject({ conflicts: 1 });
    expect(confirmOperation(core(), { id: id ?? '' })).toMatchObject({ ok: true });
    const [again] = sentIn(await next());
    expect(again).toMatchObject({ type: 'mode.set', mode: 'deactivated' });
    expect(again?.id).not.toBe(id);
  });

  it('is dropped when theirs is taken, and what is behind it starts from theirs', async () => {
    const office = makeRange({ label: 'Office' });
    feed(upsert('range', office));
    const [first] = enqueue(updating(office, { label: 'Mine' }));
    const call = await next();
    // Made while the first one is on its way.
    const [second] = enqueue(updating({ ...office, version: 2 }, { effect: 'deny' }));
    const current = { ...office, label: 'Theirs', version: 5 };
    call.answer({ results: [{ id: first, status: 'conflict', code: 'stale', current }], cursor: 'c' });
    await yieldToEventLoop();
    expect(world.client.made).toHaveLength(1);
    expect(value(listOutbox({ replica: world.replica })).map(({ id, state }) => [id, state.kind])).toEqual([
      [first, 'conflicted'],
      [second, 'waiting'],
    ]);
    resolveOperation(core(), { id: first ?? '', resolution: { choice: 'take_theirs' } });
    expect(sentIn(await next())).toMatchObject([{ id: second, baseVersion: 5, changes: { effect: 'deny' } }]);
  });

  it('goes before what is behind it when mine is kept, each from where the other leaves the range', async () => {
    const office = makeRange({ label: 'Office' });
    feed(upsert('range', office));
    const [first] = enqueue(updating(office, { label: 'Mine' }));
    const call = await next();
    const [second] = enqueue(updating({ ...office, version: 2 }, { effect: 'deny' }));
    enqueue(adding({ cidr: '192.0.2.1/32' }));
    const current = { ...office, label: 'Theirs', version: 5 };
    call.answer({ results: [{ id: first, status: 'conflict', code: 'stale', current }], cursor: 'c' });
    // Nothing else waits behind it.
    answerAll(await next());
    await yieldToEventLoop();
    resolveOperation(core(), { id: first ?? '', resolution: { choice: 'keep_mine' } });
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

  it('can be made into another operation', async () => {
    const [id] = enqueue(adding({ cidr: '192.0.2.1/32' }));
    const call = await next();
    call.answer({ results: [{ id, status: 'rejected', code: 'too_wide' }], cursor: 'c' });
    await yieldToEventLoop();
    const request = {
      type: 'range.add',
      cidr: '192.0.2.0/24',
      effect: 'authorize',
      label: '',
      keyId: null,
      expiresAt: null,
      allowWide: false,
    } as const;
    expect(
      resolveOperation(core(), { id: id ?? '', resolution: { choice: 'replace', request } }),
    ).toMatchObject({
      ok: true,
    });
    expect(sentIn(await next())).toMatchObject([{ type: 'range.add', cidr: '192.0.2.0/24' }]);
  });

  it('cannot be taken back once it was sent', async () => {
    const [id] = enqueue(adding());
    const call = await next();
    expect(undoOperation(core(), { id: id ?? '' })).toMatchObject({ failure: { code: 'already_sent' } });
    call.fail(DOWN);
    await yieldToEventLoop();
    expect(undoOperation(core(), { id: id ?? '' })).toMatchObject({ failure: { code: 'already_sent' } });
    expect(undoOperation(core(), { id: newId() })).toMatchObject({ failure: { code: 'not_found' } });
    expect(confirmOperation(core(), { id: id ?? '' })).toMatchObject({ failure: { code: 'not_asked' } });
    expect(resolveOperation(core(), { id: id ?? '', resolution: { choice: 'keep_mine' } })).toMatchObject({
      failure: { code: 'goes_on' },
    });
  });
});
