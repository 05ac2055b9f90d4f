import { describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { settle } from '#electron/core/outbox/settle';
import type { QueuedOperation, QueuedState, NewOperation } from '#electron/core/outbox/queued-operation';
import { makeRange, makeReview, newId } from '#test/support/console/builders';
import {
  addOperation,
  makeQueuedOperation,
  rangeOf,
  removing,
  updating,
} from '#test/support/console/outbox-builders';

const office = makeRange({ label: 'Office', version: 3 });

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
