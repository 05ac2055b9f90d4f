import type { z } from 'zod';
import type { authorizeReviewBody } from '#shared/api/bodies';
import type { Range, Review } from '#shared/domain/entities';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { planAuthorize } from '../outbox/plan-operation';
import type { OperationContext } from './context';
import { outboxAccess, enqueue } from './outbox-access';

export interface Authorized {
  readonly operationId: string;
  readonly review: Review;
  /** The service assigns the id. */
  readonly range: Range;
}

export function authorizeReview(
  core: OperationContext,
  request: z.output<typeof authorizeReviewBody> & { readonly reviewId: string },
): Outcome<Authorized> {
  const access = outboxAccess(core);
  if (!access.ok) return access;
  const planned = planAuthorize(access.value.planning, request);
  if (!planned.ok) return planned;
  const [operationId] = enqueue(core, access.value, planned.value);
  const { view } = core.replica;
  const review = view.review(request.reviewId);
  const range = view.range(review?.rangeId ?? '');
  if (operationId === null || operationId === undefined || review === undefined || range === undefined) {
    return failed({ kind: 'internal', message: 'The answer was not taken in.' });
  }
  return succeeded({ operationId, review, range });
}
