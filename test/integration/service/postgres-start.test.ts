import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPostgresStorage } from '#service/storage/postgres';
import { hasPostgres, LOCKED_USER } from '#test/support/service/postgres';
import { usePostgres } from '#test/support/service/postgres-world';
import { failToStart, startServiceProcess } from '#test/support/service/service-process';
import { httpCall } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const TOKEN = 'process-test-token-012345';

describe.skipIf(!hasPostgres())('GATEHOUSE_DATABASE_URL', () => {
  const world = usePostgres();
  let dataDir: string;
  beforeEach(() => {
    dataDir = makeTempDir('process');
  });
  afterEach(() => removeTempDir(dataDir));

  const env = (databaseUrl: string): Record<string, string> => ({
    GATEHOUSE_DATABASE_URL: databaseUrl,
    GATEHOUSE_DATA_DIR: dataDir,
    GATEHOUSE_LISTEN: '127.0.0.1:0',
    GATEHOUSE_OWNER_TOKEN: TOKEN,
  });
  const withPort = (port: number): string => {
    const url = new URL(world.url);
    url.port = String(port);
    return url.href;
  };
  const withDatabase = (name: string): string => {
    const url = new URL(world.url);
    url.pathname = `/${name}`;
    return url.href;
  };

  it.each([
    ['a server that is not there', () => withPort(1), 'does not answer'],
    [
      'a name that is not known',
      () => 'postgres://u:p4ssw0rd-in-the-url@nowhere.invalid/x',
      'cannot be found',
    ],
    ['a database that is not there', () => withDatabase('nowhere'), 'has no database "nowhere"'],
    [
      'a wrong password',
      () => world.postgres.urlAs(world.url, LOCKED_USER.name, 'p4ssw0rd-in-the-url-but-wrong'),
      `does not accept the user "${LOCKED_USER.name}"`,
    ],
    [
      'a user who may not make tables',
      () => world.postgres.urlAs(world.url, LOCKED_USER.name, LOCKED_USER.password),
      'does not let the user',
    ],
  ])('with %s stops the start, in one sentence without the password', async (_what, urlOf, sentence) => {
    const error: unknown = await openPostgresStorage(urlOf()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message).toMatch(/^GATEHOUSE_DATABASE_URL: PostgreSQL at [^\n]+\.$/);
    expect(message).toContain(sentence);
    expect(message).not.toContain('p4ssw0rd');
  });

  it('with a database whose text is not UTF-8 stops the start', async () => {
    const url = await world.postgres.createDatabase({ encoding: 'SQL_ASCII', locale: 'C' });
    await expect(openPostgresStorage(url)).rejects.toThrow(/^GATEHOUSE_DATABASE_URL: .*SQL_ASCII.*UTF8/);
  });

  it('takes a database of any locale, and makes every text in it ordered by bytes', async () => {
    for (const locale of [undefined, 'C.UTF-8', 'C']) {
      const url = await world.postgres.createDatabase({ encoding: 'UTF8', ...(locale && { locale }) });
      await (await openPostgresStorage(url)).close();
      const texts = await world.postgres.query<{ name: string; collation: string | null }>(
        url,
        `SELECT table_name || '.' || column_name AS name, collation_name AS collation
         FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text'`,
      );
      expect(texts.length).toBeGreaterThan(30);
      expect(texts.filter(({ collation }) => collation !== 'C')).toEqual([]);
      const narrow = await world.postgres.query(
        url,
        `SELECT column_name FROM information_schema.columns
         WHERE table_schema = 'public' AND data_type IN ('real', 'character varying', 'timestamp without time zone')`,
      );
      expect(narrow).toEqual([]);
    }
  });

  it('is brought up to date by one of several that start at the same moment', async () => {
    const storages = await Promise.all(Array.from({ length: 6 }, () => openPostgresStorage(world.url)));
    const epochs = await Promise.all(storages.map((storage) => storage.read.epochs.current()));
    expect(new Set(epochs).size).toBe(1);
    await Promise.all(storages.map((storage) => storage.close()));
  });

  it('leaves no connection behind when the storage is closed', async () => {
    const storage = await openPostgresStorage(world.url);
    await Promise.all(Array.from({ length: 20 }, () => storage.read.accounts.all()));
    await storage.close();
    // The server takes a moment to let go of a connection that has said good-bye.
    await waitFor('the server to have no connection of it', async () => {
      const connections = await world.query(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'gatehouse'`,
      );
      return connections.length === 0;
    });
  });

  it('stops the process with one line, and its password is in no log of a process that runs', async () => {
    await world.query(`GRANT CREATE ON SCHEMA public TO ${LOCKED_USER.name}`);
    const url = world.postgres.urlAs(world.url, LOCKED_USER.name, LOCKED_USER.password);
    const refused = await failToStart(env(url.replace(LOCKED_USER.password, 'another-p4ssw0rd')));
    expect(refused.code).toBe(1);
    expect(refused.stderr.trim()).toMatch(/^GATEHOUSE_DATABASE_URL: [^\n]+$/);
    expect(refused.stderr).not.toContain('p4ssw0rd');
    const service = await startServiceProcess(env(url));
    await world.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    const answer = await httpCall(`${service.url}/v1/account`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect([200, 503]).toContain(answer.status);
    await service.stop();
    expect(service.log()).toContain('service.started');
    expect(service.log()).not.toContain(LOCKED_USER.password);
  });
});
