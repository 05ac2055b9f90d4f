import type { Review } from '#shared/domain/entities';
import { hostOf } from '#shared/domain/settle-reviews';
import { type Cidr, cidrOf, firstAddress } from '#shared/ip/index';
import type { MirrorRow } from '../store/mirror-rows';

/** The networks by which reviews are found, in bits. A wider range is compared with all of them. */
const NEAR_PREFIX_LENGTH = { 4: 24, 6: 64 } as const;

function nearOf(network: Cidr): bigint {
  return cidrOf(firstAddress(network), NEAR_PREFIX_LENGTH[network.family]).base;
}

/**
 * Pending reviews by the network around their address, so that a range is compared only with those near it: a thousand answers
 * would look at a million reviews otherwise.
 */
export class PendingReviews {
  readonly #near = { 4: new Map<bigint, Map<string, Review>>(), 6: new Map<bigint, Map<string, Review>>() };

  put(review: Review): void {
    const host = review.status === 'pending' ? hostOf(review) : undefined;
    if (host === undefined) return;
    const near = this.#near[host.family];
    const base = nearOf(host);
    const there = near.get(base);
    if (there === undefined) near.set(base, new Map([[review.id, review]]));
    else there.set(review.id, review);
  }

  delete(review: Review): void {
    const host = hostOf(review);
    if (host === undefined) return;
    const near = this.#near[host.family];
    const base = nearOf(host);
    const there = near.get(base);
    there?.delete(review.id);
    if (there?.size === 0) near.delete(base);
  }

  /** Returns at least the reviews in the network. */
  *about(network: Cidr): Generator<Review> {
    const near = this.#near[network.family];
    if (network.prefixLength < NEAR_PREFIX_LENGTH[network.family]) {
      for (const there of near.values()) yield* there.values();
    } else {
      yield* near.get(nearOf(network))?.values() ?? [];
    }
  }
}

/** The mirror's reviews by id, and the pending ones by network. That index is made when it is first needed and then kept. */
export class ReviewTable extends Map<string, MirrorRow<'review'>> {
  #pending: PendingReviews | null = null;

  pendingAbout(network: Cidr): Iterable<Review> {
    this.#pending ??= this.#index();
    return this.#pending.about(network);
  }

  override set(id: string, row: MirrorRow<'review'>): this {
    this.#drop(id);
    this.#pending?.put(row.value);
    return super.set(id, row);
  }

  override delete(id: string): boolean {
    this.#drop(id);
    return super.delete(id);
  }

  override clear(): void {
    this.#pending = null;
    super.clear();
  }

  #index(): PendingReviews {
    const pending = new PendingReviews();
    for (const { value } of this.values()) pending.put(value);
    return pending;
  }

  #drop(id: string): void {
    const before = this.get(id);
    if (before !== undefined) this.#pending?.delete(before.value);
  }
}
