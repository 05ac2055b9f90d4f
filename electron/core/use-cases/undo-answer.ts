import { alreadyDecided } from '#shared/domain/answer-review';
import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { type QueuedOperation, isAnswer, isReview } from '../outbox/queued-operation';
import { asFailure, planReopen } from '../outbox/plan-operation';
import type { OperationContext } from './context';
import { outboxAccess } from './outbox-access';

/**
 * Reopens an answered review: removes the operation if the service cannot have it, else queues an opposite one and returns
 * its id. Does nothing if the review is open.
 */
export function undoAnswer(
  core: OperationContext,
  { reviewId, operationId }: CallRequest<'reviews', 'undo'>,
): Outcome<CallResponse<'reviews', 'undo'>> {
  const access = outboxAccess(core);
  if (!access.ok) return access;
  const { outbox, planning } = access.value;
  const answer = operationId === null ? undefined : outbox.get(operationId);
  const isOwn = answer !== undefined && answers(answer, reviewId) && !outbox.isOthers(answer);
  if (isOwn && outbox.undo(answer.operation.id)) {
    return succeeded({ operationId: null });
  }
  const { view } = planning;
  const review = view.review(reviewId);
  // Somebody else's answer has replaced the person's.
  if (operationId !== null && review !== undefined && review.decidedBy !== null) {
    if (review.decidedBy !== view.account?.me.email) return asFailure(alreadyDecided(review));
  }
  const acknowledged = answer?.state.kind === 'done' ? answer.state.entity : null;
  const planned = planReopen(planning, reviewId, isReview(acknowledged) ? acknowledged : null);
  if (!planned.ok) return planned;
  const [queuedId = null] = outbox.enqueue(planned.value, core.clock.now());
  return succeeded({ operationId: queuedId });
}

function answers({ operation }: QueuedOperation, reviewId: string): boolean {
  return isAnswer(operation) && operation.reviewId === reviewId;
}
