import Database from 'libsql';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { closeDataFolder, makePrivateFile } from '../../private-files';
import { type DataDirLock, LOCK_FILE, lockDataDir } from '../data-dir-lock';
import { NewerDatabaseError, readSchemaVersion } from '../migrations/index';
import { DATABASE_FILE, explainDataDir } from '../sqlite';
import { MaintenanceError } from '../maintenance-error';

/** Limit for waiting for a service that starts or stops at this moment. */
const PATIENCE_MS = 10_000;

/** What SQLite keeps beside a database that was not closed: committed changes, or those that are to be taken back. */
const CHANGES_BESIDE = ['-wal', '-journal'];
const ALL_BESIDE = [...CHANGES_BESIDE, '-shm'];

/**
 * Copies the database of `dataDir` into the empty file `copy`, also while a service has it: SQLite's lock keeps others from
 * writing, not from reading.
 */
export function copySqlite(dataDir: string, copy: string): void {
  const file = join(dataDir, DATABASE_FILE);
  if (!existsSync(file)) throw new MaintenanceError(`There is no database in the data folder ${dataDir}.`);
  const database = new Database(file, { timeout: PATIENCE_MS });
  try {
    database.prepare('VACUUM INTO ?').run(copy);
  } finally {
    database.close();
  }
  flush(copy);
}

/** SQLite does not flush what it vacuums into. */
function flush(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Puts the backup in the place of the database of `dataDir`, which no service may have meanwhile. Returns the name under which
 * the database before it is kept; undefined if there was none.
 */
export function restoreSqlite(dataDir: string, backup: string): string | undefined {
  const lock = lockFolder(dataDir);
  const file = join(dataDir, DATABASE_FILE);
  const candidate = `${file}.restoring`;
  try {
    copyBackup(backup, candidate);
    makeWhole(candidate, backup);
    flush(candidate);
    const kept = existsSync(file) ? keepBeside(file) : undefined;
    renameSync(candidate, file);
    return kept;
  } finally {
    for (const end of ['', ...ALL_BESIDE]) rmSync(`${candidate}${end}`, { force: true });
    lock.release();
  }
}

function lockFolder(dataDir: string): DataDirLock {
  try {
    closeDataFolder(dataDir);
    makePrivateFile(join(dataDir, LOCK_FILE));
    return lockDataDir(dataDir);
  } catch (error) {
    throw explainDataDir(dataDir, error);
  }
}

/** Copies a backup, with the changes beside it if it is a snapshot of the files of a running service. */
function copyBackup(backup: string, candidate: string): void {
  for (const end of ['', ...CHANGES_BESIDE]) {
    rmSync(`${candidate}${end}`, { force: true });
    if (end !== '' && !existsSync(`${backup}${end}`)) continue;
    copyFileSync(`${backup}${end}`, `${candidate}${end}`);
    // A copy has the mode of its original.
    chmodSync(`${candidate}${end}`, 0o600);
  }
}

/** Makes the copy a single file. @throws MaintenanceError if it cannot be served. */
function makeWhole(candidate: string, backup: string): void {
  const database = new Database(candidate);
  try {
    database.pragma('journal_mode = DELETE');
    const verdict = database.prepare('PRAGMA quick_check(1)').raw().get() as readonly unknown[];
    if (verdict[0] !== 'ok') throw new Error(String(verdict[0]));
    const version = database.prepare("SELECT value FROM meta WHERE name = 'schema_version'").raw().get() as
      readonly string[] | undefined;
    if (version?.[0] === undefined) throw new Error('it has no schema version');
    readSchemaVersion(version[0]);
  } catch (error) {
    if (error instanceof NewerDatabaseError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MaintenanceError(
      `${backup} is not a whole backup of an SQLite database of Gatehouse: ${reason}.`,
      {
        cause: error,
      },
    );
  } finally {
    database.close();
  }
}

/** Gives the database a second name, so that there is one in its place at every moment, and moves its changes there. */
function keepBeside(file: string): string {
  const kept = `${file}.before-${new Date().toISOString().replace(/[-:.]/g, '')}`;
  foldChanges(file);
  linkSync(file, kept);
  for (const end of CHANGES_BESIDE) {
    if (existsSync(`${file}${end}`)) renameSync(`${file}${end}`, `${kept}${end}`);
  }
  rmSync(`${file}-shm`, { force: true });
  return kept;
}

/** Writes the changes beside a database into it. A damaged one, which may be why another is restored, keeps them. */
function foldChanges(file: string): void {
  try {
    const database = new Database(file);
    try {
      database.pragma('journal_mode = DELETE');
    } finally {
      database.close();
    }
  } catch {
    // They are moved with it.
  }
}
