import type { Kysely, Selectable } from 'kysely';
import type { Schema, TombstonesTable } from '../schema';
import type { AccountRow } from './accounts';
import { namedAttempts, type NamedAttemptRow } from './attempts';
import type { AuditRow } from './audit';
import type { KeyRow } from './keys';
import type { RangeRow } from './ranges';
import { namedReviews, type NamedReviewRow } from './reviews';
import { chunksOf } from './chunks';
import type { SourceRow } from './sources';

/** A changed row and its sequence number. */
export type FeedRow =
  | { readonly kind: 'account'; readonly seq: number; readonly row: AccountRow }
  | { readonly kind: 'range'; readonly seq: number; readonly row: RangeRow }
  | { readonly kind: 'review'; readonly seq: number; readonly row: NamedReviewRow }
  | { readonly kind: 'key'; readonly seq: number; readonly row: KeyRow }
  | { readonly kind: 'source'; readonly seq: number; readonly row: SourceRow }
  | { readonly kind: 'attempt'; readonly seq: number; readonly row: NamedAttemptRow }
  | { readonly kind: 'audit'; readonly seq: number; readonly row: AuditRow }
  | { readonly kind: 'tombstone'; readonly seq: number; readonly row: Selectable<TombstonesTable> };

export interface FeedFloors {
  /** Sequence numbers up to which attempts and audit events are left out, because a snapshot has only the newest. */
  readonly attempts: number;
  readonly audit: number;
}

function seqOf(rows: readonly { readonly changed_seq: number }[]): number {
  return rows[0]?.changed_seq ?? 0;
}

export function feedRepository(db: Kysely<Schema>) {
  return {
    /** Resolves with up to `limit` changes after `seq`, in order. Each entity appears once, in its current state. */
    since: async (accountId: string, seq: number, floors: FeedFloors, limit: number): Promise<FeedRow[]> => {
      const of = (table: 'ranges' | 'keys' | 'sources' | 'audit' | 'tombstones', after: number) =>
        db
          .selectFrom(table)
          .where('account_id', '=', accountId)
          .where('changed_seq', '>', after)
          .orderBy('changed_seq')
          .limit(limit);
      const [account, ranges, reviews, keys, sources, attempts, audit, tombstones] = await Promise.all([
        db
          .selectFrom('accounts')
          .selectAll()
          .where('id', '=', accountId)
          .where('changed_seq', '>', seq)
          .execute(),
        of('ranges', seq).selectAll('ranges').execute() as Promise<RangeRow[]>,
        namedReviews(db)
          .where('reviews.account_id', '=', accountId)
          .where('reviews.changed_seq', '>', seq)
          .orderBy('reviews.changed_seq')
          .limit(limit)
          .execute(),
        of('keys', seq).selectAll('keys').execute() as Promise<KeyRow[]>,
        of('sources', seq).selectAll('sources').execute() as Promise<SourceRow[]>,
        namedAttempts(db)
          .where('attempts.account_id', '=', accountId)
          .where('attempts.changed_seq', '>', Math.max(seq, floors.attempts))
          .orderBy('attempts.changed_seq')
          .limit(limit)
          .execute(),
        of('audit', Math.max(seq, floors.audit)).selectAll('audit').execute() as Promise<AuditRow[]>,
        of('tombstones', seq).selectAll('tombstones').execute() as Promise<Selectable<TombstonesTable>[]>,
      ]);
      const rows: FeedRow[] = [
        ...account.map((row) => ({ kind: 'account' as const, seq: row.changed_seq, row })),
        ...ranges.map((row) => ({ kind: 'range' as const, seq: row.changed_seq, row })),
        ...reviews.map((row) => ({ kind: 'review' as const, seq: row.changed_seq, row })),
        ...keys.map((row) => ({ kind: 'key' as const, seq: row.changed_seq, row })),
        ...sources.map((row) => ({ kind: 'source' as const, seq: row.changed_seq, row })),
        ...attempts.map((row) => ({ kind: 'attempt' as const, seq: row.changed_seq, row })),
        ...audit.map((row) => ({ kind: 'audit' as const, seq: row.changed_seq, row })),
        ...tombstones.map((row) => ({ kind: 'tombstone' as const, seq: row.changed_seq, row })),
      ];
      return rows.sort((a, b) => a.seq - b.seq).slice(0, limit);
    },

    /** Resolves with the floors of a snapshot with the newest `attempts` attempts and `audit` events. */
    snapshotFloors: async (accountId: string, attempts: number, audit: number): Promise<FeedFloors> => {
      const nth = (table: 'attempts' | 'audit', offset: number) =>
        db
          .selectFrom(table)
          .select('changed_seq')
          .where('account_id', '=', accountId)
          .orderBy('changed_seq', 'desc')
          .offset(offset)
          .limit(1)
          .execute();
      const [attemptFloor, auditFloor] = await Promise.all([nth('attempts', attempts), nth('audit', audit)]);
      return { attempts: seqOf(attemptFloor), audit: seqOf(auditFloor) };
    },

    insertTombstones: async (rows: readonly Selectable<TombstonesTable>[]): Promise<void> => {
      for (const chunk of chunksOf(rows)) await db.insertInto('tombstones').values(chunk).execute();
    },
  };
}
