import { networkInScope } from '#shared/domain/answer-review';
import type { PolicyEntity } from '#shared/domain/outbox';
import type { Edit } from '#shared/ipc/outbox';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { isoTime } from '../text';
import { type QueuedOperation, isReview, type NewOperation } from './queued-operation';
import { asFailure, planOperation, type Planning } from './plan-operation';
import { keepMine } from './resolve';

/** Another edit in the place of a parked one, on top of how its entity stands now, or why the service would refuse it. */
export function planInstead(
  entry: QueuedOperation,
  edit: Edit,
  current: PolicyEntity | null,
  planning: Planning,
): Outcome<readonly NewOperation[]> {
  if (edit.type !== 'review.authorize' && edit.type !== 'review.deny') return planOperation(planning, edit);
  const review = isReview(current) && current.id === edit.reviewId ? current : null;
  if (review === null || review.status === 'pending') return planOperation(planning, edit);
  // Answered elsewhere, and a question is answered once: this answer is kept as one that came second is.
  if (edit.type === 'review.authorize') {
    const network = networkInScope(review, edit.scope, planning.view.account);
    if ('refusal' in network) return asFailure(network);
  }
  const operation = { ...edit, id: planning.newId(), madeAt: isoTime(planning.nowMs) };
  const state = {
    kind: 'parked',
    reason: 'conflict',
    code: 'already_decided',
    detail: '',
    current: review,
  } as const;
  return succeeded(keepMine({ ...entry, operation, state }, review, planning));
}
