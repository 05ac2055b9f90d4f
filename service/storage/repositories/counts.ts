import { sql, type Kysely, type RawBuilder } from 'kysely';
import { compiledForRows } from '../compiled-query';
import type { Schema } from '../schema';

/** What was counted in memory for one row since the last flush. Times are milliseconds since the epoch. */
export interface Count {
  readonly accountId: string;
  readonly id: string;
  readonly by: number;
  readonly lastAt: number;
  /** The row's new place in the change feed. */
  readonly seq: number;
}

/**
 * The counts as a table `v`. Both databases name the columns of a list of values alike; the casts tell PostgreSQL the
 * types, which it cannot see in parameters.
 */
const valuesOf = (counts: readonly Count[]): RawBuilder<unknown> => {
  const rows = counts.map(
    ({ accountId, id, by, lastAt, seq }) =>
      sql`(${accountId}, ${id}, CAST(${by} AS bigint), CAST(${lastAt} AS bigint), CAST(${seq} AS bigint))`,
  );
  return sql`(VALUES ${sql.join(rows)}) AS v`;
};

/** Brings many counts to the disk at once. A row by itself costs a statement; a thousand together cost some sixteen. */
const counting = (statement: (values: RawBuilder<unknown>) => RawBuilder<unknown>) => {
  const count = compiledForRows((db, counts: Count[]) => {
    const query = statement(valuesOf(counts));
    return { compile: () => query.compile(db) };
  });
  return async (db: Kysely<Schema>, counts: readonly Count[]): Promise<void> => {
    await count(db, counts);
  };
};

const raiseCounts = (table: 'attempts' | 'reviews') =>
  counting(
    (values) => sql`
      UPDATE ${sql.table(table)} SET count = ${sql.ref(`${table}.count`)} + v.column3, last_at = v.column4,
        changed_seq = v.column5
      FROM ${values}
      WHERE ${sql.ref(`${table}.account_id`)} = v.column1 AND ${sql.ref(`${table}.id`)} = v.column2`,
  );

const raiseAttempts = raiseCounts('attempts');
const raiseReviews = raiseCounts('reviews');

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

export type CountsRepository = ReturnType<typeof countsRepository>;

export const countsRepository = (db: Kysely<Schema>) => ({
  /** Repeats of attempts within their fold window. */
  attempts: (counts: readonly Count[]): Promise<void> => raiseAttempts(db, counts),

  /** Further calls about the same questions. */
  reviews: (counts: readonly Count[]): Promise<void> => raiseReviews(db, counts),

  /** Uses of ranges. No edit: the version stays, so that nobody's edit goes stale because the range is in use. */
  ranges: (counts: readonly Count[]): Promise<void> => useRanges(db, counts),

  /** Last uses of keys. */
  keys: (counts: readonly Count[]): Promise<void> => useKeys(db, counts),
});
