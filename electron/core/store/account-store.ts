import { Outbox } from '../outbox/outbox';
import type { QueuedOperation } from '../outbox/queued-operation';
import { AnnouncedStore } from './announced';
import { AttemptStore } from './attempts';
import { AuditStore } from './audit';
import type { LocalDatabase } from './database';
import { LogReader } from './log-reader';
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
  readonly log: LogReader;
  readonly audit: AuditStore;
  readonly announced: AnnouncedStore;
  readonly outbox: Outbox;
  /** Closes journal and database at once. Resolves when the log is not read any more either. */
  close(): Promise<void>;
}

export interface AccountStoreParts {
  readonly accountId: string;
  readonly database: LocalDatabase;
  /** The file of the database; undefined if it is in memory. */
  readonly file?: string;
  readonly journal: OutboxJournal;
  readonly operations: readonly QueuedOperation[];
  readonly logLimit: () => number;
}

export function createAccountStore({
  accountId,
  database,
  file,
  journal,
  operations,
  logLimit,
}: AccountStoreParts): AccountStore {
  const rows = new OutboxRows(database);
  const log = new LogReader(database, file);
  return {
    accountId,
    database,
    settings: new Settings(database),
    syncState: new SyncStateStore(database),
    mirror: new MirrorRows(database),
    attempts: new AttemptStore(database, logLimit),
    log,
    audit: new AuditStore(database),
    announced: new AnnouncedStore(database),
    outbox: new Outbox({ database, rows, journal }, operations),
    close() {
      const closing = log.close();
      journal.close();
      database.close();
      return closing;
    },
  };
}
