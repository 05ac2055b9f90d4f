import Database from 'libsql';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSqliteHealth } from '#service/storage/sqlite-failure';
import { keepingStatements } from '#service/storage/sqlite-statements';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

describe('statements that are kept', () => {
  let dir: string;
  let database: Database.Database;

  beforeEach(() => {
    dir = makeTempDir('statements');
    mkdirSync(dir, { recursive: true });
    database = new Database(join(dir, 'test.sqlite'));
    database.pragma('journal_mode = WAL');
    database.exec('CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL)');
  });
  afterEach(() => {
    database.close();
    removeTempDir(dir);
  });

  const open = (keptCharacters?: number) => {
    const prepare = vi.spyOn(database, 'prepare');
    const kept = keepingStatements(database, createSqliteHealth(), {
      ...(keptCharacters !== undefined && { keptCharacters }),
    });
    return {
      /** Texts in the order in which SQLite prepared them. */
      prepared: () => prepare.mock.calls.map(([text]) => text),
      run: (text: string, ...parameters: unknown[]) => kept.prepare(text).run(parameters),
      all: (text: string, ...parameters: unknown[]) => kept.prepare(text).all(parameters),
    };
  };
  const INSERT = 'INSERT INTO things (id, name) VALUES (?, ?)';
  const SELECT = 'SELECT * FROM things WHERE id <= ? ORDER BY id';

  it('are prepared once and run with the values of each use', () => {
    const { run, all, prepared } = open();
    for (let id = 1; id <= 5; id += 1) expect(run(INSERT, id, `thing ${id}`)).toMatchObject({ changes: 1 });
    expect(all(SELECT, 1)).toEqual([{ id: 1, name: 'thing 1' }]);
    expect(all(SELECT, 2)).toHaveLength(2);
    expect(prepared()).toEqual([INSERT, SELECT]);
  });

  it('run again after they have failed', () => {
    const { run, all, prepared } = open();
    run(INSERT, 1, 'one');
    expect(() => run(INSERT, 1, 'one again')).toThrow('UNIQUE');
    expect(() => run(INSERT, 2, null)).toThrow('NOT NULL');
    run(INSERT, 2, 'two');
    const divide = 'SELECT abs(?) AS size FROM things';
    // The smallest integer has no absolute value, which SQLite finds out while it reads.
    expect(() => all(divide, -9223372036854775808n)).toThrow('integer overflow');
    expect(all(divide, -3)).toEqual([{ size: 3 }, { size: 3 }]);
    expect(prepared()).toEqual([INSERT, divide]);
  });

  it('leave no reading open, however many rows there are', () => {
    const { run, all } = open();
    for (const count of [1, 99, 100, 101, 200]) {
      run('DELETE FROM things');
      for (let id = 1; id <= count; id += 1) run(INSERT, id, 'thing');
      expect(all(SELECT, count)).toHaveLength(count);
      // SQLite refuses this while a statement is under way.
      expect(database.pragma('journal_mode = DELETE')).toEqual([{ journal_mode: 'delete' }]);
      database.pragma('journal_mode = WAL');
    }
  });

  it('are prepared anew when the schema has changed', () => {
    const { run, all } = open();
    run(INSERT, 1, 'one');
    const everything = 'SELECT * FROM things';
    expect(all(everything)).toEqual([{ id: 1, name: 'one' }]);
    run("ALTER TABLE things ADD COLUMN colour TEXT DEFAULT 'blue'");
    expect(all(everything)).toEqual([{ id: 1, name: 'one', colour: 'blue' }]);
  });

  it('are let go when they are too many, the one that was not used for longest first', () => {
    const texts = ['SELECT 1 AS a', 'SELECT 2 AS a', 'SELECT 3 AS a'] as const;
    const { all, prepared } = open(texts[0].length * 2);
    const [first, second, third] = texts;
    for (const text of [first, second, first, third, first, second]) all(text);
    expect(prepared()).toEqual([first, second, third, second]);
  });

  it('cannot be read row by row, because somebody else may run them in between', () => {
    const kept = keepingStatements(database, createSqliteHealth());
    expect(() => kept.prepare(SELECT).iterate([1])).toThrow('cannot be read one by one');
  });
});
