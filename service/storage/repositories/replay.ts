import { sql, type Expression, type Kysely, type SqlBool } from 'kysely';
import type { Reason } from '#shared/domain/entities';
import type { Schema } from '../schema';

/** A place in the log's index of addresses: behind one of its rows. */
export interface ReplayCursor {
  readonly ipSort: string;
  readonly id: string;
}

/** Before every row. */
export const REPLAY_START: ReplayCursor = { ipSort: '', id: '' };

/** Calls of one (address, key) that were decided for one reason. */
export interface ReplayedCalls {
  readonly ip: string;
  readonly ipSort: string;
  readonly keyId: string;
  readonly reason: Reason;
  readonly calls: number;
  readonly lastAt: number;
}

/** Reads of the whole log in the order of its addresses, a stretch at a time: no single statement takes long. */
export const replayRepository = (db: Kysely<Schema>) => {
  const behind = ({ ipSort, id }: ReplayCursor): Expression<SqlBool> =>
    sql<SqlBool>`(ip_sort, id) > (${ipSort}, ${id})`;
  const upTo = ({ ipSort, id }: ReplayCursor): Expression<SqlBool> =>
    sql<SqlBool>`(ip_sort, id) <= (${ipSort}, ${id})`;

  return {
    /** The place `rows` rows further on; undefined where fewer are left. */
    placeAfter: async (
      accountId: string,
      place: ReplayCursor,
      rows: number,
    ): Promise<ReplayCursor | undefined> => {
      const row = await db
        .selectFrom('attempts')
        .select(['ip_sort', 'id'])
        .where('account_id', '=', accountId)
        .where(behind(place))
        .orderBy('ip_sort')
        .orderBy('id')
        .limit(1)
        .offset(rows - 1)
        .executeTakeFirst();
      return row === undefined ? undefined : { ipSort: row.ip_sort, id: row.id };
    },

    /**
     * The calls between two places (to the end without `end`), one row an (address, key, reason), in the order of
     * addresses; of attempts whose last call was at or after `from` and whose first was before `to`, in milliseconds.
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

    /** The user agent of the newest call of an (address, key). */
    lastAgent: async (accountId: string, ipSort: string, keyId: string): Promise<string | null> => {
      const row = await db
        .selectFrom('attempts')
        .select('user_agent')
        .where('account_id', '=', accountId)
        .where('ip_sort', '=', ipSort)
        // Hidden from the planner, which would rather follow the key's index through all that it was ever used for.
        .where(sql<SqlBool>`key_id || '' = ${keyId}`)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.user_agent ?? null;
    },
  };
};
