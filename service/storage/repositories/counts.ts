import { sql, type Kysely, type RawBuilder } from 'kysely';
import { compiledForRows } from '../compiled-query';
import type { Schema } from '../schema';

/** Counts of one row since the last flush. Times are milliseconds since the epoch. */
export interface Count {
  readonly accountId: string;
  readonly id: string;
  readonly by: number;
  readonly lastAt: number;
  /** New sequence number of the row. */
  readonly seq: number;
}

export interface ReviewCount extends Count {
  /** Number of addresses to add. */
  readonly addresses?: number;
  /** JSON array of the review's latest callers; absent if they stay. */
  readonly callers?: string;
}

/**
 * Returns the counts as a table `v`. Both databases name its columns alike; the casts are for PostgreSQL, which cannot infer
 * types of parameters.
 */
const valuesOf = (counts: readonly Count[]): RawBuilder<unknown> => {
  const rows = counts.map(
    ({ accountId, id, by, lastAt, seq }) =>
      sql`(${accountId}, ${id}, CAST(${by} AS bigint), CAST(${lastAt} AS bigint), CAST(${seq} AS bigint))`,
  );
  return sql`(VALUES ${sql.join(rows)}) AS v`;
};

/** Updates many rows in few statements. */
const counting = (statement: (values: RawBuilder<unknown>) => RawBuilder<unknown>) => {
  const count = compiledForRows((db, counts: Count[]) => {
    const query = statement(valuesOf(counts));
    return { compile: () => query.compile(db) };
  });
  return async (db: Kysely<Schema>, counts: readonly Count[]): Promise<void> => {
    await count(db, counts);
  };
};

const raiseAttempts = counting(
  (values) => sql`
    UPDATE attempts SET count = attempts.count + v.column3, last_at = v.column4, changed_seq = v.column5
    FROM ${values} WHERE attempts.account_id = v.column1 AND attempts.id = v.column2`,
);

const raiseReviews = compiledForRows(
  (db, counts: (Required<Omit<ReviewCount, 'callers'>> & { readonly callers: string | null })[]) => {
    const rows = counts.map(
      ({ accountId, id, by, lastAt, seq, addresses, callers }) =>
        sql`(${accountId}, ${id}, CAST(${by} AS bigint), CAST(${lastAt} AS bigint), CAST(${seq} AS bigint),
        CAST(${addresses} AS bigint), CAST(${callers} AS text))`,
    );
    const query = sql`
    UPDATE reviews SET count = reviews.count + v.column3, last_at = v.column4, changed_seq = v.column5,
      address_count = reviews.address_count + v.column6, callers = COALESCE(v.column7, reviews.callers)
    FROM (VALUES ${sql.join(rows)}) AS v WHERE reviews.account_id = v.column1 AND reviews.id = v.column2`;
    return { compile: () => query.compile(db) };
  },
);

const useRanges = counting(
  (values) => sql`
    UPDATE ranges SET uses = ranges.uses + v.column3, last_used_at = v.column4, changed_seq = v.column5
    FROM ${values} WHERE ranges.account_id = v.column1 AND ranges.id = v.column2`,
);

const useKeys = counting(
  (values) => sql`
    UPDATE keys SET last_used_at = v.column4, changed_seq = v.column5
    FROM ${values} WHERE keys.account_id = v.column1 AND keys.id = v.column2`,
);

export const countsRepository = (db: Kysely<Schema>) => ({
  /** Repeats of attempts within their aggregation window. */
  attempts: (counts: readonly Count[]): Promise<void> => raiseAttempts(db, counts),

  /** Further calls of reviews. */
  reviews: async (counts: readonly ReviewCount[]): Promise<void> => {
    await raiseReviews(
      db,
      counts.map(({ addresses = 0, callers = null, ...count }) => ({ ...count, addresses, callers })),
    );
  },

  /** Uses of ranges. The version stays, so that a use makes no change of the range stale. */
  ranges: (counts: readonly Count[]): Promise<void> => useRanges(db, counts),

  keys: (counts: readonly Count[]): Promise<void> => useKeys(db, counts),
});
