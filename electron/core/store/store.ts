import { AnnouncedStore } from './announced';
import { AttemptStore } from './attempts';
import type { LocalDatabase } from './database';
import { MirrorRows } from './mirror-rows';
import { Settings } from './settings';
import { SyncStateStore } from './sync-state';

/** The local store: one repository per concern over one database. */
export interface Store {
  readonly database: LocalDatabase;
  readonly settings: Settings;
  readonly syncState: SyncStateStore;
  readonly mirror: MirrorRows;
  readonly attempts: AttemptStore;
  readonly announced: AnnouncedStore;
}

export const createStore = (database: LocalDatabase): Store => ({
  database,
  settings: new Settings(database),
  syncState: new SyncStateStore(database),
  mirror: new MirrorRows(database),
  attempts: new AttemptStore(database),
  announced: new AnnouncedStore(database),
});
