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
export function takeIn(table: OperationTable, edits: readonly SignedOperation[], nowMs: number): TakenIn {
  const put = new Map<string, QueuedOperation>();
  const undone: QueuedOperation[] = [];
  const last = new Map<string, QueuedOperation | undefined>();
  const takeBack = (id: string): void => {
    const known = table.get(id);
    if (known !== undefined) undone.push(known);
    put.delete(id);
  };
  let position = table.lastPosition;
  const ids = edits.map((edit): string | null => {
    const subject = subjectOf(edit.operation);
    const previous = last.has(subject) ? last.get(subject) : table.lastOn(subject, edit.operation.authorId);
    const outcome = coalesce(previous, edit, nowMs);
    if (outcome.kind === 'vanish') {
      takeBack(outcome.id);
      last.set(subject, undefined);
      return null;
    }
    if (outcome.kind === 'append') position += 1;
    else if (outcome.replaces !== null) takeBack(outcome.replaces);
    const entry = outcome.kind === 'merge' ? outcome.merged : freshEntry(edit, position, nowMs);
    put.set(entry.operation.id, entry);
    last.set(subject, entry);
    return entry.operation.id;
  });
  const entries = [...put.values()];
  const isAppended =
    undone.length === 0 && entries.every(({ operation }) => table.get(operation.id) === undefined);
  return { put: entries, undone, ids, isAppended };
}

/** Returns operations positioned between a replaced one and the next one in the queue. */
export function inPlaceOf(
  table: OperationTable,
  replaced: QueuedOperation,
  edits: readonly SignedOperation[],
  nowMs: number,
): readonly QueuedOperation[] {
  const next = [...table.values()].find(({ position }) => position > replaced.position);
  const room = (next?.position ?? replaced.position + 1) - replaced.position;
  return edits.map((edit, index) =>
    freshEntry(edit, replaced.position + (room * index) / edits.length, nowMs),
  );
}

const freshEntry = (edit: SignedOperation, position: number, nowMs: number): QueuedOperation => ({
  ...edit,
  position,
  createdAt: nowMs,
  confirmedAt: null,
  attempts: 0,
  lastError: null,
  state: { kind: 'pending' },
});
