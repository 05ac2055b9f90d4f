import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPostgresStorage } from '#service/storage/postgres';
import { makeCertificate } from '#test/support/certificate';
import { memoryLog } from '#test/support/service/memory-log';
import { hasPostgres, LOCKED_USER } from '#test/support/service/postgres';
import { usePostgres } from '#test/support/service/postgres-world';

// Whoever sets this for another program must not switch off what is verified here.
beforeEach(() => void vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0'));
afterEach(() => void vi.unstubAllEnvs());

/** The URL of this test's database with another host and with parameters. */
const variant = (databaseUrl: string, host: string, parameters: Readonly<Record<string, string>>): string => {
  const url = new URL(databaseUrl);
  url.hostname = host;
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
};

const CONNECTIONS = `SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
  WHERE datname = current_database() AND application_name = 'gatehouse'`;

describe.skipIf(!hasPostgres())('a PostgreSQL with a certificate', () => {
  const certificate = makeCertificate('DNS:localhost');
  const stranger = makeCertificate('DNS:localhost');
  const world = usePostgres({ certificate });
  afterAll(() => {
    certificate.remove();
    stranger.remove();
  });

  const right = certificate.file;
  const wrong = stranger.file;
  it.each([
    ['without sslmode', '127.0.0.1', {}, true],
    ['disable', '127.0.0.1', { sslmode: 'disable' }, false],
    ['prefer', '127.0.0.1', { sslmode: 'prefer' }, true],
    ['require', '127.0.0.1', { sslmode: 'require' }, true],
    ['require with its authority', '127.0.0.1', { sslmode: 'require', sslrootcert: right }, true],
    ['verify-ca', '127.0.0.1', { sslmode: 'verify-ca', sslrootcert: right }, true],
    ['verify-full', 'localhost', { sslmode: 'verify-full', sslrootcert: right }, true],
  ])('is reached: %s', async (_what, host, parameters, isEncrypted) => {
    const log = memoryLog();
    const storage = await openPostgresStorage(variant(world.url, host, parameters), log);
    expect(await world.query(CONNECTIONS)).toEqual([{ ssl: isEncrypted }]);
    await storage.close();
    expect(log.events()).toEqual([]);
  });

  it.each([
    ['require with another authority', '127.0.0.1', { sslmode: 'require', sslrootcert: wrong }],
    ['verify-ca with another authority', '127.0.0.1', { sslmode: 'verify-ca', sslrootcert: wrong }],
    ['verify-full with another authority', 'localhost', { sslmode: 'verify-full', sslrootcert: wrong }],
    ['verify-full with the usual authorities', 'localhost', { sslmode: 'verify-full' }],
    ['verify-full by another name', '127.0.0.1', { sslmode: 'verify-full', sslrootcert: right }],
  ])('is refused: %s', async (_what, host, parameters) => {
    await expect(openPostgresStorage(variant(world.url, host, parameters))).rejects.toThrow(
      /^GATEHOUSE_DATABASE_URL: PostgreSQL at .*certificate/i,
    );
  });

  it('is shown a certificate where it asks for one', async () => {
    await world.query(`GRANT CREATE ON SCHEMA public TO ${LOCKED_USER.name}`);
    const url = world.postgres.urlAs(world.url, LOCKED_USER.name, LOCKED_USER.password);
    const own = { sslcert: right, sslkey: certificate.keyFile };
    await expect(openPostgresStorage(variant(url, '127.0.0.1', { sslmode: 'require' }))).rejects.toThrow();
    await (await openPostgresStorage(variant(url, '127.0.0.1', { sslmode: 'require', ...own }))).close();
  });

  it('is encrypted where PGSSLMODE asks for it and the URL says nothing', async () => {
    vi.stubEnv('PGSSLMODE', 'verify-full');
    await expect(openPostgresStorage(world.url)).rejects.toThrow(/certificate/);
    await (await openPostgresStorage(variant(world.url, '127.0.0.1', { sslmode: 'require' }))).close();
  });
});

describe.skipIf(!hasPostgres())('a PostgreSQL without a certificate', () => {
  const world = usePostgres();

  it.each(['require', 'verify-full'])('is refused: %s', async (sslmode) => {
    await expect(openPostgresStorage(variant(world.url, '127.0.0.1', { sslmode }))).rejects.toThrow(
      /^GATEHOUSE_DATABASE_URL: PostgreSQL at .*SSL/,
    );
  });

  it('is spoken to in plain text, which is told once where it crosses a network', async () => {
    const log = memoryLog();
    await (await openPostgresStorage(world.url, log)).close();
    expect(log.events()).toEqual([]);
    // Leads to this computer, but nothing in it says so.
    const service = await openPostgresStorage(variant(world.url, '0.0.0.0', {}), log);
    await Promise.all(Array.from({ length: 10 }, () => service.read.accounts.all()));
    await service.close();
    expect(log.entries).toMatchObject([{ level: 'warn', event: 'database.plain_text' }]);
  });
});

describe('a setting that cannot be used', () => {
  it.each([
    ['sslmode=allow', 'sslmode is none of'],
    ['sslmode=no-verify', 'sslmode is none of'],
    ['ssl=no-verify', 'write sslmode'],
    ['sslmode=verify-ca', 'needs sslrootcert'],
    ['sslmode=require&sslrootcert=system', 'needs sslmode=verify-full'],
    ['sslmode=verify-full&sslrootcert=/nowhere/ca.pem', 'sslrootcert: '],
    ['sslmode=require&sslcert=/nowhere/c.pem', 'sslcert: '],
    [`sslmode=require&sslcert=${import.meta.filename}`, 'sslcert needs sslkey'],
  ])('%s stops the start with a sentence', async (parameters, sentence) => {
    const error: unknown = await openPostgresStorage(
      `postgres://u:secret-word@db.invalid/x?${parameters}`,
    ).catch((reason: unknown) => reason);
    expect(String(error)).toContain('GATEHOUSE_DATABASE_URL: ');
    expect(String(error)).toContain(sentence);
    expect(String(error)).not.toContain('secret-word');
  });
});
