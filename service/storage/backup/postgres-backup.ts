import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Client } from 'pg';
import { readSchemaVersion } from '../migrations/index';
import { connectFirst } from '../postgres';
import { databaseAccess } from '../postgres-tls';
import { WRITE_LOCK } from '../postgres-transaction';
import { MaintenanceError } from '../maintenance-error';

/** Times that a restore is tried when running services and it have locked tables against each other. */
const TRIES = 3;

const run = promisify(execFile);

interface ProgramFailure extends Error {
  readonly code?: string | number;
  readonly stderr?: string;
}

/** The address of a database as PostgreSQL's own programs get it. The password is not among their arguments, which others see. */
interface Target {
  readonly url: string;
  readonly environment: NodeJS.ProcessEnv;
}

function targetOf(databaseUrl: string): Target {
  const url = new URL(databaseUrl);
  const { searchParams } = url;
  const password = decodeURIComponent(url.password) || searchParams.get('password');
  url.password = '';
  searchParams.delete('password');
  const mode = searchParams.get('sslmode') ?? process.env['PGSSLMODE'];
  // Without it libpq looks for a file of the user's. The service takes the usual authorities.
  if (mode === 'verify-full' && !searchParams.has('sslrootcert')) searchParams.set('sslrootcert', 'system');
  return {
    url: url.href,
    environment: {
      ...process.env,
      // Their messages are read below.
      LC_ALL: 'C',
      ...(password !== null && { PGPASSWORD: password }),
    },
  };
}

function explain(program: string, { code, message, stderr = '' }: ProgramFailure): MaintenanceError {
  if (code === 'ENOENT') {
    return new MaintenanceError(
      `${program} is not installed; it is one of PostgreSQL's client programs (Debian: postgresql-client).`,
    );
  }
  const versions = /server version: (\S+).*; \S+ version: (\S+)/.exec(stderr);
  if (versions !== null) {
    return new MaintenanceError(
      `${program} ${versions[2]} is too old for the server's PostgreSQL ${versions[1]}; install the newer client programs.`,
    );
  }
  if (stderr.includes('unsupported version')) {
    return new MaintenanceError(
      `${program} is older than the program that made the backup; install the newer client programs.`,
    );
  }
  const reason = stderr.replaceAll(`${program}: `, '').trim().replace(/\s+/g, ' ') || message;
  return new MaintenanceError(`${program} did not succeed: ${reason}`);
}

async function runProgram(
  program: 'pg_dump' | 'pg_restore',
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  try {
    return (await run(program, parameters, { env: environment, windowsHide: true })).stdout;
  } catch (error) {
    throw explain(program, error as ProgramFailure);
  }
}

/** Dumps the database into the file `copy`, also while services have it. */
export async function dumpPostgres(databaseUrl: string, copy: string): Promise<void> {
  const { url, environment } = targetOf(databaseUrl);
  await runProgram(
    'pg_dump',
    ['--format=custom', '--no-password', `--file=${copy}`, `--dbname=${url}`],
    environment,
  );
}

/** @throws MaintenanceError or NewerDatabaseError if it is no backup that this version can serve. */
async function versionIn(backup: string, { environment }: Target): Promise<number> {
  const rows = await runProgram(
    'pg_restore',
    ['--data-only', '--table=meta', '--file=-', backup],
    environment,
  );
  const text = /^schema_version\t(.+)$/m.exec(rows)?.[1];
  if (text === undefined) {
    throw new MaintenanceError(`${backup} is not a backup of a PostgreSQL database of Gatehouse.`);
  }
  return readSchemaVersion(text);
}

/** A restore replaces the tables that the backup has, so that those of later versions would stay. */
async function requireNoNewer(client: Client, version: number): Promise<void> {
  const known = await client.query<{ exists: boolean }>(`SELECT to_regclass('meta') IS NOT NULL AS "exists"`);
  if (known.rows[0]?.exists !== true) return;
  const { rows } = await client.query<{ value: string }>(
    `SELECT value FROM meta WHERE name = 'schema_version'`,
  );
  if (Number(rows[0]?.value ?? 0) <= version) return;
  throw new MaintenanceError(
    `The backup has schema version ${version}, and the database the newer ${rows[0]?.value}. Make an empty database and restore into that one.`,
  );
}

async function restoreDump({ url, environment }: Target, backup: string, triesLeft = TRIES): Promise<void> {
  try {
    await runProgram(
      'pg_restore',
      [
        ...['--clean', '--if-exists', '--single-transaction', '--no-owner', '--no-password'],
        ...[`--dbname=${url}`, backup],
      ],
      environment,
    );
  } catch (error) {
    const isLockedOut = error instanceof Error && error.message.includes('deadlock detected');
    if (!isLockedOut || triesLeft === 1) throw error;
    await restoreDump({ url, environment }, backup, triesLeft - 1);
  }
}

/** Puts the backup in the place of what the database holds, also while services have it, or changes nothing. */
export async function restorePostgres(databaseUrl: string, backup: string): Promise<void> {
  const target = targetOf(databaseUrl);
  const version = await versionIn(backup, target);
  const { client } = await connectFirst(databaseAccess(databaseUrl));
  try {
    // The services' writes wait until it is over.
    await client.query(`SELECT pg_advisory_lock(${WRITE_LOCK})`);
    await requireNoNewer(client, version);
    await restoreDump(target, backup);
  } finally {
    await client.end().catch(() => undefined);
  }
}
