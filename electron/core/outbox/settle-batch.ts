import type { OperationResult } from '#shared/api/routes-operations';
import { type Entry, isAnswer, isReview, type Parked } from './entry';
import { settle } from './settle';

/** What the service's answers make of the edits that were sent. */
export interface SettledBatch {
  readonly done: readonly Entry[];
  readonly parked: readonly { readonly entry: Entry; readonly parked: Parked }[];
  /** Got no answer, and wait again. */
  readonly silent: readonly Entry[];
  /** Answers to questions that came to nothing and were taken back meanwhile, and what was to take them back. */
  readonly undone: readonly Entry[];
  /** What waits to take back an answer that was applied: it starts from what that has left. */
  readonly followers: readonly Entry[];
}

/** The edits that wait to take an answer back, of those behind it. */
export const reopeningsOf = ({ operation }: Entry, behind: readonly Entry[]): readonly Entry[] =>
  isAnswer(operation) ? behind.filter((entry) => entry.operation.type === 'review.reopen') : [];

export const waitingAgain = (entry: Entry, lastError: string): Entry => ({
  ...entry,
  lastError,
  state: { kind: 'pending' },
});

/**
 * Settles each edit by its answer, whatever the order of the answers. `behind` gives the edits behind one on the same
 * entity. Pure.
 */
export function settleBatch(
  batch: readonly Entry[],
  results: readonly OperationResult[],
  behind: (id: string) => readonly Entry[],
): SettledBatch {
  const byId = new Map(results.map((result) => [result.id, result]));
  const done: Entry[] = [];
  const parked: { entry: Entry; parked: Parked }[] = [];
  const silent: Entry[] = [];
  const undone: Entry[] = [];
  const followers: Entry[] = [];
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
function startingFrom(reopening: Entry, { state }: Entry): Entry {
  const review = state.kind === 'done' ? state.entity : null;
  if (!isReview(review)) return reopening;
  return { ...reopening, operation: { ...reopening.operation, baseVersion: review.version }, base: review };
}
