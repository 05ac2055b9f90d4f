import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createSequential } from '#shared/async/sequential';
import { SqliteStatementError, SqliteThread } from '#shared/sqlite/sqlite-thread';
import { closeDataFolder, makePrivateDatabase } from '../private-files';

/** Entries that the spool holds; about 100 MiB. */
const MAX_ENTRIES = 300_000;
/** Room that the file and its log keep, for some 10,000 calls. */
const RESERVED_BYTES = 4 * 1024 ** 2;
/** Processes that may share a data folder. */
const MAX_SPOOLS = 64;

/** The spool holds all that it may, and nothing in it may go. */
export class SpoolFullError extends Error {
  constructor() {
    super('the spool of calls that wait for the database is full');
  }
}

/** What the spool has to know of an entry, which it keeps as JSON. */
export interface SpoolEntry {
  readonly verdict: 'allowed' | 'blocked';
}

/** An entry as JSON with its number, which grows from entry to entry. */
export interface Numbered {
  readonly number: number;
  readonly text: string;
}

interface Waiting {
  readonly entries: readonly SpoolEntry[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

async function inTransaction<T>(thread: SqliteThread, work: () => Promise<T>): Promise<T> {
  await thread.run('begin');
  try {
    const result = await work();
    await thread.run('commit');
    return result;
  } catch (error) {
    await thread.run('rollback').catch(() => undefined);
    throw error;
  }
}

/** Makes the file and its log grow, because their disk may be the one that is full. What they have grown by stays theirs. */
async function keepRoom(thread: SqliteThread): Promise<void> {
  try {
    await inTransaction(thread, () =>
      thread.run('INSERT INTO room (bytes) VALUES (zeroblob(?))', [RESERVED_BYTES]),
    );
    await inTransaction(thread, () => thread.run('DELETE FROM room'));
  } catch {
    // What waits in the spool has to be delivered all the same, and there may be room for some calls.
  }
}

/** Opens the thread of a spool's file, which belongs to one process at a time. @throws SqliteStatementError */
async function openFile(file: string): Promise<SqliteThread> {
  makePrivateDatabase(file);
  const thread = new SqliteThread({ file, access: 'write' });
  try {
    await thread.run('PRAGMA journal_mode = WAL');
    // A call is answered when its entry survives the end of the machine's power.
    await thread.run('PRAGMA synchronous = FULL');
    await inTransaction(thread, async () => {
      await thread.run(
        'CREATE TABLE IF NOT EXISTS entries (number INTEGER PRIMARY KEY AUTOINCREMENT, isAllowed INTEGER NOT NULL, text TEXT NOT NULL)',
      );
      await thread.run('CREATE TABLE IF NOT EXISTS spool (id TEXT NOT NULL)');
      await thread.run('INSERT INTO spool (id) SELECT ? WHERE NOT EXISTS (SELECT * FROM spool)', [
        randomUUID(),
      ]);
      await thread.run('CREATE TABLE IF NOT EXISTS room (bytes BLOB NOT NULL)');
    });
    await keepRoom(thread);
    return thread;
  } catch (error) {
    await thread.close();
    throw error;
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof SqliteStatementError && error.code?.startsWith('SQLITE_BUSY') === true;
}

function fileIn(dataDir: string, number: number): string {
  return join(dataDir, `spool-${number}.sqlite`);
}

async function openFreeFile(dataDir: string): Promise<SqliteThread> {
  closeDataFolder(dataDir);
  for (let number = 0; ; number += 1) {
    try {
      return await openFile(fileIn(dataDir, number));
    } catch (error) {
      if (!isInUse(error) || number >= MAX_SPOOLS) throw error;
    }
  }
}

/**
 * Calls and counts that wait on the local disk while the database is away (docs/behaviour.md 7.8). What was appended survives
 * the end of the process and of the machine; the next process on the data folder goes on with it.
 */
export class Spool {
  /** Names this spool in the database, which remembers how much of it has been delivered. */
  readonly id: string;
  readonly #thread: SqliteThread;
  readonly #maxEntries: number;
  readonly #inTurn = createSequential();
  #waiting: Waiting[] = [];
  #length: number;
  #isFailing = false;

  private constructor(thread: SqliteThread, id: string, length: number, maxEntries: number) {
    this.#thread = thread;
    this.id = id;
    this.#length = length;
    this.#maxEntries = maxEntries;
  }

  /** True if the data folder has a spool. */
  static isIn(dataDir: string): boolean {
    return existsSync(fileIn(dataDir, 0));
  }

  /** Opens a spool in the data folder that no other process uses. */
  static async open(dataDir: string, maxEntries = MAX_ENTRIES): Promise<Spool> {
    const thread = await openFreeFile(dataDir);
    const id = (await thread.run('SELECT id FROM spool')).rows?.[0]?.[0];
    const length = (await thread.run('SELECT count(*) FROM entries')).rows?.[0]?.[0];
    return new Spool(thread, String(id), Number(length), maxEntries);
  }

  get length(): number {
    return this.#length;
  }

  /** True if the last entries could not be kept. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Resolves when the entries are on the disk. What is appended at the same time shares one flush. @throws SpoolFullError */
  append(entries: readonly SpoolEntry[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, resolve, reject });
      if (this.#waiting.length === 1) void this.#inTurn(() => this.#flush());
    });
  }

  /** Resolves with the oldest entries. */
  async oldest(limit: number): Promise<readonly Numbered[]> {
    const { rows = [] } = await this.#thread.run('SELECT number, text FROM entries ORDER BY number LIMIT ?', [
      limit,
    ]);
    return rows.map(([number, text]) => ({ number: Number(number), text: String(text) }));
  }

  /** Removes the entries up to this number. */
  remove(upTo: number): Promise<void> {
    return this.#inTurn(async () => {
      const { changes = 0 } = await inTransaction(this.#thread, () =>
        this.#thread.run('DELETE FROM entries WHERE number <= ?', [upTo]),
      );
      this.#length -= changes;
    });
  }

  async close(): Promise<void> {
    await this.#inTurn(() => Promise.resolve());
    await this.#thread.close();
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    const entries = waiting.flatMap((each) => each.entries);
    try {
      const dropped = await inTransaction(this.#thread, async () => {
        const made = await this.#makeRoomFor(entries.length);
        await this.#thread.run(
          "INSERT INTO entries (isAllowed, text) SELECT value ->> 'verdict' = 'allowed', value FROM json_each(?)",
          [JSON.stringify(entries)],
        );
        return made;
      });
      this.#length += entries.length - dropped;
      this.#isFailing = false;
      for (const { resolve } of waiting) resolve();
    } catch (error) {
      this.#isFailing = true;
      for (const { reject } of waiting) reject(error);
    }
  }

  /**
   * Lets the oldest allowed calls go, because what was blocked is to be reviewed. Resolves with their number.
   * @throws SpoolFullError
   */
  async #makeRoomFor(count: number): Promise<number> {
    const excess = this.#length + count - this.#maxEntries;
    if (excess <= 0) return 0;
    const { changes = 0 } = await this.#thread.run(
      'DELETE FROM entries WHERE number IN (SELECT number FROM entries WHERE isAllowed ORDER BY number LIMIT ?)',
      [excess],
    );
    if (changes < excess) throw new SpoolFullError();
    return changes;
  }
}
