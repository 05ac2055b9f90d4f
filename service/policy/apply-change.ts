import { outcomeOf } from '#shared/domain/apply-operation';
import type { Range, Review } from '#shared/domain/entities';
import {
  type ActiveReview,
  type PolicyChange,
  type PolicyEffect,
  type Refused,
  type ReviewChange,
  reviewAfter,
  type RuleContext,
} from '#shared/domain/policy-state';
import { isOverflowReview } from '#shared/domain/review-subject';
import { decidesAbout, hostOf, supersededBy } from '#shared/domain/settle-reviews';
import { firstAddress, sortableAddress } from '#shared/ip/index';
import { epochMsOf } from '../runtime/clock';
import type { RangeMatcher } from '../enforcement/matcher';
import type { Author } from './context';
import { type ChangeContext, lookAhead } from './impact';
import { LoadedPolicy } from './loaded-policy';
import type { SourceRow } from '../storage/repositories/sources';
import type { PolicyReview } from './policy';
import { writePolicy, type PolicyWrite } from './policy-write';
import { deleteRange, insertRanges, updateRange } from './range-edits';
import { Refusal } from './refusal';
import { writeSighting } from '../trust/sighting';
import { yieldToEventLoop } from '../runtime/yield-to-event-loop';

export function contextOf({ now, author, newId }: PolicyWrite): RuleContext {
  return { now, author: author.actor.name, newRangeId: () => newId() };
}

function isRefused(outcome: object): outcome is Refused {
  return 'refusal' in outcome;
}

/** Returns the outcome, unless the rule refused. @throws Refusal */
export function orRefuse<T extends object>(outcome: T | Refused): T {
  if (!isRefused(outcome)) return outcome;
  const { code, message, ...details } = outcome.refusal;
  throw new Refusal(code, message, details);
}

/** The result of a change of policy. */
export interface Applied {
  /** Added and changed ranges. */
  readonly ranges: readonly Range[];
  /** The review that the change is about, after the change; the active one if the same was asked anew. */
  readonly review: Review | undefined;
  /** The range that now answers the review. */
  readonly answer: Range | undefined;
  /** False if nothing was left to do. */
  readonly isChanged: boolean;
}

/** Makes a change of policy as the rule says. @throws Refusal if the rule refuses. */
export async function applyWithin(write: PolicyWrite, change: PolicyChange): Promise<Applied> {
  const view = new LoadedPolicy(write);
  await view.load(change);
  const effect = orRefuse(outcomeOf(view, change, contextOf(write)));
  await writeEffect(write, view, effect);
  const about = aboutOf(effect);
  const before = about && view.review(about.id);
  const review = before && reviewAfter(before, about);
  const [added] = effect.ranges;
  if (change.type === 'review.reopen' && review !== undefined) {
    // A later answer to this review must not bring back what the earlier one settled.
    await write.tx.reviews.settleForGood(write.policy.id, review.id);
  }
  // Only an added range vouches: one that was there before has its own calls, and reopening must take the vouching back.
  if (change.type === 'review.authorize' && review !== undefined && added !== undefined) {
    await vouchFor(write, review, added.id);
  }
  return {
    ranges: effect.ranges,
    review: effect.openReview ?? review,
    answer: added ?? view.range(about?.rangeId ?? ''),
    isChanged: effect.openReview === undefined,
  };
}

/** Returns the review that an effect is about. */
function aboutOf({ reviews }: PolicyEffect): ReviewChange | undefined {
  return reviews.find(({ action }) => action !== undefined);
}

/**
 * Makes one change of policy in a transaction of its own.
 * @throws Refusal if the rule refuses, or `would_block` (docs/behaviour.md 1.15).
 */
export async function applyChange(
  context: ChangeContext,
  author: Author,
  change: PolicyChange,
): Promise<Applied> {
  await lookAhead(context, author, change);
  return writePolicy(context, author, (write) => applyWithin(write, change));
}

/** Tells the trust review that a person let the address in, as if a call had been let in (docs/behaviour.md 1.6.3). */
async function vouchFor(write: PolicyWrite, review: Review, rangeId: string): Promise<void> {
  const { tx, policy, now } = write;
  const host = hostOf(review);
  if (host === undefined) return;
  const { keyId, country, region, asn, asName } = review;
  const address = firstAddress(host);
  const userAgent = await tx.attempts.newestAgent(policy.id, keyId, sortableAddress(address));
  const geolocation = { country, asn, asName, ...(region !== null && { region }) };
  await writeSighting(write, { policy, keyId, address, userAgent }, geolocation, rangeId, now);
}

