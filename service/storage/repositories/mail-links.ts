import type { Kysely, Selectable } from 'kysely';
import type { MailAction, MailLinksTable, Schema } from '../schema';

export type MailLinkRow = Selectable<MailLinksTable>;

export function mailLinksRepository(db: Kysely<Schema>) {
  return {
    insert: async (row: MailLinkRow): Promise<void> => {
      await db.insertInto('mail_links').values(row).execute();
    },

    byHash: (hash: string): Promise<MailLinkRow | undefined> =>
      db.selectFrom('mail_links').selectAll().where('hash', '=', hash).executeTakeFirst(),

    /** Marks all of the recipient's links for this review as used. */
    use: async (
      { account_id, user_id, review_id }: Pick<MailLinkRow, 'account_id' | 'user_id' | 'review_id'>,
      action: MailAction,
      at: number,
    ): Promise<void> => {
      await db
        .updateTable('mail_links')
        .set({ used_at: at, used_action: action })
        .where('account_id', '=', account_id)
        .where('review_id', '=', review_id)
        .where('user_id', '=', user_id)
        .where('used_at', 'is', null)
        .execute();
    },

    deleteExpiredBefore: async (at: number): Promise<void> => {
      await db.deleteFrom('mail_links').where('expires_at', '<', at).execute();
    },
  };
}
