import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceRef } from '#shared/ipc/connection';
import type { QueuedOperation } from '../outbox/queued-operation';
import type { Clock } from '../ports';
import { type AccountStore, createAccountStore } from './account-store';
import type { LocalDatabase } from './database';
import type { DiskWatch } from './disk-watch';
import { ACCOUNT_MIGRATIONS } from './migrations';
import { asidePath, openDatabase } from './open-database';
import { FileOutboxJournal, type JournalReading, type OutboxJournal, readJournal } from './outbox-journal';
import { OutboxRows } from './outbox-rows';
import { rescueOutbox } from './rescue-outbox';

/** A report of damaged files and what could be rescued. */
export interface StoreDamage {
  /** Paths to which damaged files were renamed. */
  readonly setAside: readonly string[];
  /** The number of unsent operations in the outbox after the rescue. */
  readonly unsent: number;
  /** The number of operations that could not be read. */
  readonly unreadable: number;
}

export interface AccountStoresParts {
  /** The folder of all data of this console. */
  readonly folder: string;
  readonly clock: Clock;
  readonly onDamage: (damage: StoreDamage) => void;
  readonly disk: Pick<DiskWatch, 'add'>;
  readonly logLimit: () => number;
}

export interface OpensAccountStores {
  /** @throws NewerStoreError if a newer version of the program wrote it. */
  open(service: ServiceRef, accountId: string): AccountStore;
}

/**
 * One folder for each account of each service, with a database and the journal of the outbox. Two accounts never mix, not even
 * the same account in two copies of a service.
 */
export class AccountStores implements OpensAccountStores {
  readonly #parts: AccountStoresParts;

  constructor(parts: AccountStoresParts) {
    this.#parts = parts;
  }

  open(service: ServiceRef, accountId: string): AccountStore {
    const { clock, logLimit } = this.#parts;
    const nowMs = clock.now();
    const folder = this.folderOf(service, accountId);
    const file = join(folder, 'store.sqlite');
    const { database, setAside } = openDatabase(file, ACCOUNT_MIGRATIONS, nowMs);
    let journal: OutboxJournal | null = null;
    try {
      const journalPath = join(folder, 'outbox.jsonl');
      const read = readJournal(journalPath);
      const rows = new OutboxRows(database).read();
      const operations = rescueOutbox(setAside === null ? rows.operations : null, read);
      // The rescued operations are on disk before the old journal, which may be their only copy, is replaced. A full disk or a
      // crash between these steps then loses none.
      writeRescued(database, rows.operations, operations);
      database.settle();
      const asideJournal = setJournalAside(journalPath, read, nowMs);
      journal = new FileOutboxJournal(
        journalPath,
        operations.filter(({ state }) => state.kind !== 'done'),
      );
      const store = createAccountStore({ accountId, database, file, journal, operations, logLimit });
      this.#parts.disk.add(database);
      const files = [setAside, asideJournal].filter((path) => path !== null);
      const lostRows = rows.unreadable.filter((id) => store.outbox.get(id) === undefined);
      const unreadable = lostRows.length + read.damagedLines;
      if (files.length + unreadable > 0) {
        this.#parts.onDamage({ setAside: files, unsent: store.outbox.unsent, unreadable });
      }
      return store;
    } catch (error) {
      journal?.close();
      database.close();
      throw error;
    }
  }

  /** Deletes all data of an account. The closing of its store must be over. */
  remove(service: ServiceRef, accountId: string): void {
    rmSync(this.folderOf(service, accountId), { recursive: true, force: true, maxRetries: 3 });
  }

  folderOf(service: ServiceRef, accountId: string): string {
    return join(this.#parts.folder, 'accounts', `${folderNameOf(service)}-${accountId}`);
  }
}

/** The embedded service may get another port, so its URL is no part of its name. */
export function folderNameOf({ kind, url }: ServiceRef): string {
  return kind === 'embedded'
    ? 'embedded'
    : `remote-${createHash('sha256').update(url).digest('hex').slice(0, 16)}`;
}

/** Renames a damaged journal, so that it can be examined later. Returns its new path, or null if there is no damage. */
function setJournalAside(path: string, { damagedLines }: JournalReading, nowMs: number): string | null {
  if (damagedLines === 0 || !existsSync(path)) return null;
  const target = asidePath(path, nowMs);
  renameSync(path, target);
  return target;
}

function writeRescued(
  database: LocalDatabase,
  before: readonly QueuedOperation[],
  after: readonly QueuedOperation[],
): void {
  const rows = new OutboxRows(database);
  const unchanged = new Set(before);
  const kept = new Set(after.map(({ operation }) => operation.id));
  database.transaction(() => {
    for (const { operation } of before) if (!kept.has(operation.id)) rows.remove(operation.id);
    for (const queued of after) if (!unchanged.has(queued)) rows.put(queued);
  });
}
