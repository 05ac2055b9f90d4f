import type { Migration } from './migration';

export const notes: Migration = {
  name: '0009-notes',
  async apply(db) {
    // What the person who answered a review noted down with the answer.
    await db.schema.alterTable('reviews').addColumn('note', 'text').execute();
  },
};
