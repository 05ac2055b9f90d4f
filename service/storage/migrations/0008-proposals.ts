import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema';

export async function proposals(db: Kysely<Schema>): Promise<void> {
  const { schema } = db;
  await schema.alterTable('reviews').addColumn('proposal', 'text').execute();
  await schema
    .createTable('declined_proposals')
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('key_id', 'text', (c) => c.notNull().references('keys.id'))
    .addColumn('asn', 'bigint', (c) => c.notNull())
    .addColumn('declined_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('declined_proposals_key', ['account_id', 'key_id', 'asn'])
    .execute();
  // A key may have very many reviews that nobody has authorized, and a new one asks for the others while it is written.
  await sql`CREATE INDEX reviews_authorized ON reviews (account_id, key_id, asn, first_at) WHERE status = 'authorized'`.execute(
    db,
  );
}
