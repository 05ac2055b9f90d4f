import type { Kysely, Transaction } from 'kysely';
import { accountsRepository, type AccountsRepository } from './repositories/accounts';
import { attemptsRepository, type AttemptsRepository } from './repositories/attempts';
import { auditRepository, type AuditRepository } from './repositories/audit';
import { feedRepository, type FeedRepository } from './repositories/feed';
import { keysRepository, type KeysRepository } from './repositories/keys';
import { rangesRepository, type RangesRepository } from './repositories/ranges';
import { reviewsRepository, type ReviewsRepository } from './repositories/reviews';
import { usersRepository, type UsersRepository } from './repositories/users';
import type { Schema } from './schema';

/** What the service keeps, one repository per concern. All of them speak of one account at a time. */
export interface Repositories {
  readonly accounts: AccountsRepository;
  readonly attempts: AttemptsRepository;
  readonly audit: AuditRepository;
  readonly feed: FeedRepository;
  readonly keys: KeysRepository;
  readonly ranges: RangesRepository;
  readonly reviews: ReviewsRepository;
  readonly users: UsersRepository;
}

/** The storage port. SQLite and PostgreSQL differ behind it, and nowhere else. */
export interface Storage {
  /** Changes with each new database: a cursor of another one means nothing here. */
  readonly epoch: string;
  /** Reads outside a transaction. */
  readonly read: Repositories;
  /** Everything that `work` writes is kept, or nothing of it. */
  transaction<T>(work: (tx: Repositories) => Promise<T>): Promise<T>;
  /** Rejects when the database cannot be read and written. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

export const repositoriesOver = (db: Kysely<Schema> | Transaction<Schema>): Repositories => ({
  accounts: accountsRepository(db),
  attempts: attemptsRepository(db),
  audit: auditRepository(db),
  feed: feedRepository(db),
  keys: keysRepository(db),
  ranges: rangesRepository(db),
  reviews: reviewsRepository(db),
  users: usersRepository(db),
});
