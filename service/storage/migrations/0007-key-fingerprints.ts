import type { Kysely } from 'kysely';
import type { Schema } from '../schema';

/** The TLS clients that each range let a key in with. */
export async function keyFingerprints({ schema }: Kysely<Schema>): Promise<void> {
  await schema
    .createTable('key_fingerprints')
    .addColumn('key_id', 'text', (c) => c.notNull().references('keys.id'))
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('range_id', 'text', (c) => c.notNull().references('ranges.id').onDelete('cascade'))
    .addColumn('first_at', 'bigint', (c) => c.notNull())
    .addColumn('last_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('key_fingerprints_key', ['key_id', 'fingerprint', 'range_id'])
    .execute();
  await schema
    .createIndex('key_fingerprints_range')
    .on('key_fingerprints')
    .columns(['range_id', 'key_id'])
    .execute();
}
