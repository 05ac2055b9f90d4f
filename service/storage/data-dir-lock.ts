import Database from 'libsql';
import { join } from 'node:path';

export const LOCK_FILE = 'gatehouse.lock';

export interface DataDirLock {
  release(): void;
}

/**
 * Locks the data folder for this process, because memory would not see the writes of a second service. The lock is a
 * transaction on an empty database: SQLite's locks work on every system and end with the process. It is not on the real
 * database, because other connections of this process read that.
 * @throws an error of SQLite with the code SQLITE_BUSY if another process has the lock.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  const database = new Database(join(dataDir, LOCK_FILE), { timeout: 500 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    release: () => {
      database.exec('COMMIT');
      database.close();
    },
  };
}
