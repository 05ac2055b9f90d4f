import { networkInScope } from '#shared/domain/answer-review';
import type { PolicyEntity } from '#shared/domain/outbox';
import type { Edit } from '#shared/ipc/outbox';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { isoTime } from '../text';
import { type QueuedOperation, isReview, type NewOperation } from './queued-operation';
import { asFailure, planOperation, type Planning } from './plan-operation';
import { keepMine } from './resolve';

/** Returns the operations that replace one that waits for a person, or the refusal that the service would give. */
export function planInstead(
  entry: QueuedOperation,
  edit: Edit,
  current: PolicyEntity | null,
  planning: Planning,
): Outcome<readonly NewOperation[]> {
  if (edit.type !== 'review.authorize' && edit.type !== 'review.deny') return planOperation(planning, edit);
  const review = isReview(current) && current.id === edit.reviewId ? current : null;
  if (review === null || review.status === 'pending') return planOperation(planning, edit);
  // A review is answered once (docs/behaviour.md 1.8.4), so this answer is kept like one that came second.
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
