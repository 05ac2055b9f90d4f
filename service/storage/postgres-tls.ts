import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { Client } from 'pg';
import { DatabaseStartError } from './postgres-errors';

/** Settings of a connection. `ssl` is always set, because the driver takes a missing one from the environment. */
export interface DatabaseAccess {
  readonly connectionString: string;
  /** False for plain text. */
  readonly ssl: ConnectionOptions | false;
}

const MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type Mode = (typeof MODES)[number];

/** Not passed to the driver, which reads some of them differently from libpq. */
const OWN_PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;

function fail(message: string): never {
  throw new DatabaseStartError(message);
}

function readMode(text: string): Mode {
  return MODES.find((mode) => mode === text) ?? fail(`sslmode is none of ${MODES.join(', ')}.`);
}

function readPem(parameter: string, file: string | null): string | undefined {
  if (file === null) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return fail(`${parameter}: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** Returns the checks of the server's certificate (https://www.postgresql.org/docs/current/libpq-ssl.html, table 34.1). */
function verification(mode: Mode, ca: string | undefined): ConnectionOptions {
  if (mode === 'verify-full') return { rejectUnauthorized: true };
  // In libpq, `require` verifies the chain too if a root file is named.
  if (mode === 'verify-ca' || (mode === 'require' && ca !== undefined)) {
    if (ca === undefined) return fail('sslmode=verify-ca needs sslrootcert; without it write verify-full.');
    return { rejectUnauthorized: true, checkServerIdentity: () => undefined };
  }
  return { rejectUnauthorized: false };
}

/**
 * Reads `sslmode` (else PGSSLMODE, else prefer), `sslrootcert`, `sslcert` and `sslkey` as libpq does. Returns the ways to
 * connect in the order to try; `prefer` accepts plain text.
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
  // In libpq, "system" means the system's authorities. Here Node's take their place.
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
  // Sockets have no TLS, whatever the mode.
  if (mode === 'disable' || new Client(connectionString).host.startsWith('/')) return [plain];
  return mode === 'prefer' ? [encrypted, plain] : [encrypted];
}
