import type { Announcement } from '../ports';
import type { History, OnScreen, Summary } from './decision';
import type { AnnouncementMemory } from './memory';
import { SUMMARY_ID } from './notification-id';

/** The policy's notifications that are on the screen. */
export class ScreenState {
  /** The kind of the last summary. */
  summaryKind: Summary['kind'] = 'burst';
  readonly #onScreen = new Map<string, OnScreen>();
  #summarisedAtMs: number | null = null;

  ids(): readonly string[] {
    return [...this.#onScreen.keys()];
  }

  /** Returns the input of the policy. `leftInSummary` is the number of pending reviews in the summary. */
  history(memory: AnnouncementMemory, leftInSummary: number): History {
    return {
      onScreen: this.#onScreen,
      summary: this.#onScreen.has(SUMMARY_ID) ? { kind: this.summaryKind, left: leftInSummary } : null,
      summarisedAtMs: this.#summarisedAtMs,
      wasAnnounced: (cause, subject) => memory.has(cause, subject),
      isHeld: (cause, subject) => memory.isHeld(cause, subject),
    };
  }

  /** Notes a new notification, or the new content of one that is there. */
  put(id: string, announcement: Announcement, count: number, nowMs: number): void {
    this.#onScreen.set(id, { announcement, count, shownAtMs: nowMs });
    if (id === SUMMARY_ID) this.#summarisedAtMs = nowMs;
  }

  /** Notes that a notification is gone. Returns true if it was there. */
  remove(id: string): boolean {
    return this.#onScreen.delete(id);
  }

  clear(): void {
    this.#onScreen.clear();
    this.#summarisedAtMs = null;
  }
}
