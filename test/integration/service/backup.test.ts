import Database from 'libsql';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changesResponse, type ChangesResponse } from '#shared/api/contract';
import { backUp, restore, type DatabasePlace } from '#service/storage/backup/backup';
import { DATABASE_FILE } from '#service/storage/sqlite';
import { hasPostgres, startPostgres, type TestPostgres } from '#test/support/service/postgres';
import {
  runService,
  startServiceProcess,
  type Ended,
  type ServiceProcess,
} from '#test/support/service/service-process';
import {
  httpCall,
  startTestService,
  type Answer,
  type CallOptions,
} from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const TOKEN = 'backup-test-token-0123456';
const ALLOWED = '203.0.113.9';
const ASKED = '198.51.100.1';
const LATER = '198.51.100.2';

/** Everything that an administrator sees, and a backup has to bring back. */
const LISTS = ['ranges', 'keys', 'attempts', 'reviews', 'audit', 'users'] as const;

let postgres: TestPostgres | undefined;
let dir: string;
let dataDir: string;
let backup: string;
beforeAll(async () => {
  if (hasPostgres()) postgres = await startPostgres();
});
afterAll(() => postgres?.remove());
beforeEach(() => {
  dir = makeTempDir('backup');
  dataDir = join(dir, 'data');
  backup = join(dir, 'gatehouse.backup');
});
afterEach(() => removeTempDir(dir));

const modeOf = (path: string): number => statSync(path).mode & 0o777;
const databaseFiles = (): readonly string[] =>
  readdirSync(dataDir).filter((name) => name.startsWith(DATABASE_FILE));

