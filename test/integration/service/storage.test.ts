import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE_FILE, DataDirError, openSqliteStorage } from '#service/storage/sqlite';
import { startTestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

describe('the data folder', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = makeTempDir('data');
  });
  afterEach(() => removeTempDir(dataDir));
  const file = (): string => join(dataDir, DATABASE_FILE);

  it('is served by one service at a time, and by the next one after it', async () => {
    const first = await startTestService({ dataDir });
    await expect(startTestService({ dataDir })).rejects.toMatchObject({
      code: 'data_dir_locked',
      message: expect.stringContaining(dataDir) as string,
    });
    await first.stop();
    const second = await startTestService({ dataDir });
    await second.stop();
  });

  it('with a file that is no database stops the start, and the file stays as it is', async () => {
    writeFileSync(file(), 'this is not a database, but somebody may still need it');
    await expect(openSqliteStorage(dataDir)).rejects.toMatchObject({ code: 'database_damaged' });
    expect(readFileSync(file(), 'utf8')).toBe('this is not a database, but somebody may still need it');
  });

  it('with a damaged database stops the start', async () => {
    const service = await startTestService({ dataDir });
    for (let octet = 0; octet < 100; octet += 1)
      await service.api('/v1/ranges', { body: { cidr: `203.0.113.${octet}` } });
    await service.stop();
    const bytes = readFileSync(file());
    bytes.fill(0x5a, 4096 * 3, 4096 * 9);
    writeFileSync(file(), bytes);
    await expect(openSqliteStorage(dataDir)).rejects.toBeInstanceOf(DataDirError);
    expect(readFileSync(file()).equals(bytes)).toBe(true);
  });

  it('that cannot be made stops the start with the name of the setting', async () => {
    writeFileSync(join(dataDir, 'occupied'), '');
    await expect(openSqliteStorage(join(dataDir, 'occupied'))).rejects.toThrow(/GATEHOUSE_DATA_DIR/);
  });

  it('is made when it is not there', async () => {
    const nested = join(dataDir, 'a', 'b');
    await (await openSqliteStorage(nested)).close();
    expect(existsSync(join(nested, DATABASE_FILE))).toBe(true);
  });
});