/** Writes the rows, the audit trail and the feed; memory follows after the commit. */
export async function writeEffect(
  write: PolicyWrite,
  view: LoadedPolicy,
  effect: PolicyEffect,
): Promise<void> {
  const { tx, policy } = write;
  if (effect.mode !== undefined || effect.reportOnly !== undefined) await writeMode(write, view, effect);
  for (const range of effect.removed) await deleteRange(write, range);
  const added: Range[] = [];
  for (const range of effect.ranges) {
    const before = view.range(range.id);
    if (before === undefined) added.push(range);
    else await updateRange(write, before, range);
  }
  await insertRanges(write, added);
  // The other reviews are settled by the answer to this one.
  const about = aboutOf(effect);
  for (const change of effect.reviews) {
    const before = view.review(change.id);
    const isMade = change === about && added.some(({ id }) => id === change.rangeId);
    await writeReview(write, change, before, isMade, change === about ? null : (about?.id ?? null));
  }
  for (const denial of effect.endedDenials) await endDenial(write, denial, about?.id ?? null);
  for (const denial of effect.restoredDenials) {
    await tx.reviews.restoreDenial(policy.id, denial.id, await write.seq());
    setActive(write, { ...denial, status: 'denied' }, view.review(denial.id));
  }
}

async function writeMode(
  write: PolicyWrite,
  { account }: LoadedPolicy,
  { mode, reportOnly }: PolicyEffect,
): Promise<void> {
  const { tx, policy } = write;
  if (mode !== undefined) await tx.accounts.setMode(policy.id, mode);
  if (reportOnly !== undefined) await tx.accounts.setReportOnly(policy.id, reportOnly);
  const before = { mode: account.mode, ...(reportOnly !== undefined && { reportOnly: account.reportOnly }) };
  const after = { mode: mode ?? account.mode, ...(reportOnly !== undefined && { reportOnly }) };
  await write.audit({ action: 'mode.set', target: policy.id, before, after });
  write.afterCommit(() => {
    if (reportOnly !== undefined) policy.reportOnly = reportOnly;
    if (mode === undefined) return;
    policy.mode = mode;
    policy.learning = { startedAt: null, lastNewAddressAt: null };
  });
}

/**
 * @param before the review before the change; needed only if the review is reopened or audited.
 * @param isRangeMade true if the answer added the range that it names.
 * @param settledBy id of the review whose answer causes the change.
 */
async function writeReview(
  write: PolicyWrite,
  change: ReviewChange,
  before: Review | undefined,
  isRangeMade: boolean,
  settledBy: string | null,
): Promise<void> {
  const { tx, policy, now } = write;
  const { id, status, decidedBy, note, rangeId, action } = change;
  if (status === 'pending') {
    if (before === undefined) throw new Error(`review ${id} was not loaded`);
    await tx.mail.tellAfterAll(id, epochMsOf(before.decidedAt ?? before.lastAt), now);
    await tx.reviews.reopen(policy.id, id, await write.seq());
  } else if (status !== 'unrecognised') {
    const decision = { status, decidedBy: decidedBy ?? '', decidedAt: now, note, rangeId };
    const decided = { ...decision, madeRange: isRangeMade, settledBy };
    await tx.reviews.decide(policy.id, id, decided, await write.seq());
  }
  if (action !== undefined && before !== undefined) {
    await write.audit({ action, target: id, before, after: reviewAfter(before, change) });
  }
  if (status === 'pending' || status === 'denied') setActive(write, { ...change, status }, before);
  else write.draft.dropActiveReview(change);
}

async function endDenial(write: PolicyWrite, denial: ActiveReview, settledBy: string | null): Promise<void> {
  await write.tx.reviews.endDenial(write.policy.id, denial.id, settledBy, await write.seq());
  write.draft.dropActiveReview(denial);
}

function setActive(
  { draft }: PolicyWrite,
  { id, ip, keyId, status }: ActiveReview & Pick<PolicyReview, 'status'>,
  review: Review | undefined,
): void {
  const isOverflow = review !== undefined && isOverflowReview(review);
  draft.setActiveReview({ id, ip, keyId, status, isOverflow });
}

/** Settles the reviews that a source of a network or a country decides, where no range does. */
export async function settleByLookup(write: PolicyWrite, row: SourceRow): Promise<void> {
  const context = contextOf(write);
  for (const review of write.draft.activeReviews()) {
    await yieldToEventLoop();
    const host = hostOf(review);
    if (host === undefined || !write.policy.isDecidedBy(row, firstAddress(host), review.keyId, write.now))
      continue;
    if (review.status === 'pending') {
      await writeReview(write, supersededBy(review, null, context), undefined, false, null);
    } else if (row.effect === 'authorize') await endDenial(write, review, null);
  }
}

/** Settles the reviews that many new ranges decide. Each review is looked up once, however many ranges there are. */
export async function settleByMany(write: PolicyWrite, ranges: RangeMatcher): Promise<void> {
  const reviews = ranges.size === 0 ? [] : write.draft.activeReviews();
  const view = new LoadedPolicy(write);
  const context = contextOf(write);
  for (const review of reviews) {
    const host = hostOf(review);
    const range = host && ranges.match(firstAddress(host), review.keyId, write.now);
    if (range === undefined) continue;
    if (decidesAbout(range, review, view.rangesAbout(undefined, range.id), write.now)) {
      if (review.status === 'pending') {
        await writeReview(write, supersededBy(review, range.id, context), undefined, false, null);
      } else if (range.effect === 'authorize') await endDenial(write, review, null);
    }
    await yieldToEventLoop();
  }
}
