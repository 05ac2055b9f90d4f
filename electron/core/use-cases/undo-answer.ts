import { type Outcome, succeeded } from '#shared/ipc/failure';
import { type Entry, isAnswer, isReview } from '../outbox/entry';
import { alreadyDecided, planReopen } from '../outbox/plan-edit';
import type { EditContext } from './context';
import { deskFor, queue } from './queue-edit';

interface UndoRequest {
  readonly reviewId: string;
  /** The edit that the answer was; null where it was none, because the service did it at once. */
  readonly operationId: string | null;
}

/**
 * Takes an answer back, so that its question is open again: without a trace where the service cannot have it, else with
 * another edit behind it, whose id this gives. Nothing is done where the question is open already.
 */
export function undoAnswer(
  core: EditContext,
  { reviewId, operationId }: UndoRequest,
): Outcome<{ readonly operationId: string | null }> {
  const desk = deskFor(core);
  if (!desk.ok) return desk;
  const { outbox, planning } = desk.value;
  const answer = operationId === null ? undefined : outbox.get(operationId);
  const isOwn = answer !== undefined && answers(answer, reviewId) && !outbox.isOthers(answer);
  if (isOwn && outbox.undo(answer.operation.id)) {
    return succeeded({ operationId: null });
  }
  const { view } = planning;
  const review = view.review(reviewId);
  // Somebody else's answer came after the one that is meant.
  if (operationId !== null && review !== undefined && review.decidedBy !== null) {
    if (review.decidedBy !== view.account?.me.email) return alreadyDecided(review);
  }
  const acknowledged = answer?.state.kind === 'done' ? answer.state.entity : null;
  const planned = planReopen(planning, reviewId, isReview(acknowledged) ? acknowledged : null);
  if (!planned.ok) return planned;
  const [queuedId = null] = queue(core, desk.value, planned.value);
  return succeeded({ operationId: queuedId });
}

function answers({ operation }: Entry, reviewId: string): boolean {
  return isAnswer(operation) && operation.reviewId === reviewId;
}
