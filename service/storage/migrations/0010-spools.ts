import type { Kysely } from 'kysely';
import type { Schema } from '../schema';

export async function spools(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('spools')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('delivered', 'bigint', (c) => c.notNull())
    .execute();
}
