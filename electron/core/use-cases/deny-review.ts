import type { z } from 'zod';
import type { denyReviewBody } from '#shared/api/bodies';
import type { Review } from '#shared/domain/entities';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { isoTime } from '../text';
import type { CoreContext } from './context';
import { takeCurrentReview } from './review-conflict';

export interface Denied {
  readonly review: Review;
  /** The key's new secret, when it was rotated. It is in this answer and nowhere else. */
  readonly secret: string | null;
  readonly enforcedAt: string;
}

/** Keeps the address of a question out; if asked to, with a new secret for the key. */
export async function denyReview(
  core: CoreContext,
  request: z.output<typeof denyReviewBody> & { readonly reviewId: string },
): Promise<Outcome<Denied>> {
  const session = core.connections.session();
  if (!session.ok) return session;
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
    review,
    secret: secret ?? null,
    enforcedAt: review.decidedAt ?? isoTime(core.clock.now()),
  });
}
