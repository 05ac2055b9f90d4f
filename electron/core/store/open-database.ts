import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { isoTime } from '../text';
import { DamagedDatabaseError, LocalDatabase } from './database';
import { assertNotNewer, migrate } from './migrations';

const FILE_NAME = 'gatehouse.sqlite';

export interface OpenedDatabase {
  readonly database: LocalDatabase;
  /** Where the damaged file that stood in the way was put, or null. */
  readonly setAside: string | null;
}

/**
 * Opens the local store in a folder, which is made if need be. A damaged file is renamed, never deleted, and a fresh one
 * takes its place: everything in it can be had from the service again.
 *
 * @throws NewerStoreError when a newer version of the program wrote it; the file is left untouched.
 */
export function openDatabase(folder: string, nowMs: number): OpenedDatabase {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, FILE_NAME);
  try {
    return { database: openAndMigrate(path), setAside: null };
  } catch (error) {
    if (!(error instanceof DamagedDatabaseError)) throw error;
    const setAside = moveAside(path, nowMs);
    return { database: openAndMigrate(path), setAside };
  }
}

function openAndMigrate(path: string): LocalDatabase {
  const database = LocalDatabase.open(path);
  try {
    assertNotNewer(database);
    database.useWriteAheadLog();
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Renames a database with what belongs to it, so that a look at it later sees all there is. */
function moveAside(path: string, nowMs: number): string {
  // Colons are no part of a file name on Windows.
  const time = isoTime(nowMs).replace(/[:.]/g, '-');
  const target = path.replace(/\.sqlite$/, `.damaged-${time}.sqlite`);
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${target}${suffix}`);
  }
  return target;
}
