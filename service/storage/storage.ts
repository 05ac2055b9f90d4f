import type { Kysely } from 'kysely';
import type { ExclusiveAccess } from './exclusive-access';
import { accountsRepository } from './repositories/accounts';
import { attemptScansRepository } from './repositories/attempt-scans';
import { attemptsRepository } from './repositories/attempts';
import { auditRepository } from './repositories/audit';
import { epochsRepository, SQLITE_IDENTITY, type DatabaseIdentity } from './repositories/epochs';
import { countsRepository } from './repositories/counts';
import { feedRepository } from './repositories/feed';
import { fingerprintsRepository } from './repositories/fingerprints';
import { habitsRepository } from './repositories/habits';
import { keysRepository } from './repositories/keys';
import { mailRepository } from './repositories/mail';
import { mailLinksRepository } from './repositories/mail-links';
import { operationsRepository } from './repositories/operations';
import { policyChangesRepository, type FeedHead, type FeedState } from './repositories/policy-changes';
import { proposalsRepository } from './repositories/proposals';
import { rangesRepository } from './repositories/ranges';
import { retentionRepository } from './repositories/retention';
import { replayRepository } from './repositories/replay';
import { reviewsRepository } from './repositories/reviews';
import { sightingsRepository } from './repositories/sightings';
import { sourcesRepository } from './repositories/sources';
import { spoolsRepository } from './repositories/spools';
import { usersRepository } from './repositories/users';
import type { Schema } from './schema';

/** The repositories, one for each concern. */
export type Repositories = ReturnType<typeof repositoriesOver>;

/** Announces the heads of the feeds to other processes with the commit. */
export type Announce = (heads: readonly FeedHead[]) => Promise<void>;

/** Notices of other processes on the same database. */
export interface Notices {
  /** Calls back until it is stopped. Notices can be lost with the connection; `onListening` says that it is back. */
  listen(listener: NoticeListener): { stop(): Promise<void> };
  /** Looks at the database. It does not wait for other work, so it answers or fails soon. */
  look(): Promise<DatabaseLook>;
}

export interface DatabaseLook {
  /** The heads of all feeds. */
  readonly states: readonly FeedState[];
  /** The database's time in milliseconds since the epoch; undefined while it has no account. */
  readonly databaseMs: number | undefined;
}

export interface NoticeListener {
  onNotice(head: FeedHead): void;
  onListening(): void;
  onLost(error: unknown): void;
}

/** The storage port. Only behind it do SQLite and PostgreSQL differ. */
export interface Storage {
  /** Reads outside a transaction. */
  readonly read: Repositories;
  /** Runs reads that all see the same moment. `work` must not write. */
  snapshot<T>(work: (tx: Repositories) => Promise<T>): Promise<T>;
  /**
   * Stores all writes of `work`, or none. Transactions of all processes run one at a time, and each sees those before it.
   * Only the writer may call this.
   */
  transaction<T>(work: (tx: Repositories, announce: Announce) => Promise<T>): Promise<T>;
  /** Undefined if no other process can use the database. */
  readonly notices: Notices | undefined;
  /** Undefined if several processes may write. */
  readonly exclusiveAccess: Pick<ExclusiveAccess, 'requireConfirmed'> | undefined;
  /** Rejects if the database cannot be read and written. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

export function repositoriesOver(db: Kysely<Schema>, identity: DatabaseIdentity = SQLITE_IDENTITY) {
  return {
    accounts: accountsRepository(db),
    attempts: attemptsRepository(db),
    attemptScans: attemptScansRepository(db),
    audit: auditRepository(db),
    counts: countsRepository(db),
    epochs: epochsRepository(db, identity),
    feed: feedRepository(db),
    fingerprints: fingerprintsRepository(db),
    habits: habitsRepository(db),
    keys: keysRepository(db),
    mail: mailRepository(db),
    mailLinks: mailLinksRepository(db),
    operations: operationsRepository(db),
    policyChanges: policyChangesRepository(db, identity),
    proposals: proposalsRepository(db),
    ranges: rangesRepository(db),
    retention: retentionRepository(db),
    replay: replayRepository(db),
    reviews: reviewsRepository(db),
    sightings: sightingsRepository(db),
    sources: sourcesRepository(db),
    spools: spoolsRepository(db),
    users: usersRepository(db),
  };
}
