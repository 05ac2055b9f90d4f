import type { Operation } from '#shared/api/routes-operations';
import { formatCidr, hostCidrOf } from '#shared/ip/index';
import type { RangeRow } from '../storage/repositories/ranges';
import { reviewOf, type NamedReviewRow } from '../storage/repositories/reviews';
import type { PolicyWrite } from './policy-write';
import { addressOf, cidrInScope } from './reviews';

const MS_PER_SECOND = 1000;

type Answer = Extract<Operation, { type: 'review.authorize' | 'review.deny' }>;

/** The range that the answer left, if it still holds. */
const rangeThatHolds = async (write: PolicyWrite, row: NamedReviewRow): Promise<RangeRow | undefined> => {
  const range = row.range_id === null ? undefined : await write.tx.ranges.get(write.policy.id, row.range_id);
  const isExpired = range !== undefined && range.expires_at !== null && range.expires_at <= write.now;
  return isExpired ? undefined : range;
};

const isDeniedAlike = async (
  write: PolicyWrite,
  row: NamedReviewRow,
  { addDenyRange }: Extract<Answer, { type: 'review.deny' }>,
): Promise<boolean> => {
  if (row.status !== 'denied') return false;
  if (!addDenyRange) return true;
  const range = await rangeThatHolds(write, row);
  return range?.effect === 'deny' && range.cidr === formatCidr(hostCidrOf(addressOf(row)));
};

const isAuthorizedAlike = async (
  write: PolicyWrite,
  row: NamedReviewRow,
  { scope, thisKeyOnly, durationSeconds }: Extract<Answer, { type: 'review.authorize' }>,
): Promise<boolean> => {
  if (row.status !== 'authorized') return false;
  const range = await rangeThatHolds(write, row);
  if (range?.effect !== 'authorize' || range.key_id !== (thisKeyOnly ? row.key_id : null)) return false;
  if (range.cidr !== formatCidr(cidrInScope(write, row, scope))) return false;
  return durationSeconds === undefined || row.decided_at === null
    ? range.expires_at === null
    : range.expires_at === row.decided_at + durationSeconds * MS_PER_SECOND;
};

/**
 * The review, where somebody has given the very same answer already and its result holds: two people who agree are in no
 * conflict. A note of one's own that is not theirs would be lost, so it makes another answer.
 */
export const answeredAlike = async (write: PolicyWrite, answer: Answer) => {
  const row = await write.tx.reviews.get(write.policy.id, answer.reviewId);
  const { note = '' } = answer;
  if (row === undefined || (note !== '' && note !== row.note)) return undefined;
  const isAlike =
    answer.type === 'review.deny' ? isDeniedAlike(write, row, answer) : isAuthorizedAlike(write, row, answer);
  return (await isAlike) ? reviewOf(row) : undefined;
};
