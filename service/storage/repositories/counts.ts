import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Schema } from '../schema';
import { chunksOf } from './chunks';

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

/** Updates many rows with few statements. PostgreSQL cannot infer the types of parameters, hence the casts. */
async function raise<T extends Count>(
  db: Kysely<Schema>,
  counts: readonly T[],
  further: (count: T) => RawBuilder<unknown>,
  statement: (values: RawBuilder<unknown>) => RawBuilder<unknown>,
): Promise<void> {
  for (const chunk of chunksOf(counts)) {
    const rows = chunk.map((count) => {
      const { accountId, id, by, lastAt, seq } = count;
      return sql`(${accountId}, ${id}, CAST(${by} AS bigint), CAST(${lastAt} AS bigint), CAST(${seq} AS bigint)${further(count)})`;
    });
    await statement(sql`(VALUES ${sql.join(rows)}) AS v`).execute(db);
  }
}

function nothing(): RawBuilder<unknown> {
  return sql``;
}

export function countsRepository(db: Kysely<Schema>) {
  return {
    /** Repeats of attempts within their aggregation window. */
    attempts: (counts: readonly Count[]): Promise<void> =>
      raise(
        db,
        counts,
        nothing,
        (values) => sql`
      UPDATE attempts SET count = attempts.count + v.column3, last_at = v.column4, changed_seq = v.column5
      FROM ${values} WHERE attempts.account_id = v.column1 AND attempts.id = v.column2`,
      ),

    /** Further calls of reviews. */
    reviews: (counts: readonly ReviewCount[]): Promise<void> =>
      raise(
        db,
        counts,
        ({ addresses = 0, callers = null }) => sql`, CAST(${addresses} AS bigint), CAST(${callers} AS text)`,
        (values) => sql`
        UPDATE reviews SET count = reviews.count + v.column3, last_at = v.column4, changed_seq = v.column5,
          address_count = reviews.address_count + v.column6, callers = COALESCE(v.column7, reviews.callers)
        FROM ${values} WHERE reviews.account_id = v.column1 AND reviews.id = v.column2`,
      ),

    /** Uses of ranges. The version stays, so that a use makes no change of the range stale. */
    ranges: (counts: readonly Count[]): Promise<void> =>
      raise(
        db,
        counts,
        nothing,
        (values) => sql`
      UPDATE ranges SET uses = ranges.uses + v.column3, last_used_at = v.column4, changed_seq = v.column5
      FROM ${values} WHERE ranges.account_id = v.column1 AND ranges.id = v.column2`,
      ),

    keys: (counts: readonly Count[]): Promise<void> =>
      raise(
        db,
        counts,
        nothing,
        (values) => sql`
      UPDATE keys SET last_used_at = v.column4, changed_seq = v.column5
      FROM ${values} WHERE keys.account_id = v.column1 AND keys.id = v.column2`,
      ),
  };
}
