import type { ExpressionBuilder, Kysely } from 'kysely';
import type { Reason } from '#shared/domain/entities';
import type { Schema } from '../schema';
import type { RangeRow } from './ranges';
import { namedReviews, type NamedReviewRow } from './reviews';

/** Attempts with ids below `id`; networks of a flood only with ids below `networkId`. */
export interface Below {
  readonly id: string;
  readonly networkId: string;
}

const isBelow =
  ({ id, networkId }: Below) =>
  (eb: ExpressionBuilder<Schema, 'attempts'>) =>
    eb.and([eb('id', '<', id), eb.or([eb('id', '<', networkId), eb('ip', 'not like', '%/%')])]);

/** What has been kept long enough, a bounded number at a time. Times are milliseconds. */
export const retentionRepository = (db: Kysely<Schema>) => ({
  /** Up to `limit` attempts below `below` whose last call was before `lastBefore`, the oldest first. */
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

  /** Up to `limit` attempts with this reason, and key where one is named, below `below`, the oldest first. */
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
   * Deletes attempts. They leave no tombstones: a console bounds its own copy of the log, and a flood would only be
   * turned into another one.
   */
  deleteAttempts: async (accountId: string, ids: readonly string[]): Promise<void> => {
    if (ids.length === 0) return;
    await db.deleteFrom('attempts').where('account_id', '=', accountId).where('id', 'in', ids).execute();
  },

  /** Up to `limit` open questions with ids below `belowId` whose last call was before `lastBefore`. */
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

  /** Up to `limit` open questions, the oldest first. */
  oldestPending: (accountId: string, limit: number): Promise<NamedReviewRow[]> =>
    namedReviews(db)
      .where('reviews.account_id', '=', accountId)
      .where('reviews.status', '=', 'pending')
      .orderBy('reviews.id')
      .limit(limit)
      .execute(),

  /** Up to `limit` ranges that expired before `expiredBefore`. */
  rangesExpiredBefore: (accountId: string, expiredBefore: number, limit: number): Promise<RangeRow[]> =>
    db
      .selectFrom('ranges')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('expires_at', 'is not', null)
      .where('expires_at', '<', expiredBefore)
      .orderBy('expires_at')
      .limit(limit)
      .execute(),

  /**
   * The place in the feed up to which everything was written before `belowId` was made; 0 where nothing was. The
   * audit trail knows: every tombstone is written together with the event of its removal, which has a time.
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

  /** Deletes up to `limit` tombstones at or below `seq`, the oldest first. Answers the place of the last, if any. */
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

  /** Up to which place of the feed removals are no longer told. */
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
});
