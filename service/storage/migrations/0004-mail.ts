import { sql } from 'kysely';
import type { Migration } from './migration';

export const mail: Migration = {
  name: '0004-mail',
  async apply(db) {
    const { schema } = db;
    // Recipients are no foreign keys: what was sent to somebody stays true when they leave.
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
  },
};
