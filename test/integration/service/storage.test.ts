import Database from 'libsql';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DATABASE_FILE, DataDirError, openSqliteStorage } from '#service/storage/sqlite';
import { writeAsOtherProgram } from '#test/support/service/other-program';
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

  it('is one whole file at rest', async () => {
    const service = await startTestService({ dataDir });
    await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24' } });
    expect(readdirSync(dataDir)).toContain(`${DATABASE_FILE}-wal`);
    await service.stop();
    expect(readdirSync(dataDir).filter((name) => name.startsWith(DATABASE_FILE))).toEqual([DATABASE_FILE]);
  });

  it('can be read and copied while it is served', async () => {
    const service = await startTestService({ dataDir });
    await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24' } });
    const copy = join(dataDir, 'copy.sqlite');
    const reader = new Database(file());
    reader.exec(`VACUUM INTO '${copy}'`);
    reader.close();
    expect((await service.api('/readyz')).status).toBe(200);
    expect((await service.api('/v1/ranges', { body: { cidr: '198.51.100.0/24' } })).status).toBe(201);
    await service.stop();
    const copied = new Database(copy);
    expect(copied.prepare('SELECT cidr FROM ranges').all()).toEqual([{ cidr: '203.0.113.0/24' }]);
    copied.close();
  });

  it('is written to by nobody else while it is served', async () => {
    const service = await startTestService({ dataDir });
    const { secret } = await service.createKey();
    await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24' } });
    const other = new Database(file());
    expect(() => other.exec(`UPDATE ranges SET effect = 'deny'`)).toThrow('database is locked');
    other.close();
    expect((await service.check(secret, '203.0.113.9')).status).toBe(200);
    expect((await service.api('/v1/ranges', { body: { cidr: '198.51.100.0/24' } })).status).toBe(201);
    await service.stop();
  });

  it('that another program has written to is written to no more, and nobody is let in', async () => {
    const service = await startTestService({ dataDir });
    const { secret } = await service.createKey();
    await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24' } });
    for (let calls = 0; calls < 3; calls += 1) {
      expect((await service.check(secret, '203.0.113.9')).status).toBe(200);
    }
    await writeAsOtherProgram(service, `UPDATE ranges SET effect = 'deny'`);
    // Also whom it knows, who would not be looked up again for a minute.
    await vi.waitFor(async () => expect((await service.check(secret, '203.0.113.9')).status).toBe(503), {
      timeout: 5_000,
    });
    const refused = await service.api('/v1/ranges', { body: { cidr: '198.51.100.0/24' } });
    expect(refused).toMatchObject({ status: 503, json: { code: 'unavailable' } });
    expect(refused.text).toContain('another program has written to its file');
    expect((await service.api('/readyz')).status).toBe(503);
    // It may say that it could not write what it had counted last.
    await service.stop().catch(() => undefined);
    const again = await startTestService({ dataDir });
    expect((await again.api('/readyz')).status).toBe(200);
    expect((await again.check(secret, '203.0.113.9')).status).toBe(401);
    await again.stop();
  });

  it('whose file is replaced under the service lets nobody in until that is started again', async () => {
    const service = await startTestService({ dataDir });
    const { secret } = await service.createKey();
    const copy = join(dataDir, 'copy.sqlite');
    const reader = new Database(file());
    reader.exec(`VACUUM INTO '${copy}'`);
    reader.close();
    await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24' } });
    expect((await service.check(secret, '203.0.113.9')).status).toBe(200);
    for (const part of ['-wal', '-shm']) rmSync(`${file()}${part}`);
    renameSync(copy, file());
    await vi.waitFor(async () => expect((await service.check(secret, '203.0.113.9')).status).toBe(503), {
      timeout: 5_000,
    });
    expect((await service.api('/readyz')).text).toContain('its file was replaced');
    await service.stop().catch(() => undefined);
    const again = await startTestService({ dataDir });
    expect((await again.api('/v1/ranges')).json).toMatchObject({ items: [] });
    expect((await again.check(secret, '203.0.113.9')).status).toBe(401);
    await again.stop();
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
