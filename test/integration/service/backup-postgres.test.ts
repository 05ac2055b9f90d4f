import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUp, restore, type DatabasePlace } from '#service/storage/backup/backup';
import { checkData } from '#service/storage/check/check-data';
import { hasPostgres, LOCKED_USER } from '#test/support/service/postgres';
import { usePostgres } from '#test/support/service/postgres-world';
import { startTestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const ALLOWED = '203.0.113.9';

describe.skipIf(!hasPostgres())('a backup of PostgreSQL', () => {
  const world = usePostgres();
  let dir: string;
  let dataDir: string;
  let backup: string;
  let place: DatabasePlace;
  let url = '';
  const path = process.env['PATH'] ?? '';
  beforeEach(async () => {
    dir = makeTempDir('backup');
    dataDir = join(dir, 'data');
    backup = join(dir, 'gatehouse.backup');
    url = world.url;
    place = { dataDir, databaseUrl: url };
    const service = await startTestService({ dataDir, env: { GATEHOUSE_DATABASE_URL: url } });
    await service.api('/v1/ranges', { body: { cidr: ALLOWED } });
    await service.stop();
  });
  afterEach(() => {
    process.env['PATH'] = path;
    removeTempDir(dir);
  });
  const query = (sql: string, of = url): Promise<readonly object[]> => world.postgres.query(of, sql);

  it('is restored in an empty database too', async () => {
    await backUp(place, backup);
    const other = await world.postgres.createDatabase();
    await restore({ dataDir, databaseUrl: other }, backup);
    expect(await query('SELECT cidr FROM ranges', other)).toEqual([{ cidr: `${ALLOWED}/32` }]);
  });

  it('is made and restored while calls and edits go on, which are lost or come after it', async () => {
    const service = await startTestService({ dataDir, env: { GATEHOUSE_DATABASE_URL: url } });
    const { secret } = await service.createKey();
    const load = { isOver: false };
    const working = ['calls', 'edits', 'reads'].map(async (what) => {
      for (let n = 0; !load.isOver; n += 1) {
        const ip = `10.0.${n >> 8}.${n % 256}`;
        if (what === 'calls') await service.check(secret, ip);
        else if (what === 'edits') await service.api('/v1/ranges', { body: { cidr: ip } });
        else await service.api('/v1/changes');
      }
    });
    await backUp(place, backup);
    await restore(place, backup);
    await waitFor('the service to go on', async () => (await service.api('/v1/changes')).status === 200);
    load.isOver = true;
    await Promise.all(working);
    // It may say that it could not write what it held to another history.
    await service.stop().catch(() => undefined);
    expect(await checkData(place)).toEqual([]);
  });

  it('that is of another program or version is not restored, and nothing changes', async () => {
    await backUp(place, backup);
    const other = join(dir, 'other');
    writeFileSync(other, 'no backup');
    await expect(restore(place, other)).rejects.toThrow('pg_restore did not succeed: ');
    await query("UPDATE meta SET value = '999' WHERE name = 'schema_version'");
    await expect(restore(place, backup)).rejects.toThrow('the database the newer 999');
    const newer = join(dir, 'newer');
    await backUp(place, newer);
    await expect(restore(place, newer)).rejects.toThrow('The database has schema version 999');
    expect(await query('SELECT value FROM meta')).toEqual([{ value: '999' }]);
  });

  it('needs programs that are there and new enough', async () => {
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    process.env['PATH'] = bin;
    await expect(backUp(place, backup)).rejects.toThrow('pg_dump is not installed');
    writeFileSync(
      join(bin, 'pg_dump'),
      '#!/bin/sh\n' +
        'echo "pg_dump: error: aborting because of server version mismatch" >&2\n' +
        'echo "pg_dump: detail: server version: 18.1; pg_dump version: 15.14 (Debian 15.14-0+deb12u1)" >&2\nexit 1\n',
    );
    chmodSync(join(bin, 'pg_dump'), 0o755);
    await expect(backUp(place, backup)).rejects.toThrow(
      "pg_dump 15.14 is too old for the server's PostgreSQL 18.1; install the newer client programs.",
    );
    expect(existsSync(`${backup}.partial`)).toBe(false);
  });

  it('gives the programs no password among the arguments, which others see, and the usual authorities', async () => {
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    const said = 'with $* and ${PGPASSWORD:+a password}';
    writeFileSync(join(bin, 'pg_dump'), `#!/bin/sh\necho "${said}" >&2\nexit 1\n`, { mode: 0o755 });
    process.env['PATH'] = bin;
    const databaseUrl = 'postgres://user:s3cret%40word@db.example.com/gatehouse?sslmode=verify-full';
    await expect(backUp({ dataDir, databaseUrl }, backup)).rejects.toThrow(
      '--dbname=postgres://user@db.example.com/gatehouse?sslmode=verify-full&sslrootcert=system and a password',
    );
  });

  it('tells no password, whatever goes wrong', async () => {
    await backUp(place, backup);
    const wrong = 'wr0ng-p4ss@word';
    const locked = {
      dataDir,
      databaseUrl: world.postgres.urlAs(url, LOCKED_USER.name, encodeURIComponent(wrong)),
    };
    const messageOf = (work: Promise<unknown>): Promise<string> => work.then(String, String);
    const messages = [
      await messageOf(backUp(locked, join(dir, 'other'))),
      await messageOf(restore(locked, backup)),
    ];
    expect(messages[0]).toContain('password authentication failed');
    expect(messages[1]).toContain('does not accept the user "locked" with this password');
    for (const secret of [wrong, encodeURIComponent(wrong)]) expect(messages.join()).not.toContain(secret);
  });
});
