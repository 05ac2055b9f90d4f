import { DatabaseUnavailableError } from './unavailable';

/**
 * What is wrong with the file or its disk, in words; SQLite's primary result codes
 * (https://www.sqlite.org/rescode.html). Codes that are not here say something about the statement.
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
};

/** The result code of an error of SQLite, without its extension; undefined for any other error. */
export const sqliteCodeOf = (error: unknown): string | undefined => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? /^SQLITE_[A-Z]+/.exec(code)?.[0] : undefined;
};

const isDamage = (error: unknown): boolean =>
  ['SQLITE_CORRUPT', 'SQLITE_NOTADB'].includes(sqliteCodeOf(error) ?? '');

const asUnavailable = (error: unknown): unknown => {
  const state = STATES[sqliteCodeOf(error) ?? ''];
  return state === undefined ? error : new DatabaseUnavailableError(error, state);
};

/** Tells trouble with the file apart from trouble with a statement, and remembers it. */
export interface SqliteHealth {
  /** Runs a statement. @throws DatabaseUnavailableError when the file or its disk is to blame. */
  run<T>(statement: () => T): T;
  /** What went wrong last; undefined while nothing did. Damage does not pass. */
  trouble(): DatabaseUnavailableError | undefined;
  /** Something as large as what failed was written since. */
  passed(): void;
}

export const createSqliteHealth = (): SqliteHealth => {
  let trouble: DatabaseUnavailableError | undefined;
  let damaged = false;
  return {
    run: (statement) => {
      try {
        return statement();
      } catch (error) {
        const failure = asUnavailable(error);
        if (failure instanceof DatabaseUnavailableError && !damaged) {
          trouble = failure;
          damaged = isDamage(error);
        }
        throw failure;
      }
    },
    trouble: () => trouble,
    passed: () => {
      if (!damaged) trouble = undefined;
    },
  };
};
