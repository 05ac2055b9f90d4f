import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { closeDataFolder, makePrivateDatabase, makePrivateFile, NotOursError } from '../private-files';
import { type DataDirLock, LOCK_FILE, lockDataDir } from './data-dir-lock';
import { migrate, NewerDatabaseError } from './migrations/index';
import { ExclusiveAccess } from './exclusive-access';
import type { Schema } from './schema';
import { SqliteHealth, sqliteCodeOf } from './sqlite-failure';
import { sqliteDialect } from '#shared/sqlite/sqlite-dialect';
import { SqliteStatementError, SqliteThread } from '#shared/sqlite/sqlite-thread';
import { storable } from './storable';
import { repositoriesOver, type Storage } from './storage';

export const DATABASE_FILE = 'gatehouse.sqlite';

/** The write-ahead log is truncated to this size after long readers let it grow. */
const LONGEST_LOG_BYTES = 32 * 1024 ** 2;

/** Larger than a transaction of the log. */
const PROBE_BYTES = 256 * 1024;

/** The data folder cannot be used. `message` is a sentence for the person who starts the service. */
export class DataDirError extends Error {
  constructor(
    readonly code: 'data_dir_locked' | 'database_damaged' | 'data_dir_unusable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Returns an error with a sentence for the person who starts the service. */
export function explainDataDir(dataDir: string, error: unknown): DataDirError {
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
}

/** Connections run in threads of their own, so that a slow read delays neither calls nor writes. */
interface Connections {
  readonly writer: SqliteThread;
  readonly reader: SqliteThread;
}

async function prepareFile(writer: SqliteThread): Promise<void> {
  // Runs before anything could change a damaged file.
  const { rows } = await writer.run('PRAGMA quick_check(1)');
  const verdict = rows?.[0]?.[0];
  if (verdict !== 'ok') throw new SqliteStatementError(`quick_check: ${String(verdict)}`, 'SQLITE_CORRUPT');
  await writer.run('PRAGMA journal_mode = WAL');
  // In WAL mode, NORMAL survives the death of the process. FULL would also survive that of the machine, but flushes the disk
  // for each new address (https://www.sqlite.org/pragma.html#pragma_synchronous).
  await writer.run('PRAGMA synchronous = NORMAL');
  await writer.run('PRAGMA foreign_keys = ON');
  await writer.run(`PRAGMA journal_size_limit = ${LONGEST_LOG_BYTES}`);
  // Finds out at the start whether the file can be written.
  await writer.run('begin');
  await writer.run('commit');
}

/** The reader ends first, because only the last connection can leave WAL mode, so that the database is a single file. */
async function closeBoth({ writer, reader }: Connections): Promise<void> {
  await reader.close();
  await writer.close();
}

async function openConnections(file: string): Promise<Connections> {
  const writer = new SqliteThread({ file, access: 'write' });
  try {
    await prepareFile(writer);
  } catch (error) {
    await writer.close();
    throw error;
  }
  return { writer, reader: new SqliteThread({ file, access: 'read' }) };
}

function lockFolder(dataDir: string): DataDirLock {
  closeDataFolder(dataDir);
  makePrivateFile(join(dataDir, LOCK_FILE));
  makePrivateDatabase(join(dataDir, DATABASE_FILE));
  return lockDataDir(dataDir);
}

async function openLocked(dataDir: string): Promise<Connections & { readonly lock: DataDirLock }> {
  let lock: DataDirLock | undefined;
  try {
    lock = lockFolder(dataDir);
    return { ...(await openConnections(join(dataDir, DATABASE_FILE))), lock };
  } catch (error) {
    lock?.release();
    throw explainDataDir(dataDir, error);
  }
}

/** Tests whether the file can be written. @throws DatabaseUnavailableError if it cannot. */
async function probe(writes: Kysely<Schema>, health: SqliteHealth): Promise<void> {
  // A read would not notice a full disk.
  await writes
    .transaction()
    .execute((tx) => sql`UPDATE meta SET value = value WHERE name = 'schema_version'`.execute(tx));
  if (health.isWell) return;
  // The small write fits into the file as it is. After a failure, a larger one has to succeed.
  await writes.transaction().execute(async (tx) => {
    await sql`INSERT INTO meta (name, value) VALUES ('probe', ${'.'.repeat(PROBE_BYTES)})
      ON CONFLICT (name) DO UPDATE SET value = excluded.value`.execute(tx);
  });
  await writes.transaction().execute((tx) => sql`DELETE FROM meta WHERE name = 'probe'`.execute(tx));
  health.passed();
  health.requireWell();
}

/**
 * Opens the SQLite database in `dataDir`, made and migrated as needed.
 * @throws DataDirError if the folder is in use or unusable, or the database is damaged.
 */
export async function openSqliteStorage(dataDir: string): Promise<Storage> {
  const { writer, reader, lock } = await openLocked(dataDir);
  const health = new SqliteHealth();
  const over = (thread: SqliteThread): Kysely<Schema> =>
    new Kysely<Schema>({
      dialect: sqliteDialect((text, parameters) => health.watch(thread.run(text, parameters.map(storable)))),
    });
  const writes = over(writer);
  const reads = over(reader);
  const exclusiveAccess = new ExclusiveAccess(join(dataDir, DATABASE_FILE), health);
  const transaction: Storage['transaction'] = async (work) => {
    exclusiveAccess.requireConfirmed();
    return await writes.transaction().execute((tx) => work(repositoriesOver(tx), () => Promise.resolve()));
  };
  const close = async (): Promise<void> => {
    try {
      await closeBoth({ writer, reader });
    } finally {
      lock.release();
    }
  };
  try {
    await migrate(writes);
    await transaction((tx) => tx.epochs.begin());
  } catch (error) {
    await close();
    throw error instanceof NewerDatabaseError ? error : explainDataDir(dataDir, error);
  }
  return {
    read: repositoriesOver(reads),
    snapshot: (work) => reads.transaction().execute((tx) => work(repositoriesOver(tx))),
    transaction,
    notices: undefined,
    exclusiveAccess,
    probe: async () => {
      exclusiveAccess.requireConfirmed();
      await probe(writes, health);
    },
    close,
  };
}
