import { firstAddress, formatCidr, sortableAddress, subnetAround, type Cidr } from '#shared/ip/index';
import type { Evidence } from '#shared/domain/entities';
import { MAX_OPEN_FOR_PROPOSAL } from '#shared/domain/proposal';
import { OVERFLOW_SIGNAL } from '#shared/domain/review-subject';
import { t } from '#shared/i18n/t';
import { addGrant, grantAround, noteLearningAttempt } from '../../policy/grants';
import { MAX_OPEN_REVIEWS, MAX_RANGES_OF_KEY } from '../../policy/policy';
import { proposeFor } from '../../trust/propose';
import { sightingOf } from '../../trust/sighting';
import { modeAt } from '../../enforcement/learning';
import { grantSourceOf, opensReview } from '../../enforcement/verdict';
import type { Geolocation } from '../../geo/geolocation';
import type { AttemptRow } from '../../storage/repositories/attempts';
import type { ReviewRow } from '../../storage/repositories/reviews';
import type { WriteContext } from '../../storage/writer';
import type { AttemptFacts } from '../../gate/call-log';
import type { FirstSeenRows } from './first-seen-rows';

/** What a row of the log has before it is written. */
export interface NewRow {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly firstAt: number;
}

/** The settings that decide whether a call gets a grant, and of which size. */
export interface GrantRules {
  readonly learningWindowMs: number;
  readonly trustedProxies: readonly Cidr[];
}

/** The outcome of a new row. */
export type FirstSeenOutcome =
  | {
      readonly kind: 'written';
      readonly attemptId: string;
      readonly reviewId: string | null;
      readonly rangeId: string | null;
    }
  /** `isFull` is true if the key has all the ranges that it may bring (docs/behaviour.md 1.5.5). */
  | { readonly kind: 'overtaken'; readonly isFull?: boolean };

/** The evidence of a key's last review, which counts the addresses beyond the limit (docs/behaviour.md 1.7.4). */
function overflowEvidence(): Evidence {
  return {
    signal: OVERFLOW_SIGNAL,
    weight: 0,
    detail: t('evidence.tooManyAddresses'),
    words: { text: 'tooManyAddresses', values: {} },
  };
}

/** Counts the call towards its active review, or opens a new one. Returns the review's id, or null if none is needed. */
async function activeOrNewReview(
  write: WriteContext,
  facts: AttemptFacts,
  geolocation: Geolocation,
  firstAt: number,
  rows: FirstSeenRows,
): Promise<string | null> {
  const { policy, ip, keyId } = facts;
  const countingId = rows.countTowards(facts, firstAt);
  if (countingId !== undefined) return countingId;
  // A range was added since the verdict: the call stays blocked, but nobody has anything left to review.
  if (policy.match(facts.address, keyId, write.now) !== undefined) return null;
  const id = write.newId();
  const open = rows.openReviews(facts);
  const isOverflow = open + 1 >= MAX_OPEN_REVIEWS && !rows.hasOverflowReview(facts);
  const isSuspicious = (facts.trust?.score ?? 0) < 0;
  const caller = { accountId: policy.id, keyId, ip, userAgent: facts.userAgent };
  const mayPropose = open < MAX_OPEN_FOR_PROPOSAL && !isSuspicious;
  const evidence = [...(facts.trust?.evidence ?? []), ...(isOverflow ? [overflowEvidence()] : [])];
  const review: ReviewRow = {
    id,
    account_id: policy.id,
    ip,
    ip_sort: facts.ipSort,
    key_id: keyId,
    address_count: 1,
    callers: '[]',
    overflow: isOverflow ? 1 : 0,
    status: 'pending',
    reason: facts.wouldBe ?? facts.reason,
    first_at: firstAt,
    last_at: firstAt,
    count: 1,
    score: facts.trust?.score ?? null,
    evidence: JSON.stringify(evidence),
    suggested_cidr: formatCidr(subnetAround(facts.address, policy.grants)),
    proposal: null,
    country: geolocation.country,
    region: geolocation.region ?? null,
    asn: geolocation.asn,
    as_name: geolocation.asName,
    decided_by: null,
    decided_at: null,
    note: null,
    range_id: null,
    made_range: 0,
    settled_by: null,
    active: 1,
    version: 1,
    changed_seq: await write.nextSeq(policy.id),
  };
  rows.addReview(review, facts, () =>
    mayPropose ? proposeFor(write.tx, caller, geolocation, write.now) : Promise.resolve(null),
  );
  write.afterCommit(() => policy.setActiveReview({ id, status: 'pending', ip, keyId, isOverflow }));
  return id;
}

/** Returns true if learning or the trust review would still let the call in at the time of the write. */
function grantStillHolds(write: WriteContext, facts: AttemptFacts, learningWindowMs: number): boolean {
  const { policy } = facts;
  const mode = modeAt(policy.mode, policy.learning, learningWindowMs, write.now);
  if (mode !== (facts.reason === 'learned' ? 'learning' : 'automatic')) return false;
  if (policy.match(facts.address, facts.keyId, write.now) !== undefined) return false;
  // A denial since the verdict is a veto for the trust review, but not for learning (docs/behaviour.md 1.4.3).
  return facts.reason === 'learned' || policy.activeReview(facts.ip, facts.keyId)?.status !== 'denied';
}

