import type { Client, Pool } from 'pg';
import { isLoopbackHost } from '#shared/ip/loopback';
import { SILENT, type ServiceLog } from '../service-log';
import { NewerDatabaseError } from './migrations/index';
import { createClient, createPool, type Patience } from './postgres-connection';
import { DatabaseStartError, explainStart, type DatabaseAddress } from './postgres-errors';
import { kyselyOverPool } from './postgres-kysely';
import { postgresNotices } from './postgres-listener';
import { migratePostgres } from './postgres-schema';
import { databaseAccess, type DatabaseAccess } from './postgres-tls';
import { runSnapshot, runWrite } from './postgres-transaction';
import { COUNT_FOREIGN_KEYS, POSTGRES_IDENTITY, type DatabaseIdentity } from './repositories/epochs';
import { repositoriesOver, type Storage } from './storage';
import { DatabaseUnavailableError } from './unavailable';

/** Read connections of one process. There is also one for writing and one for listening. */
const READ_CONNECTIONS = 8;

/** First version with pg_current_xact_id and xid8. */
const OLDEST_VERSION = 13;

/** Long enough for a search through the whole log. */
const READING: Patience = { connectMs: 2_000, answerMs: 10_000 };

/** Every write is short, so that an edit is refused before its author gives up. */
const WRITING: Patience = { connectMs: 2_000, answerMs: 2_000 };

/** Long, because another process may be migrating a large database. */
const MIGRATING: Patience = { connectMs: 5_000, answerMs: 600_000 };

const LISTENING: Patience = { connectMs: 2_000, answerMs: 2_000 };

function addressOf(client: Client): DatabaseAddress {
  const { host, port, user = '', database = user } = client;
  return { host, port, user, database };
}

/**
 * Tries the ways in order. The first that connects is used for the whole run, so that nobody in between can downgrade a later
 * connection to plain text.
 */
export async function connectFirst(
  ways: readonly DatabaseAccess[],
): Promise<{ readonly access: DatabaseAccess; readonly client: Client }> {
  const [access, ...others] = ways;
  if (access === undefined) throw new Error('there is no way to the database');
  const client = createClient(access, MIGRATING);
  try {
    await client.connect();
    return { access, client };
  } catch (error) {
    await client.end().catch(() => undefined);
    if (others.length === 0) throw explainStart(error, addressOf(client));
    return await connectFirst(others);
  }
}

/** Resolves with the first way that connects. */
async function accessTo(url: string, log: ServiceLog): Promise<DatabaseAccess> {
  const { access, client } = await connectFirst(databaseAccess(url));
  warnOfPlainText(client, access, log);
  await client.end();
  return access;
}

/** Checks the server's version and encoding, and migrates. Resolves with the identity of the database. */
async function prepare(client: Client): Promise<DatabaseIdentity> {
  const address = addressOf(client);
  try {
    const { rows } = await client.query<{ version: number; encoding: string }>(
      `SELECT current_setting('server_version_num')::int / 10000 AS version,
              current_setting('server_encoding') AS encoding`,
    );
    const [server] = rows;
    if (server === undefined || server.version < OLDEST_VERSION) {
      throw new DatabaseStartError(
        `PostgreSQL ${OLDEST_VERSION} or newer is needed; ${address.host}:${address.port} has version ${server?.version ?? '?'}.`,
      );
    }
    if (server.encoding !== 'UTF8') {
      throw new DatabaseStartError(
        `the database "${address.database}" has the encoding ${server.encoding}; make one with ENCODING 'UTF8'.`,
      );
    }
    await migratePostgres(client);
    const counted = await client.query<{ count: number }>(COUNT_FOREIGN_KEYS);
    return { expression: POSTGRES_IDENTITY, foreignKeys: counted.rows[0]?.count ?? 0 };
  } catch (error) {
    if (error instanceof DatabaseStartError || error instanceof NewerDatabaseError) throw error;
    throw explainStart(error, address);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Sockets and loopback addresses do not cross a network, so they need no warning. */
function warnOfPlainText({ host }: Client, { ssl }: DatabaseAccess, log: ServiceLog): void {
  if (ssl !== false || host.startsWith('/') || isLoopbackHost(host)) return;
  const detail = `PostgreSQL at ${host} is spoken to in plain text, and whoever is in between can read it; see sslmode.`;
  log.write('warn', 'database.plain_text', { host, detail });
}

const PROBE = {
  text: `SELECT current_setting('transaction_read_only') AS "readOnly", (SELECT count(*) FROM meta)`,
  query_timeout: 2_000,
};

async function probe(reads: Pool): Promise<void> {
  const { rows } = await reads.query<{ readOnly: string }>(PROBE);
  if (rows[0]?.readOnly === 'on') {
    throw new DatabaseUnavailableError(undefined, { reason: 'readOnly' });
  }
}

/**
 * Opens and migrates the PostgreSQL database at `databaseUrl`, which several processes may share.
 * @param directUrl leads to PostgreSQL itself where `databaseUrl` leads to a pooler, through which nobody can listen.
 * @throws DatabaseStartError or NewerDatabaseError, each with a sentence for the person who starts the service.
 */
export async function openPostgresStorage(
  databaseUrl: string,
  log: ServiceLog = SILENT,
  directUrl: string = databaseUrl,
): Promise<Storage> {
  const { access: direct, client } = await connectFirst(databaseAccess(directUrl));
  warnOfPlainText(client, direct, log);
  const identity = await prepare(client);
  const access = directUrl === databaseUrl ? direct : await accessTo(databaseUrl, log);
  const reads = createPool(access, READING, { max: READ_CONNECTIONS });
  // The writer needs one connection, and no reader may take it.
  const writes = createPool(access, WRITING, { max: 1 });
  const db = kyselyOverPool(reads);
  const transaction: Storage['transaction'] = (work) =>
    runWrite({ writes, reads }, (tx, announce) => work(repositoriesOver(tx, identity), announce));
  const close = async (): Promise<void> => {
    await writes.end();
    await db.destroy();
  };
  try {
    await transaction((tx) => tx.epochs.begin());
  } catch (error) {
    await close();
    throw error;
  }
  return {
    read: repositoriesOver(db, identity),
    snapshot: (work) => runSnapshot(reads, (tx) => work(repositoriesOver(tx, identity))),
    transaction,
    notices: postgresNotices(() => createClient(direct, LISTENING), reads),
    exclusiveAccess: undefined,
    probe: () => probe(reads),
    close,
  };
}
