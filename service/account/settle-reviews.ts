import { cidrContains, parseAddress, parseCidr, type Cidr } from '#shared/ip/index';
import type { RangeRow } from '../storage/repositories/ranges';
import type { StandingReview } from './policy';
import type { PolicyWrite } from './policy-write';

/** Whether the range now decides about the review's address and key, unless a longer one did already. */
const decidesAbout = (write: PolicyWrite, range: RangeRow, cidr: Cidr, review: StandingReview): boolean => {
  if (range.key_id !== null && range.key_id !== review.keyId) return false;
  const parsed = parseAddress(review.ip);
  if (!parsed.ok || !cidrContains(cidr, parsed.address)) return false;
  const stronger = write.policy.match(parsed.address, review.keyId, write.now);
  return stronger === undefined || stronger.cidr.prefixLength <= cidr.prefixLength;
};

/**
 * Settles the questions that a new range answers by itself: pending reviews are superseded (the next call is decided
 * by the range), and denials end where the range authorizes, so that the address is a new question if the range goes.
 * Questions decided in the same write are named in `except`.
 */
export const settleStandingReviews = async (
  write: PolicyWrite,
  range: RangeRow,
  decidedBy: string,
  except: readonly string[] = [],
): Promise<void> => {
  const { tx, policy } = write;
  const cidr = parseCidr(range.cidr);
  if (cidr === undefined) throw new Error(`range ${range.id} has the unreadable text "${range.cidr}"`);
  for (const review of policy.standingReviews()) {
    if (except.includes(review.id) || !decidesAbout(write, range, cidr, review)) continue;
    if (review.status === 'pending') {
      await tx.reviews.decide(
        policy.id,
        review.id,
        { status: 'superseded', decidedBy, decidedAt: write.now, rangeId: range.id },
        await write.seq(),
      );
    } else {
      if (range.effect === 'deny') continue;
      await tx.reviews.endStanding(policy.id, review.id);
    }
    write.afterCommit(() => policy.dropStandingReview(review.ip, review.keyId));
  }
};
