import { z } from 'zod';
import type { Cause } from '#shared/ipc/notifications';
import type { AccountStore } from '../store/account-store';
import type { AnnouncedHow } from '../store/announced';

/** Causes whose subjects have growing ids, so that the newest seen id says everything. */
const COUNTED_UP = ['mode_changed', 'grant_added'] as const;
type CountedUp = (typeof COUNTED_UP)[number];
function isCountedUp(cause: Cause): cause is CountedUp {
  return (COUNTED_UP as readonly Cause[]).includes(cause);
}

const BASELINE_SETTING = 'notifications.baseline';
function seenSetting(cause: CountedUp): string {
  return `notifications.seen.${cause}`;
}

/** The state at the first connection, which is not announced (docs/behaviour.md 8.3.4). */
export interface Known {
  readonly reviewIds: readonly string[];
  /** The end of learning if it is near; see `learningSubject`. */
  readonly learning: string | null;
  /** Ids of the sources that are in trouble. */
  readonly sources: readonly string[];
  /** The newest ids; empty if there are none. */
  readonly newest: Readonly<Record<CountedUp, string>>;
}

/** The announcements of one account, kept over restarts. */
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

  /** True once the state at the first connection was taken as known. */
  get hasBaseline(): boolean {
    return this.#hasBaseline;
  }

  /** Takes the current state as known. Does nothing the second time. */
  takeBaseline({ reviewIds, learning, sources, newest }: Known, nowMs: number): void {
    if (this.#hasBaseline) return;
    const { announced, settings, database } = this.#store;
    database.transaction(() => {
      announced.add('review', reviewIds, 'baseline', nowMs);
      announced.add('source_trouble', sources, 'baseline', nowMs);
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

  /** The newest id that needs no announcement any more; empty if there is none. */
  newestSeen(cause: CountedUp): string {
    return this.#seen.get(cause) ?? '';
  }

  /** Marks the subjects as announced. */
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

  /** Holds the subjects back until quiet ends. */
  hold(cause: Cause, subjects: readonly string[], nowMs: number): void {
    this.#store.announced.add(cause, subjects, 'held', nowMs);
  }

  /** Makes the subjects new again. */
  forget(cause: Cause, subjects: readonly string[]): void {
    this.#store.announced.remove(cause, subjects);
  }

  /** Forgets subjects that are older than `beforeMs`, unless they can come again. */
  prune(beforeMs: number, canComeAgain: (cause: string, subject: string) => boolean): void {
    this.#store.announced.prune(beforeMs, canComeAgain);
  }
}
