import type { Range, Review } from '#shared/domain/entities';
import {
  type ActiveReview,
  identityText,
  type PolicyEffect,
  type PolicyView,
  type RangeIdentity,
  type Refused,
  type ReviewChange,
  reviewAfter,
  type RuleContext,
} from '#shared/domain/policy-state';
import { isOverflowReview } from '#shared/domain/review-subject';
import { UNRECOGNISED } from '#shared/domain/told';
import { decidesAbout, hostOf, supersededBy } from '#shared/domain/settle-reviews';
import { type Cidr, firstAddress } from '#shared/ip/index';
import { epochMsOf } from '../clock';
import type { RangeMatcher } from '../enforcement/matcher';
import type { MatchRange } from '../enforcement/matcher/match-range';
import { rangeOf } from '../storage/repositories/ranges';
import { reviewOf, type NamedReviewRow } from '../storage/repositories/reviews';
import type { StandingReview } from './policy';
import type { PolicyWrite } from './policy-write';
import { deleteRange, insertRanges, updateRange } from './range-edits';
import { Refusal } from './refusal';

/** What one operation needs of an account's policy: the rows that were loaded for it, and what memory holds. */
export class LoadedPolicy implements PolicyView {
  readonly account: NonNullable<PolicyView['account']>;
  readonly #write: PolicyWrite;
  readonly #ranges = new Map<string, Range>();
  readonly #same = new Map<string, Range>();
  readonly #taken = new Set<string>();
  readonly #reviews = new Map<string, Review>();

  constructor(write: PolicyWrite) {
    this.#write = write;
    const { mode, grants } = write.policy;
    this.account = { mode, grants };
  }

  async loadRange(rangeId: string): Promise<void> {
    const row = await this.#write.tx.ranges.get(this.#write.policy.id, rangeId);
    if (row !== undefined) this.#ranges.set(row.id, rangeOf(row));
  }

