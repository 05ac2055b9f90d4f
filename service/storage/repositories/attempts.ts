import { sql, type Kysely, type Selectable } from 'kysely';
import { decodeTime } from 'ulid';
import type { Attempt } from '#shared/domain/entities';
import { lowestIdAt } from '#shared/domain/id-time';
import { DAY_MS } from '#shared/durations';
import { isoTime } from '../../runtime/clock';
import type { AttemptsTable, Schema } from '../schema';
import { chunksOf } from './chunks';

export type AttemptRow = Selectable<AttemptsTable>;
export type NamedAttemptRow = AttemptRow & { readonly key_name: string };

export function attemptOf(row: NamedAttemptRow): Attempt {
  return {
    id: row.id,
    seq: row.changed_seq,
    ip: row.ip,
    keyId: row.key_id,
    keyName: row.key_name,
    verdict: row.verdict,
    reason: row.reason,
    wouldBe: row.would_be,
    rangeId: row.range_id,
    reviewId: row.review_id,
    firstAt: isoTime(row.first_at),
    lastAt: isoTime(row.last_at),
    count: row.count,
    method: row.method,
    path: row.path,
    userAgent: row.user_agent,
    country: row.country,
    asn: row.asn,
    asName: row.as_name,
  };
}

/** An address that a review may have counted. */
export interface CountedAddress {
  readonly accountId: string;
  readonly reviewId: string;
  readonly ipSort: string;
}

export function namedAttempts(db: Kysely<Schema>) {
  return db
    .selectFrom('attempts')
    .innerJoin('keys', 'keys.id', 'attempts.key_id')
    .selectAll('attempts')
    .select('keys.name as key_name');
}

export function attemptsRepository(db: Kysely<Schema>) {
  return {
    insertAll: async (rows: readonly AttemptRow[]): Promise<void> => {
      for (const chunk of chunksOf(rows)) await db.insertInto('attempts').values(chunk).execute();
    },

    /** Resolves with those of the addresses that have a row of their review in the log. */
    countedAlready: async (addresses: readonly CountedAddress[]) => {
      const counted: Pick<AttemptRow, 'review_id' | 'ip_sort'>[] = [];
      for (const chunk of chunksOf(addresses)) {
        const values = chunk.map(
          ({ accountId, reviewId, ipSort }) =>
            sql`(${accountId}, ${reviewId}, ${ipSort}, ${lowestIdAt(decodeTime(reviewId) - DAY_MS)})`,
        );
        // Of the address only rows of the review's time are read. A row may be older than the review, if it was in the spool.
        const query = sql<Pick<AttemptRow, 'review_id' | 'ip_sort'>>`
        SELECT v.column2 AS review_id, v.column3 AS ip_sort FROM (VALUES ${sql.join(values)}) AS v
        WHERE EXISTS (SELECT 1 FROM attempts WHERE attempts.account_id = v.column1 AND attempts.ip_sort = v.column3
          AND attempts.id > v.column4 AND attempts.review_id = v.column2)`;
        counted.push(...(await query.execute(db)).rows);
      }
      return counted;
    },

    /** Resolves with the user agent of the newest attempt; null if there is no attempt, or it has none. */
    newestAgent: async (accountId: string, keyId: string, ipSort: string): Promise<string | null> => {
      const newest = await db
        .selectFrom('attempts')
        .select('user_agent')
        .where('account_id', '=', accountId)
        .where('ip_sort', '=', ipSort)
        .where('key_id', '=', keyId)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return newest?.user_agent ?? null;
    },
  };
}
