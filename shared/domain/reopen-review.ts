import type { Operation } from '../api/routes-operations';
import type { Range, Review } from './entities';
import { NO_EFFECT, type OperationContext, type PolicyEffect, type PolicyView } from './policy-state';
import { reviewSubject } from './review-subject';
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
  const sameAsked = reviewsBySubject(view);
  const standing = standingElsewhere(sameAsked, review);
  if (standing?.ip === review.ip) return NO_EFFECT;
  const made = madeBy(view, review);
  if (made !== undefined && made.version > 1) return NO_EFFECT;
  // All that is about here lies in the network of the range that answered.
  const answering = view.range(review.rangeId ?? '');
  const network = answering === undefined ? undefined : networkOf(answering);
  const ranges = network === undefined ? [...view.ranges()] : rangesAround(view, network);
  const superseded = [...view.reviews()].filter(
    (other) =>
      isSupersededBy(other, review) &&
      standingElsewhere(sameAsked, other) === undefined &&
      decidingRange(ranges, other, context.now, made?.id) === undefined,
  );
  return {
    ranges: [],
    removedRangeIds: made === undefined ? [] : [made.id],
    reviews: [reopened(ranges, review, made, standing, context), ...superseded.map(openAgain)],
  };
}

const isAnswered = ({ status }: Review): boolean => status === 'authorized' || status === 'denied';

const subjectOf = ({ ip, keyId }: Review): string => `${keyId} ${reviewSubject(ip)}`;

/** The reviews of each address, or its /64, and key. */
function reviewsBySubject(view: PolicyView): ReadonlyMap<string, readonly Review[]> {
  const bySubject = new Map<string, Review[]>();
  for (const review of view.reviews()) {
    const subject = subjectOf(review);
    const known = bySubject.get(subject);
    if (known === undefined) bySubject.set(subject, [review]);
    else known.push(review);
  }
  return bySubject;
}

/** The review of the same address or /64 that was asked anew: it is open, or its denial holds. */
function standingElsewhere(
  sameAsked: ReadonlyMap<string, readonly Review[]>,
  review: Review,
): Review | undefined {
  return sameAsked.get(subjectOf(review))?.find((other) => {
    if (other.id === review.id) return false;
    // Ids have the order in which questions were asked.
    return other.status === 'pending' || (other.status === 'denied' && other.id > review.id);
  });
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

/**
 * Where another range answers the question by itself meanwhile, or another review stands for its /64, it is superseded by that
 * one.
 */
function reopened(
  ranges: readonly Range[],
  review: Review,
  made: Range | undefined,
  standing: Review | undefined,
  { now, author }: OperationContext,
): Review {
  const deciding = decidingRange(ranges, review, now, made?.id);
  if (deciding === undefined && standing === undefined) return openAgain(review);
  return {
    ...review,
    status: 'superseded',
    decidedBy: author,
    decidedAt: new Date(now).toISOString(),
    note: null,
    rangeId: deciding?.range.id ?? null,
    version: review.version + 1,
  };
}

const openAgain = (review: Review): Review => ({
  ...review,
  status: 'pending',
  decidedBy: null,
  decidedAt: null,
  note: null,
  rangeId: null,
  version: review.version + 1,
});
