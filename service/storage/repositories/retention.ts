import type { ExpressionBuilder, Kysely } from 'kysely';
import type { Reason } from '#shared/domain/entities';
import type { Schema } from '../schema';
import type { RangeRow } from './ranges';
import { namedReviews, type NamedReviewRow } from './reviews';

/** Upper bounds of ids, exclusive: `id` for all attempts, `networkId` for network rows of a flood too. */
export interface Below {
  readonly id: string;
  readonly networkId: string;
}

function isBelow({ id, networkId }: Below) {
  return (eb: ExpressionBuilder<Schema, 'attempts'>) =>
    eb.and([eb('id', '<', id), eb.or([eb('id', '<', networkId), eb('ip', 'not like', '%/%')])]);
}

/** Finds and deletes what is beyond its retention, a bounded number at a time. Times are milliseconds since the epoch. */
export function retentionRepository(db: Kysely<Schema>) {
  return {
    /** Resolves with up to `limit` ids of attempts whose last call was before `lastBefore`, the oldest first. */
    attemptsBefore: async (
      accountId: string,
      below: Below,
      lastBefore: number,
      limit: number,
    ): Promise<string[]> => {
      const rows = await db
        .selectFrom('attempts')
        .select('id')
        .where('account_id', '=', accountId)
        .where(isBelow(below))
        .where('last_at', '<', lastBefore)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    /** Resolves with up to `limit` ids of attempts with this reason (and key), the oldest first. */
    oldestWithReason: async (
      accountId: string,
      reason: Reason,
      below: Below,
      limit: number,
      keyId?: string,
    ): Promise<string[]> => {
      let query = db
        .selectFrom('attempts')
        .select('id')
        .where('account_id', '=', accountId)
        .where('reason', '=', reason)
        .where(isBelow(below));
      if (keyId !== undefined) query = query.where('key_id', '=', keyId);
      const rows = await query.orderBy('id').limit(limit).execute();
      return rows.map(({ id }) => id);
    },

    /**
     * Deletes attempts without tombstones: consoles bound their own copies of the log, and a flood of rows would become one of
     * tombstones.
     */
    deleteAttempts: async (accountId: string, ids: readonly string[]): Promise<void> => {
      if (ids.length === 0) return;
      await db.deleteFrom('attempts').where('account_id', '=', accountId).where('id', 'in', ids).execute();
    },

    /** Resolves with up to `limit` pending reviews with ids below `belowId` and the last call before `lastBefore`. */
    pendingBefore: (
      accountId: string,
      belowId: string,
      lastBefore: number,
      limit: number,
    ): Promise<NamedReviewRow[]> =>
      namedReviews(db)
        .where('reviews.account_id', '=', accountId)
        .where('reviews.status', '=', 'pending')
        .where('reviews.id', '<', belowId)
        .where('reviews.last_at', '<', lastBefore)
        .orderBy('reviews.id')
        .limit(limit)
        .execute(),

    /** Resolves with up to `limit` pending reviews, the oldest first. */
    oldestPending: (accountId: string, limit: number): Promise<NamedReviewRow[]> =>
      namedReviews(db)
        .where('reviews.account_id', '=', accountId)
        .where('reviews.status', '=', 'pending')
        .orderBy('reviews.id')
        .limit(limit)
        .execute(),

    /** Leaves out ranges of sources, which drop their own. */
    rangesExpiredBefore: (accountId: string, expiredBefore: number, limit: number): Promise<RangeRow[]> =>
      db
        .selectFrom('ranges')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('expires_at', 'is not', null)
        .where('expires_at', '<', expiredBefore)
        .where('source_id', 'is', null)
        .orderBy('expires_at')
        .limit(limit)
        .execute(),

    /**
     * Resolves with a sequence number up to which everything was written before `belowId` was made, or 0. The audit trail knows
     * it, because each tombstone is written with an audit event, which has a time.
     */
    seqBefore: async (accountId: string, belowId: string): Promise<number> => {
      const row = await db
        .selectFrom('audit')
        .select('changed_seq')
        .where('account_id', '=', accountId)
        .where('id', '<', belowId)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.changed_seq ?? 0;
    },

    /** Deletes up to `limit` tombstones at or below `seq`, the oldest first. Resolves with the last sequence number. */
    deleteTombstones: async (accountId: string, seq: number, limit: number): Promise<number | undefined> => {
      const rows = await db
        .selectFrom('tombstones')
        .select('changed_seq')
        .where('account_id', '=', accountId)
        .where('changed_seq', '<=', seq)
        .orderBy('changed_seq')
        .limit(limit)
        .execute();
      const last = rows.at(-1)?.changed_seq;
      if (last === undefined) return undefined;
      await db
        .deleteFrom('tombstones')
        .where('account_id', '=', accountId)
        .where('changed_seq', '<=', last)
        .execute();
      return last;
    },

    /** Resolves with the sequence number up to which removals are forgotten. */
    prunedSeq: async (accountId: string): Promise<number> => {
      const row = await db
        .selectFrom('feed_floors')
        .select('pruned_seq')
        .where('account_id', '=', accountId)
        .executeTakeFirst();
      return row?.pruned_seq ?? 0;
    },

    setPrunedSeq: async (accountId: string, seq: number): Promise<void> => {
      await db
        .insertInto('feed_floors')
        .values({ account_id: accountId, pruned_seq: seq })
        .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ pruned_seq: seq }))
        .execute();
    },
  };
}
