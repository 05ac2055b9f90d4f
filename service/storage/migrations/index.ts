import type { Kysely } from 'kysely';
import type { Schema } from '../schema';
import { firstSchema } from './0001-first-schema';
import { reportOnly } from './0002-report-only';
import { addSources } from './0003-sources';
import { importedRanges } from './0004-imported-ranges';
import { rangeOrder } from './0005-range-order';
import { keyHabits } from './0006-key-habits';
import { keyFingerprints } from './0007-key-fingerprints';
import { proposals } from './0008-proposals';

/** One step of the schema's history. A released step is never edited; a change is a new step at the end. */
export type Migration = (db: Kysely<Schema>) => Promise<void>;

const MIGRATIONS: readonly Migration[] = [
  firstSchema,
  reportOnly,
  addSources,
  importedRanges,
  rangeOrder,
  keyHabits,
  keyFingerprints,
  proposals,
];

/** The database was written by a newer version of Gatehouse; touching it could lose what this version cannot see. */
export class NewerDatabaseError extends Error {}

const SCHEMA_VERSION = 'schema_version';

/**
 * Brings an empty or older database to the current schema, each step with its version in one transaction.
 * @throws NewerDatabaseError when the database knows more steps than this version.
 */
export async function migrate(
  db: Kysely<Schema>,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  await db.schema
    .createTable('meta')
    .ifNotExists()
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('name', '=', SCHEMA_VERSION)
    .executeTakeFirst();
  const version = row === undefined ? 0 : Number(row.value);
  if (!Number.isInteger(version) || version > migrations.length) {
    throw new NewerDatabaseError(
      `The database has schema version ${row?.value ?? '?'}, this version of Gatehouse knows up to ${migrations.length}.`,
    );
  }
  for (const [index, apply] of migrations.entries()) {
    if (index < version) continue;
    await db.transaction().execute(async (tx) => {
      await apply(tx);
      await tx
        .insertInto('meta')
        .values({ name: SCHEMA_VERSION, value: String(index + 1) })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: String(index + 1) }))
        .execute();
    });
  }
}
