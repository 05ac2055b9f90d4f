import { Outbox } from '../outbox/outbox';
import type { QueuedOperation } from '../outbox/queued-operation';
import { AnnouncedStore } from './announced';
import { AttemptStore } from './attempts';
import { AuditStore } from './audit';
import type { LocalDatabase } from './database';
import { MirrorRows } from './mirror-rows';
import type { OutboxJournal } from './outbox-journal';
import { OutboxRows } from './outbox-rows';
import { Settings } from './settings';
import { SyncStateStore } from './sync-state';

/** The local data of one account of one service: one repository for each concern over one database. */
export interface AccountStore {
  readonly accountId: string;
  readonly database: LocalDatabase;
  readonly settings: Settings;
  readonly syncState: SyncStateStore;
  readonly mirror: MirrorRows;
  readonly attempts: AttemptStore;
  readonly audit: AuditStore;
  readonly announced: AnnouncedStore;
  readonly outbox: Outbox;
  close(): void;
}

export interface AccountStoreParts {
  readonly accountId: string;
  readonly database: LocalDatabase;
  readonly journal: OutboxJournal;
  readonly operations: readonly QueuedOperation[];
  readonly logLimit: () => number;
}

export function createAccountStore({
  accountId,
  database,
  journal,
  operations,
  logLimit,
}: AccountStoreParts): AccountStore {
  const rows = new OutboxRows(database);
  return {
    accountId,
    database,
    settings: new Settings(database),
    syncState: new SyncStateStore(database),
    mirror: new MirrorRows(database),
    attempts: new AttemptStore(database, logLimit),
    audit: new AuditStore(database),
    announced: new AnnouncedStore(database),
    outbox: new Outbox({ database, rows, journal }, operations),
    close() {
      journal.close();
      database.close();
    },
  };
}
