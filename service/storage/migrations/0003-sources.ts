import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema';

/** Sources, and the ranges that they keep beside those of people. */
export async function addSources(db: Kysely<Schema>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('sources')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('spec', 'text', (c) => c.notNull())
    .addColumn('effect', 'text', (c) => c.notNull())
    .addColumn('key_id', 'text', (c) => c.references('keys.id'))
    .addColumn('label', 'text', (c) => c.notNull())
    .addColumn('interval_seconds', 'integer', (c) => c.notNull())
    .addColumn('range_expires_at', 'bigint')
    .addColumn('allow_wide', 'integer', (c) => c.notNull())
    .addColumn('min_share_percent', 'integer', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('last_tried_at', 'bigint')
    .addColumn('last_ok_at', 'bigint')
    .addColumn('last_error', 'text')
    .addColumn('last_error_code', 'text')
    .addColumn('range_count', 'integer', (c) => c.notNull())
    .addColumn('last_change', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('created_by', 'text', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('changed_seq', 'bigint', (c) => c.notNull())
    .addColumn('next_at', 'bigint')
    .addColumn('lease', 'text')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('removing', 'integer', (c) => c.notNull())
    .execute();
  await schema.createIndex('sources_feed').on('sources').columns(['account_id', 'changed_seq']).execute();
  await schema.createIndex('sources_due').on('sources').columns(['next_at']).execute();
  await schema.alterTable('ranges').addColumn('source_id', 'text').execute();
  await sql`CREATE INDEX ranges_source ON ranges (source_id, id) WHERE source_id IS NOT NULL`.execute(db);
  // A person may keep a range that a source has as well, and two sources may have the same.
  await schema.dropIndex('ranges_same').execute();
  await sql`CREATE UNIQUE INDEX ranges_same ON ranges (account_id, cidr, effect, COALESCE(key_id, ''), COALESCE(source_id, ''))`.execute(
    db,
  );
}
