import { Kysely, sql, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate, type Migration, NewerDatabaseError } from '#service/storage/migrations/index';
import type { Schema } from '#service/storage/schema';

let db: Kysely<Schema>;
beforeEach(() => {
  db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: new Database(':memory:') }) });
});
afterEach(() => db.destroy());

const step =
  (...statements: readonly string[]): Migration =>
  async (tx) => {
    for (const statement of statements) await sql.raw(statement).execute(tx);
  };
const create = step('CREATE TABLE a (id INTEGER)');
const fill = step('INSERT INTO a VALUES (1)');

async function state(): Promise<readonly unknown[]> {
  const { rows } = await sql<{ id: number }>`SELECT id FROM a`.execute(db);
  const { value } = await db.selectFrom('meta').select('value').executeTakeFirstOrThrow();
  return [value, ...rows.map(({ id }) => id)];
}

describe('migrations', () => {
  it('run once each, in order, from wherever the database stands', async () => {
    await migrate(db, [create]);
    await migrate(db, [create, fill]);
    await migrate(db, [create, fill]);
    expect(await state()).toEqual(['2', 1]);
  });

  it('leave a database as it was when a step fails', async () => {
    await expect(migrate(db, [create, step('INSERT INTO a VALUES (1)', 'broken')])).rejects.toThrow();
    expect(await state()).toEqual(['1']);
  });

  it('refuse a database that knows more steps', async () => {
    await migrate(db, [create, fill]);
    await expect(migrate(db, [create])).rejects.toThrow(NewerDatabaseError);
    expect(await state()).toEqual(['2', 1]);
  });
});
