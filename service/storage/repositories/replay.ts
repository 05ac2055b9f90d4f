import { sql, type Expression, type Kysely, type SqlBool } from 'kysely';
import type { AddressRange } from '#shared/domain/address-range';
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

/** What a row of the log has of its call. */
export interface LastRequest {
  readonly method: string | null;
  readonly path: string | null;
  readonly userAgent: string | null;
  /** The log has none. */
  readonly fingerprint: null;
}

/** Of the calls that were let in, the last of which was not before `from`. */
export interface LetInFilter {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly keyId: string | undefined;
  readonly addresses: AddressRange | undefined;
}

/** Reads the log in the order of its addresses or of its time, one key range at a time, so that no statement takes long. */
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

    /** Resolves with the id `rows` rows further on in the order of first calls, or undefined if fewer are left. */
    idAfter: async (
      accountId: string,
      id: string,
      rows: number,
      keyId: string | undefined,
    ): Promise<string | undefined> => {
      let query = db.selectFrom('attempts').select('id').where('account_id', '=', accountId);
      if (keyId !== undefined) query = query.where('key_id', '=', keyId);
      const row = await query
        .where('id', '>', id)
        .orderBy('id')
        .limit(1)
        .offset(rows - 1)
        .executeTakeFirst();
      return row?.id;
    },

    /**
     * Resolves with the calls that were let in, by address and key, of rows behind `afterId` and up to `lastId` (undefined: to
     * the last).
     */
    letInBetween: async (
      accountId: string,
      afterId: string,
      lastId: string | undefined,
      { from, keyId, addresses }: LetInFilter,
    ): Promise<Omit<ReplayedCalls, 'reason'>[]> => {
      let query = db
        .selectFrom('attempts')
        .select((eb) => [
          'ip',
          'ip_sort',
          'key_id',
          eb.fn.sum<number | string>('count').as('calls'),
          eb.fn.max<number | string>('last_at').as('last_at'),
        ])
        .where('account_id', '=', accountId)
        .where('id', '>', afterId)
        .where('last_at', '>=', from)
        .where('verdict', '=', 'allowed');
      if (lastId !== undefined) query = query.where('id', '<=', lastId);
      if (keyId !== undefined) query = query.where('key_id', '=', keyId);
      if (addresses !== undefined) {
        // Hides the column from the planner: its index would be read to the end, and the ids bound the statement.
        const column = lastId === undefined ? sql`ip_sort` : sql`ip_sort || ''`;
        query = query.where(sql<SqlBool>`${column} BETWEEN ${addresses.first} AND ${addresses.last}`);
      }
      const rows = await query.groupBy(['ip_sort', 'ip', 'key_id']).execute();
      return rows.map((row) => ({
        ip: row.ip,
        ipSort: row.ip_sort,
        keyId: row.key_id,
        calls: Number(row.calls),
        lastAt: Number(row.last_at),
      }));
    },

    /** Resolves with true if the log has fewer rows of these addresses, of whatever time. */
    hasFewer: async (accountId: string, { first, last }: AddressRange, rows: number): Promise<boolean> => {
      const row = await db
        .selectFrom('attempts')
        .select('id')
        .where('account_id', '=', accountId)
        .where('ip_sort', '>=', first)
        .where('ip_sort', '<=', last)
        .orderBy('ip_sort')
        .limit(1)
        .offset(rows - 1)
        .executeTakeFirst();
      return row === undefined;
    },

    /** Resolves with what the newest row of an (address, key) has of its call. */
    lastRequest: async (accountId: string, ipSort: string, keyId: string): Promise<LastRequest> => {
      const row = await db
        .selectFrom('attempts')
        .select(['method', 'path', 'user_agent'])
        .where('account_id', '=', accountId)
        .where('ip_sort', '=', ipSort)
        // Hides the column from the planner, which would rather scan all rows of the key.
        .where(sql<SqlBool>`key_id || '' = ${keyId}`)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return {
        method: row?.method ?? null,
        path: row?.path ?? null,
        userAgent: row?.user_agent ?? null,
        fingerprint: null,
      };
    },
  };
}
