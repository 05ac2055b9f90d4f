import { join } from 'node:path';
import type { LocalDatabase } from './database';
import { CONSOLE_MIGRATIONS } from './migrations';
import { openDatabase } from './open-database';
import { Settings } from './settings';

const FILE_NAME = 'gatehouse.sqlite';

/** The settings of this console, whichever account it shows. */
export class ConsoleStore {
  readonly settings: Settings;
  readonly database: LocalDatabase;

  private constructor(database: LocalDatabase) {
    this.database = database;
    this.settings = new Settings(database);
  }

  /**
   * Opens it in the console's folder; `setAside` names a damaged file that stood in the way.
   *
   * @throws NewerStoreError when a newer version of the program wrote it.
   */
  static open(
    folder: string,
    nowMs: number,
  ): { readonly store: ConsoleStore; readonly setAside: string | null } {
    const { database, setAside } = openDatabase(join(folder, FILE_NAME), CONSOLE_MIGRATIONS, nowMs);
    return { store: new ConsoleStore(database), setAside };
  }

  close(): void {
    this.database.close();
  }
}
