import type { OperationResult } from '#shared/api/routes-operations';
import { type QueuedOperation, isAnswer, isReview, type Parked } from './queued-operation';
import { settle } from './settle';

/** The effect of the service's results on the operations of a batch. */
export interface SettledBatch {
  readonly done: readonly QueuedOperation[];
  readonly parked: readonly { readonly entry: QueuedOperation; readonly parked: Parked }[];
  /** Operations without a result, which wait again. */
  readonly silent: readonly QueuedOperation[];
  /** Reopenings with nothing left to take back, and answers that failed and were to be taken back anyway. */
  readonly undone: readonly QueuedOperation[];
  /** Reopenings of an answer that was applied, based on the review that the answer left. */
  readonly followers: readonly QueuedOperation[];
}

/** Returns the queued reopenings of an answer among the operations behind it. */
export const reopeningsOf = (
  { operation }: QueuedOperation,
  behind: readonly QueuedOperation[],
): readonly QueuedOperation[] =>
  isAnswer(operation) ? behind.filter((entry) => entry.operation.type === 'review.reopen') : [];

export const waitingAgain = (entry: QueuedOperation, lastError: string): QueuedOperation => ({
  ...entry,
  lastError,
  state: { kind: 'pending' },
});

/**
 * Settles each operation by its result, in whatever order the results came. `behind` returns the operations behind one on the
 * same entity. Pure.
 */
export function settleBatch(
  batch: readonly QueuedOperation[],
  results: readonly OperationResult[],
  behind: (id: string) => readonly QueuedOperation[],
): SettledBatch {
  const byId = new Map(results.map((result) => [result.id, result]));
  const done: QueuedOperation[] = [];
  const parked: { entry: QueuedOperation; parked: Parked }[] = [];
  const silent: QueuedOperation[] = [];
  const undone: QueuedOperation[] = [];
  const followers: QueuedOperation[] = [];
  for (const entry of batch) {
    const { id } = entry.operation;
    const result = byId.get(id);
    if (result === undefined) {
      silent.push(waitingAgain(entry, 'The service gave no answer to this edit.'));
      continue;
    }
    const state = settle(entry, result);
    const after = { ...entry, lastError: null, state };
    const reopenings = reopeningsOf(entry, behind(id));
    if (state.kind !== 'parked') done.push(after);
    else if (reopenings.length > 0) undone.push(after);
    else parked.push({ entry: after, parked: state });
    // A console does not take back what it did not decide (docs/behaviour.md 8.4.6).
    if (result.status === 'applied') followers.push(...reopenings.map((each) => startingFrom(each, after)));
    else undone.push(...reopenings);
  }
  return { done, parked, silent, undone, followers };
}

function startingFrom(reopening: QueuedOperation, { state }: QueuedOperation): QueuedOperation {
  const review = state.kind === 'done' ? state.entity : null;
  if (!isReview(review)) return reopening;
  return { ...reopening, operation: { ...reopening.operation, baseVersion: review.version }, base: review };
}
