import type { Kysely } from 'kysely';
import type { Schema } from '../schema';

/** Lists of ranges go in the order of their ids. Without the index SQLite reads all ranges of the account for each page. */
export async function rangeOrder({ schema }: Kysely<Schema>): Promise<void> {
  await schema.createIndex('ranges_order').on('ranges').columns(['account_id', 'id']).execute();
}
