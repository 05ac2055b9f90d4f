import { cidrContains, parseAddress, parseCidr, type Cidr } from '#shared/ip/index';
import { RangeMatcher } from '../enforcement/matcher';
import type { RangeRow } from '../storage/repositories/ranges';
import { matchRangeOf, type StandingReview } from './policy';
import type { PolicyWrite } from './policy-write';

/** Whether the range now decides about the review's address and key, unless a longer one did already. */
const decidesAbout = (write: PolicyWrite, range: RangeRow, cidr: Cidr, review: StandingReview): boolean => {
  if (range.key_id !== null && range.key_id !== review.keyId) return false;
  const parsed = parseAddress(review.ip);
  if (!parsed.ok || !cidrContains(cidr, parsed.address)) return false;
  write.touchesQuestion?.();
  const stronger = write.policy.match(parsed.address, review.keyId, write.now);
  return stronger === undefined || stronger.cidr.prefixLength <= cidr.prefixLength;
};

/** Answers one question by the range, which the answer to the review `answered` brings, if one does. */
const settle = async (
  write: PolicyWrite,
  range: RangeRow,
  review: StandingReview,
  answered: string | null,
): Promise<void> => {
  const { tx, policy } = write;
  if (review.status === 'pending') {
    await tx.reviews.decide(
      policy.id,
      review.id,
      {
        status: 'superseded',
        decidedBy: write.author.actor.name,
        decidedAt: write.now,
        rangeId: range.id,
        settledBy: answered,
      },
      await write.seq(),
    );
  } else {
    if (range.effect === 'deny') return;
    await tx.reviews.endStanding(policy.id, review.id, answered, await write.seq());
  }
  write.afterCommit(() => policy.dropStandingReview(review));
};

/**
 * Settles the questions that a new range answers by itself: pending reviews are superseded (the next call is decided
 * by the range), and denials end where the range authorizes, so that the address is a new question if the range goes.
 * `answered` is the review whose answer brings the range, if one does: it is settled by itself, and the others by it.
 */
export const settleStandingReviews = async (
  write: PolicyWrite,
  range: RangeRow,
  answered: string | null = null,
): Promise<void> => {
  const cidr = parseCidr(range.cidr);
  if (cidr === undefined) throw new Error(`range ${range.id} has the unreadable text "${range.cidr}"`);
  for (const review of write.policy.standingReviews()) {
    if (review.id === answered || !decidesAbout(write, range, cidr, review)) continue;
    await settle(write, range, review, answered);
    await write.breathe();
  }
};

/** The same for many new ranges at once: one look at each question, however many the ranges are. */
export const settleStandingReviewsBy = async (
  write: PolicyWrite,
  ranges: readonly RangeRow[],
): Promise<void> => {
  const reviews = ranges.length === 0 ? [] : write.policy.standingReviews();
  if (reviews.length === 0) return;
  const added = new RangeMatcher();
  for (const row of ranges) added.set(matchRangeOf(row));
  const rows = new Map(ranges.map((row) => [row.id, row]));
  for (const review of reviews) {
    const parsed = parseAddress(review.ip);
    const longest = parsed.ok ? added.match(parsed.address, review.keyId, write.now) : undefined;
    const range = longest === undefined ? undefined : rows.get(longest.id);
    if (longest !== undefined && range !== undefined && decidesAbout(write, range, longest.cidr, review)) {
      await settle(write, range, review, null);
    }
    await write.breathe();
  }
};
