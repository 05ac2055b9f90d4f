import { t } from '#shared/i18n/t';
import type { LocalDatabase } from './database';
import { LOG_SCHEMA, LOG_TABLES } from './log-schema';

/** A newer version of this program wrote the store, which is left as it is. */
export class NewerStoreError extends Error {
  override readonly name = 'NewerStoreError';
}

/**
 * The steps that bring a database to this program's schema. A released step is never edited; a change is a new step at the end.
 * Bodies are the entities as JSON, the other columns serve lookups and order.
 */
export type Migrations = readonly string[];

/** The settings of this console, which hold for all accounts. */
export const CONSOLE_MIGRATIONS: Migrations = [
  'CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;',
];

/**
 * The log is a copy, so that one of another layout is fetched again: each change of the layout appends this step once more. The
 * queued operations stay.
 */
const NEW_LOG = `
  ${LOG_TABLES.map((table) => `DROP TABLE IF EXISTS ${table};`).join(' ')}
  ${LOG_SCHEMA}
  UPDATE sync_state SET cursor = NULL, log_complete_from = NULL;
`;

export const ACCOUNT_MIGRATIONS: Migrations = [
  `
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- One row: how far the account's data have been read.
  CREATE TABLE sync_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    cursor TEXT,
    generation INTEGER NOT NULL DEFAULT 0,
    in_snapshot INTEGER NOT NULL DEFAULT 0,
    last_sync_at INTEGER,
    log_complete_from TEXT,
    audit_complete_from TEXT
  ) STRICT;
  INSERT INTO sync_state (id) VALUES (1);

  CREATE TABLE mirror (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    generation INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;

  -- Operations that the service does not have yet, or that the mirror does not show yet.
  CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    position REAL NOT NULL,
    operation TEXT NOT NULL,
    base TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    confirmed_at INTEGER,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    state TEXT NOT NULL,
    author_email TEXT
  ) STRICT;
  CREATE INDEX outbox_by_position ON outbox (position);

  CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    search TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;

  -- A subject needs no announcement any more, or is held back and is announced later (how: held).
  CREATE TABLE announcements (
    cause TEXT NOT NULL,
    subject TEXT NOT NULL,
    how TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (cause, subject)
  ) STRICT, WITHOUT ROWID;
  `,
  NEW_LOG,
  NEW_LOG,
];

/** @throws NewerStoreError if the schema is newer than this program. */
export function assertNotNewer(database: LocalDatabase, migrations: Migrations): void {
  const version = schemaVersion(database);
  if (version <= migrations.length) return;
  throw new NewerStoreError(
    t('start.newerData', { version: String(version), known: String(migrations.length) }),
  );
}

/** Applies the missing steps, each in a transaction of its own. */
export function migrate(database: LocalDatabase, migrations: Migrations): void {
  const version = schemaVersion(database);
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(step);
      database.exec(`PRAGMA user_version = ${index + 1}`);
    });
  }
}

/** Returns the version in the file's header, which is 0 for a new file. */
export function schemaVersion(database: LocalDatabase): number {
  return Number(database.first('PRAGMA user_version')?.['user_version'] ?? 0);
}
