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

export function countsRepository(db: Kysely<Schema>) {
  /** PostgreSQL cannot infer the types of parameters, hence the casts. */
  const raise = async <T extends Count>(
    table: 'attempts' | 'reviews' | 'ranges' | 'keys',
    changes: RawBuilder<unknown>,
    counts: readonly T[],
    further: (count: T) => RawBuilder<unknown> = () => sql``,
  ): Promise<void> => {
    for (const chunk of chunksOf(counts)) {
      const rows = chunk.map((count) => {
        const { accountId, id, by, lastAt, seq } = count;
        return sql`(${accountId}, ${id}, CAST(${by} AS bigint), CAST(${lastAt} AS bigint), CAST(${seq} AS bigint)${further(count)})`;
      });
      await sql`UPDATE ${sql.table(table)} SET ${changes}, changed_seq = v.column5 FROM (VALUES ${sql.join(rows)}) AS v
        WHERE ${sql.ref(`${table}.account_id`)} = v.column1 AND ${sql.ref(`${table}.id`)} = v.column2`.execute(
        db,
      );
    }
  };
  return {
    /** Repeats of attempts within their aggregation window. */
    attempts: (counts: readonly Count[]): Promise<void> =>
      raise('attempts', sql`count = attempts.count + v.column3, last_at = v.column4`, counts),

    /** Further calls of reviews. */
    reviews: (counts: readonly ReviewCount[]): Promise<void> =>
      raise(
        'reviews',
        sql`count = reviews.count + v.column3, last_at = v.column4,
          address_count = reviews.address_count + v.column6, callers = COALESCE(v.column7, reviews.callers)`,
        counts,
        ({ addresses = 0, callers = null }) => sql`, CAST(${addresses} AS bigint), CAST(${callers} AS text)`,
      ),

    /** Uses of ranges. The version stays, so that a use makes no change of the range stale. */
    ranges: (counts: readonly Count[]): Promise<void> =>
      raise('ranges', sql`uses = ranges.uses + v.column3, last_used_at = v.column4`, counts),

    keys: (counts: readonly Count[]): Promise<void> => raise('keys', sql`last_used_at = v.column4`, counts),
  };
}
