import { statSync } from 'node:fs';
import type Database from 'libsql';
import type { SqliteHealth } from './sqlite-failure';
import { DatabaseUnavailableError } from './unavailable';

/** How old a look at the file may be that a call is answered by, in milliseconds. */
const LONGEST_AGE_MS = 1_000;

/**
 * That nobody else writes to the database. The policy is held in memory, and what another program changed in the file would
 * not be seen; from then on memory is not to be trusted. Nor is it once another file has taken the place of this one, as
 * when a backup is put back under a running service: what is written goes nowhere then.
 */
export interface OnlyWriter {
  /**
   * Looks at the file; to be asked where no transaction is under way, or at its beginning.
   * @throws DatabaseUnavailableError once another program has written to the file, or has replaced it, for good.
   */
  check(): void;
  /** The same from a look that is at most a second old: next to nothing, for every call. */
  requireConfirmed(): void;
}

/** Takes what is in the file now for this process's own. */
export const createOnlyWriter = (
  database: Database.Database,
  health: SqliteHealth,
  file: string,
): OnlyWriter => {
  // It changes with each commit of another connection, and with no other: https://www.sqlite.org/pragma.html#pragma_data_version
  const version = database.prepare('PRAGMA data_version');
  const look = (): unknown =>
    health.run(() => (version.all() as { data_version: unknown }[])[0]?.data_version);
  const fileNumber = (): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino;
  const own = look();
  const ownFile = fileNumber();
  let lookedAt = performance.now();
  let why: string | undefined;

  const requireOwn = (): void => {
    if (why === undefined) return;
    throw new DatabaseUnavailableError(undefined, `${why}; start the service again`);
  };
  const lookAgain = (): void => {
    if (look() !== own) why ??= 'another program has written to its file';
  };
  return {
    check: () => {
      lookAgain();
      requireOwn();
    },
    requireConfirmed: () => {
      if (performance.now() - lookedAt > LONGEST_AGE_MS) {
        lookedAt = performance.now();
        try {
          lookAgain();
          if (fileNumber() !== ownFile) why ??= 'its file was replaced';
        } catch {
          // A file that cannot be read is trouble of another kind, which whoever reads or writes it is told.
        }
      }
      requireOwn();
    },
  };
};
