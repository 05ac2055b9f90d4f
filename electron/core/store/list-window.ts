import type { z } from 'zod';
import { parseJson } from '../text';
import type { LocalDatabase, SqlValue } from './database';

/** A part of a list: ids below `before`, down to `from` inclusive. */
export interface ListWindow {
  readonly before: string | null;
  readonly from: string | null;
  readonly limit: number;
}

/** A condition with one parameter; it does not filter if that is undefined. */
type Term = readonly [sql: string, value: SqlValue | undefined];

/** Reads the rows of a table that fulfil all terms, newest first. Rows that another version wrote are left out. */
export function readWindow<T>(
  database: LocalDatabase,
  table: 'attempts' | 'audit',
  schema: z.ZodType<T>,
  { before, from, limit }: ListWindow,
  terms: readonly Term[],
): readonly T[] {
  const all: readonly Term[] = [['id < ?', before ?? undefined], ['id >= ?', from ?? undefined], ...terms];
  const wanted = all.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
  const where = wanted.length === 0 ? '' : `WHERE ${wanted.map(({ sql }) => sql).join(' AND ')}`;
  const rows = database.all(`SELECT body FROM ${table} ${where} ORDER BY id DESC LIMIT ?`, [
    ...wanted.map(({ value }) => value),
    limit,
  ]);
  return rows.flatMap(({ body }) => {
    const parsed = schema.safeParse(parseJson(body));
    return parsed.success ? [parsed.data] : [];
  });
}
