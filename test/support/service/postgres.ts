import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chownSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Certificate } from '../certificate';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { waitFor } from '../wait-for';
import { freePort } from './nginx';

const DEBIAN_VERSIONS = '/usr/lib/postgresql';
const SUPERUSER = 'gatehouse_test';
/** A user of the cluster who needs a password. */
export const LOCKED_USER = { name: 'locked', password: 'p4ssw0rd-in-the-url' } as const;

/** Returns the folder with the programs of this machine's newest PostgreSQL; undefined if there is none. */
function findPrograms(): string | undefined {
  const versions = existsSync(DEBIAN_VERSIONS) ? readdirSync(DEBIAN_VERSIONS) : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (newest !== undefined) return join(DEBIAN_VERSIONS, newest, 'bin');
  const asked = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

const PROGRAMS = process.platform === 'win32' ? undefined : findPrograms();

export function hasPostgres(): boolean {
  return PROGRAMS !== undefined && existsSync(join(PROGRAMS, 'initdb'));
}

/** PostgreSQL and PgBouncer do not run as root; PostgreSQL's package has created a user for it. */
export function ordinaryUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => {
    for (const user of ['postgres', 'nobody']) {
      const { status, stdout } = spawnSync('id', [flag, user], { encoding: 'utf8' });
      if (status === 0) return Number(stdout);
    }
    throw new Error('there is no user as whom PostgreSQL could run');
  };
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/**
 * Runs the server until it is told to stop and keep its data, or until its standard input ends. So neither a server nor its
 * folder is left behind, however the tests end.
 */
const SUPERVISOR = `
  "$1/postgres" -D "$2/data" -k "$2" >>"$2/log" 2>&1 </dev/null &
  server=$!
  read -r word
  kill -INT $server 2>/dev/null
  wait $server
  cd /
  [ "$word" = keep ] || rm -rf "$2"
`;

const run = promisify(execFile);

export interface TestPostgres {
  /** Creates an empty database and returns its URL. */
  createDatabase(options?: {
    readonly encoding?: string;
    readonly locale?: string;
    /** One of its own by default. */
    readonly name?: string;
  }): Promise<string>;
  /** Returns the URL of a database for another user. */
  urlAs(databaseUrl: string, user: string, password: string): string;
  /** Runs a statement as the superuser. */
  query<Row extends object>(databaseUrl: string, sql: string): Promise<Row[]>;
  /**
   * Backs a database up with pg_dump. Returns a function that restores it in place of the current content, whoever is
   * connected.
   */
  backUp(databaseUrl: string): Promise<(into?: string) => Promise<void>>;
  start(): Promise<void>;
  /** Ends the server cleanly, or as a power cut would. */
  halt(how: 'orderly' | 'crash'): Promise<void>;
  /** Ends the server and removes its folder. */
  remove(): Promise<void>;
}

export interface PostgresOptions {
  /** True if a commit is on the disk when it is answered; otherwise the tests need not wait for the disk. */
  readonly durable?: boolean;
  /** Offers encrypted connections with this certificate; the locked user needs it too, as a client. */
  readonly certificate?: Certificate;
}

/**
 * Starts a real PostgreSQL on loopback. Its databases sort by the rules of English, not by bytes, so that queries which
 * rely on the order of bytes have to ask for it.
 */
export async function startPostgres({
  durable = false,
  certificate,
}: PostgresOptions = {}): Promise<TestPostgres> {
  if (PROGRAMS === undefined) throw new Error('PostgreSQL is not installed');
  const programs = PROGRAMS;
  const dir = makeTempDir('postgres');
  const backupDir = makeTempDir('postgres-backups');
  let backups = 0;
  const user = ordinaryUser();
  if (user.uid !== undefined && user.gid !== undefined) chownSync(dir, user.uid, user.gid);
  const data = join(dir, 'data');
  const made = spawnSync(
    join(programs, 'initdb'),
    [
      ...['-D', data, '-U', SUPERUSER, '-A', 'trust', '--no-sync', '--no-instructions', '-E', 'UTF8'],
      ...['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'],
    ],
    { ...user, cwd: dir, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}${made.stdout}`);
  const port = await freePort();
  if (certificate !== undefined) {
    // The server takes a key only from a file that belongs to it and is closed to others.
    for (const [name, text] of [
      ['server.crt', certificate.cert],
      ['server.key', certificate.key],
    ] as const) {
      writeFileSync(join(data, name), text, { mode: 0o600 });
      if (user.uid !== undefined && user.gid !== undefined) chownSync(join(data, name), user.uid, user.gid);
    }
  }
  appendFileSync(
    join(data, 'postgresql.conf'),
    [
      "listen_addresses = '127.0.0.1'",
      `port = ${port}`,
      `fsync = ${durable ? 'on' : 'off'}`,
      'max_connections = 200',
      'shared_buffers = 32MB',
      'autovacuum_naptime = 10s',
      ...(certificate === undefined ? [] : ['ssl = on', "ssl_ca_file = 'server.crt'"]),
      '',
    ].join('\n'),
  );
  writeFileSync(
    join(data, 'pg_hba.conf'),
    `hostssl all ${LOCKED_USER.name} 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n` +
      `host all ${LOCKED_USER.name} 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n`,
  );

  let supervisor: ChildProcess | undefined;
  let count = 0;
  const urlOf = (database: string): string => `postgres://${SUPERUSER}@127.0.0.1:${port}/${database}`;
  const serverLog = (): string =>
    existsSync(join(dir, 'log')) ? readFileSync(join(dir, 'log'), 'utf8') : '';

  const query = async <Row extends object>(databaseUrl: string, sql: string): Promise<Row[]> => {
    const client = new Client(databaseUrl);
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  };

  const start = async (): Promise<void> => {
    const child = spawn('sh', ['-c', SUPERVISOR, 'sh', programs, dir], {
      ...user,
      cwd: dir,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.on('error', () => undefined);
    supervisor = child;
    await waitFor('PostgreSQL to answer', () => {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended: ${serverLog()}`);
      return query(urlOf('postgres'), 'SELECT 1').then(
        () => true,
        () => false,
      );
    });
  };

  const halt = async (how: 'orderly' | 'crash'): Promise<void> => {
    const child = supervisor;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    if (how === 'crash') {
      const pids = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
      // Immediate shutdown: every server process drops its state, and the next start recovers from the log.
      process.kill(Number(pids[0]), 'SIGQUIT');
    }
    child.stdin?.end('keep\n');
    await ended;
    supervisor = undefined;
  };

  const newName = (): string => {
    count += 1;
    return `gatehouse_${process.pid}_${count}`;
  };

  await start();
  await query(urlOf('postgres'), `CREATE ROLE ${LOCKED_USER.name} LOGIN PASSWORD '${LOCKED_USER.password}'`);
  return {
    createDatabase: async ({ encoding, locale, name = newName() } = {}) => {
      const how = [
        ...(encoding === undefined ? [] : [`ENCODING '${encoding}'`]),
        ...(locale === undefined ? [] : [`LOCALE_PROVIDER libc LOCALE '${locale}'`]),
      ];
      await query(urlOf('postgres'), `CREATE DATABASE ${name} TEMPLATE template0 ${how.join(' ')}`);
      return urlOf(name);
    },
    urlAs: (databaseUrl, name, password) => {
      const url = new URL(databaseUrl);
      url.username = name;
      url.password = password;
      return url.href;
    },
    query,
    backUp: async (databaseUrl) => {
      backups += 1;
      const file = join(backupDir, String(backups));
      await run(join(programs, 'pg_dump'), ['-Fc', '-f', file, databaseUrl]);
      return async (into = databaseUrl) => {
        await run(join(programs, 'pg_restore'), ['--clean', '--if-exists', '-d', into, file]);
      };
    },
    start,
    halt,
    remove: async () => {
      await halt('orderly');
      removeTempDir(dir);
      removeTempDir(backupDir);
    },
  };
}
