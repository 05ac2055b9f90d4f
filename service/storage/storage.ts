import type { Kysely } from 'kysely';
import type { ExclusiveAccess } from './exclusive-access';
import { accountsRepository } from './repositories/accounts';
import { attemptScansRepository } from './repositories/attempt-scans';
import { attemptsRepository } from './repositories/attempts';
import { auditRepository } from './repositories/audit';
import { epochsRepository, ONE_PLACE, type DatabaseIdentity } from './repositories/epochs';
import { countsRepository } from './repositories/counts';
import { feedRepository } from './repositories/feed';
import { keysRepository } from './repositories/keys';
import { mailRepository } from './repositories/mail';
import { mailLinksRepository } from './repositories/mail-links';
import { operationsRepository } from './repositories/operations';
import { policyChangesRepository, type FeedHead, type FeedState } from './repositories/policy-changes';
import { rangesRepository } from './repositories/ranges';
import { retentionRepository } from './repositories/retention';
import { replayRepository } from './repositories/replay';
import { reviewsRepository } from './repositories/reviews';
import { sightingsRepository } from './repositories/sightings';
import { usersRepository } from './repositories/users';
import type { Schema } from './schema';

/** What the service keeps, one repository per concern. All of them speak of one account at a time. */
export type Repositories = ReturnType<typeof repositoriesOver>;

/** Tells the other processes on the database, with the commit, how far the feeds have come. */
export type Announce = (heads: readonly FeedHead[]) => Promise<void>;

/** What the other processes on the same database tell. */
export interface Notices {
  /** Calls back until it is stopped. Notices can be lost with the connection: `onListening` says that it is there again. */
  listen(listener: NoticeListener): { stop(): Promise<void> };
  /** How far every feed has come, asked apart from all other work, so that it is answered soon or fails soon. */
  heads(): Promise<readonly FeedState[]>;
}

export interface NoticeListener {
  onNotice(head: FeedHead): void;
  onListening(): void;
  onLost(error: unknown): void;
}

/** The storage port. SQLite and PostgreSQL differ behind it, and nowhere else. */
export interface Storage {
  /** Reads outside a transaction. */
  readonly read: Repositories;
  /** Reads that belong together: all of them see the same moment. It must not write. */
  snapshot<T>(work: (tx: Repositories) => Promise<T>): Promise<T>;
  /**
   * Everything that `work` writes is kept, or nothing of it. One at a time over all processes on the database, and
   * `work` sees everything that those before it have written. For the writer alone.
   */
  transaction<T>(work: (tx: Repositories, announce: Announce) => Promise<T>): Promise<T>;
  /** Undefined where this process is the only one on the database. */
  readonly notices: Notices | undefined;
  /** Undefined where several processes may write. */
  readonly exclusiveAccess: Pick<ExclusiveAccess, 'requireConfirmed'> | undefined;
  /** Rejects when the database cannot be read and written. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

export const repositoriesOver = (db: Kysely<Schema>, place: DatabaseIdentity = ONE_PLACE) => ({
  accounts: accountsRepository(db),
  attempts: attemptsRepository(db),
  attemptLanes: attemptScansRepository(db),
  audit: auditRepository(db),
  counts: countsRepository(db),
  epochs: epochsRepository(db, place),
  feed: feedRepository(db),
  keys: keysRepository(db),
  mail: mailRepository(db),
  mailLinks: mailLinksRepository(db),
  operations: operationsRepository(db),
  policyChanges: policyChangesRepository(db, place),
  ranges: rangesRepository(db),
  retention: retentionRepository(db),
  replay: replayRepository(db),
  reviews: reviewsRepository(db),
  sightings: sightingsRepository(db),
  users: usersRepository(db),
});
