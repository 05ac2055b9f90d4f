import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Reason, Verdict } from '#shared/domain/entities';
import { containsPattern } from './page';

/** Conditions on attempts, combined with "and". An absent one does not filter. */
export interface AttemptFilter {
  /** First and last address, both inclusive, in the form of `ip_sort`. */
  readonly ipSpan?: { readonly first: string; readonly last: string } | undefined;
  readonly keyId?: string | undefined;
  readonly verdict?: Verdict | undefined;
  readonly reason?: Reason | undefined;
  /** ISO 3166 alpha-2, in capitals. */
  readonly country?: string | undefined;
  /** Text in lower case that is searched in path, user agent and address, and the keys whose names contain it. */
  readonly text?: { readonly needle: string; readonly keyIds: readonly string[] } | undefined;
  /** Milliseconds since the epoch; the last call is at or after it. */
  readonly from?: number | undefined;
  /** Milliseconds since the epoch; the first call is before it. */
  readonly to?: number | undefined;
}

/**
 * Returns the filter as conditions that use no index. Indexed columns are hidden in expressions, so that the database stays
 * with the index of the scan: SQLite keeps no statistics here and would guess.
 */
export function conditionsOf(filter: AttemptFilter): readonly RawBuilder<SqlBool>[] {
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
}
