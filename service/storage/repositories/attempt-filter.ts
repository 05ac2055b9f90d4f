import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Reason, Verdict } from '#shared/domain/entities';
import { containsPattern } from './page';

/** Which attempts are wanted. Fields combine with "and"; an absent one does not filter. */
export interface AttemptFilter {
  /** First and last address, both included, in the form of `ip_sort`. */
  readonly ipSpan?: { readonly first: string; readonly last: string } | undefined;
  readonly keyId?: string | undefined;
  readonly verdict?: Verdict | undefined;
  readonly reason?: Reason | undefined;
  /** ISO 3166 alpha-2, in capitals. */
  readonly country?: string | undefined;
  /** In lower case; looked for in path, user agent and address, and met by the keys whose name has it. */
  readonly text?: { readonly needle: string; readonly keyIds: readonly string[] } | undefined;
  /** Milliseconds; attempts whose last call was at or after it. */
  readonly from?: number | undefined;
  /** Milliseconds; attempts whose first call was before it. */
  readonly to?: number | undefined;
}

/**
 * The filter as conditions on rows that some index has led to already. Indexed columns are named through an
 * expression, so that neither database leaves the index it was meant to take for the sake of one of these: SQLite
 * keeps no statistics here and would guess.
 */
export const conditionsOf = (filter: AttemptFilter): readonly RawBuilder<SqlBool>[] => {
  const conditions: RawBuilder<SqlBool>[] = [];
  const { ipSpan, keyId, verdict, reason, country, text, from, to } = filter;
  if (ipSpan !== undefined) {
    conditions.push(sql<SqlBool>`attempts.ip_sort || '' BETWEEN ${ipSpan.first} AND ${ipSpan.last}`);
  }
  if (keyId !== undefined) conditions.push(sql<SqlBool>`attempts.key_id || '' = ${keyId}`);
  if (verdict !== undefined) conditions.push(sql<SqlBool>`attempts.verdict = ${verdict}`);
  if (reason !== undefined) conditions.push(sql<SqlBool>`attempts.reason || '' = ${reason}`);
  if (country !== undefined) conditions.push(sql<SqlBool>`attempts.country || '' = ${country}`);
  if (from !== undefined) conditions.push(sql<SqlBool>`attempts.last_at >= ${from}`);
  if (to !== undefined) conditions.push(sql<SqlBool>`attempts.first_at < ${to}`);
  if (text !== undefined) {
    const written = sql<SqlBool>`lower(attempts.ip || ' ' || coalesce(attempts.path, '') || ' ' || coalesce(attempts.user_agent, ''))
      LIKE ${containsPattern(text.needle)} ESCAPE '\\'`;
    conditions.push(
      text.keyIds.length === 0
        ? written
        : sql<SqlBool>`(${written} OR attempts.key_id || '' IN (${sql.join(text.keyIds)}))`,
    );
  }
  return conditions;
};
