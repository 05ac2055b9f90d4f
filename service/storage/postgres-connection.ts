import { Client, Pool, types, type ClientBase, type ClientConfig, type PoolConfig } from 'pg';
import type { DatabaseAccess } from './postgres-tls';

/** Object ids of PostgreSQL's own types (`SELECT oid FROM pg_type`). */
const INT8 = 20;
const NUMERIC = 1700;

const parseSafeNumber = (text: string): number => {
  const value = Number(text);
  // Silently rounded, a place in the feed could be another one.
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new RangeError(`the database holds ${text}, which is too large to be exact here`);
  }
  return value;
};

/** Counts and sums as numbers, as SQLite gives them; the driver alone would give text. */
const numbersAsNumbers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): ((text: string) => unknown) =>
    oid === INT8 || oid === NUMERIC
      ? parseSafeNumber
      : (types.getTypeParser(oid, format) as (text: string) => unknown),
};

/** Times in milliseconds after which the server, and then this end, give something up. */
export interface Patience {
  readonly connectMs: number;
  readonly statementMs: number;
  /** Waiting for a lock, the one for writing above all. */
  readonly lockMs: number;
  /** A transaction in which nothing happens: its process hangs, and keeps everybody else from writing. */
  readonly idleInTransactionMs: number;
  /** This end's own limit, for a server that does not answer at all. */
  readonly answerMs: number;
}

const settings = ({ connectionString, ssl }: DatabaseAccess, patience: Patience): ClientConfig => ({
  connectionString,
  ssl,
  application_name: 'gatehouse',
  keepAlive: true,
  // Reads that are asked at once cost one round trip. A query that is not answered in time ends the connection.
  pipeline: true,
  types: numbersAsNumbers,
  connectionTimeoutMillis: patience.connectMs,
  statement_timeout: patience.statementMs,
  lock_timeout: patience.lockMs,
  idle_in_transaction_session_timeout: patience.idleInTransactionMs,
  query_timeout: patience.answerMs,
});

/** A connection that dies says so in an event too; unheard, that would end the process. Its queries fail by themselves. */
const hearErrors = (client: ClientBase): void => {
  client.on('error', () => undefined);
};

export const createClient = (access: DatabaseAccess, patience: Patience): Client => {
  const client = new Client(settings(access, patience));
  hearErrors(client);
  return client;
};

/** Longer than the pauses of what looks now and then, which would else connect anew each time. */
const IDLE_CONNECTION_MS = 60_000;

export const createPool = (
  access: DatabaseAccess,
  patience: Patience,
  over: Pick<PoolConfig, 'max'>,
): Pool => {
  const pool = new Pool({
    ...settings(access, patience),
    idleTimeoutMillis: IDLE_CONNECTION_MS,
    ...over,
  });
  pool.on('connect', hearErrors);
  pool.on('error', () => undefined);
  return pool;
};
