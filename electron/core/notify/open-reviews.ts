import type { Review } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import type { ReviewFacts } from './facts';
import type { AnnouncementMemory } from './memory';

/** Returns true if the review is pending and about an address that no range decides about. */
function isUndecided(review: Review): boolean {
  return (
    review.status === 'pending' &&
    (review.reason === 'unknown' || review.reason === 'untrusted' || review.reason === UNRECOGNISED)
  );
}

/** The pending reviews by what was announced of them, kept up to date so that the cost of a change depends on its size alone. */
export class OpenReviews implements ReviewFacts {
  readonly pending = new Map<string, Review>();
  readonly fresh = new Map<string, Review>();
  readonly released = new Map<string, Review>();
  /** The reviews in the summary on the screen. */
  readonly summarised = new Set<string>();
  readonly unseen = new Set<string>();
  readonly leftBehind = new Set<string>();
  readonly #held = new Map<string, Review>();
  /** Reviews that an earlier run announced. On some desktops their notifications outlive a crash. */
  readonly #ofEarlierRuns = new Set<string>();
  readonly #memory: AnnouncementMemory;

  /** `reviews` are those that are known at the start. */
  constructor(memory: AnnouncementMemory, reviews: readonly Review[]) {
    this.#memory = memory;
    for (const review of reviews) this.put(review);
    for (const id of this.pending.keys()) if (memory.has('review', id)) this.#ofEarlierRuns.add(id);
  }

  put(review: Review): void {
    const { id } = review;
    if (!isUndecided(review)) {
      this.remove(id);
      return;
    }
    this.pending.set(id, review);
    if (this.#memory.has('review', id)) return;
    if (this.released.has(id)) this.released.set(id, review);
    else if (this.#memory.isHeld('review', id)) this.#held.set(id, review);
    else this.fresh.set(id, review);
  }

  remove(id: string): void {
    for (const map of [this.pending, this.fresh, this.released, this.#held]) map.delete(id);
    this.summarised.delete(id);
    this.unseen.delete(id);
    if (this.#ofEarlierRuns.delete(id)) this.leftBehind.add(id);
  }

  /** Notes that the review's notification is gone, of whichever run it was. */
  gone(id: string): void {
    this.unseen.delete(id);
    this.#ofEarlierRuns.delete(id);
    this.leftBehind.delete(id);
  }

  /** Notes that the desktop dropped the review's notification. */
  dropped(id: string): void {
    if (this.pending.has(id)) this.unseen.add(id);
  }

  /** Notes that the reviews are in the summary on the screen. */
  summarise(ids: readonly string[]): void {
    for (const id of ids) {
      this.summarised.add(id);
      this.unseen.delete(id);
    }
  }

  /** Notes that a person put the summary away, or that the desktop dropped it. */
  summaryGone(by: 'person' | 'desktop'): void {
    if (by === 'desktop') for (const id of this.summarised) this.dropped(id);
    this.summarised.clear();
  }

  /** Removes reviews that need no announcement any more. */
  settled(ids: readonly string[]): void {
    for (const id of ids) for (const map of [this.fresh, this.released, this.#held]) map.delete(id);
  }

  heldBack(ids: readonly string[]): void {
    for (const id of ids) {
      const review = this.pending.get(id);
      this.fresh.delete(id);
      this.released.delete(id);
      if (review !== undefined) this.#held.set(id, review);
    }
  }

  /** Releases the held reviews that nothing holds back any more. */
  release(isStillHeld: (review: Review) => boolean): void {
    for (const [id, review] of this.#held) {
      if (isStillHeld(review)) continue;
      this.#held.delete(id);
      this.released.set(id, review);
    }
  }
}
