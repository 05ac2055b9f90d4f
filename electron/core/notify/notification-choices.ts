import type { NotificationChanges, NotificationPreferences } from '#shared/ipc/notifications';
import type { Settings } from '../store/settings';
import { changed, readPreferences, readSnooze, writePreferences, writeSnooze } from './preferences';

/** A person's choices about notifications that hold for all accounts. */
export class NotificationChoices {
  readonly #settings: Settings;
  readonly #listeners = new Set<() => void>();
  #preferences: NotificationPreferences;
  #snoozedUntilMs: number | null;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#preferences = readPreferences(settings);
    this.#snoozedUntilMs = readSnooze(settings);
  }

  get preferences(): NotificationPreferences {
    return this.#preferences;
  }

  /** Milliseconds since the epoch; null if nothing was snoozed. */
  get snoozedUntilMs(): number | null {
    return this.#snoozedUntilMs;
  }

  change(changes: NotificationChanges): void {
    const next = changed(this.#preferences, changes);
    writePreferences(this.#settings, next);
    this.#preferences = next;
    this.#tell();
  }

  setSnooze(untilMs: number | null): void {
    writeSnooze(this.#settings, untilMs);
    this.#snoozedUntilMs = untilMs;
    this.#tell();
  }

  /** Calls the listener after each choice. Returns the function that ends this. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
