import Database from 'libsql';
import { copyFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startCheckpoints, type CheckpointOptions } from '#service/storage/checkpoints';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const DEADLINE = { timeout: 20_000, interval: 5 };

describe('checkpoints', () => {
  let dir: string;
  let connection: Database.Database;
  const file = (): string => join(dir, 'test.sqlite');
  const logBytes = (): number => statSync(`${file()}-wal`).size;

  beforeEach(() => {
    dir = makeTempDir('checkpoints');
    connection = new Database(file());
    connection.pragma('journal_mode = WAL');
    connection.exec('CREATE TABLE things (id INTEGER PRIMARY KEY, text TEXT NOT NULL)');
  });
  afterEach(() => {
    connection.close();
    removeTempDir(dir);
  });

  const start = (options: Partial<CheckpointOptions> = {}, database = file()) => {
    const failures: unknown[] = [];
    const checkpoints = startCheckpoints(database, connection, {
      onFailure: (error) => failures.push(error),
      ...options,
    });
    const insert = connection.prepare('INSERT INTO things (text) VALUES (?)');
    return {
      checkpoints,
      failures,
      commit: (): void => {
        insert.run('.'.repeat(2_000));
        checkpoints.committed();
      },
    };
  };

  const ownCheckpoints = (): unknown => connection.pragma('wal_autocheckpoint');
  const theirs = [{ wal_autocheckpoint: 0 }];
  const own = [{ wal_autocheckpoint: 1_000 }];

  const rowsIn = (database: Database.Database): number =>
    (database.prepare('SELECT count(*) AS count FROM things').get() as { count: number }).count;

  /** What is in the database file alone, as if its log were lost. */
  const rowsInFile = (): number => {
    const copy = join(dir, 'copy.sqlite');
    copyFileSync(file(), copy);
    const database = new Database(copy);
    try {
      return rowsIn(database);
    } catch {
      // Not even the table is there yet.
      return 0;
    } finally {
      database.close();
    }
  };

  it('are made by the thread, after so many commits, while the connection stays open', async () => {
    const { checkpoints, failures, commit } = start({ commits: 10 });
    await vi.waitFor(() => expect(ownCheckpoints()).toEqual(theirs), DEADLINE);
    for (let count = 0; count < 9; count += 1) commit();
    expect(rowsInFile()).toBe(0);
    commit();
    await vi.waitFor(() => expect(rowsInFile()).toBe(10), DEADLINE);
    await checkpoints.stop();
    expect(failures).toEqual([]);
  });

  it('keep the log short where writes leave it no pause to begin anew, and wait for no reader', async () => {
    // Longer than this test may take.
    connection.exec('PRAGMA busy_timeout = 60000');
    const longestLogBytes = 100_000;
    const { checkpoints, failures, commit } = start({ commits: 5, longestLogBytes });
    await vi.waitFor(() => expect(ownCheckpoints()).toEqual(theirs), DEADLINE);
    commit();
    const version = connection.pragma('data_version');
    // While somebody reads what is in the log, SQLite can only append to it.
    const reader = new Database(file(), { timeout: 0 });
    reader.exec('BEGIN');
    expect(rowsIn(reader)).toBe(1);
    await vi.waitFor(() => {
      commit();
      expect(logBytes()).toBeGreaterThan(3 * longestLogBytes);
    }, DEADLINE);
    reader.exec('COMMIT');
    reader.close();
    await vi.waitFor(() => {
      commit();
      expect(logBytes()).toBeLessThan(longestLogBytes / 2);
    }, DEADLINE);
    // To the service it would look as if another program had written.
    expect(connection.pragma('data_version')).toEqual(version);
    expect(connection.pragma('busy_timeout')).toEqual([{ timeout: 60_000 }]);
    const written = rowsIn(connection);
    await checkpoints.stop();
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(rowsInFile()).toBe(written);
    expect(failures).toEqual([]);
  });

  it('are left to SQLite again where the thread cannot work', async () => {
    const { checkpoints, failures, commit } = start({}, join(dir, 'not', 'there.sqlite'));
    await vi.waitFor(() => expect(failures).toHaveLength(1), DEADLINE);
    expect(ownCheckpoints()).toEqual(own);
    for (let count = 0; count < 1_100; count += 1) commit();
    expect(rowsInFile()).toBeGreaterThan(900);
    await checkpoints.stop();
  });

  it('leave the file to its owner once they have stopped, at whatever moment', async () => {
    for (const commits of [0, 1, 3]) {
      const { checkpoints, commit } = start({ commits: 1 });
      for (let count = 0; count < commits; count += 1) commit();
      await checkpoints.stop();
      connection.exec('PRAGMA journal_mode = DELETE');
      expect(existsSync(`${file()}-wal`)).toBe(false);
      connection.exec('PRAGMA journal_mode = WAL');
    }
  });
});
