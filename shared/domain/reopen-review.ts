import type { Operation } from '../api/routes-operations';
import type { Range, Review } from './entities';
import { NO_EFFECT, type OperationContext, type PolicyEffect, type PolicyView } from './policy-state';
import { decidingRange, networkOf, rangesAround } from './settle-reviews';

/**
 * Takes an answer back, as the service would: the question is open again, the range that the answer added is gone, and
 * the questions that the answer superseded are open again too.
 */
export function reopenReview(
  view: PolicyView,
  { reviewId, baseVersion }: Extract<Operation, { type: 'review.reopen' }>,
  context: OperationContext,
): PolicyEffect {
  const review = view.review(reviewId);
  if (review === undefined || !isAnswered(review)) return NO_EFFECT;
  if (baseVersion !== undefined && review.version !== baseVersion) return NO_EFFECT;
  const sameAsked = reviewsByQuestion(view);
  if (standsElsewhere(sameAsked, review)) return NO_EFFECT;
  const made = madeBy(view, review);
  if (made !== undefined && made.version > 1) return NO_EFFECT;
  // All that is about here lies in the network of the range that answered.
  const answering = view.range(review.rangeId ?? '');
  const network = answering === undefined ? undefined : networkOf(answering);
  const ranges = network === undefined ? [...view.ranges()] : rangesAround(view, network);
  const superseded = [...view.reviews()].filter(
    (other) =>
      isSupersededBy(other, review) &&
      !standsElsewhere(sameAsked, other) &&
      decidingRange(ranges, other, context.now, made?.id) === undefined,
  );
  return {
    ranges: [],
    removedRangeIds: made === undefined ? [] : [made.id],
    reviews: [reopened(ranges, review, made, context), ...superseded.map(openAgain)],
  };
}

const isAnswered = ({ status }: Review): boolean => status === 'authorized' || status === 'denied';

const questionOf = ({ ip, keyId }: Review): string => `${keyId} ${ip}`;

/** The reviews of each address and key. */
function reviewsByQuestion(view: PolicyView): ReadonlyMap<string, readonly Review[]> {
  const byQuestion = new Map<string, Review[]>();
  for (const review of view.reviews()) {
    const known = byQuestion.get(questionOf(review));
    if (known === undefined) byQuestion.set(questionOf(review), [review]);
    else known.push(review);
  }
  return byQuestion;
}

/** Whether the same was asked anew: that question is open, or its denial holds. */
function standsElsewhere(sameAsked: ReadonlyMap<string, readonly Review[]>, review: Review): boolean {
  for (const other of sameAsked.get(questionOf(review)) ?? []) {
    if (other.id === review.id) continue;
    // Ids have the order in which questions were asked.
    if (other.status === 'pending' || (other.status === 'denied' && other.id > review.id)) return true;
  }
  return false;
}

/** The range that the answer added; what it only found there is older than it. The service knows it for sure. */
function madeBy(view: PolicyView, { rangeId, decidedAt }: Review): Range | undefined {
  const range = rangeId === null ? undefined : view.range(rangeId);
  if (range === undefined || range.createdAt !== decidedAt) return undefined;
  return range.source === 'approval' || range.source === 'denial' ? range : undefined;
}

const isSupersededBy = (other: Review, { rangeId, decidedAt }: Review): boolean =>
  other.status === 'superseded' &&
  rangeId !== null &&
  other.rangeId === rangeId &&
  other.decidedAt === decidedAt;

/** Where another range answers the question by itself meanwhile, it is superseded by that one. */
function reopened(
  ranges: readonly Range[],
  review: Review,
  made: Range | undefined,
  { now, author }: OperationContext,
): Review {
  const deciding = decidingRange(ranges, review, now, made?.id);
  if (deciding === undefined) return openAgain(review);
  return {
    ...review,
    status: 'superseded',
    decidedBy: author,
    decidedAt: new Date(now).toISOString(),
    rangeId: deciding.range.id,
    version: review.version + 1,
  };
}

const openAgain = (review: Review): Review => ({
  ...review,
  status: 'pending',
  decidedBy: null,
  decidedAt: null,
  rangeId: null,
  version: review.version + 1,
});
