import { sql } from 'kysely';
import type { Migration } from './migration';

export const answersTakenBack: Migration = {
  name: '0006-answers-taken-back',
  async apply(db) {
    const { schema } = db;
    // Of answers that were given before this step nobody knows what they did; taken back, they leave their ranges alone.
    await schema
      .alterTable('reviews')
      .addColumn('made_range', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
    await schema
      .alterTable('reviews')
      .addColumn('settled_by', 'text', (c) => c.references('reviews.id'))
      .execute();
    await sql`CREATE INDEX reviews_settled_by ON reviews (settled_by) WHERE settled_by IS NOT NULL`.execute(
      db,
    );
  },
};
