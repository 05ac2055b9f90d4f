import { z } from 'zod';
import type { Cause } from '#shared/ipc/notifications';
import type { AccountStore } from '../store/account-store';
import type { AnnouncedHow } from '../store/announced';

/** Causes whose subjects have growing ids, so that the newest one that was seen says it all. */
const COUNTED_UP = ['mode_changed', 'grant_added'] as const;
type CountedUp = (typeof COUNTED_UP)[number];
const isCountedUp = (cause: Cause): cause is CountedUp => (COUNTED_UP as readonly Cause[]).includes(cause);

const BASELINE_SETTING = 'notifications.baseline';
const seenSetting = (cause: CountedUp): string => `notifications.seen.${cause}`;

/** What is there at the first connection: old news. */
export interface Known {
  readonly reviewIds: readonly string[];
  /** The end of learning, if it is near; see `learningSubject`. */
  readonly learning: string | null;
  /** The newest ids; empty where there are none. */
  readonly newest: Readonly<Record<CountedUp, string>>;
}

/** What was said about one account, and what need not be. Kept over restarts. */
export class AnnouncementMemory {
  readonly #store: AccountStore;
  readonly #seen = new Map<CountedUp, string>();
  #hasBaseline: boolean;

  constructor(store: AccountStore) {
    this.#store = store;
    this.#hasBaseline = store.settings.read(BASELINE_SETTING, z.boolean()) === true;
    for (const cause of COUNTED_UP) {
      const seen = store.settings.read(seenSetting(cause), z.string());
      if (seen !== null) this.#seen.set(cause, seen);
    }
  }

  /** Whether what was there at the first connection has been taken as known. */
  get hasBaseline(): boolean {
    return this.#hasBaseline;
  }

  /** Takes what is there as known, unless that has been done before. */
  takeBaseline({ reviewIds, learning, newest }: Known, nowMs: number): void {
    if (this.#hasBaseline) return;
    const { announced, settings, database } = this.#store;
    database.transaction(() => {
      announced.add('question', reviewIds, 'baseline', nowMs);
      if (learning !== null) announced.add('learning_ending', [learning], 'baseline', nowMs);
      for (const cause of COUNTED_UP) settings.note(seenSetting(cause), newest[cause]);
      settings.note(BASELINE_SETTING, true);
    });
    for (const cause of COUNTED_UP) this.#seen.set(cause, newest[cause]);
    this.#hasBaseline = true;
  }

  has(cause: Cause, subject: string): boolean {
    return isCountedUp(cause)
      ? subject <= (this.#seen.get(cause) ?? '')
      : this.#store.announced.has(cause, subject);
  }

  isHeld(cause: Cause, subject: string): boolean {
    return this.#store.announced.isHeld(cause, subject);
  }

  /** The newest id that needs no announcement any more; empty where none is known. */
  newestSeen(cause: CountedUp): string {
    return this.#seen.get(cause) ?? '';
  }

  /** They need no announcement any more. */
  remember(
    cause: Cause,
    subjects: readonly string[],
    how: Exclude<AnnouncedHow, 'held'>,
    nowMs: number,
  ): void {
    const { announced, settings } = this.#store;
    if (!isCountedUp(cause)) {
      announced.add(cause, subjects, how, nowMs);
      return;
    }
    const newest = subjects.reduce((a, b) => (a > b ? a : b), this.newestSeen(cause));
    settings.note(seenSetting(cause), newest);
    this.#seen.set(cause, newest);
    announced.remove(
      cause,
      subjects.filter((subject) => announced.isHeld(cause, subject)),
    );
  }

  /** They are announced once quiet ends. */
  hold(cause: Cause, subjects: readonly string[], nowMs: number): void {
    this.#store.announced.add(cause, subjects, 'held', nowMs);
  }

  /** They are news again. */
  forget(cause: Cause, subjects: readonly string[]): void {
    this.#store.announced.remove(cause, subjects);
  }

  /** Forgets what is older than that and cannot come again. */
  prune(beforeMs: number, canComeAgain: (cause: string, subject: string) => boolean): void {
    this.#store.announced.prune(beforeMs, canComeAgain);
  }
}
