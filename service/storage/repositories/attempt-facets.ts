import { PostgresAdapter, sql, type Kysely, type RawBuilder } from 'kysely';
import type { Schema } from '../schema';

/**
 * What a summary needs of an attempt: address, key, calls (negative where they were blocked), first and last call in
 * milliseconds, country and network.
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
 * The facets of all attempts of a selection as one value: rows by the million cost more to hand over than to read,
 * and as one text they cost half as much. The two databases have different names for the same functions.
 */
export const facetsColumn = (db: Kysely<Schema>): RawBuilder<string | AttemptFacets[]> => {
  const fields = sql`attempts.ip, attempts.key_id,
    CASE WHEN attempts.verdict = 'blocked' THEN -attempts.count ELSE attempts.count END,
    attempts.first_at, attempts.last_at, attempts.country, attempts.asn`;
  return db.getExecutor().adapter instanceof PostgresAdapter
    ? sql`coalesce(json_agg(json_build_array(${fields})), '[]'::json)`
    : sql`json_group_array(json_array(${fields}))`;
};

/** PostgreSQL's driver has read the JSON already. */
export const readFacets = (value: string | AttemptFacets[]): AttemptFacets[] =>
  typeof value === 'string' ? (JSON.parse(value) as AttemptFacets[]) : value;
