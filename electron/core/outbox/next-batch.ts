import { type QueuedOperation, isWaiting, orderKeysOf } from './queued-operation';

/**
 * Returns the next operations to send, in order, at most `limit` and at most one for each entity: the second depends on the
 * result of the first. An operation that waits for a person holds up those behind it on its own entity, and nothing else.
 */
export function nextBatch(entries: Iterable<QueuedOperation>, limit: number): readonly QueuedOperation[] {
  const heldUp = new Set<string>();
  const batch: QueuedOperation[] = [];
  for (const entry of entries) {
    if (entry.state.kind === 'done') continue;
    const keys = orderKeysOf(entry);
    // Batches do not overlap, so an operation that is inflight here has lost its answer and is sent again.
    const isFree = isWaiting(entry) && !keys.some((key) => heldUp.has(key));
    for (const key of keys) heldUp.add(key);
    if (!isFree) continue;
    batch.push(entry);
    if (batch.length >= limit) break;
  }
  return batch;
}

/** Returns for each waiting operation that is held up the id of the operation that waits for a person before it. */
export function heldUpBy(entries: Iterable<QueuedOperation>): ReadonlyMap<string, string> {
  const parked = new Map<string, string>();
  const held = new Map<string, string>();
  for (const entry of entries) {
    if (entry.state.kind === 'done') continue;
    const keys = orderKeysOf(entry);
    const by = keys.map((key) => parked.get(key)).find((id) => id !== undefined);
    const blocks = entry.state.kind === 'parked' ? entry.operation.id : by;
    if (by !== undefined && entry.state.kind !== 'parked') held.set(entry.operation.id, by);
    if (blocks !== undefined) for (const key of keys) if (!parked.has(key)) parked.set(key, blocks);
  }
  return held;
}
