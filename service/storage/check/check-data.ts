import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { sqliteDialect } from '#shared/sqlite/sqlite-dialect';
import { SqliteThread } from '#shared/sqlite/sqlite-thread';
import type { DatabasePlace } from '../backup/backup';
import { MaintenanceError } from '../maintenance-error';
import { CURRENT_SCHEMA, NewerDatabaseError, readSchemaVersion } from '../migrations/index';
import { connectFirst } from '../postgres';
import { DatabaseStartError } from '../postgres-errors';
import { scopeOf } from '../postgres-kysely';
import { databaseAccess } from '../postgres-tls';
import type { Schema } from '../schema';
import { DATABASE_FILE } from '../sqlite';
import { sqliteCodeOf } from '../sqlite-failure';
import { storable } from '../storable';
import { TABLE_INVARIANTS } from './table-invariants';
import { TEXT_INVARIANTS } from './text-invariants';
import type { Finding, Invariant } from './finding';

/** What SQLite says of the pages and indexes of its file, if that is not well. */
async function damageOf(db: Kysely<Schema>): Promise<readonly string[]> {
  try {
    const { rows } = await sql<{ integrity_check: string }>`PRAGMA integrity_check(3)`.execute(db);
    return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  } catch (error) {
    // It does not come to an end where it cannot read on.
    if (!(error instanceof Error) || sqliteCodeOf(error) !== 'SQLITE_CORRUPT') throw error;
    return [error.message];
  }
}

/** PostgreSQL's pages and indexes are checked by programs of its own. */
const SQLITE_INTEGRITY: Invariant = {
  sentence: 'The file of the database is damaged.',
  breach: async (db) => {
    const examples = await damageOf(db);
    return { total: examples.length, examples };
  },
};

export const INVARIANTS: readonly Invariant[] = [...TABLE_INVARIANTS, ...TEXT_INVARIANTS];

async function requireCurrent(db: Kysely<Schema>): Promise<void> {
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('name', '=', 'schema_version')
    .executeTakeFirst();
  if (readSchemaVersion(row?.value ?? '0') === CURRENT_SCHEMA) return;
  throw new MaintenanceError(
    `The database is of an older version (${row?.value ?? '0'}); start the service once, then check it.`,
  );
}

export async function findAll(
  db: Kysely<Schema>,
  invariants: readonly Invariant[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { sentence, breach } of invariants) {
    const found = await breach(db);
    if (found.total > 0) findings.push({ sentence, ...found });
  }
  return findings;
}

async function findInAny(db: Kysely<Schema>): Promise<readonly Finding[]> {
  await requireCurrent(db);
  return findAll(db, INVARIANTS);
}

async function checkSqlite(dataDir: string): Promise<readonly Finding[]> {
  const file = join(dataDir, DATABASE_FILE);
  if (!existsSync(file)) throw new MaintenanceError(`There is no database in the data folder ${dataDir}.`);
  const reader = new SqliteThread({ file, access: 'read' });
  const db = new Kysely<Schema>({
    dialect: sqliteDialect((text, parameters) => reader.run(text, parameters.map(storable))),
  });
  try {
    const damage = await findAll(db, [SQLITE_INTEGRITY]);
    // Nothing else is looked for in a damaged file, because it could not be read.
    return damage.length > 0 ? damage : await db.transaction().execute(findInAny);
  } finally {
    await reader.close();
  }
}

async function checkPostgres(databaseUrl: string): Promise<readonly Finding[]> {
  const { client } = await connectFirst(databaseAccess(databaseUrl));
  const scope = scopeOf(client);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await findInAny(scope.db);
  } finally {
    await scope.end();
    await client.end().catch(() => undefined);
  }
}

/**
 * Looks for what contradicts itself in the database, as it is at one moment, and changes nothing. Services may have it meanwhile.
 * @throws MaintenanceError, DatabaseStartError or NewerDatabaseError
 */
export async function checkData({ dataDir, databaseUrl }: DatabasePlace): Promise<readonly Finding[]> {
  try {
    return await (databaseUrl === undefined ? checkSqlite(dataDir) : checkPostgres(databaseUrl));
  } catch (error) {
    if (
      error instanceof MaintenanceError ||
      error instanceof NewerDatabaseError ||
      error instanceof DatabaseStartError
    ) {
      throw error;
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new MaintenanceError(`The database could not be checked: ${reason}.`, { cause: error });
  }
}
