import { addressRangeOf } from '#shared/domain/address-range';
import { rangeOfAnswer } from '#shared/domain/answer-review';
import { networksOf } from '#shared/domain/change-ranges';
import type { Range, Review } from '#shared/domain/entities';
import {
  type ActiveReview,
  type AnswerFacts,
  identityText,
  type PolicyChange,
  type PolicyView,
  type RangeIdentity,
} from '#shared/domain/policy-state';
import { reviewSubject } from '#shared/domain/review-subject';
import { UNRECOGNISED } from '#shared/domain/told';
import { type Cidr, formatCidr } from '#shared/ip/index';
import type { MatchRange } from '../enforcement/matcher';
import { rangeOf } from '../storage/repositories/ranges';
import { reviewOf, type NamedReviewRow, type ReviewRow } from '../storage/repositories/reviews';
import type { PolicyWrite } from './policy-write';

/** The part of a write that the rule reads. */
export type PolicyReads = Pick<PolicyWrite, 'tx' | 'policy' | 'draft' | 'now'>;

/** The account's policy as one change sees it: the loaded rows, and memory for the rest. */
export class LoadedPolicy implements PolicyView {
  account: NonNullable<PolicyView['account']>;
  readonly #write: PolicyReads;
  readonly #ranges = new Map<string, Range>();
  readonly #same = new Map<string, Range>();
  readonly #taken = new Set<string>();
  readonly #reviews = new Map<string, Review>();
  #facts: AnswerFacts | undefined;

  constructor(write: PolicyReads) {
    this.#write = write;
    const { mode, reportOnly, grants } = write.policy;
    this.account = { mode, reportOnly, grants };
  }

  /** Loads the rows that the rule reads for this change. */
  async load(change: PolicyChange): Promise<void> {
    switch (change.type) {
      case 'range.add': {
        const { rangeId, effect, keyId } = change;
        if (rangeId !== undefined && (await this.#write.tx.ranges.exists(rangeId))) this.#taken.add(rangeId);
        const networks = networksOf(change);
        if ('refusal' in networks) return;
        for (const cidr of networks.cidrs) await this.loadSame({ cidr: formatCidr(cidr), effect, keyId });
        return;
      }
      case 'range.update': {
        const before = await this.#loadRange(change.rangeId);
        if (before !== undefined) {
          const { effect = before.effect, keyId = before.keyId } = change.changes;
          await this.loadSame({ cidr: before.cidr, effect, keyId });
        }
        return;
      }
      case 'range.remove':
        await this.#loadRange(change.rangeId);
        return;
      case 'review.authorize':
      case 'review.deny': {
        const row = await this.#loadReview(change.reviewId);
        if (row === undefined) return;
        await this.#loadRange(row.range_id);
        const range = rangeOfAnswer(reviewOf(row), change, this.account, this.#write.now);
        if (range === undefined || 'refusal' in range) return;
        await this.loadSame({ ...range, cidr: formatCidr(range.cidr) });
        return;
      }
      case 'review.reopen': {
        const row = await this.#loadReview(change.reviewId);
        if (row !== undefined) this.#facts = await this.#loadFacts(row);
        return;
      }
      case 'mode.set': {
        // Within a transaction the row may be newer than memory.
        const { mode, report_only } = await this.#write.tx.accounts.get(this.#write.policy.id);
        this.account = { ...this.account, mode, reportOnly: report_only === 1 };
      }
    }
  }

  async loadSame({ cidr, effect, keyId }: RangeIdentity): Promise<void> {
    if (effect === UNRECOGNISED) return;
    // Memory lacks what earlier changes of this transaction have added.
    const row = await this.#write.tx.ranges.same(this.#write.policy.id, cidr, effect, keyId);
    if (row === undefined) return;
    const range = rangeOf(row);
    this.#same.set(identityText(range), range);
    this.#ranges.set(range.id, range);
  }

  async #loadRange(rangeId: string | null): Promise<Range | undefined> {
    const { tx, policy } = this.#write;
    const row = rangeId === null ? undefined : await tx.ranges.get(policy.id, rangeId);
    if (row !== undefined) this.#ranges.set(row.id, rangeOf(row));
    return row && this.#ranges.get(row.id);
  }

  async #loadReview(reviewId: string): Promise<NamedReviewRow | undefined> {
    const row = await this.#write.tx.reviews.get(this.#write.policy.id, reviewId);
    if (row !== undefined) this.#reviews.set(row.id, reviewOf(row));
    return row;
  }

  async #loadFacts(row: NamedReviewRow): Promise<AnswerFacts> {
    const { tx, policy, draft } = this.#write;
    const answering = await this.#loadRange(row.range_id);
    const known = draft.activeReview(row.ip, row.key_id);
    if (known !== undefined) await this.#loadReview(known.id);
    const settled: AnswerFacts['settled'][number][] = [];
    for (const other of await tx.reviews.settledBy(policy.id, row.id)) {
      const isActive = draft.activeReview(other.ip, other.key_id) !== undefined;
      const isAskedAnew = isActive || (other.status === 'superseded' && (await this.#wasDeniedLater(other)));
      const review = reviewOf({ ...other, key_name: policy.keys.get(other.key_id)?.name ?? '' });
      this.#reviews.set(review.id, review);
      settled.push({ review, isAskedAnew });
    }
    return {
      madeRange: row.made_range === 1 ? answering : undefined,
      active: known === undefined || known.id === row.id ? undefined : this.review(known.id),
      wasDeniedLater: await this.#wasDeniedLater(row),
      settled,
    };
  }

  /** Returns true if another address of the review's /64 was reviewed later and denied. */
  async #wasDeniedLater(review: ReviewRow): Promise<boolean> {
    const span = addressRangeOf(reviewSubject(review.ip));
    return span !== null && this.#write.tx.reviews.wasDeniedLater(review, span);
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
    return this.#write.draft.activeReviews();
  }

  rangesAbout(_network: Cidr | undefined, exceptId?: string): (address: Cidr) => readonly MatchRange[] {
    const { draft } = this.#write;
    return (address) => draft.covering(address).filter(({ id }) => id !== exceptId);
  }

  answerFacts({ id }: Review): AnswerFacts {
    if (this.#facts === undefined) throw new Error(`what became of review ${id} was not loaded`);
    return this.#facts;
  }
}
