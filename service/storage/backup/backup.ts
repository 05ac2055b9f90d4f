import { existsSync, renameSync, rmSync } from 'node:fs';
import { writePrivateFile } from '../../private-files';
import { MaintenanceError } from '../maintenance-error';
import { dumpPostgres, restorePostgres } from './postgres-backup';
import { copySqlite, restoreSqlite } from './sqlite-backup';

/** Where the database is. An undefined URL means SQLite in the data folder. */
export interface DatabasePlace {
  readonly dataDir: string;
  readonly databaseUrl?: string | undefined;
}

/**
 * Backs the database up into the new file `file`, also while services have it. The file has its name only when it is whole.
 * @throws MaintenanceError, DataDirError or NotOursError
 */
export async function backUp({ dataDir, databaseUrl }: DatabasePlace, file: string): Promise<void> {
  if (existsSync(file)) throw new MaintenanceError(`${file} exists already; name a new file.`);
  const partial = `${file}.partial`;
  try {
    writePrivateFile(partial, '');
    if (databaseUrl === undefined) copySqlite(dataDir, partial);
    else await dumpPostgres(databaseUrl, partial);
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    if (error instanceof MaintenanceError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MaintenanceError(`The backup ${file} could not be made: ${reason}.`, { cause: error });
  }
}

/**
 * Puts a backup in the place of the database, or changes nothing. Resolves with a sentence about what was there before.
 * @throws MaintenanceError, DataDirError, DatabaseStartError or NewerDatabaseError
 */
export async function restore({ dataDir, databaseUrl }: DatabasePlace, file: string): Promise<string> {
  if (!existsSync(file)) throw new MaintenanceError(`There is no file ${file}.`);
  if (databaseUrl !== undefined) {
    await restorePostgres(databaseUrl, file);
    return 'What the database held before is gone.';
  }
  const kept = restoreSqlite(dataDir, file);
  return kept === undefined ? 'There was no database before.' : `The database before it is kept in ${kept}.`;
}
