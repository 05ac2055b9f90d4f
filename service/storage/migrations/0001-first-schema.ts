import { sql } from 'kysely';
import type { Migration } from './migration';

export const firstSchema: Migration = {
  name: '0001-first-schema',
  async apply(db) {
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
    // A range is one thing per (text, effect, key); null keys are equal here, unlike in a plain unique index.
    await sql`CREATE UNIQUE INDEX ranges_same ON ranges (account_id, cidr, effect, COALESCE(key_id, ''))`.execute(
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
      .addColumn('standing', 'integer', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('changed_seq', 'bigint', (c) => c.notNull())
      .execute();
    await schema.createIndex('reviews_feed').on('reviews').columns(['account_id', 'changed_seq']).execute();
    await schema
      .createIndex('reviews_status')
      .on('reviews')
      .columns(['account_id', 'status', 'id'])
      .execute();
    // Two questions about the same address and key would be answered twice.
    await sql`CREATE UNIQUE INDEX reviews_one_standing ON reviews (account_id, key_id, ip) WHERE standing = 1`.execute(
      db,
    );
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
    await schema
      .createTable('tombstones')
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('changed_seq', 'bigint', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('entity_id', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('tombstones_key', ['account_id', 'changed_seq'])
      .execute();
  },
};
