import type { Kysely } from 'kysely';
import type { Schema } from '../schema';

export async function regions(db: Kysely<Schema>): Promise<void> {
  for (const table of ['sightings', 'reviews'] as const) {
    await db.schema.alterTable(table).addColumn('region', 'text').execute();
  }
}
