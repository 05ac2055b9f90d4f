import type { LocalDatabase } from './database';

/** The store was written by a newer version of this program, and is left as it is. */
export class NewerStoreError extends Error {
  override readonly name = 'NewerStoreError';
}

/**
 * One step each, never changed once released. Bodies are the JSON of the entities, as the contract has them; beside
 * them stand only the columns that something is looked up or sorted by.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- One row: whose data this is, and how far they have been read.
  CREATE TABLE sync_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    account_id TEXT,
    cursor TEXT,
    generation INTEGER NOT NULL DEFAULT 0,
    in_snapshot INTEGER NOT NULL DEFAULT 0,
    last_sync_at INTEGER,
    log_complete_from TEXT
  ) STRICT;
  INSERT INTO sync_state (id) VALUES (1);

  CREATE TABLE mirror (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    generation INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE attempts (
    id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    address TEXT NOT NULL,
    key_id TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    search TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX attempts_by_key ON attempts (key_id, id);
  CREATE INDEX attempts_by_verdict ON attempts (verdict, id);
  CREATE INDEX attempts_by_reason ON attempts (reason, id);
  CREATE INDEX attempts_by_address ON attempts (address, id);

  -- Questions that were announced, or were there before the first connection. Nothing is announced twice.
  CREATE TABLE announced (
    review_id TEXT PRIMARY KEY,
    cause TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** @throws NewerStoreError when the schema is newer than this program. */
export function assertNotNewer(database: LocalDatabase): void {
  const version = schemaVersion(database);
  if (version <= SCHEMA_VERSION) return;
  throw new NewerStoreError(
    `The data of this console were written by a newer version of Gatehouse (schema ${version}; this version knows ${SCHEMA_VERSION}). ` +
      'Start the newer version, or keep other data with --user-data-dir=FOLDER. Nothing was changed.',
  );
}

/** Brings the database to this program's schema, each step in a transaction of its own. */
export function migrate(database: LocalDatabase, migrations: readonly string[] = MIGRATIONS): void {
  const version = schemaVersion(database);
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(step);
      database.exec(`PRAGMA user_version = ${index + 1}`);
    });
  }
}

/** The version that the file carries in its header; 0 for a new one. */
export function schemaVersion(database: LocalDatabase): number {
  return Number(database.first('PRAGMA user_version')?.['user_version'] ?? 0);
}
