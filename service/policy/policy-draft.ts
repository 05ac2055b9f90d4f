import type { Cidr } from '#shared/ip/index';
import { RangeMatcher, type MatchRange } from '../enforcement/matcher';
import type { AuditRow } from '../storage/repositories/audit';
import type { RangeRow } from '../storage/repositories/ranges';
import type { WriteContext } from '../storage/writer';
import { matchRangeOf, reviewKey, type AccountPolicy, type PolicyReview } from './policy';

/**
 * The ranges and active reviews of an account as a running write leaves them. Memory follows after the commit, so the changes
 * of one transaction see each other here. Nobody reads audit events and revision meanwhile: they are stored at the end, together.
 */
export class PolicyDraft {
  readonly #policy: AccountPolicy;
  readonly #afterCommit: WriteContext['afterCommit'];
  readonly #ranges = new RangeMatcher();
  readonly #reviews = new Map<string, PolicyReview>();
  /** Ids of ranges and reviews whose state in memory is out of date. */
  readonly #changed = new Set<string>();
  readonly #audit: AuditRow[] = [];
  #changes = 0;

  constructor(policy: AccountPolicy, { afterCommit }: Pick<WriteContext, 'afterCommit'>) {
    this.#policy = policy;
    this.#afterCommit = afterCommit;
  }

  audit(row: AuditRow): void {
    this.#audit.push(row);
  }

  /** Counts one change of policy, which raises the revision by one. */
  countChange(): void {
    this.#changes += 1;
  }

  /** Writes the audit events and the revision. */
  async store({ tx, nextSeq }: Pick<WriteContext, 'tx' | 'nextSeq'>): Promise<void> {
    const { id } = this.#policy;
    await tx.audit.insertAll(this.#audit);
    if (this.#changes > 0) await tx.accounts.raiseRevision(id, this.#changes, await nextSeq(id));
  }

  setRange(row: RangeRow): void {
    this.#changed.add(row.id);
    this.#ranges.set(matchRangeOf(row));
    this.#afterCommit(() => this.#policy.setRange(row));
  }

  removeRange(rangeId: string): void {
    this.#changed.add(rangeId);
    this.#ranges.delete(rangeId);
    this.#afterCommit(() => this.#policy.removeRange(rangeId));
  }

  /** Returns the ranges that contain the network. */
  covering(network: Cidr): MatchRange[] {
    const unchanged = this.#policy.ranges.covering(network).filter(({ id }) => !this.#changed.has(id));
    return [...unchanged, ...this.#ranges.covering(network)];
  }

  activeReview(ip: string, keyId: string): PolicyReview | undefined {
    const known = this.#policy.activeReview(ip, keyId);
    const isKnown = known !== undefined && !this.#changed.has(known.id);
    return isKnown ? known : this.#reviews.get(reviewKey({ ip, keyId }));
  }

  activeReviews(): PolicyReview[] {
    const unchanged = this.#policy.activeReviews().filter(({ id }) => !this.#changed.has(id));
    return [...unchanged, ...this.#reviews.values()];
  }

  setActiveReview(review: PolicyReview): void {
    this.#changed.add(review.id);
    this.#reviews.set(reviewKey(review), review);
    this.#afterCommit(() => this.#policy.setActiveReview(review));
  }

  /** Does nothing if another review of the address and key is active. */
  dropActiveReview({ id, ip, keyId }: Pick<PolicyReview, 'id' | 'ip' | 'keyId'>): void {
    if (this.activeReview(ip, keyId)?.id !== id) return;
    this.#changed.add(id);
    this.#reviews.delete(reviewKey({ ip, keyId }));
    this.#afterCommit(() => this.#policy.dropActiveReview({ ip, keyId }));
  }
}