/** Returns true if the key may bring one more range, and counts that range after the commit. */
async function mayAddRange(write: WriteContext, { policy, keyId }: AttemptFacts): Promise<boolean> {
  const counted =
    policy.rangesOfKey(keyId) ?? (await write.tx.sightings.countRanges(policy.id, keyId, MAX_RANGES_OF_KEY));
  const mayAdd = counted < MAX_RANGES_OF_KEY;
  write.afterCommit(() => policy.addRangesOfKey(keyId, mayAdd ? 1 : 0, counted));
  return mayAdd;
}

/** Returns a row of one call that tells nothing of its caller. */
async function newRow(
  write: WriteContext,
  { policy, keyId, verdict, reason, wouldBe }: AttemptFacts,
  id: string,
  firstAt: number,
): Promise<Omit<AttemptRow, 'ip' | 'ip_sort'>> {
  return {
    id,
    account_id: policy.id,
    changed_seq: await write.nextSeq(policy.id),
    key_id: keyId,
    verdict,
    reason,
    would_be: wouldBe,
    range_id: null,
    review_id: null,
    first_at: firstAt,
    last_at: firstAt,
    count: 1,
    method: null,
    path: null,
    user_agent: null,
    country: null,
    asn: null,
    as_name: null,
  };
}

/** Adds what the trust review will know of a call that a range let in. */
function addSeen(
  rows: FirstSeenRows,
  facts: AttemptFacts,
  geolocation: Geolocation,
  rangeId: string,
  at: number,
): void {
  rows.addSighting(sightingOf(facts, geolocation, rangeId, at));
  const { keyId, fingerprint } = facts;
  if (fingerprint === null) return;
  rows.addFingerprint({ key_id: keyId, fingerprint, range_id: rangeId, first_at: at, last_at: at });
}

/** Adds the row of a call, with its grant (learning or the trust review let it in) or its review. */
export async function addFirstSeen(
  write: WriteContext,
  facts: AttemptFacts,
  geolocation: Geolocation,
  { id, firstAt }: NewRow,
  rows: FirstSeenRows,
  { learningWindowMs, trustedProxies }: GrantRules,
): Promise<FirstSeenOutcome> {
  const { policy } = facts;
  const grantSource = grantSourceOf(facts.reason);
  if (grantSource !== undefined && !grantStillHolds(write, facts, learningWindowMs)) {
    return { kind: 'overtaken' };
  }
  const cidr =
    grantSource === undefined ? undefined : grantAround(facts.address, policy.grants, trustedProxies);
  if (cidr !== undefined && !(await mayAddRange(write, facts))) return { kind: 'overtaken', isFull: true };
  const grant =
    grantSource === undefined || cidr === undefined
      ? undefined
      : await addGrant(write, policy, cidr, grantSource);
  if (grant === undefined && policy.mode === 'learning' && policy.learning.startedAt === null) {
    await noteLearningAttempt(write, policy);
  }
  const reviewId = opensReview(facts.reason)
    ? await activeOrNewReview(write, facts, geolocation, firstAt, rows)
    : null;
  const rangeId = grant?.id ?? facts.rangeId;
  const row: AttemptRow = {
    ...(await newRow(write, facts, id, firstAt)),
    ip: facts.ip,
    ip_sort: facts.ipSort,
    range_id: rangeId,
    review_id: reviewId,
    method: facts.method,
    path: facts.path,
    user_agent: facts.userAgent,
    country: geolocation.country,
    asn: geolocation.asn,
    as_name: geolocation.asName,
  };
  rows.addAttempt(row);
  if (facts.verdict === 'allowed' && rangeId !== null) {
    // A range that was removed or has expired since the verdict vouches for nothing. A grant of this transaction may have
    // taken the place of an expired range.
    const range = policy.ranges.get(rangeId);
    const isLive = range !== undefined && (range.expiresAt === null || range.expiresAt > write.now);
    if (grant !== undefined || isLive) addSeen(rows, facts, geolocation, rangeId, firstAt);
  }
  return { kind: 'written', attemptId: row.id, reviewId, rangeId };
}

/** Adds the row of a network in a flood. It stands for many callers, so that it holds nothing of the first one. */
export async function addNetworkRow(
  write: WriteContext,
  facts: AttemptFacts,
  network: Cidr,
  { id, firstAt }: NewRow,
  rows: FirstSeenRows,
): Promise<FirstSeenOutcome> {
  const row: AttemptRow = {
    ...(await newRow(write, facts, id, firstAt)),
    ip: formatCidr(network),
    ip_sort: sortableAddress(firstAddress(network)),
  };
  rows.addAttempt(row);
  return { kind: 'written', attemptId: row.id, reviewId: null, rangeId: null };
}
