import { join } from 'node:path';
import { Kysely, SqliteDialect, sql } from 'kysely';
import Database from 'libsql';
import { closeDataFolder, closeToOthers, makePrivateFile, NotOursError } from '../private-files';
import { SILENT, type ServiceLog } from '../service-log';
import { startCheckpoints } from './checkpoints';
import { type DataDirLock, LOCK_FILE, lockDataDir } from './data-dir-lock';
import { migrate, NewerDatabaseError } from './migrations/index';
import { createOnlyWriter } from './only-writer';
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
  if (error instanceof NotOursError) {
    return new DataDirError('data_dir_unusable', error.message, { cause: error });
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
  const database = new Database(join(dataDir, DATABASE_FILE), { timeout: 500 });
  try {
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
    // Finds out now, rather than at the first write, whether it can be written.
    database.exec('BEGIN IMMEDIATE; COMMIT');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

const openLocked = (
  dataDir: string,
): { readonly database: Database.Database; readonly lock: DataDirLock } => {
  closeDataFolder(dataDir);
  const file = join(dataDir, DATABASE_FILE);
  // SQLite gives what it puts beside a database the mode of the database.
  for (const own of [join(dataDir, LOCK_FILE), file]) makePrivateFile(own);
  for (const beside of ['-wal', '-shm', '-journal']) closeToOthers(`${file}${beside}`);
  const lock = lockDataDir(dataDir);
  try {
    return { database: open(dataDir), lock };
  } catch (error) {
    lock.release();
    throw error;
  }
};

/** What is left at rest is one whole file, unless somebody else reads it just now. */
const leaveWhole = (database: Database.Database): void => {
  try {
    database.exec('PRAGMA journal_mode = DELETE');
  } catch {
    // The log beside it is part of the database, and the next start goes on with both.
  }
};

/**
 * Opens (and makes, and migrates) the SQLite database in `dataDir`.
 * @throws DataDirError when the folder is in use, unusable, or the database damaged.
 */
export const openSqliteStorage = async (dataDir: string, log: ServiceLog = SILENT): Promise<Storage> => {
  let opened: ReturnType<typeof openLocked>;
  try {
    opened = openLocked(dataDir);
  } catch (error) {
    throw explain(dataDir, error);
  }
  const { database, lock } = opened;
  const health = createSqliteHealth();
  const checkpoints = startCheckpoints(join(dataDir, DATABASE_FILE), database, {
    onFailure: (error) => log.write('warn', 'database.checkpoint_failed', { error }),
  });
  const onlyWriter = createOnlyWriter(database, health, join(dataDir, DATABASE_FILE));
  const db = new Kysely<Schema>({
    dialect: new SqliteDialect({
      database: keepingStatements(database, health, { onCommit: () => checkpoints.committed() }),
    }),
  });
  const close = async (): Promise<void> => {
    try {
      await checkpoints.stop();
      leaveWhole(database);
      await db.destroy();
    } finally {
      lock.release();
    }
  };
  try {
    await migrate(db);
    await db.transaction().execute((tx) => repositoriesOver(tx).epochs.begin());
    return {
      read: repositoriesOver(db),
      snapshot: (work) => db.transaction().execute((tx) => work(repositoriesOver(tx))),
      transaction: (work) =>
        db.transaction().execute((tx) => {
          onlyWriter.check();
          return work(repositoriesOver(tx), () => Promise.resolve());
        }),
      notices: undefined,
      onlyWriter,
      probe: async () => {
        onlyWriter.check();
        // A write, because a full disk can still be read from.
        await sql`UPDATE meta SET value = value WHERE name = 'schema_version'`.execute(db);
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
      close,
    };
  } catch (error) {
    await close();
    throw error instanceof NewerDatabaseError ? error : explain(dataDir, error);
  }
};
