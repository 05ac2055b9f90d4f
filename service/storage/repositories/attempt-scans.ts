import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema';
import { facetsColumn, readFacets, type AttemptFacets } from './attempt-facets';
import { conditionsOf, type AttemptFilter } from './attempt-filter';
import type { NamedAttemptRow } from './attempts';

/**
 * Attempts that one index holds in the order of their ids: all of the account's, or those with one value in one
 * column. Every read of the log follows lanes, a bounded stretch at a time, so that no single statement takes long.
 */
export interface IndexScan {
  readonly column?: 'key_id' | 'reason' | 'country' | 'ip_sort';
  readonly value?: string;
}

export type LogOrder = 'newest' | 'oldest';

/** Ids from `near` (not included) to `far` (included), in the order of a walk. */
export interface KeyRange {
  readonly order: LogOrder;
  readonly near: string;
  readonly far: string;
}

/** Below and above every id. */
export const LOWEST_ID = '';
export const HIGHEST_ID = '~';

/** A place in the index of addresses. */
export interface AddressPlace {
  readonly ip_sort: string;
  readonly id: string;
}

export type AttemptScansRepository = ReturnType<typeof attemptScansRepository>;

/** Looked up for each row that is answered, and no part of the plan: a join would let the planner start from the keys. */
const keyName = sql<string>`(SELECT keys.name FROM keys WHERE keys.id = attempts.key_id)`;

const direction = (order: LogOrder): 'asc' | 'desc' => (order === 'newest' ? 'desc' : 'asc');

export const attemptScansRepository = (db: Kysely<Schema>) => {
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

  const inSpan = (accountId: string, after: AddressPlace) =>
    db
      .selectFrom('attempts')
      .where('attempts.account_id', '=', accountId)
      .where(sql<boolean>`(attempts.ip_sort, attempts.id) > (${after.ip_sort}, ${after.id})`);

  return {
    /** The id of the `nth` attempt of the lane in the stretch, from 1; undefined when there are fewer. */
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

    /** How many attempts the lane has in the stretch; counted up to `atMost`. */
    count: async (accountId: string, lane: IndexScan, stretch: KeyRange, atMost: number): Promise<number> => {
      const { count } = await db
        .selectFrom(inStretch(accountId, lane, stretch).select('attempts.id').limit(atMost).as('some'))
        .select((eb) => eb.fn.countAll<number | string>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    /** Up to `limit` attempts of the stretch that meet the filter, in its order. */
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

    /** The place of the `nth` attempt after `after` whose address is at most `last`; undefined when there are fewer. */
    nthInSpan: (
      accountId: string,
      after: AddressPlace,
      last: string,
      nth: number,
    ): Promise<AddressPlace | undefined> =>
      inSpan(accountId, after)
        .where('attempts.ip_sort', '<=', last)
        .select(['attempts.ip_sort', 'attempts.id'])
        .orderBy('attempts.ip_sort')
        .orderBy('attempts.id')
        .offset(nth - 1)
        .limit(1)
        .executeTakeFirst(),

    /** The ids of all attempts between two places that meet the filter, in no order. */
    idsInSpan: async (
      accountId: string,
      after: AddressPlace,
      upTo: AddressPlace,
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

    /** When the account's oldest attempt was first seen; undefined while the log is empty. */
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

    /** What the newest `limit` attempts of an address say about where it is. */
    placesOf: (accountId: string, ipSort: string, limit: number) =>
      db
        .selectFrom('attempts')
        .select(['country', 'asn', 'as_name'])
        .where('account_id', '=', accountId)
        .where('ip_sort', '=', ipSort)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
  };
};
