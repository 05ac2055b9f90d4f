import Database from 'libsql';
import { join } from 'node:path';

export const LOCK_FILE = 'gatehouse.lock';

export interface DataDirLock {
  release(): void;
}

/**
 * Takes the data folder for this process: the policy is held in memory, and what a second service wrote would not be seen. A
 * transaction on an empty database beside the real one, because SQLite's locks work on every system and end with the process,
 * however it ends; and not on the real one, which other connections of this process have to read.
 * @throws an error of SQLite with the code SQLITE_BUSY when another process has it.
 */
export const lockDataDir = (dataDir: string): DataDirLock => {
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
};
