import { coalesce } from './coalesce';
import { type QueuedOperation, type SignedOperation, subjectOf } from './queued-operation';
import type { OperationTable } from './operation-table';

export interface TakenIn {
  readonly put: readonly QueuedOperation[];
  /** Operations that vanished together with a new one, or were merged into one. */
  readonly undone: readonly QueuedOperation[];
  /** The id of each new operation in the queue; null where nothing is left to do. */
  readonly ids: readonly (string | null)[];
  /** True if all operations are new and at the end of the queue. */
  readonly isAppended: boolean;
}

/** Puts new operations at the end of the queue, merged with the last one on the same entity where possible. Pure. */
export function takeIn(
  table: OperationTable,
  operations: readonly SignedOperation[],
  nowMs: number,
): TakenIn {
  const put = new Map<string, QueuedOperation>();
  const undone: QueuedOperation[] = [];
  const last = new Map<string, QueuedOperation | undefined>();
  const takeBack = (id: string): void => {
    const known = table.get(id);
    if (known !== undefined) undone.push(known);
    put.delete(id);
  };
  let position = table.lastPosition;
  const ids = operations.map((next): string | null => {
    const subject = subjectOf(next.operation);
    const previous = last.has(subject) ? last.get(subject) : table.lastOn(subject);
    const outcome = coalesce(previous, next, nowMs);
    if (outcome.kind === 'vanish') {
      takeBack(outcome.id);
      last.set(subject, undefined);
      return null;
    }
    if (outcome.kind === 'append') position += 1;
    else if (outcome.replaces !== null) takeBack(outcome.replaces);
    const queued = outcome.kind === 'merge' ? outcome.merged : queuedAt(position, next, nowMs);
    put.set(queued.operation.id, queued);
    last.set(subject, queued);
    return queued.operation.id;
  });
  const isAppended = undone.length === 0 && [...put.keys()].every((id) => table.get(id) === undefined);
  return { put: [...put.values()], undone, ids, isAppended };
}

/** Returns operations positioned between a replaced one and the next one in the queue. */
export function inPlaceOf(
  table: OperationTable,
  replaced: QueuedOperation,
  operations: readonly SignedOperation[],
  nowMs: number,
): readonly QueuedOperation[] {
  const next = [...table.values()].find(({ position }) => position > replaced.position);
  const room = (next?.position ?? replaced.position + 1) - replaced.position;
  return operations.map((each, index) =>
    queuedAt(replaced.position + (room * index) / operations.length, each, nowMs),
  );
}

function queuedAt(position: number, signed: SignedOperation, nowMs: number): QueuedOperation {
  return {
    ...signed,
    position,
    createdAt: nowMs,
    confirmedAt: null,
    attempts: 0,
    lastError: null,
    state: { kind: 'pending' },
  };
}
