import type { Kysely } from 'kysely';
import type { Schema } from '../schema';

export async function importedRanges({ schema }: Kysely<Schema>): Promise<void> {
  await schema
    .createTable('imported_ranges')
    .addColumn('range_id', 'text', (c) => c.primaryKey().references('ranges.id').onDelete('cascade'))
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('imported_ranges_name')
    .on('imported_ranges')
    .columns(['account_id', 'name'])
    .execute();
}
