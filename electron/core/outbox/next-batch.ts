import { isUndecided } from '#shared/domain/outbox';
import { type QueuedOperation, isWaiting, orderKeysOf } from './queued-operation';

/**
 * Returns the next operations to send, in order, at most `limit` and at most one for each entity: the second depends on the
 * result of the first. An operation that waits for a person holds up those behind it on its own entity, and nothing else.
 */
export function nextBatch(operations: Iterable<QueuedOperation>, limit: number): readonly QueuedOperation[] {
  const heldUp = new Set<string>();
  const batch: QueuedOperation[] = [];
  for (const queued of operations) {
    if (queued.state.kind === 'done') continue;
    const keys = orderKeysOf(queued);
    // Batches do not overlap, so an operation that is inflight here has lost its answer and is sent again.
    const isFree = isWaiting(queued) && !keys.some((key) => heldUp.has(key));
    for (const key of keys) heldUp.add(key);
    if (!isFree) continue;
    batch.push(queued);
    if (batch.length >= limit) break;
  }
  return batch;
}

/** Returns for each waiting operation that is held up the id of the operation that waits for a person before it. */
export function heldUpBy(operations: Iterable<QueuedOperation>): ReadonlyMap<string, string> {
  const firstUndecided = new Map<string, string>();
  const heldUp = new Map<string, string>();
  for (const queued of operations) {
    const { operation, state } = queued;
    if (state.kind === 'done') continue;
    const keys = orderKeysOf(queued);
    const by = keys.map((key) => firstUndecided.get(key)).find((id) => id !== undefined);
    if (by !== undefined && !isUndecided(state)) heldUp.set(operation.id, by);
    const blocking = isUndecided(state) ? operation.id : by;
    for (const key of keys) {
      if (blocking !== undefined && !firstUndecided.has(key)) firstUndecided.set(key, blocking);
    }
  }
  return heldUp;
}
