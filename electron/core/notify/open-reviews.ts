import type { Review } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import type { ReviewFacts } from './facts';
import type { AnnouncementMemory } from './memory';

/** Whether it is an open question about an address that the lists do not know. */
const isAsked = (review: Review): boolean =>
  review.status === 'pending' &&
  (review.reason === 'unknown' || review.reason === 'untrusted' || review.reason === UNRECOGNISED);

/**
 * The open questions by what was said about them. It follows the changes, so that a storm of questions costs each change
 * only what it brings.
 */
export class OpenReviews implements ReviewFacts {
  readonly pending = new Map<string, Review>();
  readonly fresh = new Map<string, Review>();
  readonly released = new Map<string, Review>();
  /** Those that the summary on the screen stands for. */
  readonly summarised = new Set<string>();
  readonly unseen = new Set<string>();
  readonly leftBehind = new Set<string>();
  readonly #held = new Map<string, Review>();
  /** Those that an earlier run announced: on some desktops their notifications outlive a crash. */
  readonly #ofEarlierRuns = new Set<string>();
  readonly #memory: AnnouncementMemory;

  /** `reviews` are those that are known at the start. */
  constructor(memory: AnnouncementMemory, reviews: readonly Review[]) {
    this.#memory = memory;
    for (const review of reviews) this.put(review);
    for (const id of this.pending.keys()) if (memory.has('question', id)) this.#ofEarlierRuns.add(id);
  }

  put(review: Review): void {
    const { id } = review;
    if (!isAsked(review)) {
      this.remove(id);
      return;
    }
    this.pending.set(id, review);
    if (this.#memory.has('question', id)) return;
    if (this.released.has(id)) this.released.set(id, review);
    else if (this.#memory.isHeld('question', id)) this.#held.set(id, review);
    else this.fresh.set(id, review);
  }

  remove(id: string): void {
    for (const map of [this.pending, this.fresh, this.released, this.#held]) map.delete(id);
    this.summarised.delete(id);
    this.unseen.delete(id);
    if (this.#ofEarlierRuns.delete(id)) this.leftBehind.add(id);
  }

  /** Its notification is gone, of whichever run it was. */
  gone(id: string): void {
    this.unseen.delete(id);
    this.#ofEarlierRuns.delete(id);
    this.leftBehind.delete(id);
  }

  /** The desktop dropped its notification, and it is still open. */
  dropped(id: string): void {
    if (this.pending.has(id)) this.unseen.add(id);
  }

  /** They are in the summary that is on the screen. */
  summarise(ids: readonly string[]): void {
    for (const id of ids) {
      this.summarised.add(id);
      this.unseen.delete(id);
    }
  }

  /** The summary is gone: put away by a person, or dropped by the desktop. */
  summaryGone(by: 'person' | 'desktop'): void {
    if (by === 'desktop') for (const id of this.summarised) this.dropped(id);
    this.summarised.clear();
  }

  /** Nothing more is to be said about them. */
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

  /** Lets go of what nothing holds back any more. */
  release(isStillHeld: (review: Review) => boolean): void {
    for (const [id, review] of this.#held) {
      if (isStillHeld(review)) continue;
      this.#held.delete(id);
      this.released.set(id, review);
    }
  }
}
