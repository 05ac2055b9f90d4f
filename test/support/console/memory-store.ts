import { type AccountStore, createAccountStore } from '#electron/core/store/account-store';
import type { OpensAccountStores } from '#electron/core/store/account-stores';
import { LocalDatabase } from '#electron/core/store/database';
import { ACCOUNT_MIGRATIONS, migrate } from '#electron/core/store/migrations';
import type { JournalNote, OutboxJournal } from '#electron/core/store/outbox-journal';
import { OutboxRows } from '#electron/core/store/outbox-rows';
import { rescueOutbox } from '#electron/core/store/rescue-outbox';
import type { ServiceRef } from '#shared/ipc/connection';
import { DEFAULT_LOG_LIMIT } from '#shared/ipc/log';
import { newId } from './builders';

export const TEST_SERVICE: ServiceRef = { kind: 'remote', url: 'http://service.test' };

/** A journal that keeps its notes in a list. */
export class MemoryJournal implements OutboxJournal {
  readonly notes: JournalNote[] = [];

  get length(): number {
    return this.notes.length;
  }

  append(notes: readonly JournalNote[]): void {
    this.notes.push(...notes);
  }

  rewrite(): void {
    this.notes.length = 0;
  }

  close(): void {
    // Memory needs no closing.
  }
}

export function memoryDatabase(): LocalDatabase {
  const database = LocalDatabase.open(':memory:');
  migrate(database, ACCOUNT_MIGRATIONS);
  return database;
}

/** The real local store of an account, in memory. Opened again it has the content of the database. */
export function memoryStore(accountId = newId(), database = memoryDatabase()): AccountStore {
  const { operations } = new OutboxRows(database).read();
  const nothing = { live: [], dropped: new Set<string>(), damagedLines: 0 };
  return createAccountStore({
    accountId,
    database,
    journal: new MemoryJournal(),
    logLimit: () => DEFAULT_LOG_LIMIT,
    operations: rescueOutbox(operations, nothing),
  });
}

/** Stores in memory by account, which outlive being closed. */
export class MemoryStores implements OpensAccountStores {
  readonly #databases = new Map<string, LocalDatabase>();

  open(_service: ServiceRef, accountId: string): AccountStore {
    const database = this.#databases.get(accountId) ?? memoryDatabase();
    this.#databases.set(accountId, database);
    return { ...memoryStore(accountId, database), close: () => Promise.resolve() };
  }
}