describe('the commands', () => {
  let env: Record<string, string>;
  let running: ServiceProcess | undefined;
  beforeEach(() => {
    env = {
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: '127.0.0.1:0',
      GATEHOUSE_OWNER_TOKEN: TOKEN,
      GATEHOUSE_IMPACT_WINDOW: 'off',
    };
  });
  afterEach(async () => {
    await running?.kill();
    running = undefined;
  });

  const start = async (): Promise<void> => {
    running = await startServiceProcess(env);
  };
  const stop = async (): Promise<void> => {
    await running?.stop();
    running = undefined;
  };
  const command = (...words: string[]): Promise<Ended> => runService(env, words);
  const api = (path: string, options: CallOptions = {}): Promise<Answer> =>
    httpCall(`${running?.url ?? ''}${path}`, {
      ...options,
      headers: { authorization: `Bearer ${TOKEN}`, ...options.headers },
    });
  const check = async (secret: string, ip: string): Promise<number> => {
    const headers = { 'api-key': secret, 'x-forwarded-for': ip };
    return (await httpCall(`${running?.url ?? ''}/v1/check`, { headers })).status;
  };
  const changes = async (cursor?: string): Promise<ChangesResponse> => {
    const { json } = await api(`/v1/changes${cursor === undefined ? '' : `?cursor=${cursor}`}`);
    return changesResponse.parse(json);
  };
  const everything = async (): Promise<Record<string, unknown>> => {
    const lists = LISTS.map(
      async (list) => [list, (await api(`/v1/${list}?limit=1000`)).json] as [string, unknown],
    );
    return Object.fromEntries(await Promise.all(lists));
  };
  const add = (cidr: string): Promise<Answer> => api('/v1/ranges', { body: { cidr } });

  /** A service with something in every list, which is on the disk. */
  const startWithHistory = async (): Promise<{ readonly secret: string; readonly keyId: string }> => {
    await start();
    await api('/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
    const { key, secret } = (await api('/v1/keys', { body: { name: 'Key' } })).json as {
      key: { id: string };
      secret: string;
    };
    await add(ALLOWED);
    expect([await check(secret, ALLOWED), await check(secret, ASKED)]).toEqual([200, 401]);
    // What is counted in memory is written at the end.
    await stop();
    await start();
    return { secret, keyId: key.id };
  };

  /** What the restore loses. Returns the cursor of a console that has seen it. */
  const goOn = async (secret: string, keyId: string): Promise<string> => {
    await add(LATER);
    expect(await check(secret, LATER)).toBe(200);
    await api(`/v1/keys/${keyId}`, { method: 'DELETE' });
    expect(await check(secret, ALLOWED)).toBe(401);
    return (await changes()).cursor;
  };

  it('back SQLite up while another process serves it, and bring all of it back', async () => {
    const { secret, keyId } = await startWithHistory();
    const before = await everything();
    const known = (await changes()).cursor;
    const made = await command('backup', backup);
    expect(made).toEqual({ code: 0, stdout: `The backup is in ${backup}.\n`, stderr: '' });
    expect(readdirSync(dir).sort()).toEqual(['data', 'gatehouse.backup']);
    if (process.platform !== 'win32') expect(modeOf(backup)).toBe(0o600);
    const lost = await goOn(secret, keyId);

    const refused = await command('restore', backup);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`${dataDir} is in use by another enforcement service`);
    expect(await check(secret, LATER)).toBe(401);
    await stop();
    expect(databaseFiles()).toEqual([DATABASE_FILE]);

    const restored = await command('restore', backup);
    expect(restored).toMatchObject({ code: 0, stderr: '' });
    const kept = databaseFiles().find((name) => name.includes('.before-')) ?? '';
    expect(restored.stdout).toContain(`is kept in ${join(dataDir, kept)}.`);
    expect(databaseFiles()).toEqual([DATABASE_FILE, kept]);
    if (process.platform !== 'win32') {
      for (const name of databaseFiles()) expect(modeOf(join(dataDir, name)), name).toBe(0o600);
    }
    await start();
    expect(await everything()).toEqual(before);
    expect((await changes(lost)).reset).toBe(true);
    expect((await changes(known)).reset).toBe(false);
    expect([await check(secret, ALLOWED), await check(secret, LATER)]).toEqual([200, 401]);
  });

  it.skipIf(!hasPostgres())(
    'do the same with PostgreSQL, whose services take it up by themselves',
    async () => {
      env = { ...env, GATEHOUSE_DATABASE_URL: (await postgres?.createDatabase()) ?? '' };
      const { secret, keyId } = await startWithHistory();
      const before = await everything();
      const made = await command('backup', backup);
      expect(made).toEqual({ code: 0, stdout: `The backup is in ${backup}.\n`, stderr: '' });
      if (process.platform !== 'win32') expect(modeOf(backup)).toBe(0o600);
      const lost = await goOn(secret, keyId);

      expect(await command('restore', backup)).toMatchObject({ code: 0, stderr: '' });
      await waitFor('the service to take it up', async () => (await api('/v1/changes')).status === 200);
      expect(await everything()).toEqual(before);
      expect((await changes(lost)).reset).toBe(true);
      expect([await check(secret, ALLOWED), await check(secret, LATER)]).toEqual([200, 401]);
    },
  );

  it('refuse what they cannot understand, and say how they are used', async () => {
    expect(await command('backup', '--fast')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Unknown option '--fast'\.\nnpm run service /) as string,
    });
    expect(await command('--help')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a backup of SQLite', () => {
  const place = (): DatabasePlace => ({ dataDir });
  /** Fills the data folder and stops. */
  const makeHistory = async (): Promise<void> => {
    const service = await startTestService({ dataDir });
    await service.api('/v1/ranges', { body: { cidr: ALLOWED } });
    await service.stop();
  };
  const ranges = async (in_: string = dataDir): Promise<readonly string[]> => {
    const service = await startTestService({ dataDir: in_ });
    const { items } = (await service.api('/v1/ranges?limit=1000')).json as { items: { cidr: string }[] };
    await service.stop();
    return items.map(({ cidr }) => cidr);
  };

  it('has each change as a whole or not at all, while others are made', async () => {
    const service = await startTestService({ dataDir });
    const backups = { areDone: false };
    const writing = (async () => {
      for (let n = 0; !backups.areDone; n += 1)
        await service.api('/v1/ranges', { body: { cidr: `10.0.0.${n % 256}` } });
    })();
    await backUp(place(), backup);
    backups.areDone = true;
    await writing;
    await service.stop();
    const copy = new Database(backup);
    const count = (sql: string): unknown => (copy.prepare(sql).raw().get() as unknown[])[0];
    const added = count('SELECT count(*) FROM ranges');
    expect(count("SELECT count(*) FROM audit WHERE action = 'range.add'")).toBe(added);
    copy.close();
  });

  it('has what a service that was killed has left beside its database', async () => {
    await makeHistory();
    const left = new Database(join(dataDir, DATABASE_FILE));
    left.pragma('journal_mode = WAL');
    left.exec("UPDATE ranges SET label = 'late'");
    await backUp(place(), backup);
    left.close();
    const copy = new Database(backup);
    expect(copy.prepare('SELECT label FROM ranges').all()).toEqual([{ label: 'late' }]);
    copy.close();
  });

  it('is restored in an empty folder too, and with the changes beside a snapshot of the files', async () => {
    const service = await startTestService({ dataDir });
    await service.api('/v1/ranges', { body: { cidr: ALLOWED } });
    for (const end of ['', '-wal']) {
      writeFileSync(`${backup}${end}`, readFileSync(join(dataDir, `${DATABASE_FILE}${end}`)));
    }
    await service.stop();
    const other = join(dir, 'other');
    expect(await restore({ dataDir: other }, backup)).toBe('There was no database before.');
    expect(await ranges(other)).toEqual([`${ALLOWED}/32`]);
  });

  it('leaves the database before it, which can be restored in turn', async () => {
    await makeHistory();
    await backUp(place(), backup);
    const service = await startTestService({ dataDir });
    await service.api('/v1/ranges', { body: { cidr: LATER } });
    await service.stop();
    const [, kept = ''] = /kept in (.*)\.$/.exec(await restore(place(), backup)) ?? [];
    expect(await ranges()).toEqual([`${ALLOWED}/32`]);
    await restore(place(), kept);
    expect(await ranges()).toEqual([`${ALLOWED}/32`, `${LATER}/32`]);
  });

  it('takes the place of a damaged database, which is kept as it was', async () => {
    await makeHistory();
    await backUp(place(), backup);
    writeFileSync(join(dataDir, DATABASE_FILE), 'damaged');
    const [, kept = ''] = /kept in (.*)\.$/.exec(await restore(place(), backup)) ?? [];
    expect(readFileSync(kept, 'utf8')).toBe('damaged');
    expect(await ranges()).toEqual([`${ALLOWED}/32`]);
  });

  it('overwrites no file, and leaves none when it fails', async () => {
    await makeHistory();
    writeFileSync(backup, 'mine');
    await expect(backUp(place(), backup)).rejects.toThrow(`${backup} exists already; name a new file.`);
    expect(readFileSync(backup, 'utf8')).toBe('mine');
    const nowhere = join(dir, 'nowhere');
    await expect(backUp({ dataDir: nowhere }, join(dir, 'other'))).rejects.toThrow(
      `There is no database in the data folder ${nowhere}.`,
    );
    await expect(backUp(place(), join(dir, 'no', 'such'))).rejects.toThrow('could not be made: ENOENT');
    expect(readdirSync(dir).sort()).toEqual(['data', 'gatehouse.backup']);
  });

  it('that is cut short, of another program or of a newer version is not restored', async () => {
    await makeHistory();
    await backUp(place(), backup);
    const other = join(dir, 'other');
    writeFileSync(other, 'no database');
    const unwhole = 'is not a whole backup of an SQLite database of Gatehouse';
    await expect(restore(place(), other)).rejects.toThrow(unwhole);
    await expect(restore(place(), join(dir, 'nothing'))).rejects.toThrow('There is no file');
    const newer = new Database(backup);
    newer.exec("UPDATE meta SET value = '999' WHERE name = 'schema_version'");
    newer.close();
    await expect(restore(place(), backup)).rejects.toThrow('The database has schema version 999');
    truncateSync(backup, 8_192);
    await expect(restore(place(), backup)).rejects.toThrow(unwhole);
    expect(databaseFiles()).toEqual([DATABASE_FILE]);
    expect(await ranges()).toEqual([`${ALLOWED}/32`]);
  });
});
