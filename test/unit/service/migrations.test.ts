import { Kysely, sql, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstSchema } from '#service/storage/migrations/0001-first-schema';
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

  it('keep every row of a database of the first version', async () => {
    await migrate(db, [firstSchema]);
    const tables = await db.introspection.getTables();
    // Every id is the same, so that the rows fit together as soon as all are there.
    await sql`PRAGMA foreign_keys = OFF`.execute(db);
    for (const { name, columns } of tables) {
      const values = columns.map(({ dataType }) => (dataType.toLowerCase() === 'text' ? sql`'x'` : sql`1`));
      if (name === 'meta') continue;
      const names = columns.map((column) => sql.ref(column.name));
      await sql`INSERT INTO ${sql.table(name)} (${sql.join(names)}) VALUES (${sql.join(values)})`.execute(db);
    }
    await sql`PRAGMA foreign_keys = ON`.execute(db);
    const rowsOf = async (): Promise<unknown[]> => {
      const rows: unknown[] = [];
      for (const { name, columns } of tables) {
        if (name === 'meta') continue;
        const names = columns.map((column) => sql.ref(column.name));
        rows.push([name, (await sql`SELECT ${sql.join(names)} FROM ${sql.table(name)}`.execute(db)).rows]);
      }
      return rows;
    };
    const before = await rowsOf();
    await migrate(db);
    expect(await rowsOf()).toEqual(before);
    const { rows } =
      await sql`SELECT report_only FROM accounts UNION ALL SELECT report_only FROM keys`.execute(db);
    expect(rows).toEqual([{ report_only: 0 }, { report_only: 0 }]);
  });
});
