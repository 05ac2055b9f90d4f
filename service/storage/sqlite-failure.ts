import type { ReasonValues } from '#shared/domain/sentence';
import { SqliteThreadError } from '#shared/sqlite/sqlite-thread';
import { DatabaseUnavailableError } from './unavailable';

/**
 * State of the file or its disk, by SQLite's primary result code (https://www.sqlite.org/rescode.html). Other codes
 * concern the statement.
 */
const STATES: Readonly<Record<string, ReasonValues>> = {
  SQLITE_FULL: { reason: 'full' },
  SQLITE_BUSY: { reason: 'locked' },
  SQLITE_LOCKED: { reason: 'locked' },
  SQLITE_CORRUPT: { reason: 'damaged' },
  SQLITE_NOTADB: { reason: 'damaged' },
  SQLITE_READONLY: { reason: 'readOnlyFile' },
  SQLITE_CANTOPEN: { reason: 'notOpened' },
  SQLITE_IOERR: { reason: 'diskTrouble' },
  OVERTAKEN: { reason: 'overtaken' },
};

/** Trouble that no later success ends. */
const LASTING = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'OVERTAKEN'];

/** Returns the primary result code of an error of SQLite, or undefined for any other error. */
export function sqliteCodeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? /^(SQLITE_[A-Z]+|OVERTAKEN)/.exec(code)?.[0] : undefined;
}

function asUnavailable(error: unknown): unknown {
  if (error instanceof SqliteThreadError) return new DatabaseUnavailableError(error);
  const state = STATES[sqliteCodeOf(error) ?? ''];
  return state === undefined ? error : new DatabaseUnavailableError(error, state);
}

/** Tells trouble with the file from errors of a statement, and remembers the trouble. */
export class SqliteHealth {
  #trouble: DatabaseUnavailableError | undefined;
  #isLasting = false;

  /** Waits for a statement. @throws DatabaseUnavailableError if the file or its disk is to blame. */
  async watch<T>(statement: Promise<T>): Promise<T> {
    try {
      return await statement;
    } catch (error) {
      const failure = asUnavailable(error);
      if (failure instanceof DatabaseUnavailableError && !this.#isLasting) {
        this.#trouble = failure;
        this.#isLasting = LASTING.includes(sqliteCodeOf(error) ?? '');
      }
      throw failure;
    }
  }

  /** @throws DatabaseUnavailableError with the last trouble, unless it has passed. */
  requireWell(): void {
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  get isWell(): boolean {
    return this.#trouble === undefined;
  }

  /** True once another program has written to the file, so that earlier reads are out of date. */
  get isOvertaken(): boolean {
    return sqliteCodeOf(this.#trouble?.cause) === 'OVERTAKEN';
  }

  /** Called after a write as large as the one that failed. */
  passed(): void {
    if (!this.#isLasting) this.#trouble = undefined;
  }
}
