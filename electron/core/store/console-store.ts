import { join } from 'node:path';
import type { LocalDatabase } from './database';
import { CONSOLE_MIGRATIONS } from './migrations';
import { openDatabase } from './open-database';
import { Settings } from './settings';

const FILE_NAME = 'gatehouse.sqlite';

export class ConsoleStore {
  readonly settings: Settings;
  readonly database: LocalDatabase;

  private constructor(database: LocalDatabase) {
    this.database = database;
    this.settings = new Settings(database);
  }

  /**
   * Opens the store in the console's folder. `setAside` is the path of a damaged file that was renamed, or null.
   *
   * @throws NewerStoreError if a newer version of the program wrote it.
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
