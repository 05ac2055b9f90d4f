import { SqliteThreadError } from '#shared/sqlite/sqlite-thread';
import { DatabaseUnavailableError } from './unavailable';

/**
 * State of the file or its disk in words, by SQLite's primary result code (https://www.sqlite.org/rescode.html). Other codes
 * concern the statement.
 */
const STATES: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'its disk is full',
  SQLITE_BUSY: 'its file is locked by another program',
  SQLITE_LOCKED: 'its file is locked by another program',
  SQLITE_CORRUPT: 'its file is damaged; restore a copy',
  SQLITE_NOTADB: 'its file is damaged; restore a copy',
  SQLITE_READONLY: 'its file can only be read',
  SQLITE_CANTOPEN: 'its file cannot be opened',
  SQLITE_IOERR: 'its disk does not work as it should',
  OVERTAKEN: 'another program has written to its file; start the service again',
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
