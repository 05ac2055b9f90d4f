import type { OperationResult } from '#shared/api/routes-operations';
import { isUndecided } from '#shared/domain/outbox';
import { t } from '#shared/i18n/t';
import { type QueuedOperation, isAnswer, isReview } from './queued-operation';
import { settle } from './settle';

/** The effect of the service's results on the operations of a batch. */
export interface SettledBatch {
  readonly done: readonly QueuedOperation[];
  /** Conflicted, rejected or expired operations. */
  readonly undecided: readonly QueuedOperation[];
  /** Operations without a result, which wait again. */
  readonly silent: readonly QueuedOperation[];
  /** Reopenings with nothing left to take back, and answers that failed and were to be taken back anyway. */
  readonly undone: readonly QueuedOperation[];
  /** Reopenings of an answer that was applied, based on the review that the answer left. */
  readonly followers: readonly QueuedOperation[];
}

/** Returns the queued reopenings of an answer among the operations behind it. */
export function reopeningsOf(
  { operation }: QueuedOperation,
  behind: readonly QueuedOperation[],
): readonly QueuedOperation[] {
  return isAnswer(operation) ? behind.filter((queued) => queued.operation.type === 'review.reopen') : [];
}

export function waitingAgain(queued: QueuedOperation, lastError: string): QueuedOperation {
  return {
    ...queued,
    lastError,
    state: { kind: 'pending' },
  };
}

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
  const undecided: QueuedOperation[] = [];
  const silent: QueuedOperation[] = [];
  const undone: QueuedOperation[] = [];
  const followers: QueuedOperation[] = [];
  for (const queued of batch) {
    const { id } = queued.operation;
    const result = byId.get(id);
    if (result === undefined) {
      silent.push(waitingAgain(queued, t('refusals.notAnswered')));
      continue;
    }
    const after = { ...queued, lastError: null, state: settle(queued, result) };
    const reopenings = reopeningsOf(queued, behind(id));
    if (!isUndecided(after.state)) done.push(after);
    else if (reopenings.length > 0) undone.push(after);
    else undecided.push(after);
    // A console does not take back what it did not decide (docs/behaviour.md 8.4.6).
    if (result.status === 'applied') followers.push(...reopenings.map((each) => startingFrom(each, after)));
    else undone.push(...reopenings);
  }
  return { done, undecided, silent, undone, followers };
}

function startingFrom(reopening: QueuedOperation, { state }: QueuedOperation): QueuedOperation {
  const review = state.kind === 'done' ? state.entity : null;
  if (!isReview(review)) return reopening;
  return { ...reopening, operation: { ...reopening.operation, baseVersion: review.version }, base: review };
}
