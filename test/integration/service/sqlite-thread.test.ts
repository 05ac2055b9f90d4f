import { Kysely, sql } from 'kysely';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqliteDialect } from '#shared/sqlite/sqlite-dialect';
import { SqliteThread } from '#shared/sqlite/sqlite-thread';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

interface Things {
  readonly things: { readonly id: number; readonly name: string };
}

describe('SQLite in a thread', () => {
  let dir: string;
  let writer: SqliteThread;
  let reader: SqliteThread;

  beforeEach(async () => {
    dir = makeTempDir('thread');
    writer = new SqliteThread({ file: join(dir, 'test.sqlite'), access: 'write' });
    await writer.run('PRAGMA journal_mode = WAL');
    await writer.run('CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL)');
    reader = new SqliteThread({ file: join(dir, 'test.sqlite'), access: 'read' });
  });
  afterEach(async () => {
    await reader.close();
    await writer.close();
    removeTempDir(dir);
  });

  const over = (thread: SqliteThread): Kysely<Things> =>
    new Kysely<Things>({ dialect: sqliteDialect((text, parameters) => thread.run(text, parameters)) });
  const insert = (id: number) => sql`INSERT INTO things (id, name) VALUES (${id}, 'thing')`;
  const idsSeenBy = async (db: Kysely<Things>): Promise<number[]> => {
    const rows = await db.selectFrom('things').select('id').orderBy('id').execute();
    return rows.map(({ id }) => id);
  };

  it('answers with rows, or with what was changed', async () => {
    const db = over(writer);
    expect(await db.insertInto('things').values({ id: 7, name: 'seven' }).executeTakeFirst()).toMatchObject({
      numInsertedOrUpdatedRows: 1n,
      insertId: 7n,
    });
    expect(await db.selectFrom('things').selectAll().execute()).toEqual([{ id: 7, name: 'seven' }]);
    expect(await db.deleteFrom('things').returning('name').execute()).toEqual([{ name: 'seven' }]);
    expect(await db.selectFrom('things').selectAll().execute()).toEqual([]);
  });

  it('says why a statement failed, and runs it again with other values', async () => {
    const text = 'INSERT INTO things (id, name) VALUES (?, ?)';
    await writer.run(text, [1, 'one']);
    await expect(writer.run(text, [1, 'again'])).rejects.toMatchObject({
      code: 'SQLITE_CONSTRAINT_PRIMARYKEY',
      message: expect.stringContaining('UNIQUE') as string,
    });
    expect(await writer.run(text, [2, 'two'])).toMatchObject({ changes: 1 });
    await expect(writer.run('SELECT nonsense')).rejects.toThrow('no such column');
  });

  it('prepares statements anew when the schema has changed', async () => {
    const everything = 'SELECT * FROM things';
    await writer.run('INSERT INTO things (id, name) VALUES (1, ?)', ['one']);
    expect(await writer.run(everything)).toEqual({ columns: ['id', 'name'], rows: [[1, 'one']] });
    await writer.run("ALTER TABLE things ADD COLUMN colour TEXT DEFAULT 'blue'");
    expect(await writer.run(everything)).toMatchObject({ rows: [[1, 'one', 'blue']] });
  });

  it('reads beside a transaction what was committed before it', async () => {
    const [writes, reads] = [over(writer), over(reader)];
    await writes.transaction().execute(async (tx) => {
      await insert(1).execute(tx);
      expect(await idsSeenBy(tx)).toEqual([1]);
      expect(await idsSeenBy(reads)).toEqual([]);
    });
    expect(await idsSeenBy(reads)).toEqual([1]);
  });

  it('shows one moment to all reads of a transaction, and the present to those that are asked after it', async () => {
    const [writes, reads] = [over(writer), over(reader)];
    const add = (id: number) => writes.transaction().execute((tx) => insert(id).execute(tx));
    await add(1);
    let later: Promise<number[]> | undefined;
    await reads.transaction().execute(async (tx) => {
      expect(await idsSeenBy(tx)).toEqual([1]);
      await add(2);
      later = idsSeenBy(reads);
      expect(await idsSeenBy(tx)).toEqual([1]);
    });
    expect(await later).toEqual([1, 2]);
    await expect(insert(3).execute(reads)).rejects.toMatchObject({ code: 'SQLITE_READONLY' });
  });

  it('keeps nothing of a transaction that fails, and one transaction out of the other', async () => {
    const writes = over(writer);
    const failing = writes.transaction().execute(async (tx) => {
      await insert(1).execute(tx);
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('no');
    });
    const other = writes.transaction().execute(async (tx) => {
      expect(await idsSeenBy(tx)).toEqual([]);
      await insert(2).execute(tx);
    });
    await expect(failing).rejects.toThrow('no');
    await other;
    expect(await idsSeenBy(over(reader))).toEqual([2]);
  });

  it('keeps nothing of what is asked after SQLite has rolled back by itself', async () => {
    const writes = over(writer);
    const cut = writes.transaction().execute(async (tx) => {
      await insert(1).execute(tx);
      await insert(1).execute(tx);
    });
    await expect(cut).rejects.toThrow('UNIQUE');
    await expect(
      writes.transaction().execute(async (tx) => {
        await insert(1).execute(tx);
        await sql`INSERT OR ROLLBACK INTO things (id, name) VALUES (1, 'again')`
          .execute(tx)
          .catch(() => undefined);
        await insert(2).execute(tx);
      }),
    ).rejects.toThrow('the transaction has ended already');
    expect(await idsSeenBy(over(reader))).toEqual([]);
    await writes.transaction().execute((tx) => insert(3).execute(tx));
    expect(await idsSeenBy(over(reader))).toEqual([3]);
  });

  it('refuses what is asked after it was closed', async () => {
    const closed = new SqliteThread({ file: join(dir, 'other.sqlite'), access: 'write' });
    const underWay = closed.run('SELECT 1 AS one');
    const closing = closed.close();
    await expect(closed.run('SELECT 1')).rejects.toThrow('the database is closed');
    await closing;
    expect(await underWay).toEqual({ columns: ['one'], rows: [[1]] });
    await expect(closed.run('SELECT 1')).rejects.toThrow('the database is closed');
  });
});
