import { statSync } from 'node:fs';
import type { SqliteHealth } from './sqlite-failure';
import { DatabaseUnavailableError } from './unavailable';

/** The oldest look at the folder that a call is answered by, in milliseconds. */
const LONGEST_AGE_MS = 1_000;

/**
 * The policy is held in memory, so that nobody else may change the file. SQLite's lock keeps other programs from writing; this
 * notices the rest: one that wrote in spite of it, and another file in the place of this one, as when a backup is put back
 * under a running service, whose writes then go nowhere.
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

  /** It costs next to nothing, for every call. @throws DatabaseUnavailableError, for good, once the file is another one. */
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
      // A folder that cannot be read is trouble of another kind, which whoever reads or writes the file is told.
      return this.#fileNumber;
    }
  }
}
