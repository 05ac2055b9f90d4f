import { alreadyDecided } from '#shared/domain/answer-review';
import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import { isReview } from '../outbox/queued-operation';
import { asFailure, planDeny } from '../outbox/plan-operation';
import { isoTime } from '../text';
import type { CoreContext, OperationContext } from './context';
import { planAndQueue } from './outbox-access';

type DenyContext = OperationContext & Pick<CoreContext, 'connections'>;
type DenyRequest = CallRequest<'reviews', 'deny'>;
type Denied = Outcome<CallResponse<'reviews', 'deny'>>;

/** Denies the address of a review. With a new secret for the key it needs the service at once. */
export async function denyReview(core: DenyContext, request: DenyRequest): Promise<Denied> {
  return request.rotateKey ? denyAndRotate(core, request) : denyLater(core, request);
}

function denyLater(core: DenyContext, request: DenyRequest): Denied {
  const queued = planAndQueue(core, (planning) => planDeny(planning, request));
  if (!queued.ok) return queued;
  const [operationId = null] = queued.value.ids;
  const review = core.replica.view.review(request.reviewId);
  if (operationId === null || review === undefined) {
    return failed({ kind: 'internal', message: t('refusals.answerNotTakenIn') });
  }
  return succeeded({ kind: 'queued', operationId, review });
}

/** The secret has to reach a person at once, so this does not use the outbox. */
async function denyAndRotate(
  { connections, replica, clock }: DenyContext,
  request: DenyRequest,
): Promise<Denied> {
  const session = connections.session();
  if (!session.ok) return session;
  const shown = replica.view.review(request.reviewId);
  if (shown !== undefined && shown.status !== 'pending') return asFailure(alreadyDecided(shown));
  const { client, accountId } = session.value;
  const { reviewId, ...body } = request;
  const answer = await client.call('denyReview', { params: { id: reviewId }, body });
  if (!answer.ok) {
    const { failure } = answer;
    if (failure.kind === 'conflict' && isReview(failure.current)) {
      replica.applyWritten(accountId, { reviews: [failure.current] });
    }
    return answer;
  }
  const { review, range, key, secret } = answer.value;
  replica.applyWritten(accountId, {
    reviews: [review],
    ranges: range === undefined ? [] : [range],
    keys: key === undefined ? [] : [key],
  });
  return succeeded({
    kind: 'done',
    review,
    secret: secret ?? null,
    enforcedAt: review.decidedAt ?? isoTime(clock.now()),
  });
}
