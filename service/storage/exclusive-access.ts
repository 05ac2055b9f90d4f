import { statSync } from 'node:fs';
import type { SqliteHealth } from './sqlite-failure';
import { DatabaseUnavailableError } from './unavailable';

/** Longest time between two looks at the file. */
const LONGEST_AGE_MS = 1_000;

/**
 * Notices changes to the file that SQLite's lock does not prevent: a program that wrote all the same, and another file in its
 * place, such as a backup restored under a running service. Memory holds the policy, so either would make it wrong.
 */
export class ExclusiveAccess {
  readonly #file: string;
  readonly #fileNumber: number | undefined = undefined;
  readonly #health: SqliteHealth;
  #lookedAtMs = performance.now();
  #isReplaced = false;

  constructor(file: string, health: SqliteHealth) {
    this.#file = file;
    this.#health = health;
    this.#fileNumber = this.#lookUp();
  }

  /** Is cheap enough for every call. @throws DatabaseUnavailableError for good once the file is another one. */
  requireConfirmed(): void {
    if (performance.now() - this.#lookedAtMs > LONGEST_AGE_MS) {
      this.#lookedAtMs = performance.now();
      this.#isReplaced ||= this.#lookUp() !== this.#fileNumber;
    }
    if (this.#health.isOvertaken) this.#health.requireWell();
    if (this.#isReplaced) {
      throw new DatabaseUnavailableError(undefined, 'its file was replaced; start the service again');
    }
  }

  #lookUp(): number | undefined {
    try {
      return statSync(this.#file, { throwIfNoEntry: false })?.ino;
    } catch {
      // An unreadable folder is no replaced file. Reads and writes report it themselves.
      return this.#fileNumber;
    }
  }
}
