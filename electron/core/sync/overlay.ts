import { effectOf } from '#shared/domain/apply-operation';
import type { Account, Range, Review } from '#shared/domain/entities';
import {
  identityText,
  type MirrorView,
  type PolicyEffect,
  type RangeIdentity,
  rangesAbout,
  reviewAfter,
  withMode,
} from '#shared/domain/policy-state';
import { mirroredFacts } from '#shared/domain/reopen-review';
import type { Cidr } from '#shared/ip/index';
import { type QueuedOperation, isShown } from '../outbox/queued-operation';
import { PendingReviews } from './review-table';
import type { MirrorTables } from './tables';

/**
 * The mirror's tables with the queued operations applied in order by the one `effectOf`. The tables themselves are not changed.
 */
export class Overlay implements MirrorView {
  readonly #tables: MirrorTables;
  readonly #clockOffsetMs: number;
  readonly #ranges = new Map<string, Range | null>();
  readonly #reviews = new Map<string, Review>();
  /** Those of {@link #reviews} that are pending. */
  readonly #pending = new PendingReviews();
  #account: Account | null = null;
  /** Ids by identity where they differ from the tables; null if no range has the identity any more. */
  readonly #same = new Map<string, string | null>();

  /** `clockOffsetMs` converts times of operations, which are this computer's, to the service's clock. */
  constructor(tables: MirrorTables, clockOffsetMs = 0, operations: Iterable<QueuedOperation> = []) {
    this.#tables = tables;
    this.#clockOffsetMs = clockOffsetMs;
    for (const queued of operations) this.push(queued);
  }

  get account(): Account | null {
    return this.#account ?? [...this.#tables.account.values()][0]?.value ?? null;
  }

  range(id: string): Range | undefined {
    const changed = this.#ranges.get(id);
    return changed === undefined ? this.#tables.range.get(id)?.value : (changed ?? undefined);
  }

  review(id: string): Review | undefined {
    return this.#reviews.get(id) ?? this.#tables.review.get(id)?.value;
  }

  isTaken(rangeId: string): boolean {
    return this.range(rangeId) !== undefined;
  }

  hasKey(id: string): boolean {
    return this.#tables.key.has(id);
  }

  same(identity: RangeIdentity): Range | undefined {
    const changed = this.#same.get(identityText(identity));
    const id = changed === undefined ? this.#tables.range.same(identity) : changed;
    return id === undefined || id === null ? undefined : this.range(id);
  }

  *ranges(): Generator<Range> {
    for (const [id, { value }] of this.#tables.range) if (!this.#ranges.has(id)) yield value;
    for (const range of this.#ranges.values()) if (range !== null) yield range;
  }

  *reviews(): Generator<Review> {
    for (const [id, { value }] of this.#tables.review) if (!this.#reviews.has(id)) yield value;
    yield* this.#reviews.values();
  }

  *activeReviews(network: Cidr): Generator<Review> {
    for (const review of this.#tables.review.pendingAbout(network)) {
      if (!this.#reviews.has(review.id)) yield review;
    }
    yield* this.#pending.about(network);
  }

  rangesAbout(network: Cidr | undefined, exceptId?: string) {
    return rangesAbout(this.ranges(), network, exceptId);
  }

  answerFacts(review: Review) {
    return mirroredFacts(this, review);
  }

  /** Ids of ranges and reviews that may differ from the tables. */
  changedIds(): { readonly ranges: Iterable<string>; readonly reviews: Iterable<string> } {
    return { ranges: this.#ranges.keys(), reviews: this.#reviews.keys() };
  }

  /** Applies one more operation, unless it waits for a person or the tables have its effect already. */
  push(queued: QueuedOperation): PolicyEffect | null {
    if (!isShown(queued) || this.isBehindTables(queued)) return null;
    const author = this.account?.me.email ?? '';
    const effect = effectOf(this, queued.operation, { now: queued.createdAt + this.#clockOffsetMs, author });
    for (const { id } of effect.removed) this.#setRange(id, null);
    for (const range of effect.ranges) this.#setRange(range.id, range);
    for (const change of effect.reviews) {
      const review = this.review(change.id);
      if (review !== undefined) this.#setReview(reviewAfter(review, change));
    }
    const { account } = this;
    if (account !== null) this.#account = withMode(account, effect);
    return effect;
  }

  /** Returns true if the mirror has the acknowledged state of the operation's entity, or a newer one. */
  isBehindTables({ state, operation }: QueuedOperation): boolean {
    if (state.kind !== 'done' || state.entity === null) return false;
    const { entity } = state;
    if (operation.type === 'mode.set') {
      const known = this.#tables.account.get(entity.id)?.value;
      return known !== undefined && 'revision' in entity && known.revision >= entity.revision;
    }
    if (!('version' in entity)) return false;
    const known = this.#tables['cidr' in entity ? 'range' : 'review'].get(entity.id)?.value;
    return known !== undefined && known.version >= entity.version;
  }

  #setReview(review: Review): void {
    const before = this.#reviews.get(review.id);
    if (before !== undefined) this.#pending.delete(before);
    this.#reviews.set(review.id, review);
    this.#pending.put(review);
  }

  #setRange(id: string, range: Range | null): void {
    const before = this.range(id);
    if (before !== undefined && this.same(before)?.id === id) this.#same.set(identityText(before), null);
    this.#ranges.set(id, range);
    if (range !== null) this.#same.set(identityText(range), id);
  }
}
