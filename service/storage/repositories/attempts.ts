import { sql, type Kysely, type Selectable } from 'kysely';
import type { Attempt, Reason, Verdict } from '#shared/domain/entities';
import { isoTime } from '../../clock';
import type { AttemptsTable, Schema } from '../schema';
import { containsPattern, pageBy, type Page, type PageRequest } from './page';

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

export interface AttemptQuery extends PageRequest {
  /** First and last address, both included, in the form of `ip_sort`. */
  readonly ipSpan?: { readonly first: string; readonly last: string } | undefined;
  readonly keyId?: string | undefined;
  readonly verdict?: Verdict | undefined;
  readonly reason?: Reason | undefined;
  readonly q?: string | undefined;
  /** Milliseconds; attempts whose last call was at or after it. */
  readonly from?: number | undefined;
  /** Milliseconds; attempts whose first call was before it. */
  readonly to?: number | undefined;
  readonly order: 'newest' | 'oldest';
}

export type AttemptsRepository = ReturnType<typeof attemptsRepository>;

export const namedAttempts = (db: Kysely<Schema>) =>
  db
    .selectFrom('attempts')
    .innerJoin('keys', 'keys.id', 'attempts.key_id')
    .selectAll('attempts')
    .select('keys.name as key_name');

export const attemptsRepository = (db: Kysely<Schema>) => ({
  page: (accountId: string, request: AttemptQuery): Promise<Page<NamedAttemptRow>> =>
    pageBy(request, (after, limit) => {
      const newest = request.order === 'newest';
      let query = namedAttempts(db).where('attempts.account_id', '=', accountId);
      if (after !== undefined) query = query.where('attempts.id', newest ? '<' : '>', after);
      if (request.ipSpan !== undefined) {
        query = query
          .where('attempts.ip_sort', '>=', request.ipSpan.first)
          .where('attempts.ip_sort', '<=', request.ipSpan.last);
      }
      if (request.keyId !== undefined) query = query.where('attempts.key_id', '=', request.keyId);
      if (request.verdict !== undefined) query = query.where('attempts.verdict', '=', request.verdict);
      if (request.reason !== undefined) query = query.where('attempts.reason', '=', request.reason);
      if (request.from !== undefined) query = query.where('attempts.last_at', '>=', request.from);
      if (request.to !== undefined) query = query.where('attempts.first_at', '<', request.to);
      if (request.q !== undefined && request.q !== '') {
        const pattern = containsPattern(request.q.toLowerCase());
        query = query.where(
          sql<boolean>`(lower(coalesce(attempts.path, '')) LIKE ${pattern} ESCAPE '\\'
            OR lower(coalesce(attempts.user_agent, '')) LIKE ${pattern} ESCAPE '\\'
            OR lower(keys.name) LIKE ${pattern} ESCAPE '\\'
            OR attempts.ip LIKE ${pattern} ESCAPE '\\')`,
        );
      }
      return query
        .orderBy('attempts.id', newest ? 'desc' : 'asc')
        .limit(limit)
        .execute();
    }),

  insert: async (row: AttemptRow): Promise<void> => {
    await db.insertInto('attempts').values(row).execute();
  },

  /** Adds repeats to a row of the same fold window. */
  addRepeats: async (
    accountId: string,
    attemptId: string,
    count: number,
    lastAt: number,
    seq: number,
  ): Promise<void> => {
    await db
      .updateTable('attempts')
      .set((eb) => ({ count: eb('count', '+', count), last_at: lastAt, changed_seq: seq }))
      .where('account_id', '=', accountId)
      .where('id', '=', attemptId)
      .execute();
  },
});
