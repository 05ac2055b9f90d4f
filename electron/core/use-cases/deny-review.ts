import type { z } from 'zod';
import type { denyReviewBody } from '#shared/api/bodies';
import { alreadyDecided } from '#shared/domain/answer-review';
import type { Review } from '#shared/domain/entities';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { asFailure, planDeny } from '../outbox/plan-operation';
import { isoTime } from '../text';
import type { CoreContext, OperationContext } from './context';
import { outboxAccess, enqueue } from './outbox-access';
import { takeCurrentReview } from './review-conflict';

export type Denied =
  | { readonly kind: 'queued'; readonly operationId: string; readonly review: Review }
  | {
      readonly kind: 'done';
      readonly review: Review;
      /** The key's new secret. Only this answer contains it. */
      readonly secret: string | null;
      readonly enforcedAt: string;
    };

type DenyContext = OperationContext & Pick<CoreContext, 'connections'>;
type DenyRequest = z.output<typeof denyReviewBody> & { readonly reviewId: string };

/** Denies the address of a review. With a new secret for the key it needs the service at once. */
export async function denyReview(core: DenyContext, request: DenyRequest): Promise<Outcome<Denied>> {
  return request.rotateKey ? denyAndRotate(core, request) : denyLater(core, request);
}

function denyLater(core: DenyContext, request: DenyRequest): Outcome<Denied> {
  const access = outboxAccess(core);
  if (!access.ok) return access;
  const planned = planDeny(access.value.planning, request);
  if (!planned.ok) return planned;
  const [operationId] = enqueue(core, access.value, planned.value);
  const review = core.replica.view.review(request.reviewId);
  if (operationId === null || operationId === undefined || review === undefined) {
    return failed({ kind: 'internal', message: 'The answer was not taken in.' });
  }
  return succeeded({ kind: 'queued', operationId, review });
}

/** The secret has to reach a person at once, so this does not use the outbox. */
async function denyAndRotate(core: DenyContext, request: DenyRequest): Promise<Outcome<Denied>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const shown = core.replica.view.review(request.reviewId);
  if (shown !== undefined && shown.status !== 'pending') return asFailure(alreadyDecided(shown));
  const { client, accountId } = session.value;
  const { reviewId, ...body } = request;
  const answer = await client.call('denyReview', { params: { id: reviewId }, body });
  if (!answer.ok) {
    takeCurrentReview(core.replica, accountId, answer.failure);
    return answer;
  }
  const { review, range, key, secret } = answer.value;
  core.replica.applyWritten(accountId, {
    reviews: [review],
    ranges: range === undefined ? [] : [range],
    keys: key === undefined ? [] : [key],
  });
  return succeeded({
    kind: 'done',
    review,
    secret: secret ?? null,
    enforcedAt: review.decidedAt ?? isoTime(core.clock.now()),
  });
}
