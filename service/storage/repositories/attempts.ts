import type { Kysely, Selectable } from 'kysely';
import type { Attempt } from '#shared/domain/entities';
import { isoTime } from '../../clock';
import { compiledForRows } from '../compiled-query';
import type { AttemptsTable, Schema } from '../schema';

export type AttemptRow = Selectable<AttemptsTable>;
export type NamedAttemptRow = AttemptRow & { readonly key_name: string };

export const attemptOf = (row: NamedAttemptRow): Attempt => ({
  id: row.id,
  seq: row.changed_seq,
  ip: row.ip,
  keyId: row.key_id,
  keyName: row.key_name,
  verdict: row.verdict,
  reason: row.reason,
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
});

const insert = compiledForRows((db, rows: AttemptRow[]) => db.insertInto('attempts').values(rows));

export type AttemptsRepository = ReturnType<typeof attemptsRepository>;

export const namedAttempts = (db: Kysely<Schema>) =>
  db
    .selectFrom('attempts')
    .innerJoin('keys', 'keys.id', 'attempts.key_id')
    .selectAll('attempts')
    .select('keys.name as key_name');

export const attemptsRepository = (db: Kysely<Schema>) => ({
  insertAll: async (rows: readonly AttemptRow[]): Promise<void> => {
    await insert(db, rows);
  },

  /** The user agent of the newest attempt of an address with a key; null where there is none, or it sent none. */
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
});
