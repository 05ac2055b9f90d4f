import type { Kysely } from 'kysely';
import type { Schema } from '../schema';

export async function reportOnly({ schema }: Kysely<Schema>): Promise<void> {
  for (const table of ['accounts', 'keys'] as const) {
    await schema
      .alterTable(table)
      .addColumn('report_only', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
  }
  await schema.alterTable('attempts').addColumn('would_be', 'text').execute();
}
