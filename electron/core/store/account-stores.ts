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

/** Something that was damaged, and what became of it. */
export interface StoreDamage {
  /** Files that were set aside. */
  readonly setAside: readonly string[];
  /** Edits in the outbox after it. */
  readonly unsent: number;
  /** Edits that could not be read, in what was set aside or left in place. */
  readonly unreadable: number;
}

export interface AccountStoresParts {
  /** Where everything of this console is kept. */
  readonly folder: string;
  readonly clock: Clock;
  readonly onDamage: (damage: StoreDamage) => void;
  readonly disk: Pick<DiskWatch, 'add'>;
  /** How many rows of an account's log are kept. */
  readonly logLimit: () => number;
}

/** Opens what this console knows of an account. */
export interface OpensAccountStores {
  /** @throws NewerStoreError when a newer version of the program wrote it. */
  open(service: ServiceRef, accountId: string): AccountStore;
}

/**
 * One folder for each account of each service: two accounts never mix, not even one account in two copies of a service.
 * In it are the database and the journal of the outbox.
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
    const { database, setAside } = openDatabase(join(folder, 'store.sqlite'), ACCOUNT_MIGRATIONS, nowMs);
    let journal: OutboxJournal | null = null;
    try {
      const journalPath = join(folder, 'outbox.jsonl');
      const read = readJournal(journalPath);
      const rows = new OutboxRows(database).read();
      const entries = rescueOutbox(setAside === null ? rows.entries : null, read);
      // For good and first: what stands in the old journal alone goes with it, and a disk that is full, or an end of the
      // program between two of these steps, must not take it along.
      writeRescued(database, rows.entries, entries);
      database.settle();
      const asideJournal = setJournalAside(journalPath, read, nowMs);
      journal = new FileOutboxJournal(
        journalPath,
        entries.filter(({ state }) => state.kind !== 'done'),
      );
      const store = createAccountStore({ accountId, database, journal, entries, logLimit });
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

  /** Deletes everything that is known of an account whose store is closed. */
  remove(service: ServiceRef, accountId: string): void {
    rmSync(this.folderOf(service, accountId), { recursive: true, force: true, maxRetries: 3 });
  }

  folderOf(service: ServiceRef, accountId: string): string {
    return join(this.#parts.folder, 'accounts', `${placeOf(service)}-${accountId}`);
  }
}

/** The embedded service has one name, whatever port it gets. */
export function placeOf({ kind, url }: ServiceRef): string {
  return kind === 'embedded'
    ? 'embedded'
    : `remote-${createHash('sha256').update(url).digest('hex').slice(0, 16)}`;
}

/** A journal with damage in it is kept for whoever wants to look at it. Null when there is none. */
function setJournalAside(path: string, { damagedLines }: JournalReading, nowMs: number): string | null {
  if (damagedLines === 0 || !existsSync(path)) return null;
  const target = asidePath(path, nowMs);
  renameSync(path, target);
  return target;
}

/** Brings the table to what the journal knows. */
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
    for (const entry of after) if (!unchanged.has(entry)) rows.put(entry);
  });
}
