import { LocalDatabase } from '#electron/core/store/database';
import { migrate } from '#electron/core/store/migrations';
import { createStore, type Store } from '#electron/core/store/store';

/** The real local store, in memory. */
export function memoryStore(): Store {
  const database = LocalDatabase.open(':memory:');
  migrate(database);
  return createStore(database);
}
