import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import Libsql from 'libsql';

export type SqlValue = string | number | null | Uint8Array;

/** A failed integrity check, or a file that is no SQLite database. */
export class DamagedDatabaseError extends Error {
  override readonly name = 'DamagedDatabaseError';
}

/**
 * One SQLite file of this process's own, synchronous. A thin layer over libsql that keeps prepared statements, knows
 * whether a transaction is open, and does not work after `close()`, where libsql would go on silently.
 */
export class LocalDatabase {
  readonly #db: InstanceType<typeof Libsql>;
  readonly #statements = new Map<string, ReturnType<InstanceType<typeof Libsql>['prepare']>>();
  #open = true;
  #inTransaction = false;
  #hasLog = false;

  private constructor(db: InstanceType<typeof Libsql>) {
    this.#db = db;
  }

  /**
   * Opens the file, or makes it. Reads only: a file that turns out to belong to a newer version has not been touched.
   *
   * @throws DamagedDatabaseError when it is no database or fails the integrity check.
   */
  static open(path: string): LocalDatabase {
    // Asked before SQLite opens it, which would delete a write-ahead log that does not fit.
    if (!startsLikeDatabase(path)) throw new DamagedDatabaseError('file is not a database');
    const db = new Libsql(path, { timeout: 5_000 });
    try {
      db.exec(CHECK_INTEGRITY);
    } catch (error) {
      db.close();
      throw isDamage(error) ? new DamagedDatabaseError(error.message) : error;
    }
    return new LocalDatabase(db);
  }

  /** Readers and the writer do not wait for each other. A power cut may lose the last moments; the service has them. */
  useWriteAheadLog(): void {
    this.all('PRAGMA journal_mode = WAL');
    this.exec('PRAGMA synchronous = NORMAL');
    this.#hasLog = true;
  }

  /**
   * Puts everything that was committed on the disk for good, where a power cut takes nothing of it back. Not within a
   * transaction.
   */
  settle(): void {
    if (this.#hasLog) this.exec(CHECKPOINT);
  }

  all(sql: string, parameters: readonly SqlValue[] = []): readonly Readonly<Record<string, unknown>>[] {
    return this.#prepared(sql).all([...parameters]) as Record<string, unknown>[];
  }

  first(sql: string, parameters: readonly SqlValue[] = []): Readonly<Record<string, unknown>> | undefined {
    return this.all(sql, parameters)[0];
  }

  /** Runs a statement without rows and gives the number of rows it changed. */
  run(sql: string, parameters: readonly SqlValue[] = []): number {
    return this.#prepared(sql).run([...parameters]).changes;
  }

  /** Runs statements that take no parameters. */
  exec(sql: string): void {
    this.#assertOpen();
    this.#db.exec(sql);
  }

  /** All of the work or none of it. Inside another transaction it joins that one. */
  transaction<T>(work: () => T): T {
    if (this.#inTransaction) return work();
    this.exec('BEGIN IMMEDIATE');
    this.#inTransaction = true;
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite may have rolled back by itself, as it does on a full disk; the first error is the one that matters.
      this.#tryExec('ROLLBACK');
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  close(): void {
    if (!this.#open) return;
    // libsql keeps the file open as long as a prepared statement lives, so SQLite does not do this by itself.
    if (this.#hasLog) this.#tryExec(CHECKPOINT);
    this.#open = false;
    this.#statements.clear();
    this.#db.close();
  }

  #tryExec(sql: string): void {
    try {
      this.exec(sql);
    } catch {
      // The caller has nothing better to do.
    }
  }

  #prepared(sql: string): ReturnType<InstanceType<typeof Libsql>['prepare']> {
    this.#assertOpen();
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #assertOpen(): void {
    if (!this.#open) throw new Error('The local store is closed.');
  }
}

/** Waits for the disk, whatever `synchronous` is. https://www.sqlite.org/pragma.html#pragma_wal_checkpoint */
const CHECKPOINT = 'PRAGMA wal_checkpoint(TRUNCATE)';

/**
 * Fails on a constraint when the integrity check finds something. Without a prepared statement, because the file could
 * not be closed then, and on Windows not be renamed.
 */
const CHECK_INTEGRITY = `
  CREATE TEMP TABLE integrity (verdict TEXT CHECK (verdict = 'ok'));
  INSERT INTO integrity SELECT quick_check FROM pragma_quick_check(1);
  DROP TABLE integrity;`;

const HEADER = 'SQLite format 3\0';

/** Whether the file is new, empty, or begins as every SQLite database does. https://www.sqlite.org/fileformat.html */
function startsLikeDatabase(path: string): boolean {
  if (path === ':memory:' || !existsSync(path)) return true;
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(HEADER.length);
    const length = readSync(file, start, 0, start.length, 0);
    return length === 0 || start.toString('latin1') === HEADER;
  } finally {
    closeSync(file);
  }
}

/** SQLite's codes for a file that is not, or no longer, a database, and for a failed {@link CHECK_INTEGRITY}. */
function isDamage(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^SQLITE_(NOTADB|CORRUPT|CONSTRAINT)/.test(error.code)
  );
}
