import { addressRangeOf } from '#shared/domain/address-range';
import type { Review } from '#shared/domain/entities';
import { reviewAfter } from '#shared/domain/policy-state';
import { type AnswerFacts, reopenReview as ruleOfReopening } from '#shared/domain/reopen-review';
import { reviewSubject } from '#shared/domain/review-subject';
import type { NamedReviewRow, ReviewRow } from '../storage/repositories/reviews';
import type { Author, ServiceContext } from './context';
import { contextOf, LoadedPolicy, orRefuse, writeEffect } from './policy-effect';
import { writePolicy, type PolicyWrite } from './policy-write';

/** What taking an answer back came to. */
export interface Reopened {
  /** The question as it stands then; where the same was asked anew meanwhile, that one. */
  readonly review: Review;
  /** False where it was open already: nothing was done. */
  readonly changed: boolean;
}

/** Whether another address of its /64 was asked about later and denied. */
async function wasDeniedLater(write: PolicyWrite, review: ReviewRow): Promise<boolean> {
  const span = addressRangeOf(reviewSubject(review.ip));
  return span !== null && write.tx.reviews.wasDeniedLater(review, span);
}

/** Loads what has become of an answer, and what taking it back may change. */
async function loadFacts(write: PolicyWrite, view: LoadedPolicy, row: NamedReviewRow): Promise<AnswerFacts> {
  const { tx, policy } = write;
  if (row.range_id !== null) await view.loadRange(row.range_id);
  const known = policy.standingReview(row.ip, row.key_id);
  if (known !== undefined) await view.loadReview(known.id);
  const settled: AnswerFacts['settled'][number][] = [];
  for (const other of await tx.reviews.settledBy(policy.id, row.id)) {
    const isActive = policy.standingReview(other.ip, other.key_id) !== undefined;
    const isAskedAnew = isActive || (other.status === 'superseded' && (await wasDeniedLater(write, other)));
    const review = view.add({ ...other, key_name: policy.keys.get(other.key_id)?.name ?? '' });
    settled.push({ review, isAskedAnew });
    await write.breathe();
  }
  return {
    madeRange: row.made_range === 1 && row.range_id !== null ? view.range(row.range_id) : undefined,
    active: known === undefined || known.id === row.id ? undefined : view.review(known.id),
    wasDeniedLater: await wasDeniedLater(write, row),
    settled,
  };
}

/** Nothing is known of a review that is not there. */
const NO_FACTS: AnswerFacts = { madeRange: undefined, active: undefined, wasDeniedLater: false, settled: [] };

/**
 * Takes an answer back, with everything that the range of the answer vouched for.
 * @throws Refusal `already_decided` when it was no answer that settled the question, or when the same question was asked
 *   anew and denied; `stale` when the review is not in `baseVersion`, or the added range was changed.
 */
export async function reopenReviewWithin(
  write: PolicyWrite,
  reviewId: string,
  baseVersion: number | undefined,
): Promise<Reopened> {
  const view = new LoadedPolicy(write);
  const row = await view.loadReview(reviewId);
  const facts = row === undefined ? NO_FACTS : await loadFacts(write, view, row);
  const outcome = orRefuse(ruleOfReopening(view, { reviewId, baseVersion }, contextOf(write), () => facts));
  if (outcome.openReview !== undefined) return { review: outcome.openReview, changed: false };
  const [change] = outcome.reviews;
  const before = view.review(reviewId);
  if (change === undefined || before === undefined) throw new Error(`review ${reviewId} was not reopened`);
  await writeEffect(write, view, outcome);
  await write.tx.reviews.settleForGood(write.policy.id, reviewId);
  return { review: reviewAfter(before, change), changed: true };
}

export const reopenReview = async (
  context: ServiceContext,
  author: Author,
  reviewId: string,
  baseVersion: number | undefined,
): Promise<{ review: Review }> => {
  const { review } = await writePolicy(context, author, (write) =>
    reopenReviewWithin(write, reviewId, baseVersion),
  );
  return { review };
};
