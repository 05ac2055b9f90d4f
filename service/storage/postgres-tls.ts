import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { Client } from 'pg';
import { DatabaseStartError } from './postgres-errors';

/** How a connection is made. `ssl` is always said, because the driver takes what is left out from the environment. */
export interface DatabaseAccess {
  readonly connectionString: string;
  /** False: in plain text. */
  readonly ssl: ConnectionOptions | false;
}

const MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type Mode = (typeof MODES)[number];

/** Not handed to the driver, which gives some of them another meaning than libpq does. */
const OWN_PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;

const fail = (message: string): never => {
  throw new DatabaseStartError(message);
};

const readMode = (text: string): Mode =>
  MODES.find((mode) => mode === text) ?? fail(`sslmode is none of ${MODES.join(', ')}.`);

const readPem = (parameter: string, file: string | null): string | undefined => {
  if (file === null) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return fail(`${parameter}: ${error instanceof Error ? error.message : String(error)}.`);
  }
};

/** What a server has to prove; see https://www.postgresql.org/docs/current/libpq-ssl.html, table 34.1. */
const verification = (mode: Mode, ca: string | undefined): ConnectionOptions => {
  if (mode === 'verify-full') return { rejectUnauthorized: true };
  // With a file named, libpq's require verifies the chain as well.
  if (mode === 'verify-ca' || (mode === 'require' && ca !== undefined)) {
    if (ca === undefined) return fail('sslmode=verify-ca needs sslrootcert; without it write verify-full.');
    return { rejectUnauthorized: true, checkServerIdentity: () => undefined };
  }
  return { rejectUnauthorized: false };
};

/**
 * Reads how the database wants to be reached, as libpq reads it: `sslmode` (else PGSSLMODE, else prefer), `sslrootcert`,
 * `sslcert`, `sslkey`. Answers the ways to try in their order: `prefer` is content with plain text.
 * @throws DatabaseStartError
 */
export function databaseAccess(
  databaseUrl: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): readonly DatabaseAccess[] {
  const url = new URL(databaseUrl);
  const { searchParams } = url;
  if (searchParams.has('ssl')) return fail('write sslmode=verify-full or sslmode=disable in place of ssl.');
  const mode = readMode(searchParams.get('sslmode') ?? (environment['PGSSLMODE'] || 'prefer'));
  // "system" is libpq's name for the authorities that come with the system; here they come with Node.
  const rootFile = searchParams.get('sslrootcert');
  const ca = readPem('sslrootcert', rootFile === 'system' ? null : rootFile);
  if (rootFile === 'system' && mode !== 'verify-full') {
    return fail('sslrootcert=system needs sslmode=verify-full.');
  }
  const cert = readPem('sslcert', searchParams.get('sslcert'));
  const key = readPem('sslkey', searchParams.get('sslkey'));
  if ((cert === undefined) !== (key === undefined)) return fail('sslcert needs sslkey, and sslkey sslcert.');
  const ssl: ConnectionOptions = {
    minVersion: 'TLSv1.2',
    ...verification(mode, ca),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert, key }),
  };
  for (const name of OWN_PARAMETERS) searchParams.delete(name);
  const connectionString = url.href;
  const plain: DatabaseAccess = { connectionString, ssl: false };
  const encrypted: DatabaseAccess = { connectionString, ssl };
  // On a socket there is no TLS, whatever is asked for.
  if (mode === 'disable' || new Client(connectionString).host.startsWith('/')) return [plain];
  return mode === 'prefer' ? [encrypted, plain] : [encrypted];
}
