import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { Kysely, SqliteDialect, sql } from 'kysely';
import Database from 'libsql';
import { migrate, NewerDatabaseError } from './migrations/index';
import type { Schema } from './schema';
import { createSqliteHealth, sqliteCodeOf } from './sqlite-failure';
import { keepingStatements } from './sqlite-statements';
import { repositoriesOver, type Storage } from './storage';

export const DATABASE_FILE = 'gatehouse.sqlite';

/** More than a transaction of the log takes. */
const PROBE_BYTES = 256 * 1024;

/** Why a data folder cannot be served; `message` is a sentence for the person who starts the service. */
export class DataDirError extends Error {
  constructor(
    readonly code: 'data_dir_locked' | 'database_damaged' | 'data_dir_unusable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const explain = (dataDir: string, error: unknown): DataDirError => {
  const code = sqliteCodeOf(error);
  const file = join(dataDir, DATABASE_FILE);
  if (code === 'SQLITE_BUSY') {
    return new DataDirError(
      'data_dir_locked',
      `The data folder ${dataDir} is in use by another enforcement service. Stop that one, or choose another GATEHOUSE_DATA_DIR.`,
      { cause: error },
    );
  }
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB') {
    return new DataDirError(
      'database_damaged',
      `The database ${file} is damaged. Nothing was changed in it; restore a copy, or move the file away to start empty.`,
      { cause: error },
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new DataDirError(
    'data_dir_unusable',
    `The data folder ${dataDir} (GATEHOUSE_DATA_DIR) cannot be used: ${reason}`,
    {
      cause: error,
    },
  );
};

const open = (dataDir: string): Database.Database => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const database = new Database(join(dataDir, DATABASE_FILE), { timeout: 500 });
  try {
    // One process owns the file: the policy is held in memory, and a second writer would not be seen.
    database.pragma('locking_mode = EXCLUSIVE');
    // Before anything could change a damaged file.
    const [check] = database.pragma('quick_check(1)') as { quick_check: string }[];
    if (check?.quick_check !== 'ok') {
      throw Object.assign(new Error(check?.quick_check ?? 'quick_check failed'), { code: 'SQLITE_CORRUPT' });
    }
    database.pragma('journal_mode = WAL');
    // In WAL mode NORMAL survives the death of the process at any moment; FULL would survive that of the machine,
    // at the price of a disk flush for every first sight of an address.
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    // Takes the lock now rather than at the first write.
    database.exec('BEGIN IMMEDIATE; COMMIT');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/**
 * Gives the lock back. Closing alone is not enough: the library keeps the file locked until its statements are
 * garbage-collected. An exclusive lock can be given back only outside WAL mode, and takes effect with the next
 * access (https://www.sqlite.org/pragma.html#pragma_locking_mode); what is left at rest is one whole file.
 */
const release = (database: Database.Database): void => {
  database.pragma('journal_mode = DELETE');
  database.pragma('locking_mode = NORMAL');
  database.prepare('SELECT 1 FROM meta LIMIT 1').all();
};

/**
 * Opens (and makes, and migrates) the SQLite database in `dataDir`.
 * @throws DataDirError when the folder is in use, unusable, or the database damaged.
 */
export const openSqliteStorage = async (dataDir: string): Promise<Storage> => {
  let database: Database.Database;
  try {
    database = open(dataDir);
  } catch (error) {
    throw explain(dataDir, error);
  }
  const health = createSqliteHealth();
  const db = new Kysely<Schema>({
    dialect: new SqliteDialect({ database: keepingStatements(database, health) }),
  });
  try {
    await migrate(db);
    await db
      .insertInto('meta')
      .values({ name: 'epoch', value: randomUUID() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const { value: epoch } = await db
      .selectFrom('meta')
      .select('value')
      .where('name', '=', 'epoch')
      .executeTakeFirstOrThrow();
    return {
      epoch,
      read: repositoriesOver(db),
      snapshot: (work) => db.transaction().execute((tx) => work(repositoriesOver(tx))),
      transaction: (work) =>
        db.transaction().execute((tx) => work(repositoriesOver(tx), () => Promise.resolve())),
      // The file is locked: nobody else writes to it.
      notices: undefined,
      probe: async () => {
        // A write, because a full disk can still be read from.
        await sql`UPDATE meta SET value = value WHERE name = 'epoch'`.execute(db);
        const trouble = health.trouble();
        if (trouble === undefined) return;
        // That little fits into what the file has already; after a failure there has to be room for more.
        await sql`INSERT INTO meta (name, value) VALUES ('probe', ${'.'.repeat(PROBE_BYTES)})
          ON CONFLICT (name) DO UPDATE SET value = excluded.value`.execute(db);
        await sql`DELETE FROM meta WHERE name = 'probe'`.execute(db);
        health.passed();
        const lasting = health.trouble();
        if (lasting !== undefined) throw lasting;
      },
      close: async () => {
        release(database);
        await db.destroy();
      },
    };
  } catch (error) {
    try {
      release(database);
    } finally {
      await db.destroy();
    }
    throw error instanceof NewerDatabaseError ? error : explain(dataDir, error);
  }
};
