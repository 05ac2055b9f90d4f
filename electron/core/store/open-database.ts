import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { isoTime } from '../text';
import { DamagedDatabaseError, LocalDatabase } from './database';
import { assertNotNewer, migrate, type Migrations } from './migrations';
import { makePrivateFile } from './private-folder';

export interface OpenedDatabase {
  readonly database: LocalDatabase;
  /** The path to which a damaged file was renamed, or null. */
  readonly setAside: string | null;
}

/**
 * Opens a database of the local store. A damaged file is renamed, never deleted, and a new one takes its place.
 *
 * @throws NewerStoreError if a newer version of the program wrote it; the file is left untouched.
 */
export function openDatabase(path: string, migrations: Migrations, nowMs: number): OpenedDatabase {
  mkdirSync(dirname(path), { recursive: true });
  try {
    return { database: openAndMigrate(path, migrations), setAside: null };
  } catch (error) {
    if (!(error instanceof DamagedDatabaseError)) throw error;
    const setAside = moveAside(path, nowMs);
    return { database: openAndMigrate(path, migrations), setAside };
  }
}

function openAndMigrate(path: string, migrations: Migrations): LocalDatabase {
  // SQLite gives its files beside a database the mode of the database.
  makePrivateFile(path);
  const database = LocalDatabase.open(path);
  try {
    assertNotNewer(database, migrations);
    database.useWriteAheadLog();
    migrate(database, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Renames a database together with its log files, so that it can be examined later. */
function moveAside(path: string, nowMs: number): string {
  const target = asidePath(path, nowMs);
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${target}${suffix}`);
  }
  return target;
}

/** Returns the path under which a damaged file is kept: `name.damaged-TIME.ext`. */
export function asidePath(path: string, nowMs: number): string {
  // Windows allows no colons in file names.
  const time = isoTime(nowMs).replace(/[:.]/g, '-');
  return path.replace(/\.([a-z]+)$/, `.damaged-${time}.$1`);
}
