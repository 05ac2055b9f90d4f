import type { Migration } from './migration';

export const epochs: Migration = {
  name: '0008-epochs',
  async apply(db) {
    const { schema } = db;
    await schema
      .createTable('epochs')
      .addColumn('number', 'integer', (c) => c.primaryKey())
      .addColumn('id', 'text', (c) => c.notNull().unique())
      .addColumn('place', 'text', (c) => c.notNull())
      .execute();
    await schema
      .createTable('epoch_starts')
      .addColumn('epoch', 'integer', (c) => c.notNull())
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('epoch_starts_key', ['account_id', 'epoch'])
      .execute();
    // One id for the whole life of a database did not tell a restored copy from what it was copied from.
    await db.deleteFrom('meta').where('name', '=', 'epoch').execute();
  },
};
