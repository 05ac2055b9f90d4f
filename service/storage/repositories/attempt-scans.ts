import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema';
import { facetsColumn, readFacets, type AttemptFacets } from './attempt-facets';
import { conditionsOf, type AttemptFilter } from './attempt-filter';
import type { NamedAttemptRow } from './attempts';

/**
 * An index scan over attempts in the order of their ids: all of the account's, or those with one value in a column. Every
 * read of the log takes one key range at a time, so that no statement takes long.
 */
export interface IndexScan {
  readonly column?: 'key_id' | 'reason' | 'country' | 'ip_sort';
  readonly value?: string;
}

export type LogOrder = 'newest' | 'oldest';

/** Ids from `near` (exclusive) to `far` (inclusive), in the order of the scan. */
export interface KeyRange {
  readonly order: LogOrder;
  readonly near: string;
  readonly far: string;
}

/** Bounds below and above every id. */
export const LOWEST_ID = '';
export const HIGHEST_ID = '~';

/** A position in the index of addresses. */
export interface AddressCursor {
  readonly ip_sort: string;
  readonly id: string;
}

export type AttemptScansRepository = ReturnType<typeof attemptScansRepository>;

/** A subquery, because a join would let the planner start from the keys. */
const keyName = sql<string>`(SELECT keys.name FROM keys WHERE keys.id = attempts.key_id)`;

function direction(order: LogOrder): 'asc' | 'desc' {
  return order === 'newest' ? 'desc' : 'asc';
}

export function attemptScansRepository(db: Kysely<Schema>) {
  const inLane = (accountId: string, lane: IndexScan) => {
    const attempts = db.selectFrom('attempts').where('attempts.account_id', '=', accountId);
    return lane.column === undefined || lane.value === undefined
      ? attempts
      : attempts.where(`attempts.${lane.column}`, '=', lane.value);
  };

  const inStretch = (accountId: string, lane: IndexScan, { order, near, far }: KeyRange) =>
    inLane(accountId, lane)
      .where('attempts.id', order === 'newest' ? '<' : '>', near)
      .where('attempts.id', order === 'newest' ? '>=' : '<=', far);

  const inSpan = (accountId: string, after: AddressCursor) =>
    db
      .selectFrom('attempts')
      .where('attempts.account_id', '=', accountId)
      .where(sql<boolean>`(attempts.ip_sort, attempts.id) > (${after.ip_sort}, ${after.id})`);

  return {
    /** Resolves with the id of the `nth` attempt (from 1), or undefined if there are fewer. */
    nthId: async (
      accountId: string,
      lane: IndexScan,
      stretch: KeyRange,
      nth: number,
    ): Promise<string | undefined> => {
      const row = await inStretch(accountId, lane, stretch)
        .select('attempts.id')
        .orderBy('attempts.id', direction(stretch.order))
        .offset(nth - 1)
        .limit(1)
        .executeTakeFirst();
      return row?.id;
    },

    /** Resolves with the number of attempts, at most `atMost`. */
    count: async (accountId: string, lane: IndexScan, stretch: KeyRange, atMost: number): Promise<number> => {
      const { count } = await db
        .selectFrom(inStretch(accountId, lane, stretch).select('attempts.id').limit(atMost).as('some'))
        .select((eb) => eb.fn.countAll<number | string>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    /** Resolves with up to `limit` attempts that meet the filter, in the order of the key range. */
    rows: (
      accountId: string,
      lane: IndexScan,
      stretch: KeyRange,
      filter: AttemptFilter,
      limit: number,
    ): Promise<NamedAttemptRow[]> => {
      let query = inStretch(accountId, lane, stretch).selectAll('attempts').select(keyName.as('key_name'));
      for (const condition of conditionsOf(filter)) query = query.where(condition);
      return query.orderBy('attempts.id', direction(stretch.order)).limit(limit).execute();
    },

    facets: async (
      accountId: string,
      lane: IndexScan,
      stretch: KeyRange,
      filter: AttemptFilter,
    ): Promise<AttemptFacets[]> => {
      let query = inStretch(accountId, lane, stretch).select(facetsColumn(db).as('facets'));
      for (const condition of conditionsOf(filter)) query = query.where(condition);
      return readFacets((await query.executeTakeFirstOrThrow()).facets);
    },

    /**
     * Resolves with the position of the `nth` attempt after `after` up to the address `last`, or undefined if there are
     * fewer.
     */
    nthInSpan: (
      accountId: string,
      after: AddressCursor,
      last: string,
      nth: number,
    ): Promise<AddressCursor | undefined> =>
      inSpan(accountId, after)
        .where('attempts.ip_sort', '<=', last)
        .select(['attempts.ip_sort', 'attempts.id'])
        .orderBy('attempts.ip_sort')
        .orderBy('attempts.id')
        .offset(nth - 1)
        .limit(1)
        .executeTakeFirst(),

    /** Resolves with the ids of all attempts between two positions that meet the filter, unordered. */
    idsInSpan: async (
      accountId: string,
      after: AddressCursor,
      upTo: AddressCursor,
      filter: Omit<AttemptFilter, 'ipSpan'>,
    ): Promise<string[]> => {
      let query = inSpan(accountId, after)
        .where(sql<boolean>`(attempts.ip_sort, attempts.id) <= (${upTo.ip_sort}, ${upTo.id})`)
        .select('attempts.id');
      for (const condition of conditionsOf(filter)) query = query.where(condition);
      return (await query.execute()).map(({ id }) => id);
    },

    rowsOf: (accountId: string, ids: readonly string[], order: LogOrder): Promise<NamedAttemptRow[]> =>
      db
        .selectFrom('attempts')
        .selectAll('attempts')
        .select(keyName.as('key_name'))
        .where('attempts.account_id', '=', accountId)
        .where('attempts.id', 'in', ids)
        .orderBy('attempts.id', direction(order))
        .execute(),

    facetsOf: async (accountId: string, ids: readonly string[]): Promise<AttemptFacets[]> => {
      const { facets } = await db
        .selectFrom('attempts')
        .where('attempts.account_id', '=', accountId)
        .where('attempts.id', 'in', ids)
        .select(facetsColumn(db).as('facets'))
        .executeTakeFirstOrThrow();
      return readFacets(facets);
    },

    /** Resolves with the first call of the oldest attempt, or undefined if the log is empty. */
    firstAt: async (accountId: string): Promise<number | undefined> => {
      const row = await db
        .selectFrom('attempts')
        .select('first_at')
        .where('account_id', '=', accountId)
        .orderBy('id')
        .limit(1)
        .executeTakeFirst();
      return row?.first_at;
    },

    /** Resolves with the geolocations in the newest `limit` attempts of an address. */
    geolocationsOf: (accountId: string, ipSort: string, limit: number) =>
      db
        .selectFrom('attempts')
        .select(['country', 'asn', 'as_name'])
        .where('account_id', '=', accountId)
        .where('ip_sort', '=', ipSort)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
  };
}
