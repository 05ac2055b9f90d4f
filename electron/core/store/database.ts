import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { hasRoom } from './disk-room';
import { type StorageFailure, storageFailureOf } from './storage-failure';

export type SqlValue = string | number | null | Uint8Array;

/** A failed integrity check, or a file that is no SQLite database. */
export class DamagedDatabaseError extends Error {
  override readonly name = 'DamagedDatabaseError';
}

/** The disk does not take what somebody was to be promised that it is kept. */
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
  /** The disk's own code for it. */
  readonly code: string;
  /** How many rows were changed since. */
  changes: number;
}

/**
 * One SQLite file of this process's own, synchronous. A thin layer over libsql that keeps prepared statements, knows
 * whether a transaction is open, and does not work after `close()`, where libsql would go on silently.
 *
 * When the disk takes no more, one transaction stays open, whose changes SQLite keeps in memory: everything goes on as
 * before, and the file stays as it was, with the cursor that belongs to it. `tryDisk()` ends that once there is room. If
 * the program ends before, the feed brings again what came since.
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
    return new LocalDatabase(db, dirname(path));
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
    this.#assertStores();
    if (this.#hasLog) this.exec(CHECKPOINT);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Why what is written is in memory only; undefined while the disk takes it. */
  get trouble(): StorageFailure | undefined {
    return this.#held?.failure;
  }

  /** `onTrouble` is told when {@link trouble} changes; `onLost` when what was in memory only is gone, and the file is as it was. */
  watch(watcher: { readonly onTrouble?: () => void; readonly onLost?: () => void }): void {
    this.#onTrouble = watcher.onTrouble ?? this.#onTrouble;
    this.#onLost = watcher.onLost ?? this.#onLost;
  }

  /** Puts on the disk what is in memory only, if there is room. */
  tryDisk(): void {
    if (this.#held === undefined || this.#inTransaction || !this.#hasRoomForHeld(this.#held)) return;
    const { code } = this.#held;
    try {
      this.exec('COMMIT');
      this.#held = undefined;
    } catch {
      // Somebody else was faster, and SQLite has let go of everything.
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

  /** Runs a statement without rows and gives the number of rows it changed. */
  run(sql: string, parameters: readonly SqlValue[] = []): number {
    if (!this.#inTransaction) return this.transaction(() => this.run(sql, parameters));
    const { changes } = this.#prepared(sql).run([...parameters]);
    if (this.#held !== undefined) this.#held.changes += changes;
    return changes;
  }

  /** Runs statements that take no parameters. */
  exec(sql: string): void {
    this.#assertOpen();
    this.#db.exec(sql);
  }

  /**
   * All of the work or none of it. Inside another transaction it joins that one. The work may be done twice: a disk that
   * takes no more is found out at the end. `undone` is told before that, and before an error leaves.
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
   * The same for what somebody is promised: only on the disk.
   *
   * @throws NotStoredError, or the error of the disk, when it is not there.
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
    // Nothing is to be lost any more by trying.
    if (this.#held !== undefined) this.#tryExec('COMMIT');
    // libsql keeps the file open as long as a prepared statement lives, so SQLite does not do this by itself.
    if (this.#hasLog) this.#tryExec(CHECKPOINT);
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
      // SQLite may have rolled back by itself, as it does on a full disk; the first error is the one that matters.
      this.#tryExec(back);
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  /** Begins the transaction that stays open. Returns false where that is not possible either. */
  #hold(code: string): boolean {
    const failure = storageFailureOf({ code });
    if (!this.#hasLog || failure === undefined) return false;
    try {
      // Neither changed pages nor what takes back a part of them may go to a file.
      this.exec('PRAGMA cache_spill = OFF; PRAGMA temp_store = MEMORY');
      this.exec('BEGIN IMMEDIATE');
    } catch {
      return false;
    }
    this.#held = { failure, code, changes: 0 };
    return true;
  }

  /** A commit that fails loses what is held, so the room is found out first. */
  #hasRoomForHeld({ changes }: Held): boolean {
    const pages = Number(this.first('PRAGMA page_count')?.['page_count'] ?? 0);
    const changed = Math.min(pages, changes * PAGES_PER_CHANGE + SPARE_PAGES);
    return hasRoom(this.#folder, changed * PAGE_WITH_HEADER_BYTES);
  }

  #assertStores(): void {
    this.tryDisk();
    if (this.#held !== undefined) throw new NotStoredError(this.#held.failure, this.#held.code);
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

/** How a transaction begins, ends, and is taken back: one of its own, or a part of the one that stays open. */
const ON_DISK = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'] as const;
const IN_MEMORY = ['SAVEPOINT step', 'RELEASE step', 'ROLLBACK TO step; RELEASE step'] as const;

/** A row of the log with its indexes, each of which may split a page. */
const PAGES_PER_CHANGE = 16;
const SPARE_PAGES = 64;
/** A page in the write-ahead log. https://www.sqlite.org/fileformat.html#the_write_ahead_log */
const PAGE_WITH_HEADER_BYTES = 4_096 + 24;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

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
