import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema';

export async function firstSchema(db: Kysely<Schema>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('accounts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('mode', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addColumn('changed_seq', 'bigint', (c) => c.notNull())
    .addColumn('ipv4_grant_prefix', 'integer', (c) => c.notNull())
    .addColumn('ipv6_grant_prefix', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('learning_started_at', 'bigint')
    .addColumn('learning_last_new_at', 'bigint')
    .execute();
  await schema
    .createTable('users')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('email', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('permissions', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('users_email', ['account_id', 'email'])
    .execute();
  await schema
    .createTable('tokens')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('last_used_at', 'bigint')
    .execute();
  await schema
    .createTable('keys')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('prefix', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('last_used_at', 'bigint')
    .addColumn('rotated_at', 'bigint')
    .addColumn('changed_seq', 'bigint', (c) => c.notNull())
    .execute();
  await schema.createIndex('keys_feed').on('keys').columns(['account_id', 'changed_seq']).execute();
  await schema
    .createTable('key_secrets')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('key_id', 'text', (c) => c.notNull().references('keys.id'))
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('valid_until', 'bigint')
    .execute();
  await schema
    .createTable('ranges')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('cidr', 'text', (c) => c.notNull())
    .addColumn('effect', 'text', (c) => c.notNull())
    .addColumn('label', 'text', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('key_id', 'text', (c) => c.references('keys.id'))
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('created_by', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('last_used_at', 'bigint')
    .addColumn('uses', 'bigint', (c) => c.notNull())
    .addColumn('changed_seq', 'bigint', (c) => c.notNull())
    .execute();
  await schema.createIndex('ranges_feed').on('ranges').columns(['account_id', 'changed_seq']).execute();
  // COALESCE because a plain unique index takes two null keys for different ones.
  await sql`CREATE UNIQUE INDEX ranges_same ON ranges (account_id, cidr, effect, COALESCE(key_id, ''))`.execute(
    db,
  );
  // Most ranges never expire.
  await sql`CREATE INDEX ranges_expiry ON ranges (account_id, expires_at) WHERE expires_at IS NOT NULL`.execute(
    db,
  );
  await schema
    .createTable('reviews')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('ip', 'text', (c) => c.notNull())
    .addColumn('key_id', 'text', (c) => c.notNull().references('keys.id'))
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('first_at', 'bigint', (c) => c.notNull())
    .addColumn('last_at', 'bigint', (c) => c.notNull())
    .addColumn('count', 'bigint', (c) => c.notNull())
    .addColumn('score', 'real')
    .addColumn('evidence', 'text', (c) => c.notNull())
    .addColumn('suggested_cidr', 'text', (c) => c.notNull())
    .addColumn('country', 'text')
    .addColumn('asn', 'bigint')
    .addColumn('as_name', 'text')
    .addColumn('decided_by', 'text')
    .addColumn('decided_at', 'bigint')
    .addColumn('range_id', 'text')
    .addColumn('active', 'integer', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('changed_seq', 'bigint', (c) => c.notNull())
    .addColumn('ip_sort', 'text', (c) => c.notNull().defaultTo(''))
    .addColumn('made_range', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('settled_by', 'text', (c) => c.references('reviews.id'))
    .addColumn('address_count', 'bigint', (c) => c.notNull().defaultTo(1))
    .addColumn('callers', 'text', (c) => c.notNull().defaultTo('[]'))
    .addColumn('overflow', 'integer', (c) => c.notNull().defaultTo(0))
    // The note of the person who answered the review.
    .addColumn('note', 'text')
    .execute();
  await schema.createIndex('reviews_feed').on('reviews').columns(['account_id', 'changed_seq']).execute();
  await schema.createIndex('reviews_status').on('reviews').columns(['account_id', 'status', 'id']).execute();
  // Two active reviews of one address and key would be answered twice.
  await sql`CREATE UNIQUE INDEX reviews_one_active ON reviews (account_id, key_id, ip) WHERE active = 1`.execute(
    db,
  );
  await schema.createIndex('reviews_ip').on('reviews').columns(['account_id', 'ip_sort']).execute();
  await schema
    .createIndex('reviews_key_first')
    .on('reviews')
    .columns(['account_id', 'key_id', 'first_at'])
    .execute();
  await sql`CREATE INDEX reviews_settled_by ON reviews (settled_by) WHERE settled_by IS NOT NULL`.execute(db);
  await sql`CREATE INDEX reviews_overflow ON reviews (account_id, key_id) WHERE overflow = 1`.execute(db);
  await schema
    .createTable('sightings')
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('key_id', 'text', (c) => c.notNull().references('keys.id'))
    .addColumn('range_id', 'text', (c) => c.notNull().references('ranges.id').onDelete('cascade'))
    .addColumn('prefix', 'text', (c) => c.notNull())
    .addColumn('agent', 'text', (c) => c.notNull())
    .addColumn('country', 'text')
    .addColumn('asn', 'bigint')
    .addColumn('as_name', 'text')
    .addColumn('first_at', 'bigint', (c) => c.notNull())
    .addColumn('last_at', 'bigint', (c) => c.notNull())
    .addColumn('uses', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('sightings_key', ['account_id', 'key_id', 'range_id', 'prefix', 'agent'])
    .execute();
  await schema.createIndex('sightings_range').on('sightings').columns(['range_id']).execute();
  await schema
    .createTable('attempts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('changed_seq', 'bigint', (c) => c.notNull())
    .addColumn('ip', 'text', (c) => c.notNull())
    .addColumn('ip_sort', 'text', (c) => c.notNull())
    .addColumn('key_id', 'text', (c) => c.notNull().references('keys.id'))
    .addColumn('verdict', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('range_id', 'text')
    .addColumn('review_id', 'text')
    .addColumn('first_at', 'bigint', (c) => c.notNull())
    .addColumn('last_at', 'bigint', (c) => c.notNull())
    .addColumn('count', 'bigint', (c) => c.notNull())
    .addColumn('method', 'text')
    .addColumn('path', 'text')
    .addColumn('user_agent', 'text')
    .addColumn('country', 'text')
    .addColumn('asn', 'bigint')
    .addColumn('as_name', 'text')
    .execute();
  await schema.createIndex('attempts_feed').on('attempts').columns(['account_id', 'changed_seq']).execute();
  await schema.createIndex('attempts_time').on('attempts').columns(['account_id', 'id']).execute();
  await schema.createIndex('attempts_ip').on('attempts').columns(['account_id', 'ip_sort', 'id']).execute();
  // Each filter that can match few rows has an index that ends in the id, so that a scan gives the log's own order.
  // The verdict needs no index, because it follows from the reason.
  await schema.createIndex('attempts_key').on('attempts').columns(['account_id', 'key_id', 'id']).execute();
  await schema
    .createIndex('attempts_reason')
    .on('attempts')
    .columns(['account_id', 'reason', 'id'])
    .execute();
  await schema
    .createIndex('attempts_country')
    .on('attempts')
    .columns(['account_id', 'country', 'id'])
    .execute();
  await schema
    .createTable('audit')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('changed_seq', 'bigint', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('via', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('target', 'text', (c) => c.notNull())
    .addColumn('before', 'text', (c) => c.notNull())
    .addColumn('after', 'text', (c) => c.notNull())
    .addColumn('operation_id', 'text')
    .execute();
  await schema.createIndex('audit_feed').on('audit').columns(['account_id', 'changed_seq']).execute();
  await schema.createIndex('audit_time').on('audit').columns(['account_id', 'id']).execute();
  await schema
    .createTable('tombstones')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('changed_seq', 'bigint', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('entity_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('tombstones_key', ['account_id', 'changed_seq'])
    .execute();
  await schema
    .createTable('feed_floors')
    .addColumn('account_id', 'text', (c) => c.primaryKey().references('accounts.id'))
    .addColumn('pruned_seq', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createTable('epochs')
    .addColumn('number', 'integer', (c) => c.primaryKey())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('identity', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('epoch_starts')
    .addColumn('epoch', 'integer', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('epoch_starts_key', ['account_id', 'epoch'])
    .execute();
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
  // Recipients are no foreign keys, because a user who was written to may be removed.
  await schema
    .createTable('mail_notices')
    .addColumn('review_id', 'text', (c) => c.notNull().references('reviews.id'))
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('message_id', 'text')
    .addPrimaryKeyConstraint('mail_notices_key', ['review_id', 'user_id'])
    .execute();
  await sql`CREATE INDEX mail_notices_waiting ON mail_notices (account_id, user_id, created_at) WHERE message_id IS NULL`.execute(
    db,
  );
  await schema
    .createIndex('mail_notices_message')
    .on('mail_notices')
    .columns(['message_id', 'review_id'])
    .execute();
  await schema
    .createTable('mail_messages')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('tries', 'integer', (c) => c.notNull())
    .addColumn('next_try_at', 'bigint', (c) => c.notNull())
    .addColumn('lease', 'text')
    .addColumn('ended_at', 'bigint')
    .addColumn('detail', 'text')
    .execute();
  await schema
    .createIndex('mail_messages_due')
    .on('mail_messages')
    .columns(['state', 'next_try_at'])
    .execute();
  await schema
    .createIndex('mail_messages_recipient')
    .on('mail_messages')
    .columns(['account_id', 'user_id', 'created_at'])
    .execute();
  await schema
    .createTable('mail_links')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('review_id', 'text', (c) => c.notNull().references('reviews.id'))
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('used_at', 'bigint')
    .addColumn('used_action', 'text')
    .execute();
  await schema
    .createIndex('mail_links_review')
    .on('mail_links')
    .columns(['account_id', 'review_id', 'user_id'])
    .execute();
  await schema.createIndex('mail_links_age').on('mail_links').columns(['expires_at']).execute();
}
