import { Kysely, sql, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { expect, it } from 'vitest';
import { migrate } from '#service/storage/migrations/index';
import { proposalsRepository } from '#service/storage/repositories/proposals';
import type { Schema } from '#service/storage/schema';

it('SQLite finds what people authorized without reading the other reviews of the key', async () => {
  const queries: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];
  const db = new Kysely<Schema>({
    dialect: new SqliteDialect({ database: new Database(':memory:') }),
    log: ({ query }) => {
      queries.push(query);
    },
  });
  await migrate(db);
  queries.length = 0;
  await proposalsRepository(db).authorized({ accountId: 'a', keyId: 'k', asn: 3320 }, 0, 20);
  const [query] = queries;
  const { rows } = await sql<{ detail: string }>`EXPLAIN QUERY PLAN ${sql.raw(query?.sql ?? '')}`.execute(db);
  const plan = rows.map(({ detail }) => detail).join('\n');
  expect(plan).toContain('reviews_authorized (account_id=? AND key_id=? AND asn=? AND first_at>?)');
  expect(plan).not.toContain('TEMP B-TREE');
  await db.destroy();
});
