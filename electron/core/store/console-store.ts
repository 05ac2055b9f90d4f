import { join } from 'node:path';
import { z } from 'zod';
import type { LocalDatabase } from './database';
import { CONSOLE_MIGRATIONS } from './migrations';
import { openDatabase } from './open-database';
import { Settings } from './settings';

const FILE_NAME = 'gatehouse.sqlite';

/** What the first layout of the store knew of one account and the account's own store now takes over. */
export interface FirstLayout {
  readonly announced: readonly { readonly reviewId: string; readonly cause: string; readonly atMs: number }[];
  /** Whether what was there at the first connection had been taken as known. */
  readonly hasBaseline: boolean;
}

/** The account whose questions of the first connection were taken as known, as the first layout kept it. */
const FIRST_LAYOUT_BASELINE = 'notifications.baseline';

/** What this console keeps for itself, whichever account it shows: small settings. */
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

  /** What the first layout had of this account, if it was this account's. */
  firstLayoutOf(accountId: string): FirstLayout | null {
    const row = this.database.first('SELECT account_id FROM first_layout_account');
    if (row?.['account_id'] !== accountId) return null;
    const announced = this.database.all('SELECT review_id, cause, at FROM first_layout_announced');
    return {
      announced: announced.map((each) => ({
        reviewId: String(each['review_id']),
        cause: String(each['cause']),
        atMs: Number(each['at']),
      })),
      hasBaseline: this.settings.read(FIRST_LAYOUT_BASELINE, z.string()) === accountId,
    };
  }

  /** Once it is in the account's own store. */
  forgetFirstLayout(): void {
    this.database.transaction(() => {
      this.database.run('DELETE FROM first_layout_account');
      this.database.run('DELETE FROM first_layout_announced');
      this.settings.remove(FIRST_LAYOUT_BASELINE);
    });
  }

  close(): void {
    this.database.close();
  }
}
