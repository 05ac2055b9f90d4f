import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema';
import type { ReviewRow } from './reviews';

/** A network and a key for which something may be proposed. */
export interface ProposalSubject {
  readonly accountId: string;
  readonly keyId: string;
  readonly asn: number;
}

export function proposalsRepository(db: Kysely<Schema>) {
  return {
    /** Resolves with the latest reviews of the key and network that people answered by authorizing, from `since` on. */
    authorized: (
      { accountId, keyId, asn }: ProposalSubject,
      since: number,
      limit: number,
    ): Promise<Pick<ReviewRow, 'ip' | 'country' | 'callers'>[]> =>
      db
        .selectFrom('reviews')
        .select(['ip', 'country', 'callers'])
        .where('account_id', '=', accountId)
        .where('key_id', '=', keyId)
        .where('first_at', '>=', since)
        // As a literal, because the index `reviews_authorized` is for this status alone.
        .where('status', '=', sql.lit('authorized'))
        .where('asn', '=', asn)
        .orderBy('first_at', 'desc')
        .limit(limit)
        .execute(),

    /** Resolves with true if a proposal for the key and network was declined at or after `since`. */
    isDeclined: async ({ accountId, keyId, asn }: ProposalSubject, since: number): Promise<boolean> => {
      const declined = await db
        .selectFrom('declined_proposals')
        .select('declined_at')
        .where('account_id', '=', accountId)
        .where('key_id', '=', keyId)
        .where('asn', '=', asn)
        .where('declined_at', '>=', since)
        .executeTakeFirst();
      return declined !== undefined;
    },

    decline: async ({ accountId, keyId, asn }: ProposalSubject, now: number): Promise<void> => {
      await db
        .insertInto('declined_proposals')
        .values({ account_id: accountId, key_id: keyId, asn, declined_at: now })
        .onConflict((conflict) =>
          conflict.columns(['account_id', 'key_id', 'asn']).doUpdateSet({ declined_at: now }),
        )
        .execute();
    },

    /** Resolves with the ids of the pending reviews that carry a proposal for the key and network. */
    carriers: async ({ accountId, keyId, asn }: ProposalSubject): Promise<string[]> => {
      const rows = await db
        .selectFrom('reviews')
        .select('id')
        .where('account_id', '=', accountId)
        .where('key_id', '=', keyId)
        .where('asn', '=', asn)
        .where('status', '=', 'pending')
        .where('proposal', 'is not', null)
        .execute();
      return rows.map(({ id }) => id);
    },

    /** Takes the proposal off a review. Its version stays, because nobody has to look at it again before answering. */
    remove: async (accountId: string, reviewId: string, seq: number): Promise<void> => {
      await db
        .updateTable('reviews')
        .set({ proposal: null, changed_seq: seq })
        .where('account_id', '=', accountId)
        .where('id', '=', reviewId)
        .execute();
    },
  };
}
