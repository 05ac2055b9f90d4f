import type { Kysely } from 'kysely';
import type { ClientBase, Pool } from 'pg';
import type { FeedHead } from './repositories/policy-changes';
import { answered, isRefusal, scopeOf } from './postgres-kysely';
import type { Schema } from './schema';
import { DatabaseUnavailableError } from './unavailable';

/**
 * All writes of all processes take this advisory lock, so there is one writer at a time, as SQLite has it. The number
 * is "gatehous" as eight bytes: another program on the same database will hardly take the same one.
 */
export const WRITE_LOCK = 0x67617465686f7573n.toString();

/** The channel on which a commit tells how far an account's feed has come. */
export const CHANNEL = 'gatehouse_feed';

/**
 * Each statement of a write sees all that was committed before it; with the lock held, nothing is committed meanwhile.
 * A snapshot of the whole transaction would be taken before the lock, and miss what its last holder wrote.
 */
const BEGIN_WRITE = `BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(${WRITE_LOCK})`;
const BEGIN_SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** Tells the others, should the commit follow, and asks by which name the outcome can be asked for. */
const TELL = `
  SELECT pg_current_xact_id_if_assigned()::text AS id,
         (SELECT count(pg_notify('${CHANNEL}', notice)) FROM unnest($1::text[]) AS notice)`;

const ROLLBACK = { text: 'ROLLBACK', query_timeout: 1_000 };
const DOUBT_PATIENCE_MS = 5_000;
const DOUBT_PAUSE_MS = 100;

export const noticeOf = ({ accountId, seq }: FeedHead): string => `${accountId} ${seq}`;

/** Reads a notice; undefined when it is none of ours. */
export const headOfNotice = (payload: string | undefined): FeedHead | undefined => {
  const [, accountId, seq] = /^(\S+) (\d+)$/.exec(payload ?? '') ?? [];
  return accountId === undefined ? undefined : { accountId, seq: Number(seq) };
};

const rollBack = (client: ClientBase): Promise<boolean> =>
  client.query(ROLLBACK).then(
    () => true,
    () => false,
  );

/** Runs `work` between `begin` and `commit` on one connection; a connection in doubt is not used again. */
const inTransaction = async <T>(
  pool: Pool,
  begin: string,
  work: (db: Kysely<Schema>) => Promise<T>,
  /** Answers whether the connection is fit for another transaction. */
  commit: (client: ClientBase) => Promise<boolean>,
): Promise<T> => {
  const client = await answered(() => pool.connect());
  const scope = scopeOf(client);
  let usable = false;
  try {
    await answered(() => client.query(begin));
    const result = await work(scope.db);
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
};

const sendCommit = async (client: ClientBase): Promise<boolean> => {
  const { command } = await answered(() => client.query('COMMIT'));
  // PostgreSQL answers so when a statement had failed and its error went unheard: nothing was kept.
  if (command !== 'COMMIT')
    throw new Error('the transaction was rolled back because a statement in it failed');
  return true;
};

/** Reads that all see the same moment. */
export const runSnapshot = <T>(pool: Pool, work: (db: Kysely<Schema>) => Promise<T>): Promise<T> =>
  inTransaction(pool, BEGIN_SNAPSHOT, work, sendCommit);

/**
 * Asks what became of a transaction whose commit was not answered.
 * @throws `reason` when it was rolled back, or when nobody can say.
 */
const settleDoubt = async (pool: Pool, transactionId: string, reason: unknown): Promise<void> => {
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
};

/**
 * Runs one write: alone, told to the others with its commit, and certain in its outcome as far as the database can be
 * asked, so that what was kept is not called failed because a connection died.
 */
export const runWrite = <T>(
  pools: { readonly writes: Pool; readonly reads: Pool },
  work: (db: Kysely<Schema>, announce: (heads: readonly FeedHead[]) => Promise<void>) => Promise<T>,
): Promise<T> => {
  let notices: readonly string[] = [];
  return inTransaction(
    pools.writes,
    BEGIN_WRITE,
    (db) =>
      work(db, (heads) => {
        notices = heads.map(noticeOf);
        return Promise.resolve();
      }),
    async (client) => {
      const { rows } = await answered(() => client.query<{ id: string | null }>(TELL, [notices]));
      const transactionId = rows[0]?.id ?? null;
      try {
        return await sendCommit(client);
      } catch (error) {
        if (transactionId === null || isRefusal(error)) throw error;
        await settleDoubt(pools.reads, transactionId, error);
        return false;
      }
    },
  );
};
