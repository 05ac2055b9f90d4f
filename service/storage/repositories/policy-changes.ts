import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema';
import type { AccountRow } from './accounts';
import { LATEST_EPOCH, type DatabaseIdentity } from './epochs';
import type { KeyRow, KeySecretRow } from './keys';
import type { RangeRow } from './ranges';
import type { ReviewRow } from './reviews';
import type { SourceRow } from './sources';

/** Head of an account's change feed. */
export interface FeedHead {
  readonly accountId: string;
  readonly seq: number;
}

/** Head of a feed with the state of the database. */
export interface FeedState extends FeedHead {
  /** Current epoch; null if there is none. */
  readonly epoch: string | null;
  /** False if the database is a copy in the place of the one in which the epoch began. */
  readonly isHere: boolean;
}

/** Rows that changed after a sequence number and that verdicts need, in their current state. */
export interface PolicyChanges {
  readonly account: AccountRow;
  readonly removedRangeIds: readonly string[];
  readonly removedSourceIds: readonly string[];
  readonly ranges: readonly RangeRow[];
  readonly keys: readonly KeyRow[];
  /** All secrets of those keys. */
  readonly secrets: readonly KeySecretRow[];
  readonly reviews: readonly ReviewRow[];
  readonly sources: readonly SourceRow[];
}

/** Returns SQL for the `FeedState` of every account. SQLite gives 0 or 1 for its booleans. */
export function headsAt(identity: DatabaseIdentity['expression']): string {
  return `SELECT accounts.id AS "accountId", accounts.seq, latest.id AS epoch, coalesce(latest.identity = ${identity}, false) AS "isHere"
   FROM accounts LEFT JOIN (${LATEST_EPOCH}) AS latest ON true`;
}

export function policyChangesRepository(db: Kysely<Schema>, identity: DatabaseIdentity) {
  return {
    heads: async (): Promise<FeedState[]> => {
      const { rows } = await sql
        .raw<Omit<FeedState, 'isHere'> & { readonly isHere: boolean | number }>(headsAt(identity.expression))
        .execute(db);
      return rows.map((row) => ({ ...row, isHere: Boolean(row.isHere) }));
    },

    /** Must run in a snapshot, or a change could be skipped for ever. */
    since: async (accountId: string, seq: number): Promise<PolicyChanges> => {
      const [account, removed, ranges, keys, secrets, reviews, sources] = await Promise.all([
        db.selectFrom('accounts').selectAll().where('id', '=', accountId).executeTakeFirstOrThrow(),
        db
          .selectFrom('tombstones')
          .select(['kind', 'entity_id'])
          .where('account_id', '=', accountId)
          .where('changed_seq', '>', seq)
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
        db
          .selectFrom('sources')
          .selectAll()
          .where('account_id', '=', accountId)
          .where('changed_seq', '>', seq)
          .execute(),
      ]);
      const removedOf = (kind: string): readonly string[] =>
        removed.filter((row) => row.kind === kind).map((row) => row.entity_id);
      return {
        account,
        removedRangeIds: removedOf('range'),
        removedSourceIds: removedOf('source'),
        ranges,
        keys,
        secrets,
        reviews,
        sources,
      };
    },
  };
}
