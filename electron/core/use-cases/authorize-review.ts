import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import { planAuthorize } from '../outbox/plan-operation';
import type { OperationContext } from './context';
import { planAndQueue } from './outbox-access';

/** Authorizes the address of a review. The service assigns the id of the range. */
export function authorizeReview(
  core: OperationContext,
  request: CallRequest<'reviews', 'authorize'>,
): Outcome<CallResponse<'reviews', 'authorize'>> {
  const queued = planAndQueue(core, (planning) => planAuthorize(planning, request));
  if (!queued.ok) return queued;
  const [operationId = null] = queued.value.ids;
  const { view } = core.replica;
  const review = view.review(request.reviewId);
  const range = view.range(review?.rangeId ?? '');
  if (operationId === null || review === undefined || range === undefined) {
    return failed({ kind: 'internal', message: t('refusals.answerNotTakenIn') });
  }
  return succeeded({ operationId, review, range });
}
