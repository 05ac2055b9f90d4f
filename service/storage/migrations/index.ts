import type { Kysely } from 'kysely';
import type { Schema } from '../schema';
import { firstSchema } from './0001-first-schema';
import { learningAndTrust } from './0002-learning-and-trust';
import { logQueries } from './0003-log-queries';
import { mail } from './0004-mail';
import { operations } from './0005-operations';
import { answersTakenBack } from './0006-answers-taken-back';
import { boundedReviews } from './0007-bounded-reviews';
import { epochs } from './0008-epochs';
import { notes } from './0009-notes';
import type { Migration } from './migration';

const MIGRATIONS: readonly Migration[] = [
  firstSchema,
  learningAndTrust,
  logQueries,
  mail,
  operations,
  answersTakenBack,
  boundedReviews,
  epochs,
  notes,
];

/** The database was written by a newer version of Gatehouse; touching it could lose what this version cannot see. */
export class NewerDatabaseError extends Error {}

const SCHEMA_VERSION = 'schema_version';

/** Brings an empty or older database to the current schema, each step with its version in one transaction. */
export const migrate = async (db: Kysely<Schema>): Promise<void> => {
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
  if (!Number.isInteger(version) || version > MIGRATIONS.length) {
    throw new NewerDatabaseError(
      `The database has schema version ${row?.value ?? '?'}, this version of Gatehouse knows up to ${MIGRATIONS.length}.`,
    );
  }
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < version) continue;
    await db.transaction().execute(async (tx) => {
      await migration.apply(tx);
      await tx
        .insertInto('meta')
        .values({ name: SCHEMA_VERSION, value: String(index + 1) })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: String(index + 1) }))
        .execute();
    });
  }
};
