import { formatCidr, subnetAround } from '#shared/ip/index';
import { opensReview } from '../enforcement/verdict';
import type { AttemptRow } from '../storage/repositories/attempts';
import type { WriteContext } from '../storage/writer';
import type { AttemptFacts } from './attempt-facts';

/** What a first sight became. */
export interface FirstSight {
  readonly attemptId: string;
  /** The question that the call belongs to, or null where there is none. */
  readonly reviewId: string | null;
}

/** Counts the call towards the question that stands, or asks a new one. */
const standingOrNewReview = async (
  write: WriteContext,
  facts: AttemptFacts,
  firstAt: number,
  opened: Map<string, string>,
): Promise<string | null> => {
  const { policy, ip, keyId } = facts;
  const question = `${policy.id} ${keyId} ${ip}`;
  const standingId = policy.standingReview(ip, keyId)?.id ?? opened.get(question);
  if (standingId !== undefined) {
    await write.tx.reviews.raiseCount(policy.id, standingId, 1, firstAt, await write.nextSeq(policy.id));
    return standingId;
  }
  // Authorized or denied between the verdict and this moment: the call was blocked, but there is nothing to ask.
  if (policy.match(facts.address, keyId, write.now) !== undefined) return null;
  const id = write.newId();
  await write.tx.reviews.insert({
    id,
    account_id: policy.id,
    ip,
    key_id: keyId,
    status: 'pending',
    reason: facts.reason,
    first_at: firstAt,
    last_at: firstAt,
    count: 1,
    score: null,
    evidence: '[]',
    suggested_cidr: formatCidr(subnetAround(facts.address, policy.grants)),
    country: null,
    asn: null,
    as_name: null,
    decided_by: null,
    decided_at: null,
    range_id: null,
    standing: 1,
    version: 1,
    changed_seq: await write.nextSeq(policy.id),
  });
  opened.set(question, id);
  write.afterCommit(() => policy.setStandingReview({ id, status: 'pending', ip, keyId }));
  return id;
};

/**
 * Writes the row of one first sight and, where the call asks an administrator, its question. `opened` holds the
 * questions of this write, which memory learns of only after the commit.
 */
export const writeFirstSight = async (
  write: WriteContext,
  facts: AttemptFacts,
  firstAt: number,
  opened: Map<string, string>,
): Promise<FirstSight> => {
  const reviewId = opensReview(facts.reason)
    ? await standingOrNewReview(write, facts, firstAt, opened)
    : null;
  const row: AttemptRow = {
    id: write.newId(),
    account_id: facts.policy.id,
    changed_seq: await write.nextSeq(facts.policy.id),
    ip: facts.ip,
    ip_sort: facts.ipSort,
    key_id: facts.keyId,
    verdict: facts.verdict,
    reason: facts.reason,
    range_id: facts.rangeId,
    review_id: reviewId,
    first_at: firstAt,
    last_at: firstAt,
    count: 1,
    method: facts.method,
    path: facts.path,
    user_agent: facts.userAgent,
    country: null,
    asn: null,
    as_name: null,
  };
  await write.tx.attempts.insert(row);
  return { attemptId: row.id, reviewId };
};
