import { t } from '../i18n/t';
import { alreadyDecided, knownReview } from './answer-review';
import { cidrOfRange, decidingRange, type DecidingRange } from './deciding-range';
import type { Range, Review } from './entities';
import {
  type AnswerFacts,
  type ChangeOf,
  type MirrorView,
  NO_EFFECT,
  type OperationContext,
  type PolicyOutcome,
  type PolicyView,
  refused,
  type ReviewChange,
} from './policy-state';
import { reviewSubject } from './review-subject';
import { hostOf, supersededBy } from './settle-reviews';

/** Returns true if a person has answered the review, so that the answer can be taken back. */
export function isAnswered({ status }: Review): boolean {
  return status === 'authorized' || status === 'denied';
}

/**
 * Takes an answer back (docs/behaviour.md 1.8.5): the review is pending again, the range that the answer added is removed, and
 * the other reviews that it settled are as before. A rotated key and later changes of others stay. If this review, or a newer one
 * of the same address, is pending already, there is no effect but `openReview`.
 */
export function reopenReview(
  view: PolicyView,
  { reviewId, baseVersion }: ChangeOf<'review.reopen'>,
  context: OperationContext,
): PolicyOutcome {
  const review = knownReview(view, reviewId);
  if ('refusal' in review) return review;
  if (review.status === 'pending') return { ...NO_EFFECT, openReview: review };
  if (!isAnswered(review)) return alreadyDecided(review);
  const { madeRange, active, wasDeniedLater, settled } = view.answerFacts(review);
  if (active?.ip === review.ip) {
    return active.status === 'pending' ? { ...NO_EFFECT, openReview: active } : alreadyDecided(active);
  }
  if (baseVersion !== undefined && review.version !== baseVersion) {
    return refused('stale', t('refusals.answeredAnew'), {
      field: 'if-match',
      current: review,
    });
  }
  if (madeRange !== undefined && madeRange.version > 1) {
    const message = t('refusals.answerRangeChanged', { cidr: madeRange.cidr });
    return refused('stale', message, { current: madeRange });
  }
  // Everything that matters here lies in the network of the range of the answer.
  const answering = review.rangeId === null ? undefined : view.range(review.rangeId);
  const rangesAbout = view.rangesAbout(answering && cidrOfRange(answering), madeRange?.id);
  const deciding = (about: Review): DecidingRange | undefined => {
    const host = hostOf(about);
    return host && decidingRange(rangesAbout(host), host, about.keyId, context.now);
  };
  const now = deciding(review);
  const isOpen = now === undefined && active === undefined && !wasDeniedLater;
  const change = isOpen ? openedAgain(review) : supersededBy(review, now?.id ?? null, context);
  const toRestore = settled
    .filter((other) => !other.isAskedAnew && deciding(other.review) === undefined)
    .map((other) => other.review);
  return {
    ...NO_EFFECT,
    removed: madeRange === undefined ? [] : [madeRange],
    reviews: [
      { ...change, action: 'review.reopened' },
      ...toRestore.filter(({ status }) => status === 'superseded').map(openedAgain),
    ],
    restoredDenials: toRestore.filter(({ status }) => status !== 'superseded'),
  };
}

function openedAgain({ id, ip, keyId }: Review): ReviewChange {
  return { id, ip, keyId, status: 'pending', decidedBy: null, decidedAt: null, note: null, rangeId: null };
}

/** Returns what a console can derive about an answer from the entities that it mirrors. */
export function mirroredFacts(view: MirrorView, review: Review): AnswerFacts {
  // Many answers may be taken back at once, so subjects are only worked out for reviews of the same key.
  // Ids have the order in which reviews were opened. A console does not know whether a later denial still stands.
  const activeFor = ({ id, ip, keyId }: Review): Review | undefined => {
    const subject = reviewSubject(ip);
    for (const other of view.reviews()) {
      if (other.id === id || other.keyId !== keyId) continue;
      const isActive = other.status === 'pending' || (other.status === 'denied' && other.id > id);
      if (isActive && reviewSubject(other.ip) === subject) return other;
    }
    return undefined;
  };
  const settled =
    review.rangeId === null ? [] : [...view.reviews()].filter((other) => isSupersededBy(other, review));
  return {
    madeRange: rangeMadeBy(view, review),
    active: activeFor(review),
    wasDeniedLater: false,
    settled: settled.map((other) => ({ review: other, isAskedAnew: activeFor(other) !== undefined })),
  };
}

/** Returns the range that the answer added. A range that the answer only found is older than the answer. */
function rangeMadeBy(view: MirrorView, { rangeId, decidedAt }: Review): Range | undefined {
  const range = rangeId === null ? undefined : view.range(rangeId);
  if (range === undefined || range.createdAt !== decidedAt) return undefined;
  return range.source === 'approval' || range.source === 'denial' ? range : undefined;
}

function isSupersededBy(other: Review, { rangeId, decidedAt }: Review): boolean {
  return (
    other.status === 'superseded' &&
    rangeId !== null &&
    other.rangeId === rangeId &&
    other.decidedAt === decidedAt
  );
}
