import type { z } from 'zod';
import type { authorizeReviewBody } from '#shared/api/bodies';
import type { Range, Review } from '#shared/domain/entities';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { isoTime } from '../text';
import type { CoreContext } from './context';
import { takeCurrentReview } from './review-conflict';

export interface Authorized {
  readonly review: Review;
  readonly range: Range;
  /** From when on the service lets the address in. */
  readonly enforcedAt: string;
}

/** Lets the address of a question in. */
export async function authorizeReview(
  core: CoreContext,
  request: z.output<typeof authorizeReviewBody> & { readonly reviewId: string },
): Promise<Outcome<Authorized>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const { client, accountId } = session.value;
  const { reviewId, ...body } = request;
  const answer = await client.call('authorizeReview', { params: { id: reviewId }, body });
  if (!answer.ok) {
    takeCurrentReview(core.replica, accountId, answer.failure);
    return answer;
  }
  const { review, range } = answer.value;
  core.replica.applyWritten(accountId, { reviews: [review], ranges: [range] });
  return succeeded({ review, range, enforcedAt: review.decidedAt ?? isoTime(core.clock.now()) });
}
