import type { Kysely } from 'kysely';
import type { Schema } from '../schema';

/** What each key is used for, one row a key. */
export async function keyHabits({ schema }: Kysely<Schema>): Promise<void> {
  await schema
    .createTable('key_habits')
    .addColumn('key_id', 'text', (c) => c.primaryKey().references('keys.id'))
    .addColumn('habits', 'text', (c) => c.notNull())
    .execute();
}
