import { sql } from 'kysely';
import type { Migration } from './migration';

export const logQueries: Migration = {
  name: '0003-log-queries',
  async apply(db) {
    const { schema } = db;
    // One index for each filter that can be rare, each ending in the id, so that it is walked in the log's own order.
    // The verdict needs none: it follows from the reason.
    await schema.createIndex('attempts_key').on('attempts').columns(['account_id', 'key_id', 'id']).execute();
    await schema
      .createIndex('attempts_reason')
      .on('attempts')
      .columns(['account_id', 'reason', 'id'])
      .execute();
    await schema
      .createIndex('attempts_country')
      .on('attempts')
      .columns(['account_id', 'country', 'id'])
      .execute();
    await schema.createIndex('audit_time').on('audit').columns(['account_id', 'id']).execute();
    // Most ranges never expire.
    await sql`CREATE INDEX ranges_expiry ON ranges (account_id, expires_at) WHERE expires_at IS NOT NULL`.execute(
      db,
    );
    await schema
      .createTable('feed_floors')
      .addColumn('account_id', 'text', (c) => c.primaryKey().references('accounts.id'))
      .addColumn('pruned_seq', 'bigint', (c) => c.notNull())
      .execute();
  },
};