  /** Looks up whether a range of any account has this id. */
  async loadTaken(rangeId: string): Promise<void> {
    if (await this.#write.tx.ranges.exists(rangeId)) this.#taken.add(rangeId);
  }

  async loadSame({ cidr, effect, keyId }: RangeIdentity): Promise<void> {
    if (effect === UNRECOGNISED) return;
    const row = await this.#write.tx.ranges.same(this.#write.policy.id, cidr, effect, keyId);
    if (row === undefined) return;
    const range = rangeOf(row);
    this.#same.set(identityText(range), range);
    this.#ranges.set(range.id, range);
  }

  async loadReview(reviewId: string): Promise<NamedReviewRow | undefined> {
    const row = await this.#write.tx.reviews.get(this.#write.policy.id, reviewId);
    if (row !== undefined) this.add(row);
    return row;
  }

  add(row: NamedReviewRow): Review {
    const review = reviewOf(row);
    this.#reviews.set(review.id, review);
    return review;
  }

  range(id: string): Range | undefined {
    return this.#ranges.get(id);
  }

  isTaken(rangeId: string): boolean {
    return this.#taken.has(rangeId);
  }

  review(id: string): Review | undefined {
    return this.#reviews.get(id);
  }

  hasKey(id: string): boolean {
    return this.#write.policy.keys.has(id);
  }

  same(identity: RangeIdentity): Range | undefined {
    return this.#same.get(identityText(identity));
  }

  activeReviews(): Iterable<ActiveReview> {
    return this.#write.policy.standingReviews();
  }

  rangesAbout(_network: Cidr | undefined, exceptId?: string): (address: Cidr) => readonly MatchRange[] {
    const { policy, touchesQuestion } = this.#write;
    return (address) => {
      touchesQuestion?.();
      return policy.ranges.covering(address).filter(({ id }) => id !== exceptId);
    };
  }
}

export function contextOf({ now, author, newId }: PolicyWrite): RuleContext {
  return { now, author: author.actor.name, newRangeId: () => newId() };
}

const isRefused = (outcome: object): outcome is Refused => 'refusal' in outcome;

/** @throws Refusal where the rule refuses. */
export function orRefuse<T extends object>(outcome: T | Refused): T {
  if (!isRefused(outcome)) return outcome;
  const { code, message, ...details } = outcome.refusal;
  throw new Refusal(code, message, details);
}

/** Writes what an operation does: rows, trail and feed; memory follows after the commit. */
export async function writeEffect(
  write: PolicyWrite,
  view: LoadedPolicy,
  effect: PolicyEffect,
): Promise<void> {
  for (const range of effect.removed) await deleteRange(write, range);
  const added: Range[] = [];
  for (const range of effect.ranges) {
    const before = view.range(range.id);
    if (before === undefined) added.push(range);
    else await updateRange(write, before, range);
  }
  await insertRanges(write, added);
  // The one that the operation is about brings the others with it.
  const about = effect.reviews.find(({ action }) => action !== undefined);
  for (const change of effect.reviews) {
    const before = view.review(change.id);
    const isMade = change === about && added.some(({ id }) => id === change.rangeId);
    await writeReview(write, change, before, isMade, change === about ? null : (about?.id ?? null));
    await write.breathe();
  }
  for (const denial of effect.endedDenials) await endDenial(write, denial, about?.id ?? null);
  for (const denial of effect.restoredDenials) {
    await write.tx.reviews.standAgain(write.policy.id, denial.id, await write.seq());
    setActive(write, { ...denial, status: 'denied' }, view.review(denial.id));
  }
}

/**
 * @param before the review as it was; only of one that is opened again or audited.
 * @param isRangeMade whether the answer added the range that it names.
 * @param settledBy the review whose answer brings the change.
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
  if (status === 'pending' && before !== undefined) {
    await tx.mail.tellAfterAll(id, epochMsOf(before.decidedAt ?? before.lastAt), now);
    await tx.reviews.reopen(policy.id, id, await write.seq());
  } else if (status !== 'unrecognised') {
    const decision = { status, decidedBy: decidedBy ?? '', decidedAt: now, note, rangeId };
    await tx.reviews.decide(
      policy.id,
      id,
      { ...decision, madeRange: isRangeMade, settledBy },
      await write.seq(),
    );
  }
  if (action !== undefined && before !== undefined) {
    await write.audit({ action, target: id, before, after: reviewAfter(before, change) });
  }
  if (status === 'pending' || status === 'denied') setActive(write, { ...change, status }, before);
  else dropActive(write, change);
}

async function endDenial(write: PolicyWrite, denial: ActiveReview, settledBy: string | null): Promise<void> {
  await write.tx.reviews.endStanding(write.policy.id, denial.id, settledBy, await write.seq());
  dropActive(write, denial);
  await write.breathe();
}

function setActive(
  { policy, afterCommit }: PolicyWrite,
  { id, ip, keyId, status }: ActiveReview & Pick<StandingReview, 'status'>,
  review: Review | undefined,
): void {
  const isOverflow = review !== undefined && isOverflowReview(review);
  afterCommit(() => policy.setStandingReview({ id, ip, keyId, status, isOverflow }));
}

function dropActive({ policy, afterCommit }: PolicyWrite, { id, ip, keyId }: ActiveReview): void {
  afterCommit(() => {
    if (policy.standingReview(ip, keyId)?.id === id) policy.dropStandingReview({ ip, keyId });
  });
}

/** Settles what many new ranges answer by themselves: one look at each review, however many the ranges are. */
export async function settleByMany(write: PolicyWrite, ranges: RangeMatcher): Promise<void> {
  const reviews = ranges.size === 0 ? [] : write.policy.standingReviews();
  const about = new LoadedPolicy(write).rangesAbout(undefined);
  const context = contextOf(write);
  for (const review of reviews) {
    const host = hostOf(review);
    const range = host && ranges.match(firstAddress(host), review.keyId, write.now);
    if (range !== undefined && decidesAbout(range, review, about, write.now)) {
      if (review.status === 'pending') {
        await writeReview(write, supersededBy(review, range.id, context), undefined, false, null);
      } else if (range.effect === 'authorize') await endDenial(write, review, null);
    }
    await write.breathe();
  }
}
