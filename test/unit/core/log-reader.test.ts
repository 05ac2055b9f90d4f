import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AttemptStore } from '#electron/core/store/attempts';
import { LogReader } from '#electron/core/store/log-reader';
import { ACCOUNT_MIGRATIONS } from '#electron/core/store/migrations';
import { openDatabase } from '#electron/core/store/open-database';
import { makeAttempt } from '#test/support/console/builders';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

let folder: string;
beforeEach(() => {
  folder = makeTempDir('log-reader');
});
afterEach(() => removeTempDir(folder));

function databaseOf(file: string, rows: number) {
  const { database } = openDatabase(file, ACCOUNT_MIGRATIONS, 0);
  const store = new AttemptStore(database, () => 100);
  for (let row = 0; row < rows; row += 1) store.put(makeAttempt(), 1);
  return database;
}

describe('a thread that has ended', () => {
  it('is stood in for by main’s connection, and replaced with the next read', async () => {
    const mains = databaseOf(join(folder, 'main.sqlite'), 1);
    // No thread can open a file in a folder that is missing.
    const file = join(folder, 'later', 'threads.sqlite');
    const reader = new LogReader(mains, file);
    expect(await reader.count({})).toBe(1);
    expect(await reader.count({})).toBe(1);

    mkdirSync(join(folder, 'later'));
    const threads = databaseOf(file, 2);
    expect(await reader.count({})).toBe(2);
    await reader.close();
    threads.close();
    mains.close();
  });
});
