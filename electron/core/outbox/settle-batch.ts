import type { OperationResult } from '#shared/api/routes-operations';
import { type QueuedOperation, isAnswer, isReview, type Parked } from './queued-operation';
import { settle } from './settle';

/** What the service's answers make of the edits that were sent. */
export interface SettledBatch {
  readonly done: readonly QueuedOperation[];
  readonly parked: readonly { readonly entry: QueuedOperation; readonly parked: Parked }[];
  /** Got no answer, and wait again. */
  readonly silent: readonly QueuedOperation[];
  /** Answers to questions that came to nothing and were taken back meanwhile, and what was to take them back. */
  readonly undone: readonly QueuedOperation[];
  /** What waits to take back an answer that was applied: it starts from what that has left. */
  readonly followers: readonly QueuedOperation[];
}

/** The edits that wait to take an answer back, of those behind it. */
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
 * Settles each edit by its answer, whatever the order of the answers. `behind` gives the edits behind one on the same
 * entity. Pure.
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
    // What this console did not decide is not this console's to take back.
    if (result.status === 'applied') followers.push(...reopenings.map((each) => startingFrom(each, after)));
    else undone.push(...reopenings);
  }
  return { done, parked, silent, undone, followers };
}

/** The reopening, made to start from the review as the answer has left it. */
function startingFrom(reopening: QueuedOperation, { state }: QueuedOperation): QueuedOperation {
  const review = state.kind === 'done' ? state.entity : null;
  if (!isReview(review)) return reopening;
  return { ...reopening, operation: { ...reopening.operation, baseVersion: review.version }, base: review };
}
