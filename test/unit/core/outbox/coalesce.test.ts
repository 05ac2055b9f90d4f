import { describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { coalesce } from '#electron/core/outbox/coalesce';
import type { QueuedOperation, QueuedState, NewOperation } from '#electron/core/outbox/queued-operation';
import { makeRange, makeReview, newId } from '#test/support/console/builders';
import {
  adding,
  makeQueuedOperation,
  NOW_MS,
  rangeOf,
  removing,
  setting,
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
