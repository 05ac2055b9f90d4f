import { statSync } from 'node:fs';
import type { SqliteHealth } from './sqlite-failure';
import { DatabaseUnavailableError } from './unavailable';

/** Longest time between two checks of the file. */
const LONGEST_AGE_MS = 1_000;

/**
 * Notices changes to the file that SQLite's lock does not prevent: a program that wrote all the same, and another file in its
 * place, such as a backup restored under a running service. Memory holds the policy, so either would make it wrong.
 */
export class ExclusiveAccess {
  readonly #file: string;
  readonly #fileNumber: number | undefined = undefined;
  readonly #health: SqliteHealth;
  #checkedAtMs = performance.now();
  #isReplaced = false;

  constructor(file: string, health: SqliteHealth) {
    this.#file = file;
    this.#health = health;
    this.#fileNumber = this.#readFileNumber();
  }

  /** Is cheap enough for every call. @throws DatabaseUnavailableError for good once the file is another one. */
  requireConfirmed(): void {
    if (performance.now() - this.#checkedAtMs > LONGEST_AGE_MS) {
      this.#checkedAtMs = performance.now();
      this.#isReplaced ||= this.#readFileNumber() !== this.#fileNumber;
    }
    if (this.#health.isOvertaken) this.#health.requireWell();
    if (this.#isReplaced) {
      throw new DatabaseUnavailableError(undefined, { reason: 'replaced' });
    }
  }

  #readFileNumber(): number | undefined {
    try {
      return statSync(this.#file, { throwIfNoEntry: false })?.ino;
    } catch {
      // An unreadable folder is no replaced file. Reads and writes report it themselves.
      return this.#fileNumber;
    }
  }
}
