import { type QueuedOperation, isWaiting, orderKeysOf } from './queued-operation';

/**
 * The edits to send next, at most `limit`, in their order. At most one for each entity: whether the second may go
 * depends on what becomes of the first. A parked edit holds up what is behind it on its own entity, and nothing else.
 */
export function nextBatch(entries: Iterable<QueuedOperation>, limit: number): readonly QueuedOperation[] {
  const heldUp = new Set<string>();
  const batch: QueuedOperation[] = [];
  for (const entry of entries) {
    if (entry.state.kind === 'done') continue;
    const keys = orderKeysOf(entry);
    // One that is inflight is not: asked between two batches, it is one whose answer was lost.
    const isFree = isWaiting(entry) && !keys.some((key) => heldUp.has(key));
    for (const key of keys) heldUp.add(key);
    if (!isFree) continue;
    batch.push(entry);
    if (batch.length >= limit) break;
  }
  return batch;
}

/** For each waiting edit that cannot go yet the edit that is parked before it; others are not named. */
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
