import type { AnnouncementMemory } from './memory';
import { reviewIdOf, SUMMARY_ID } from './notification-id';
import type { Decision, History, OnScreen, Summary } from './decision';

/** The policy's notifications that are on the screen. */
export class ScreenState {
  readonly #onScreen = new Map<string, OnScreen>();
  readonly #shownReviews = new Set<string>();
  #kind: Summary['kind'] = 'burst';
  #summarisedAtMs: number | null = null;

  ids(): readonly string[] {
    return [...this.#onScreen.keys()];
  }

  /** Returns the input of the policy. `leftInSummary` is the number of pending reviews in the summary. */
  history(memory: AnnouncementMemory, leftInSummary: number): History {
    return {
      onScreen: this.#onScreen,
      shownReviews: this.#shownReviews,
      summary: this.#onScreen.has(SUMMARY_ID) ? { kind: this.#kind, left: leftInSummary } : null,
      summarisedAtMs: this.#summarisedAtMs,
      wasAnnounced: (cause, subject) => memory.has(cause, subject),
      isHeld: (cause, subject) => memory.isHeld(cause, subject),
    };
  }

  show({ id, cause, announcement, count }: Extract<Decision, { do: 'show' }>, nowMs: number): void {
    this.#onScreen.set(id, { cause, announcement, count, shownAtMs: nowMs });
    const reviewId = reviewIdOf(id);
    if (reviewId !== null) this.#shownReviews.add(reviewId);
  }

  summarise(
    { kind, announcement }: Extract<Decision, { do: 'summarise' }>,
    count: number,
    nowMs: number,
  ): string {
    this.#kind = kind;
    this.#summarisedAtMs = nowMs;
    this.#onScreen.set(SUMMARY_ID, { cause: 'question', announcement, count, shownAtMs: nowMs });
    return SUMMARY_ID;
  }

  update({ id, announcement, count }: Extract<Decision, { do: 'update' }>, nowMs: number): void {
    const shown = this.#onScreen.get(id);
    if (shown === undefined) return;
    this.#onScreen.set(id, { ...shown, announcement, count, shownAtMs: nowMs });
    if (id === SUMMARY_ID) this.#summarisedAtMs = nowMs;
  }

  /** Notes that a notification is gone. Returns true if it was the summary. */
  gone(id: string): boolean {
    const reviewId = reviewIdOf(id);
    if (reviewId !== null) this.#shownReviews.delete(reviewId);
    return this.#onScreen.delete(id) && id === SUMMARY_ID;
  }

  clear(): void {
    this.#onScreen.clear();
    this.#shownReviews.clear();
    this.#summarisedAtMs = null;
  }
}
