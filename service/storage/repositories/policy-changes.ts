import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema';
import type { AccountRow } from './accounts';
import { LATEST_EPOCH, type DatabaseIdentity } from './epochs';
import type { KeyRow, KeySecretRow } from './keys';
import type { RangeRow } from './ranges';
import type { ReviewRow } from './reviews';

/** How far an account's change feed has come. */
export interface FeedHead {
  readonly accountId: string;
  readonly seq: number;
}

/** The same, as the database says it. */
export interface FeedState extends FeedHead {
  /** The epoch under way; null where there is none. */
  readonly epoch: string | null;
  /** Whether the database is where it was when that epoch began, rather than a copy put in its place. */
  readonly isHere: boolean;
}

/** What changed in an account since a place in its feed, as far as verdicts need it; each row as it stands now. */
export interface PolicyChanges {
  readonly account: AccountRow;
  readonly removedRangeIds: readonly string[];
  readonly ranges: readonly RangeRow[];
  readonly keys: readonly KeyRow[];
  /** Every secret of those keys. */
  readonly secrets: readonly KeySecretRow[];
  readonly reviews: readonly ReviewRow[];
}

/** How far every feed has come, as SQL whose rows are `FeedState`s, but for SQLite's booleans. */
export const headsAt = (place: DatabaseIdentity): string =>
  `SELECT accounts.id AS "accountId", accounts.seq, latest.id AS epoch, coalesce(latest.place = ${place}, false) AS "isHere"
   FROM accounts LEFT JOIN (${LATEST_EPOCH}) AS latest ON true`;

export const policyChangesRepository = (db: Kysely<Schema>, place: DatabaseIdentity) => ({
  heads: async (): Promise<FeedState[]> => {
    const { rows } = await sql
      .raw<Omit<FeedState, 'isHere'> & { readonly isHere: boolean | number }>(headsAt(place))
      .execute(db);
    return rows.map((row) => ({ ...row, isHere: Boolean(row.isHere) }));
  },

  /** Call it where all of its reads see the same moment, or a change could be skipped for ever. */
  since: async (accountId: string, seq: number): Promise<PolicyChanges> => {
    const [account, removed, ranges, keys, secrets, reviews] = await Promise.all([
      db.selectFrom('accounts').selectAll().where('id', '=', accountId).executeTakeFirstOrThrow(),
      db
        .selectFrom('tombstones')
        .select('entity_id')
        .where('account_id', '=', accountId)
        .where('changed_seq', '>', seq)
        .where('kind', '=', 'range')
        .execute(),
      db
        .selectFrom('ranges')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('changed_seq', '>', seq)
        .execute(),
      db
        .selectFrom('keys')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('changed_seq', '>', seq)
        .execute(),
      db
        .selectFrom('key_secrets')
        .innerJoin('keys', 'keys.id', 'key_secrets.key_id')
        .selectAll('key_secrets')
        .where('keys.account_id', '=', accountId)
        .where('keys.changed_seq', '>', seq)
        .execute(),
      db
        .selectFrom('reviews')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('changed_seq', '>', seq)
        .execute(),
    ]);
    return { account, removedRangeIds: removed.map((row) => row.entity_id), ranges, keys, secrets, reviews };
  },
});
