import { describe, expect, it } from 'vitest';
import { heldUpBy, nextBatch } from '#electron/core/outbox/next-batch';
import type { QueuedOperation, QueuedState } from '#electron/core/outbox/queued-operation';
import { makeRange } from '#test/support/console/builders';
import {
  addOperation,
  makeQueuedOperation,
  removing,
  setting,
  updateOperation,
} from '#test/support/console/outbox-builders';

const office = makeRange({ label: 'Office', version: 3 });

const conflicted: QueuedState = { kind: 'conflicted', code: 'stale', detail: '', current: null };

const idsOf = (operations: readonly QueuedOperation[]) => operations.map(({ operation }) => operation.id);

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
