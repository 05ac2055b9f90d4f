import type { Review } from '#shared/domain/entities';
import { addressRangeOf } from '#shared/domain/address-range';
import { decidingRange } from '#shared/domain/deciding-range';
import { reviewSubject } from '#shared/domain/review-subject';
import { hostCidrOf } from '#shared/ip/index';
import type { MatchRange } from '../enforcement/matcher';
import { rangeOf, type RangeRow } from '../storage/repositories/ranges';
import { reviewOf, type NamedReviewRow, type ReviewRow } from '../storage/repositories/reviews';
import type { Author, ServiceContext } from './context';
import { standingReviewOf } from './policy';
import { writePolicy, type PolicyWrite } from './policy-write';
import { deleteRange } from './range-edits';
import { Refusal } from './refusal';
import { addressOf, alreadyDecided, requireReview } from './reviews';

/** What taking an answer back came to. */
export interface Reopened {
  /** The question as it stands then; where the same was asked anew meanwhile, that one. */
  readonly review: Review;
  /** False where it was open already: nothing was done. */
  readonly changed: boolean;
}

/**
 * The range that the answer added, if it still is there.
 * @throws Refusal `stale` when somebody has changed it since.
 */
const requireMadeRange = async (write: PolicyWrite, review: ReviewRow): Promise<RangeRow | undefined> => {
  if (review.made_range === 0 || review.range_id === null) return undefined;
  const range = await write.tx.ranges.get(write.policy.id, review.range_id);
  if (range !== undefined && range.version > 1) {
    throw new Refusal('stale', `The range ${range.cidr}, which the answer added, was changed since.`, {
      current: rangeOf(range),
    });
  }
  return range;
};

/** Whether another address of its /64 was asked about later and denied. */
const wasDeniedLater = async (write: PolicyWrite, review: ReviewRow): Promise<boolean> => {
  const span = addressRangeOf(reviewSubject(review.ip));
  return span !== null && write.tx.reviews.wasDeniedLater(review, span);
};

/** The range that decides about the review's address and key without the one that goes, if one does. */
const decidingWithout = (
  { policy, now }: PolicyWrite,
  review: ReviewRow,
  removed: RangeRow | undefined,
): MatchRange | undefined => {
  const host = hostCidrOf(addressOf(review));
  const ranges = policy.ranges.covering(host).filter(({ id }) => id !== removed?.id);
  return decidingRange(ranges, host, review.key_id, now);
};

const openAgain = async (write: PolicyWrite, row: ReviewRow): Promise<void> => {
  const { tx, policy } = write;
  await tx.mail.tellAfterAll(row.id, row.decided_at ?? row.last_at, write.now);
  await tx.reviews.reopen(policy.id, row.id, await write.seq());
  write.afterCommit(() => policy.setStandingReview(standingReviewOf({ ...row, status: 'pending' })));
};

/**
 * The question is open again; where another range answers it by itself meanwhile, or another address of its /64 was asked about
 * later, it is superseded by that. A console foretells it from what it knows, which is not whether a denial still stands.
 */
const reopen = async (
  write: PolicyWrite,
  row: NamedReviewRow,
  removed: RangeRow | undefined,
  isAskedElsewhere: boolean,
): Promise<Review> => {
  const { tx, policy } = write;
  const deciding = decidingWithout(write, row, removed);
  if (deciding === undefined && !isAskedElsewhere) await openAgain(write, row);
  else {
    await tx.reviews.decide(
      policy.id,
      row.id,
      {
        status: 'superseded',
        decidedBy: write.author.actor.name,
        decidedAt: write.now,
        rangeId: deciding?.id ?? null,
      },
      await write.seq(),
    );
    write.afterCommit(() => {
      const standing = policy.standingReview(row.ip, row.key_id);
      if (standing?.id === row.id) policy.dropStandingReview(standing);
    });
  }
  const review = reviewOf(await requireReview(write, row.id));
  await write.audit({ action: 'review.reopened', target: row.id, before: reviewOf(row), after: review });
  return review;
};

/** Another question that the answer settled stands as before, unless something else has come in its place. */
const unsettle = async (write: PolicyWrite, row: ReviewRow, removed: RangeRow | undefined): Promise<void> => {
  const { tx, policy } = write;
  if (policy.standingReview(row.ip, row.key_id) !== undefined) return;
  if (decidingWithout(write, row, removed) !== undefined) return;
  if (row.status === 'superseded') {
    if (!(await wasDeniedLater(write, row))) await openAgain(write, row);
    return;
  }
  await tx.reviews.standAgain(policy.id, row.id, await write.seq());
  write.afterCommit(() => policy.setStandingReview(standingReviewOf({ ...row, status: 'denied' })));
};

/**
 * Takes an answer back: the question is open again, the range that the answer added is gone with everything that it
 * vouched for, and the other questions that the answer settled stand as before. A rotated key stays rotated, and what
 * others have done since stays done.
 *
 * @throws Refusal `already_decided` when it was no answer that settled the question, or when the same question was asked
 *   anew and denied; `stale` when the review is not in `expectedVersion`, or the added range was changed.
 */
export const reopenReviewWithin = async (
  write: PolicyWrite,
  reviewId: string,
  expectedVersion: number | undefined,
): Promise<Reopened> => {
  const { tx, policy } = write;
  const row = await requireReview(write, reviewId);
  if (row.status === 'pending') return { review: reviewOf(row), changed: false };
  if (row.status !== 'authorized' && row.status !== 'denied') throw alreadyDecided(row);
  const known = policy.standingReview(row.ip, row.key_id);
  const standing = known?.id === row.id ? undefined : known;
  if (standing?.ip === row.ip) {
    const other = await requireReview(write, standing.id);
    if (other.status !== 'pending') throw alreadyDecided(other);
    return { review: reviewOf(other), changed: false };
  }
  if (expectedVersion !== undefined && row.version !== expectedVersion) {
    throw new Refusal('stale', 'The question was answered anew by somebody else.', {
      field: 'if-match',
      current: reviewOf(row),
    });
  }
  const made = await requireMadeRange(write, row);
  if (made !== undefined) await deleteRange(write, made);
  const review = await reopen(write, row, made, standing !== undefined || (await wasDeniedLater(write, row)));
  for (const settled of await tx.reviews.settledBy(policy.id, row.id)) {
    await unsettle(write, settled, made);
    await write.breathe();
  }
  await tx.reviews.settleForGood(policy.id, row.id);
  return { review, changed: true };
};

export const reopenReview = async (
  context: ServiceContext,
  author: Author,
  reviewId: string,
  expectedVersion: number | undefined,
): Promise<{ review: Review }> => {
  const { review } = await writePolicy(context, author, (write) =>
    reopenReviewWithin(write, reviewId, expectedVersion),
  );
  return { review };
};
