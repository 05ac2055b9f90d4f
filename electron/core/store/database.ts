import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { hasRoom } from './disk-room';
import { type StorageFailure, storageFailureOf } from './storage-failure';

export type SqlValue = string | number | null | Uint8Array;

/** The file failed the integrity check, or is no SQLite database. */
export class DamagedDatabaseError extends Error {
  override readonly name = 'DamagedDatabaseError';
}

/** The disk does not take what a person was to be promised. */
export class NotStoredError extends Error {
  override readonly name = 'NotStoredError';
  readonly code: string;

  constructor({ message }: StorageFailure, code: string) {
    super(message);
    this.code = code;
  }
}

interface Held {
  readonly failure: StorageFailure;
  /** The error code of the disk. */
  readonly code: string;
  /** The number of rows that were changed in memory. */
  changes: number;
}

/**
 * One SQLite file that only this process uses, synchronously. A thin layer over libsql, which caches prepared statements, knows
 * whether a transaction is open, and throws after `close()`, where libsql would silently go on.
 *
 * While the disk takes no more, one transaction stays open, whose changes SQLite keeps in memory. The program goes on as before,
 * and the file keeps its state with the cursor that belongs to it. `tryDisk()` commits once there is room. If the program ends
 * before, the feed sends the lost changes again.
 */
export class LocalDatabase {
  readonly #db: InstanceType<typeof Libsql>;
  readonly #statements = new Map<string, ReturnType<InstanceType<typeof Libsql>['prepare']>>();
  readonly #folder: string;
  #open = true;
  #inTransaction = false;
  #hasLog = false;
  #held: Held | undefined;
  #onTrouble: () => void = () => undefined;
  #onLost: () => void = () => undefined;

  private constructor(db: InstanceType<typeof Libsql>, folder: string) {
    this.#db = db;
    this.#folder = folder;
  }

  /**
   * Opens or makes the file. It only reads, so that a file of a newer version stays untouched.
   *
   * @throws DamagedDatabaseError if it is no database or fails the integrity check.
   */
  static open(path: string): LocalDatabase {
    // SQLite deletes a write-ahead log that does not fit, so the header is checked before SQLite opens the file.
    if (!startsLikeDatabase(path)) throw new DamagedDatabaseError('file is not a database');
    const db = new Libsql(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      db.exec(CHECK_INTEGRITY);
    } catch (error) {
      db.close();
      throw isDamage(error) ? new DamagedDatabaseError(error.message) : error;
    }
    return new LocalDatabase(db, dirname(path));
  }

  /**
   * A write-ahead log lets readers and the writer go on side by side. A power cut may lose the last moments, which the service
   * has.
   */
  useWriteAheadLog(): void {
    this.all('PRAGMA journal_mode = WAL');
    this.exec('PRAGMA synchronous = NORMAL');
    this.#hasLog = true;
  }

