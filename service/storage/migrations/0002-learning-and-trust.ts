import { parseAddress, sortableAddress } from '#shared/ip/index';
import type { Migration } from './migration';

export const learningAndTrust: Migration = {
  name: '0002-learning-and-trust',
  async apply(db) {
    const { schema } = db;
    await schema.alterTable('accounts').addColumn('learning_started_at', 'bigint').execute();
    await schema.alterTable('accounts').addColumn('learning_last_new_at', 'bigint').execute();

    await schema
      .alterTable('reviews')
      .addColumn('ip_sort', 'text', (c) => c.notNull().defaultTo(''))
      .execute();
    for (const { id, ip } of await db.selectFrom('reviews').select(['id', 'ip']).execute()) {
      const parsed = parseAddress(ip);
      if (!parsed.ok) throw new Error(`review ${id} has the unreadable address "${ip}"`);
      await db
        .updateTable('reviews')
        .set({ ip_sort: sortableAddress(parsed.address) })
        .where('id', '=', id)
        .execute();
    }
    await schema.createIndex('reviews_ip').on('reviews').columns(['account_id', 'ip_sort']).execute();
    await schema
      .createIndex('reviews_key_first')
      .on('reviews')
      .columns(['account_id', 'key_id', 'first_at'])
      .execute();

    await schema
      .createTable('sightings')
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
      .addColumn('key_id', 'text', (c) => c.notNull().references('keys.id'))
      .addColumn('range_id', 'text', (c) => c.notNull().references('ranges.id').onDelete('cascade'))
      .addColumn('prefix', 'text', (c) => c.notNull())
      .addColumn('agent', 'text', (c) => c.notNull())
      .addColumn('country', 'text')
      .addColumn('asn', 'bigint')
      .addColumn('as_name', 'text')
      .addColumn('first_at', 'bigint', (c) => c.notNull())
      .addColumn('last_at', 'bigint', (c) => c.notNull())
      .addColumn('uses', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('sightings_key', ['account_id', 'key_id', 'range_id', 'prefix', 'agent'])
      .execute();
    await schema.createIndex('sightings_range').on('sightings').columns(['range_id']).execute();
  },
};
