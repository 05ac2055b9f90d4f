import type { Migration } from './migration';

export const operations: Migration = {
  name: '0005-operations',
  async apply({ schema }) {
    await schema
      .createTable('operations')
      .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('result', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('operations_key', ['account_id', 'id'])
      .execute();
    await schema.createIndex('operations_age').on('operations').columns(['at']).execute();
  },
};
