import type { Kysely } from 'kysely';
import type { Schema } from '../schema';

export async function proposals({ schema }: Kysely<Schema>): Promise<void> {
  await schema.alterTable('reviews').addColumn('proposal', 'text').execute();
  await schema
    .createTable('declined_proposals')
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('key_id', 'text', (c) => c.notNull().references('keys.id'))
    .addColumn('asn', 'bigint', (c) => c.notNull())
    .addColumn('declined_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('declined_proposals_key', ['account_id', 'key_id', 'asn'])
    .execute();
}
