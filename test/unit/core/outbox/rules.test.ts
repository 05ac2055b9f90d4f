import { describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import type { Failure } from '#shared/ipc/failure';
import { coalesce } from '#electron/core/outbox/coalesce';
import { expiryFor, LOOSENING_HOLD_MS, needsConfirmation } from '#electron/core/outbox/hold';
import { heldUpBy, nextBatch } from '#electron/core/outbox/next-batch';
import { afterSendFailure } from '#electron/core/outbox/send-failure';
import { settle } from '#electron/core/outbox/settle';
import type { QueuedOperation, QueuedState, NewOperation } from '#electron/core/outbox/queued-operation';
import { makeRange, makeReview, newId } from '#test/support/console/builders';
import {
  addOperation,
  adding,
  makeQueuedOperation,
  modeOperation,
  NOW_MS,
  rangeOf,
  removing,
  setting,
  updateOperation,
  updating,
} from '#test/support/console/outbox-builders';

const office = makeRange({ label: 'Office', version: 3 });
const conflicted: QueuedState = { kind: 'conflicted', code: 'stale', detail: '', current: null };
const denying = (base: Review): NewOperation => ({
  operation: {
    id: newId(),
    type: 'review.deny',
    madeAt: '2026-01-15T12:00:00.000Z',
    reviewId: base.id,
    addDenyRange: false,
  },
  base,
});
const reopening = (base: Review): NewOperation => ({
  operation: {
    id: newId(),
    type: 'review.reopen',
    madeAt: '2026-01-15T12:00:00.000Z',
    reviewId: base.id,
    baseVersion: base.version,
  },
  base,
});
/** The review that an operation is about. */
const idOf = ({ operation }: Pick<QueuedOperation, 'operation'>): string =>
  'reviewId' in operation ? operation.reviewId : '';
const idsOf = (operations: readonly QueuedOperation[]) => operations.map(({ operation }) => operation.id);

describe('the failure table', () => {
  const unreachable: Failure = { kind: 'unreachable', message: '' };
  const service: Failure = { kind: 'service', code: 'internal', message: '' };
  const invalid: Failure = { kind: 'invalid', code: 'invalid_request', field: '', message: '' };
  it.each<readonly [string, Failure, number, object]>([
    ['network trouble is tried for ever', unreachable, 500, { do: 'retry' }],
    ['network trouble is tried for ever, alone too', unreachable, 1, { do: 'retry' }],
    [
      '429 waits as long as it says',
      { kind: 'rate_limited', retryAfterSeconds: 7, message: '' },
      3,
      { do: 'wait', delayMs: 7_000 },
    ],
    ['401 pauses', { kind: 'unauthorized', code: 'token_expired', message: '' }, 3, { do: 'pause' }],
    [
      '403 rejects',
      { kind: 'forbidden', required: 'authorized_ips', message: '' },
      3,
      { do: 'reject', code: 'forbidden' },
    ],
    ['400 of a batch finds out whose it is', invalid, 3, { do: 'isolate' }],
    ['400 of one operation rejects it', invalid, 1, { do: 'reject', code: 'invalid_request' }],
    [
      '404 of the route may be a proxy',
      { kind: 'conflict', code: 'not_found', message: '', current: null },
      3,
      { do: 'retry' },
    ],
    ['500 of a batch finds out whose it is', service, 3, { do: 'isolate' }],
    ['500 of one operation is tried again', service, 1, { do: 'retry' }],
    ['an answer that cannot be read is tried again', { kind: 'internal', message: '' }, 1, { do: 'retry' }],
  ])('%s', (_name, failure, size, expected) => {
    expect(afterSendFailure(failure, size)).toEqual(expected);
  });
});

describe('two operations on one entity that the service has not seen', () => {
  const queuedOf = (operation: NewOperation, fields: Partial<QueuedOperation> = {}) =>
    makeQueuedOperation({ ...operation, ...fields });

  it('vanish when a range is added and removed', () => {
    const added = queuedOf(adding());
    expect(coalesce(added, removing(rangeOf(added)), NOW_MS)).toEqual({
      kind: 'vanish',
      id: added.operation.id,
    });
  });

  it('are one add when what was added is changed', () => {
    const added = queuedOf(adding({ label: 'a' }));
    const second = updating(rangeOf(added), { label: 'b', expiresAt: '2027-01-01T00:00:00.000Z' });
    expect(coalesce(added, second, NOW_MS)).toMatchObject({
      kind: 'merge',
      merged: {
        position: added.position,
        operation: {
          ...added.operation,
          label: 'b',
          rangeExpiresAt: '2027-01-01T00:00:00.000Z',
          effect: 'authorize',
        },
      },
    });
  });

  it('are one change of what both change, from where the first one started', () => {
    const first = queuedOf(updating(office, { label: 'a', effect: 'deny' }));
    const second = updating({ ...office, version: 4 }, { label: 'b' });
    expect(coalesce(first, second, NOW_MS)).toMatchObject({
      merged: {
        base: office,
        operation: { id: first.operation.id, baseVersion: 3, changes: { label: 'b', effect: 'deny' } },
      },
      replaces: null,
    });
  });

  it('are one removal when a change comes before it', () => {
    const first = queuedOf(updating(office, { label: 'a' }));
    expect(coalesce(first, removing({ ...office, version: 4 }), NOW_MS)).toMatchObject({
      merged: { operation: { id: first.operation.id, type: 'range.remove', baseVersion: 3 } },
    });
  });

  it('are the last decision, which counts from now on', () => {
    const first = queuedOf(setting('deactivated'));
    const second = setting('automatic');
    expect(coalesce(first, second, NOW_MS + 5)).toMatchObject({
      merged: { operation: second.operation, createdAt: NOW_MS + 5, position: first.position },
      replaces: first.operation.id,
    });
  });

  it.each<readonly [string, Partial<QueuedOperation>]>([
    ['was sent', { attempts: 1 }],
    ['is being sent', { attempts: 1, state: { kind: 'inflight' } }],
    ['is conflicted', { state: conflicted }],
    ['is done', { attempts: 1, state: { kind: 'done', entity: null } }],
  ])('stay two when the first one %s', (_name, fields) => {
    const first = queuedOf(updating(office, { label: 'a' }), fields);
    expect(coalesce(first, updating(office, { label: 'b' }), NOW_MS)).toEqual({ kind: 'append' });
  });

  it('vanish when an answer is given and taken back', () => {
    const first = queuedOf(denying(makeReview()));
    expect(coalesce(first, reopening({ ...makeReview(), id: idOf(first) }), NOW_MS)).toEqual({
      kind: 'vanish',
      id: first.operation.id,
    });
  });

  it('stay two when an answer is taken back and given again', () => {
    const first = queuedOf(reopening(makeReview({ status: 'denied', version: 2 })));
    const again = denying({ ...makeReview(), id: idOf(first) });
    expect(coalesce(first, again, NOW_MS)).toEqual({ kind: 'append' });
  });

  it('stay two on different entities', () => {
    expect(coalesce(queuedOf(adding()), adding(), NOW_MS)).toEqual({ kind: 'append' });
  });
});

describe('the next batch', () => {
  const change = (label: string, fields: Partial<QueuedOperation> = {}) =>
    makeQueuedOperation({ operation: updateOperation(office, { label }), base: office, ...fields });

  it('is in order and no longer than it may be', () => {
    const operations = [
      makeQueuedOperation(),
      makeQueuedOperation({ operation: addOperation({ cidr: '192.0.2.1/32' }) }),
      change('a'),
    ];
    expect(idsOf(nextBatch(operations, 2))).toEqual(idsOf(operations.slice(0, 2)));
  });

  it('has one operation on an entity at most', () => {
    const [first, second] = [change('a', { attempts: 1 }), change('b')];
    expect(idsOf(nextBatch([first, second], 9))).toEqual(idsOf([first]));
  });

  it('keeps the order of what is about the same network', () => {
    const removal = makeQueuedOperation(removing(office));
    const again = makeQueuedOperation({ operation: addOperation({ cidr: office.cidr }) });
    expect(idsOf(nextBatch([removal, again], 9))).toEqual(idsOf([removal]));
  });

  it('leaves out what is conflicted, what is behind that, and nothing else', () => {
    const [stuck, behind, mode] = [
      change('a', { state: conflicted }),
      change('b'),
      makeQueuedOperation(setting('manual')),
    ];
    expect(idsOf(nextBatch([stuck, behind, mode], 9))).toEqual(idsOf([mode]));
    expect([...heldUpBy([stuck, behind, mode])]).toEqual([[behind.operation.id, stuck.operation.id]]);
  });

  it('has again what was being sent when its answer got lost, and nothing that is done', () => {
    const lost = change('a', { attempts: 1, state: { kind: 'inflight' } });
    const done = makeQueuedOperation({ state: { kind: 'done', entity: null }, attempts: 1 });
    expect(idsOf(nextBatch([done, lost], 9))).toEqual(idsOf([lost]));
  });
});

describe('an answer of the service', () => {
  const add = makeQueuedOperation({ operation: addOperation({ label: 'Office' }) });
  const update = makeQueuedOperation(updating(office, { label: 'Mine' }));
  const review = makeReview({ status: 'denied' });
  const deny = makeQueuedOperation(denying({ ...review, status: 'pending' }));
  const reopen = makeQueuedOperation(reopening(review));
  const same = rangeOf(add);

  it.each<readonly [string, QueuedOperation, Parameters<typeof settle>[1], Partial<QueuedState>]>([
    ['applied', add, { id: '', status: 'applied', entity: same }, { kind: 'done', entity: same }],
    ['there already in the same way', add, { id: '', status: 'duplicate', entity: same }, { kind: 'done' }],
    [
      'there already in another way',
      add,
      { id: '', status: 'duplicate', entity: { ...same, label: 'Theirs' }, code: 'duplicate' },
      { kind: 'conflicted', code: 'duplicate' },
    ],
    [
      'gone already',
      makeQueuedOperation(removing(office)),
      { id: '', status: 'duplicate', entity: null },
      { kind: 'done' },
    ],
    [
      'changed elsewhere',
      update,
      { id: '', status: 'conflict', current: { ...office, label: 'Theirs', version: 4 }, code: 'stale' },
      { kind: 'conflicted', code: 'stale' },
    ],
    [
      'changed elsewhere into the very same',
      update,
      { id: '', status: 'conflict', current: { ...office, label: 'Mine', version: 4 }, code: 'stale' },
      { kind: 'done' },
    ],
    [
      'removed elsewhere',
      update,
      { id: '', status: 'conflict', current: null, code: 'not_found' },
      { kind: 'conflicted', code: 'not_found' },
    ],
    [
      'decided elsewhere in another way',
      deny,
      { id: '', status: 'conflict', current: { ...review, status: 'authorized' }, code: 'already_decided' },
      { kind: 'conflicted', code: 'already_decided' },
    ],
    [
      'decided elsewhere in the same way',
      deny,
      { id: '', status: 'conflict', current: review },
      { kind: 'done' },
    ],
    [
      'superseded by a range',
      deny,
      { id: '', status: 'conflict', current: { ...review, status: 'superseded' }, code: 'already_decided' },
      { kind: 'conflicted' },
    ],
    [
      'taken back elsewhere',
      reopen,
      { id: '', status: 'duplicate', entity: { ...review, status: 'pending' } },
      { kind: 'done' },
    ],
    [
      'answered anew elsewhere',
      reopen,
      { id: '', status: 'conflict', current: { ...review, version: 4 }, code: 'stale' },
      { kind: 'conflicted', code: 'stale' },
    ],
    [
      'no longer permitted',
      add,
      { id: '', status: 'rejected', code: 'forbidden', detail: 'No.' },
      { kind: 'rejected', code: 'forbidden', detail: 'No.' },
    ],
    ['too late', add, { id: '', status: 'expired' }, { kind: 'expired', code: 'expired' }],
  ])('%s', (_name, queued, result, expected) => {
    expect(settle(queued, result)).toMatchObject(expected);
  });
});

describe('an operation that loosens protection', () => {
  const later = NOW_MS + LOOSENING_HOLD_MS + 1;
  const wide = makeRange({ cidr: '0.0.0.0/0', effect: 'deny' });
  it.each<readonly [string, QueuedOperation, boolean]>([
    ['protection off', makeQueuedOperation(setting('deactivated')), true],
    ['learning', makeQueuedOperation(setting('learning')), true],
    ['a stricter mode', makeQueuedOperation(setting('manual')), false],
    ['a very wide range let in', makeQueuedOperation(adding({ cidr: '0.0.0.0/0', allowWide: true })), true],
    ['a very wide range kept out', makeQueuedOperation(adding({ cidr: '0.0.0.0/0', effect: 'deny' })), false],
    ['a /8', makeQueuedOperation(adding({ cidr: '10.0.0.0/8' })), false],
    ['a very wide denial taken away', makeQueuedOperation(removing(wide)), true],
    ['a very wide denial turned around', makeQueuedOperation(updating(wide, { effect: 'authorize' })), true],
    [
      'a very wide denial with an end',
      makeQueuedOperation(updating(wide, { expiresAt: '2027-01-01T00:00:00.000Z' })),
      true,
    ],
    ['a new label of a very wide denial', makeQueuedOperation(updating(wide, { label: 'x' })), false],
    ['a range removed', makeQueuedOperation(removing(office)), false],
    ['an answer taken back', makeQueuedOperation(reopening(makeReview({ status: 'authorized' }))), false],
  ])('asks again after 15 minutes: %s', (_name, queued, asks) => {
    expect(needsConfirmation(queued, later)).toBe(asks);
    expect(needsConfirmation(queued, NOW_MS + LOOSENING_HOLD_MS)).toBe(false);
    expect(expiryFor(queued, 0) !== undefined).toBe(asks);
  });

  it('or that was sent so long ago that the service may not know its id any more', () => {
    const monthsAgo = NOW_MS - 29 * 86_400_000 - 1;
    const sent = makeQueuedOperation({ createdAt: monthsAgo, attempts: 1 });
    expect(needsConfirmation(sent, NOW_MS)).toBe(true);
    expect(needsConfirmation({ ...sent, attempts: 0 }, NOW_MS)).toBe(false);
    expect(needsConfirmation({ ...sent, confirmedAt: NOW_MS }, NOW_MS)).toBe(false);
  });

  const off = makeQueuedOperation({ operation: modeOperation('deactivated') });

  it('counts anew from when it was confirmed', () => {
    expect(needsConfirmation({ ...off, confirmedAt: later }, later + 1_000)).toBe(false);
    expect(needsConfirmation({ ...off, confirmedAt: later }, later + LOOSENING_HOLD_MS + 1)).toBe(true);
  });

  it('asks when the clock has jumped back, because nobody knows how long it waited', () => {
    expect(needsConfirmation(off, NOW_MS - 1_000)).toBe(false);
    expect(needsConfirmation(off, NOW_MS - 3_600_000)).toBe(true);
  });

  it('is left to the service once that may have it, under an end by its own clock', () => {
    expect(expiryFor(off, 3_600_000)).toBe('2026-01-15T13:15:00.000Z');
    expect(expiryFor(off, null)).toBeUndefined();
    const sent = { ...off, attempts: 1 };
    const ends = { ...sent, operation: { ...off.operation, expiresAt: '2026-01-15T12:15:00.000Z' } };
    expect(needsConfirmation(ends, later)).toBe(false);
    expect(needsConfirmation(sent, later)).toBe(true);
  });
});
