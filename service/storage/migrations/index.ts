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
import { regions } from './0009-regions';
import { spools } from './0010-spools';

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
  regions,
  spools,
];

/** The database was written by a newer version of Gatehouse; touching it could lose what this version cannot see. */
export class NewerDatabaseError extends Error {}

const SCHEMA_VERSION = 'schema_version';

/** The schema version of this version of Gatehouse. */
export const CURRENT_SCHEMA = MIGRATIONS.length;

/**
 * Returns the number of steps that a database has behind it.
 * @throws NewerDatabaseError when they are more than this version knows.
 */
export function readSchemaVersion(text: string, known = CURRENT_SCHEMA): number {
  const version = Number(text);
  if (Number.isInteger(version) && version <= known) return version;
  throw new NewerDatabaseError(
    `The database has schema version ${text}, this version of Gatehouse knows up to ${known}.`,
  );
}

/** @throws NewerDatabaseError */
async function versionOf(tx: Kysely<Schema>, known: number): Promise<number> {
  const row = await tx
    .selectFrom('meta')
    .select('value')
    .where('name', '=', SCHEMA_VERSION)
    .executeTakeFirst();
  return readSchemaVersion(row?.value ?? '0', known);
}

/**
 * Brings an empty or older database to the current schema, each step with its version in one transaction.
 * @param lock keeps other processes from doing the same during a transaction.
 * @throws NewerDatabaseError when the database knows more steps than this version.
 */
export async function migrate(
  db: Kysely<Schema>,
  migrations: readonly Migration[] = MIGRATIONS,
  lock: (tx: Kysely<Schema>) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const inTurn = <T>(work: (tx: Kysely<Schema>) => Promise<T>): Promise<T> =>
    db.transaction().execute(async (tx) => {
      await lock(tx);
      return await work(tx);
    });
  const versionBefore = await inTurn(async (tx) => {
    await tx.schema
      .createTable('meta')
      .ifNotExists()
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull())
      .execute();
    return await versionOf(tx, migrations.length);
  });
  for (const [index, apply] of migrations.entries()) {
    if (index < versionBefore) continue;
    await inTurn(async (tx) => {
      // Another process may have taken the step meanwhile.
      if ((await versionOf(tx, migrations.length)) > index) return;
      await apply(tx);
      await tx
        .insertInto('meta')
        .values({ name: SCHEMA_VERSION, value: String(index + 1) })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: String(index + 1) }))
        .execute();
    });
  }
}
