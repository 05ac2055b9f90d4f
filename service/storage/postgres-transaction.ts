import type { Kysely } from 'kysely';
import type { ClientBase, Pool } from 'pg';
import type { FeedHead } from './repositories/policy-changes';
import { answered, isRefusal, scopeOf } from './postgres-kysely';
import type { Schema } from './schema';
import { DatabaseUnavailableError } from './unavailable';

/**
 * Advisory lock of every write in every process, so that there is one writer at a time, as in SQLite. The number is
 * "gatehous" in ASCII, which another program on the same database will hardly use.
 */
export const WRITE_LOCK = 0x67617465686f7573n.toString();

/** Channel on which a commit announces the head of a feed. */
export const CHANNEL = 'gatehouse_feed';

/**
 * The server's own limits in milliseconds: a process that hangs must not keep the others from writing. They are set with each
 * transaction, because poolers refuse them as parameters of a connection, and hand a connection on with what was set for it.
 */
function serverLimits(statementMs: number, idleMs: number): string {
  return [
    `SET LOCAL statement_timeout = ${statementMs}`,
    `SET LOCAL lock_timeout = ${statementMs}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${idleMs}`,
  ].join('; ');
}

const WRITE_LIMITS = serverLimits(2_000, 5_000);
const READ_LIMITS = serverLimits(10_000, 10_000);

/**
 * READ COMMITTED, so that each statement sees all earlier commits; nobody else commits while the lock is held. A snapshot of
 * the whole transaction would be taken before the lock, and miss the last holder's writes.
 */
const BEGIN_WRITE = `BEGIN ISOLATION LEVEL READ COMMITTED; ${WRITE_LIMITS}; SELECT pg_advisory_xact_lock(${WRITE_LOCK})`;
const BEGIN_SNAPSHOT = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${READ_LIMITS}`;

/**
 * Notifies the other processes when the commit follows, and returns the transaction's id, by which its outcome can be asked. It
 * assigns the id, because it may arrive before the first row of the transaction.
 */
const TELL = `
  SELECT pg_current_xact_id()::text AS id,
         (SELECT count(pg_notify('${CHANNEL}', notice)) FROM unnest($1::text[]) AS notice)`;

const ROLLBACK = { text: 'ROLLBACK', query_timeout: 1_000 };
const DOUBT_PATIENCE_MS = 5_000;
const DOUBT_PAUSE_MS = 100;

export function noticeOf({ accountId, seq }: FeedHead): string {
  return `${accountId} ${seq}`;
}

/** Returns undefined if the notice is not ours. */
export function headOfNotice(payload: string | undefined): FeedHead | undefined {
  const [, accountId, seq] = /^(\S+) (\d+)$/.exec(payload ?? '') ?? [];
  return accountId === undefined ? undefined : { accountId, seq: Number(seq) };
}

function rollBack(client: ClientBase): Promise<boolean> {
  return client.query(ROLLBACK).then(
    () => true,
    () => false,
  );
}

/**
 * Runs `work` between `begin` and `commit` on one connection, which is not reused if its state is in doubt. The first statements
 * of the work travel with `begin`; where that fails, the server refuses them.
 */
async function inTransaction<T>(
  pool: Pool,
  begin: string,
  work: (db: Kysely<Schema>, client: ClientBase) => Promise<T>,
  /** Resolves with true if the connection may be reused. */
  commit: (client: ClientBase) => Promise<boolean>,
): Promise<T> {
  const client = await answered(() => pool.connect());
  const scope = scopeOf(client);
  let usable = false;
  try {
    const begun = answered(() => client.query(begin));
    // The reason for which the work fails, if it does, is that of `begin`.
    const [, result] = await Promise.all([begun, work(scope.db, client)]);
    await scope.end();
    usable = await commit(client);
    return result;
  } catch (error) {
    await scope.end();
    usable = await rollBack(client);
    throw error;
  } finally {
    client.release(!usable);
  }
}

async function sendCommit(client: ClientBase): Promise<boolean> {
  const { command } = await answered(() => client.query('COMMIT'));
  // PostgreSQL answers ROLLBACK if a statement failed and its error was ignored. Nothing is stored then.
  if (command !== 'COMMIT')
    throw new Error('the transaction was rolled back because a statement in it failed');
  return true;
}

/** Runs reads that all see the same moment. */
export function runSnapshot<T>(pool: Pool, work: (db: Kysely<Schema>) => Promise<T>): Promise<T> {
  return inTransaction(pool, BEGIN_SNAPSHOT, work, sendCommit);
}

/**
 * Finds out the outcome of a commit that was not answered.
 * @throws `reason` if it was rolled back, DatabaseUnavailableError if nobody can tell.
 */
async function settleDoubt(pool: Pool, transactionId: string, reason: unknown): Promise<void> {
  const deadline = performance.now() + DOUBT_PATIENCE_MS;
  while (performance.now() < deadline) {
    const status = await pool
      .query<{ status: string | null }>('SELECT pg_xact_status($1::text::xid8) AS status', [transactionId])
      .then(
        ({ rows }) => rows[0]?.status,
        () => undefined,
      );
    if (status === 'committed') return;
    if (status === 'aborted') throw reason;
    await new Promise((resolve) => setTimeout(resolve, DOUBT_PAUSE_MS));
  }
  throw new DatabaseUnavailableError(reason);
}

/**
 * Runs one write under the lock and announces it with its commit. If the connection dies during the commit, it asks for the
 * outcome, so that a stored write is not reported as failed.
 */
export function runWrite<T>(
  pools: { readonly writes: Pool; readonly reads: Pool },
  work: (db: Kysely<Schema>, announce: (heads: readonly FeedHead[]) => Promise<void>) => Promise<T>,
): Promise<T> {
  let told: Promise<string | null> | undefined;
  const tell = async (client: ClientBase, heads: readonly FeedHead[]): Promise<string | null> => {
    const notices = heads.map(noticeOf);
    const { rows } = await answered(() => client.query<{ id: string | null }>(TELL, [notices]));
    return rows[0]?.id ?? null;
  };
  return inTransaction(
    pools.writes,
    BEGIN_WRITE,
    (db, client) =>
      work(db, async (heads) => {
        told = tell(client, heads);
        await told;
      }),
    async (client) => {
      const transactionId = await (told ?? tell(client, []));
      try {
        return await sendCommit(client);
      } catch (error) {
        if (transactionId === null || isRefusal(error)) throw error;
        await settleDoubt(pools.reads, transactionId, error);
        return false;
      }
    },
  );
}