  /**
   * Puts everything committed on disk, so that a power cut loses nothing of it. Must not be called in a transaction.
   *
   * @throws Error if a reader of the file stands in the way just now.
   */
  settle(): void {
    this.#assertStores();
    if (this.#hasLog && !this.#checkpoint()) throw new Error('The local store is being read.');
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** The reason why changes are in memory only; undefined while the disk takes them. */
  get trouble(): StorageFailure | undefined {
    return this.#held?.failure;
  }

  /** `onTrouble` is called when {@link trouble} changes, `onLost` when changes in memory were lost and the file is as before. */
  watch(watcher: { readonly onTrouble?: () => void; readonly onLost?: () => void }): void {
    this.#onTrouble = watcher.onTrouble ?? this.#onTrouble;
    this.#onLost = watcher.onLost ?? this.#onLost;
  }

  tryDisk(): void {
    if (this.#held === undefined || this.#inTransaction || !this.#hasRoomForHeld(this.#held)) return;
    const { code } = this.#held;
    try {
      this.exec('COMMIT');
      this.#held = undefined;
    } catch {
      // The room was used up meanwhile, and SQLite has rolled everything back.
      this.#tryExec('ROLLBACK');
      this.#held = undefined;
      this.#hold(code);
      this.#onLost();
    }
    this.#onTrouble();
  }

  all(sql: string, parameters: readonly SqlValue[] = []): readonly Readonly<Record<string, unknown>>[] {
    return this.#prepared(sql).all([...parameters]) as Record<string, unknown>[];
  }

  first(sql: string, parameters: readonly SqlValue[] = []): Readonly<Record<string, unknown>> | undefined {
    return this.all(sql, parameters)[0];
  }

  /** Runs a statement without rows. Returns the number of rows that it changed. */
  run(sql: string, parameters: readonly SqlValue[] = []): number {
    if (!this.#inTransaction) return this.transaction(() => this.run(sql, parameters));
    const { changes } = this.#prepared(sql).run([...parameters]);
    if (this.#held !== undefined) this.#held.changes += changes;
    return changes;
  }

  exec(sql: string): void {
    this.#assertOpen();
    this.#db.exec(sql);
  }

  /**
   * Runs all of the work or none of it. An inner call joins the outer transaction. The work may run twice, because a full disk
   * shows only at the commit; `undone` is called before the second run and before an error is thrown.
   */
  transaction<T>(work: () => T, undone: () => void = () => undefined): T {
    if (this.#inTransaction) return work();
    try {
      return this.#held === undefined ? this.#attempt(work, ON_DISK) : this.#attempt(work, IN_MEMORY);
    } catch (error) {
      undone();
      const isFirst = this.#held === undefined && storageFailureOf(error) !== undefined;
      if (!isFirst || !this.#hold(codeOf(error))) throw error;
      this.#onTrouble();
    }
    try {
      return this.#attempt(work, IN_MEMORY);
    } catch (error) {
      undone();
      throw error;
    }
  }

  /**
   * Runs a transaction that is only done once it is on disk.
   *
   * @throws NotStoredError, or the error of the disk, if it could not be stored.
   */
  durably<T>(work: () => T): T {
    this.#assertStores();
    return this.transaction(() => {
      this.#assertStores();
      return work();
    });
  }

  close(): void {
    if (!this.#open) return;
    // A failed commit loses nothing more at this point.
    if (this.#held !== undefined) this.#tryExec('COMMIT');
    // libsql keeps the file open as long as a prepared statement lives, so SQLite does not checkpoint by itself.
    if (this.#hasLog) this.#checkpoint();
    this.#open = false;
    this.#statements.clear();
    this.#db.close();
  }

  #attempt<T>(work: () => T, [begin, end, back]: readonly [string, string, string]): T {
    this.exec(begin);
    this.#inTransaction = true;
    try {
      const result = work();
      this.exec(end);
      return result;
    } catch (error) {
      // SQLite may have rolled back by itself, as it does on a full disk. The first error is the one that matters.
      this.#tryExec(back);
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  /** Begins the transaction that stays open. Returns false if that is not possible. */
  #hold(code: string): boolean {
    const failure = storageFailureOf({ code });
    if (!this.#hasLog || failure === undefined) return false;
    try {
      // Neither changed pages nor the journals of savepoints may be written to a file.
      this.exec('PRAGMA cache_spill = OFF; PRAGMA temp_store = MEMORY');
      this.exec('BEGIN IMMEDIATE');
    } catch {
      return false;
    }
    this.#held = { failure, code, changes: 0 };
    return true;
  }

  /** A failed commit loses the changes, so the room is checked first. */
  #hasRoomForHeld({ changes }: Held): boolean {
    const pages = Number(this.first('PRAGMA page_count')?.['page_count'] ?? 0);
    const changed = Math.min(pages, changes * PAGES_PER_CHANGE + SPARE_PAGES);
    return hasRoom(this.#folder, changed * PAGE_WITH_HEADER_BYTES);
  }

  #assertStores(): void {
    this.tryDisk();
    if (this.#held !== undefined) throw new NotStoredError(this.#held.failure, this.#held.code);
  }

  /** Returns false if not all of the log came into the file. It waits for no reader, which may take its time in a thread. */
  #checkpoint(): boolean {
    try {
      this.exec('PRAGMA busy_timeout = 0');
      const result = this.#db.prepare(CHECKPOINT).get() as { readonly busy: number };
      this.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
      return result.busy === 0;
    } catch {
      return false;
    }
  }

  #tryExec(sql: string): void {
    try {
      this.exec(sql);
    } catch {
      // The caller has a more important error, or nothing better to do.
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

/** The limit for waiting for another program's lock. */
const BUSY_TIMEOUT_MS = 5_000;

/** The statements that begin, end and roll back a transaction, or a savepoint in the one that stays open. */
const ON_DISK = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'] as const;
const IN_MEMORY = ['SAVEPOINT step', 'RELEASE step', 'ROLLBACK TO step; RELEASE step'] as const;

/** A row of the log and its indexes, each of which may split a page. */
const PAGES_PER_CHANGE = 16;
const SPARE_PAGES = 64;
/** The size of a page in the write-ahead log. https://www.sqlite.org/fileformat.html#the_write_ahead_log */
const PAGE_WITH_HEADER_BYTES = 4_096 + 24;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** A checkpoint waits for the disk, whatever `synchronous` is. https://www.sqlite.org/pragma.html#pragma_wal_checkpoint */
const CHECKPOINT = 'PRAGMA wal_checkpoint(TRUNCATE)';

/**
 * Violates a constraint if the integrity check finds something. It uses no prepared statement, because libsql could not close the
 * file then, and Windows could not rename it.
 */
const CHECK_INTEGRITY = `
  CREATE TEMP TABLE integrity (verdict TEXT CHECK (verdict = 'ok'));
  INSERT INTO integrity SELECT quick_check FROM pragma_quick_check(1);
  DROP TABLE integrity;`;

const HEADER = 'SQLite format 3\0';

/** Returns true if the file is new, empty, or begins like every SQLite database. https://www.sqlite.org/fileformat.html */
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

/** Returns true for SQLite's codes for a file that is no database (any more), and for a failed {@link CHECK_INTEGRITY}. */
function isDamage(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^SQLITE_(NOTADB|CORRUPT|CONSTRAINT)/.test(error.code)
  );
}
