import { Client, Pool, types, type ClientBase, type ClientConfig, type PoolConfig } from 'pg';
import type { DatabaseAccess } from './postgres-tls';

/** Object ids of PostgreSQL's own types (`SELECT oid FROM pg_type`). */
const INT8 = 20;
const NUMERIC = 1700;

function parseSafeNumber(text: string): number {
  const value = Number(text);
  // Rounding would silently turn one sequence number into another.
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new RangeError(`the database holds ${text}, which is too large to be exact here`);
  }
  return value;
}

/** Returns counts and sums as numbers, as SQLite does; the driver's default is text. */
const numbersAsNumbers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): ((text: string) => unknown) =>
    oid === INT8 || oid === NUMERIC
      ? parseSafeNumber
      : (types.getTypeParser(oid, format) as (text: string) => unknown),
};

/** Time limits in milliseconds on this side, for a server that does not answer. */
export interface Patience {
  readonly connectMs: number;
  readonly answerMs: number;
}

/** A silent connection is asked after this time whether it is alive. The system's own time is two hours. */
const KEEP_ALIVE_AFTER_MS = 5_000;

function settings({ connectionString, ssl }: DatabaseAccess, patience: Patience): ClientConfig {
  return {
    connectionString,
    ssl,
    application_name: 'gatehouse',
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    // Concurrent reads share a round trip. A query that times out closes the connection.
    pipeline: true,
    types: numbersAsNumbers,
    connectionTimeoutMillis: patience.connectMs,
    query_timeout: patience.answerMs,
  };
}

/** Without a listener, the error event of a dying connection would end the process. Its queries fail by themselves. */
function hearErrors(client: ClientBase): void {
  client.on('error', () => undefined);
}

export function createClient(access: DatabaseAccess, patience: Patience): Client {
  const client = new Client(settings(access, patience));
  hearErrors(client);
  return client;
}

/** Longer than the pauses of periodic work, which would otherwise connect anew each time. */
const IDLE_CONNECTION_MS = 60_000;

export function createPool(access: DatabaseAccess, patience: Patience, over: Pick<PoolConfig, 'max'>): Pool {
  const pool = new Pool({
    ...settings(access, patience),
    idleTimeoutMillis: IDLE_CONNECTION_MS,
    ...over,
  });
  pool.on('connect', hearErrors);
  pool.on('error', () => undefined);
  return pool;
}
