import { sql, type Expression, type Kysely, type SqlBool } from 'kysely';
import type { Reason } from '#shared/domain/entities';
import type { Schema } from '../schema';

/** A position in the index of addresses, after one of its rows. */
export interface ReplayCursor {
  readonly ipSort: string;
  readonly id: string;
}

/** The position before every row. */
export const REPLAY_START: ReplayCursor = { ipSort: '', id: '' };

/** Calls of one (address, key) with the same reason. */
export interface ReplayedCalls {
  readonly ip: string;
  readonly ipSort: string;
  readonly keyId: string;
  readonly reason: Reason;
  readonly calls: number;
  readonly lastAt: number;
}

/** Reads the log in the order of its addresses, one key range at a time, so that no statement takes long. */
export function replayRepository(db: Kysely<Schema>) {
  const behind = ({ ipSort, id }: ReplayCursor): Expression<SqlBool> =>
    sql<SqlBool>`(ip_sort, id) > (${ipSort}, ${id})`;
  const upTo = ({ ipSort, id }: ReplayCursor): Expression<SqlBool> =>
    sql<SqlBool>`(ip_sort, id) <= (${ipSort}, ${id})`;

  return {
    /** Resolves with the position `rows` rows further on, or undefined if fewer are left. */
    placeAfter: async (
      accountId: string,
      cursor: ReplayCursor,
      rows: number,
    ): Promise<ReplayCursor | undefined> => {
      const row = await db
        .selectFrom('attempts')
        .select(['ip_sort', 'id'])
        .where('account_id', '=', accountId)
        .where(behind(cursor))
        .orderBy('ip_sort')
        .orderBy('id')
        .limit(1)
        .offset(rows - 1)
        .executeTakeFirst();
      return row === undefined ? undefined : { ipSort: row.ip_sort, id: row.id };
    },

    /**
     * Resolves with the calls between two positions (without `end`, to the last), by address, key and reason, in the order of
     * addresses. `from` and `to` are milliseconds since the epoch and select as in {@link AttemptFilter}.
     */
    callsBetween: async (
      accountId: string,
      start: ReplayCursor,
      end: ReplayCursor | undefined,
      from: number,
      to: number,
    ): Promise<ReplayedCalls[]> => {
      let query = db
        .selectFrom('attempts')
        .select((eb) => [
          'ip',
          'ip_sort',
          'key_id',
          'reason',
          eb.fn.sum<number | string>('count').as('calls'),
          eb.fn.max<number | string>('last_at').as('last_at'),
        ])
        .where('account_id', '=', accountId)
        .where(behind(start))
        .where('last_at', '>=', from)
        .where('first_at', '<', to);
      if (end !== undefined) query = query.where(upTo(end));
      const rows = await query
        .groupBy(['ip_sort', 'ip', 'key_id', 'reason'])
        .orderBy('ip_sort')
        .orderBy('key_id')
        .execute();
      return rows.map((row) => ({
        ip: row.ip,
        ipSort: row.ip_sort,
        keyId: row.key_id,
        reason: row.reason,
        calls: Number(row.calls),
        lastAt: Number(row.last_at),
      }));
    },

    /** Resolves with the user agent of the newest call of an (address, key). */
    lastAgent: async (accountId: string, ipSort: string, keyId: string): Promise<string | null> => {
      const row = await db
        .selectFrom('attempts')
        .select('user_agent')
        .where('account_id', '=', accountId)
        .where('ip_sort', '=', ipSort)
        // Hides the column from the planner, which would rather scan all rows of the key.
        .where(sql<SqlBool>`key_id || '' = ${keyId}`)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.user_agent ?? null;
    },
  };
}
