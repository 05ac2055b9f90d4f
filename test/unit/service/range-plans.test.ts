import { Kysely, sql, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '#service/storage/migrations/index';
import { rangesRepository } from '#service/storage/repositories/ranges';
import type { Schema } from '#service/storage/schema';

type Ranges = ReturnType<typeof rangesRepository>;

const IDS = Array.from({ length: 100 }, (_, index) => `range ${index}`);
const queries: string[] = [];
const db = new Kysely<Schema>({
  dialect: new SqliteDialect({ database: new Database(':memory:') }),
  log: ({ query }) => {
    queries.push(query.sql);
  },
});
beforeAll(() => migrate(db));
afterAll(() => db.destroy());

async function plansOf(work: (ranges: Ranges) => Promise<unknown>): Promise<string> {
  queries.length = 0;
  await work(rangesRepository(db));
  const plans: string[] = [];
  for (const query of [...queries]) {
    const { rows } = await sql<{ detail: string }>`EXPLAIN QUERY PLAN ${sql.raw(query)}`.execute(db);
    plans.push(...rows.map(({ detail }) => detail));
  }
  return plans.join('\n');
}

/** An account may have a million ranges, and a statement that walks over all of them keeps every other write waiting. */
describe('SQLite finds ranges without reading all of the account', () => {
  it.each<[string, (ranges: Ranges) => Promise<unknown>]>([
    ['for some ids', (ranges) => ranges.some('a', IDS)],
    [
      'for a page',
      (ranges) => ranges.page('a', { limit: 500, cursor: Buffer.from('x').toString('base64url') }),
    ],
    ['for a page of denials', (ranges) => ranges.page('a', { limit: 500, effect: 'deny' })],
    ['to delete', (ranges) => ranges.deleteAll('a', IDS)],
  ])('%s', async (_what, work) => {
    const plans = await plansOf(work);
    expect(plans).toContain('ranges_order (account_id=?');
    expect(plans).not.toContain('TEMP B-TREE');
  });
});
