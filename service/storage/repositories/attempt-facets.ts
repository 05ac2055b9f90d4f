import { PostgresAdapter, sql, type Kysely, type RawBuilder } from 'kysely';
import type { Schema } from '../schema';

/**
 * Columns that a summary needs. `signedCount` is the number of calls, negative if they were blocked; times are in
 * milliseconds since the epoch.
 */
export type AttemptFacets = readonly [
  ip: string,
  keyId: string,
  signedCount: number,
  firstAt: number,
  lastAt: number,
  country: string | null,
  asn: number | null,
];

/**
 * Returns the facets of all selected attempts as one JSON value, because handing over millions of rows costs more than
 * reading them. SQLite and PostgreSQL name the functions differently.
 */
export function facetsColumn(db: Kysely<Schema>): RawBuilder<string | AttemptFacets[]> {
  const fields = sql`attempts.ip, attempts.key_id,
    CASE WHEN attempts.verdict = 'blocked' THEN -attempts.count ELSE attempts.count END,
    attempts.first_at, attempts.last_at, attempts.country, attempts.asn`;
  return db.getExecutor().adapter instanceof PostgresAdapter
    ? sql`coalesce(json_agg(json_build_array(${fields})), '[]'::json)`
    : sql`json_group_array(json_array(${fields}))`;
}

/** PostgreSQL's driver has parsed the JSON already. */
export function readFacets(value: string | AttemptFacets[]): AttemptFacets[] {
  return typeof value === 'string' ? (JSON.parse(value) as AttemptFacets[]) : value;
}
