import type { Kysely, Selectable } from 'kysely';
import type { MailMessagesTable, MailNoticesTable, MailState, Schema } from '../schema';
import { namedReviews, type NamedReviewRow } from './reviews';
import type { UserRow } from './users';

export type MailNoticeRow = Selectable<MailNoticesTable>;
export type MailMessageRow = Selectable<MailMessagesTable>;

/** A recipient with notices that are in no message yet. */
export interface WaitingRecipient {
  readonly accountId: string;
  readonly userId: string;
  readonly oldestAt: number;
}

/** A pending review of a message, with the prefix that tells its key from others. */
export type MailedReviewRow = NamedReviewRow & { readonly key_prefix: string };

/** Queue of e-mails: notices are gathered into messages, and messages are claimed, sent and ended. */
export function mailRepository(db: Kysely<Schema>) {
  return {
    users: (accountId: string): Promise<UserRow[]> =>
      db.selectFrom('users').selectAll().where('account_id', '=', accountId).orderBy('id').execute(),

    /**
     * Queues the notices of a reopened review again for those whom no message told of it, because it was answered before the
     * message was written (docs/behaviour.md 5.4).
     */
    tellAfterAll: async (reviewId: string, answeredAt: number, now: number): Promise<void> => {
      await db
        .updateTable('mail_notices')
        .set({ message_id: null, created_at: now })
        .where('review_id', '=', reviewId)
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom('mail_messages')
              .select('mail_messages.id')
              .whereRef('mail_messages.id', '=', 'mail_notices.message_id')
              .where('state', 'in', ['sent', 'dropped'])
              .where('ended_at', '>=', answeredAt),
          ),
        )
        // The review may have been answered while its message was sent. A link shows that the message told of it. A review that
        // was only listed is told twice rather than never.
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('mail_links')
                .select('hash')
                .whereRef('mail_links.account_id', '=', 'mail_notices.account_id')
                .whereRef('mail_links.review_id', '=', 'mail_notices.review_id')
                .whereRef('mail_links.user_id', '=', 'mail_notices.user_id'),
            ),
          ),
        )
        .execute();
    },

    insertNotice: async (row: MailNoticeRow): Promise<void> => {
      await db.insertInto('mail_notices').values(row).execute();
    },

    /** Looked up user by user, because there are few users and possibly very many notices. */
    waitingRecipients: async (): Promise<WaitingRecipient[]> => {
      const rows = await db
        .selectFrom('users')
        .select(['account_id', 'id'])
        .select((eb) =>
          eb
            .selectFrom('mail_notices')
            .select('mail_notices.created_at')
            .whereRef('mail_notices.account_id', '=', 'users.account_id')
            .whereRef('mail_notices.user_id', '=', 'users.id')
            .where('mail_notices.message_id', 'is', null)
            .orderBy('mail_notices.created_at')
            .limit(1)
            .as('oldest_at'),
        )
        .execute();
      return rows.flatMap(({ account_id: accountId, id: userId, oldest_at: oldestAt }) =>
        oldestAt === null ? [] : [{ accountId, userId, oldestAt }],
      );
    },

    /** Resolves with the times of the recipient's messages since `since`, without dropped ones. */
    messageTimes: async (accountId: string, userId: string, since: number): Promise<number[]> => {
      const rows = await db
        .selectFrom('mail_messages')
        .select('created_at')
        .where('account_id', '=', accountId)
        .where('user_id', '=', userId)
        .where('created_at', '>=', since)
        .where('state', '!=', 'dropped')
        .orderBy('created_at')
        .execute();
      return rows.map((row) => row.created_at);
    },

    /** Puts up to `limit` of the recipient's notices from before or at `until` into the message. Resolves with their number. */
    gather: async (
      { accountId, userId }: Pick<WaitingRecipient, 'accountId' | 'userId'>,
      messageId: string,
      until: number,
      limit: number,
    ): Promise<number> => {
      const { numUpdatedRows } = await db
        .updateTable('mail_notices')
        .set({ message_id: messageId })
        .where('user_id', '=', userId)
        .where('message_id', 'is', null)
        .where('review_id', 'in', (eb) =>
          eb
            .selectFrom('mail_notices')
            .select('review_id')
            .where('account_id', '=', accountId)
            .where('user_id', '=', userId)
            .where('message_id', 'is', null)
            .where('created_at', '<=', until)
            .orderBy('created_at')
            .limit(limit),
        )
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },

    insertMessage: async (row: MailMessageRow): Promise<void> => {
      await db.insertInto('mail_messages').values(row).execute();
    },

    /** Delays a message until `until`. Resolves with false if it has been claimed already. */
    hold: async (id: string, until: number): Promise<boolean> => {
      const { numUpdatedRows } = await db
        .updateTable('mail_messages')
        .set({ next_try_at: until })
        .where('id', '=', id)
        .where('state', '=', 'queued')
        .where('tries', '=', 0)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    message: (id: string): Promise<MailMessageRow | undefined> =>
      db.selectFrom('mail_messages').selectAll().where('id', '=', id).executeTakeFirst(),

    nextTryAt: async (): Promise<number | null> => {
      const row = await db
        .selectFrom('mail_messages')
        .select((eb) => eb.fn.min<number | null>('next_try_at').as('at'))
        .where('state', '=', 'queued')
        .executeTakeFirst();
      return row?.at === null || row?.at === undefined ? null : row.at;
    },

    /** Claims a due message for `leaseMs`. Resolves with undefined if none is due or another process was faster. */
    claim: async (now: number, lease: string, leaseMs: number): Promise<MailMessageRow | undefined> => {
      const due = await db
        .selectFrom('mail_messages')
        .select('id')
        .where('state', '=', 'queued')
        .where('next_try_at', '<=', now)
        .orderBy('next_try_at')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst();
      if (due === undefined) return undefined;
      return db
        .updateTable('mail_messages')
        .set((eb) => ({ tries: eb('tries', '+', 1), next_try_at: now + leaseMs, lease }))
        .where('id', '=', due.id)
        .where('state', '=', 'queued')
        .where('next_try_at', '<=', now)
        .returningAll()
        .executeTakeFirst();
    },

    /** Ends a message, unless its lease has passed to somebody else. */
    end: async (
      id: string,
      lease: string,
      state: Exclude<MailState, 'queued'>,
      detail: string | null,
      at: number,
    ): Promise<void> => {
      await db
        .updateTable('mail_messages')
        .set({ state, detail, ended_at: at, lease: null })
        .where('id', '=', id)
        .where('lease', '=', lease)
        .execute();
    },

    /** Postpones a message until `nextTryAt`, unless its lease has passed to somebody else. */
    postpone: async (id: string, lease: string, nextTryAt: number, detail: string): Promise<void> => {
      await db
        .updateTable('mail_messages')
        .set({ next_try_at: nextTryAt, detail, lease: null })
        .where('id', '=', id)
        .where('lease', '=', lease)
        .execute();
    },

    /** Ends all leases. Only a process without others on the database may call it. */
    endLeases: async (now: number): Promise<void> => {
      await db
        .updateTable('mail_messages')
        .set({ next_try_at: now, lease: null })
        .where('state', '=', 'queued')
        .where('lease', 'is not', null)
        .execute();
    },

    /** Resolves with up to `limit` pending reviews of the message, the oldest first. */
    openReviews: (messageId: string, limit: number): Promise<MailedReviewRow[]> =>
      namedReviews(db)
        .select('keys.prefix as key_prefix')
        .innerJoin('mail_notices', 'mail_notices.review_id', 'reviews.id')
        .where('mail_notices.message_id', '=', messageId)
        .where('reviews.status', '=', 'pending')
        .orderBy('reviews.id')
        .limit(limit)
        .execute(),

    /** Resolves with the number of the message's pending reviews by key, counting at most `atMost`. */
    openByKey: async (messageId: string, atMost: number): Promise<{ keyName: string; count: number }[]> => {
      const rows = await db
        .selectFrom((eb) =>
          eb
            .selectFrom('mail_notices')
            .innerJoin('reviews', 'reviews.id', 'mail_notices.review_id')
            .select('reviews.key_id')
            .where('mail_notices.message_id', '=', messageId)
            .where('reviews.status', '=', 'pending')
            .limit(atMost)
            .as('open'),
        )
        .innerJoin('keys', 'keys.id', 'open.key_id')
        .select(['keys.id', 'keys.name'])
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .groupBy(['keys.id', 'keys.name'])
        .orderBy('keys.id')
        .execute();
      return rows.map(({ name, count }) => ({ keyName: name, count }));
    },

    countQueued: async (): Promise<number> => {
      const { queued } = await db
        .selectFrom('mail_messages')
        .select((eb) => eb.fn.countAll<number>().as('queued'))
        .where('state', '=', 'queued')
        .executeTakeFirstOrThrow();
      return queued;
    },

    /**
     * Deletes messages that ended before `at` with their notices, and older notices of recipients who left; up to `limit`
     * notices at a time. Resolves with the number of notices.
     */
    deleteOld: async (at: number, limit: number): Promise<number> => {
      const ended = await db
        .selectFrom('mail_messages')
        .innerJoin('mail_notices', 'mail_notices.message_id', 'mail_messages.id')
        .select(['mail_notices.review_id', 'mail_notices.user_id'])
        .where('mail_messages.ended_at', '<', at)
        .limit(limit)
        .execute();
      const orphaned = await db
        .selectFrom('mail_notices')
        .select(['review_id', 'user_id'])
        .where('message_id', 'is', null)
        .where('created_at', '<', at)
        .limit(limit)
        .execute();
      const rows = [...ended, ...orphaned].slice(0, limit);
      for (const { review_id, user_id } of rows) {
        await db
          .deleteFrom('mail_notices')
          .where('review_id', '=', review_id)
          .where('user_id', '=', user_id)
          .execute();
      }
      if (rows.length < limit) await db.deleteFrom('mail_messages').where('ended_at', '<', at).execute();
      return rows.length;
    },
  };
}
