import { Kysely, PostgresDialect, type PostgresPoolClient, type PostgresQueryResult } from 'kysely';
import { DatabaseError, type ClientBase, type Pool, type PoolClient, type QueryResult } from 'pg';
import type { Schema } from './schema';
import { storable } from './storable';
import { DatabaseUnavailableError } from './unavailable';

/**
 * SQLSTATE classes and codes that say nothing about the query: connection lost, server full, going down, out of time,
 * locked by somebody else, only a standby (https://www.postgresql.org/docs/15/errcodes-appendix.html).
 */
const UNAVAILABLE = /^(08...|53...|57P..|57014|55P03|25006|25P03|58...|XX...)$/;

/** Whether the server refused the query itself; everything else is no answer. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof DatabaseError && !UNAVAILABLE.test(error.code ?? '');

/** Runs a step that needs the server. @throws DatabaseUnavailableError when there was no answer to it. */
export const answered = async <T>(step: () => Promise<T>): Promise<T> => {
  try {
    return await step();
  } catch (error) {
    if (isRefusal(error) || error instanceof DatabaseUnavailableError) throw error;
    throw new DatabaseUnavailableError(error);
  }
};

const ask = (client: ClientBase, sql: string, parameters: readonly unknown[]): Promise<QueryResult> =>
  answered(() => client.query(sql, parameters.map(storable)));

/** The driver's client as Kysely wants it; cursors are not used. */
const clientFor = (
  query: (sql: string, parameters: readonly unknown[]) => Promise<QueryResult>,
  release: () => void,
): PostgresPoolClient => ({
  query: (async (sql: string, parameters: readonly unknown[]) =>
    (await query(sql, parameters)) as PostgresQueryResult<unknown>) as PostgresPoolClient['query'],
  release,
});

/** Queries over one connection, answered in the order they were asked, until it is ended. */
export interface ConnectionScope {
  readonly db: Kysely<Schema>;
  /** Waits for what is under way. What is asked later is refused: it would run outside the transaction. */
  end(): Promise<void>;
}

/** Queries that are asked at once travel together: the connection has to be a pipelined one. */
export const scopeOf = (client: ClientBase): ConnectionScope => {
  const underWay = new Set<Promise<unknown>>();
  let ended = false;
  const connection = clientFor(
    (sql, parameters) => {
      if (ended) return Promise.reject(new Error('the transaction of this query is over'));
      const result = ask(client, sql, parameters);
      underWay.add(result);
      const forget = (): void => {
        underWay.delete(result);
      };
      result.then(forget, forget);
      return result;
    },
    () => undefined,
  );
  return {
    db: new Kysely<Schema>({
      dialect: new PostgresDialect({
        pool: { connect: () => Promise.resolve(connection), end: () => Promise.resolve() },
      }),
    }),
    end: async () => {
      ended = true;
      await Promise.allSettled(underWay);
    },
  };
};

const borrow = async (pool: Pool): Promise<PostgresPoolClient> => {
  const client: PoolClient = await answered(() => pool.connect());
  let usable = true;
  return clientFor(
    async (sql, parameters) => {
      try {
        return await ask(client, sql, parameters);
      } catch (error) {
        // A query that was not answered may still be under way; nobody else is to wait behind it.
        usable = !(error instanceof DatabaseUnavailableError);
        throw error;
      }
    },
    () => client.release(!usable),
  );
};

/** Queries over whichever connection of the pool is free. */
export const kyselyOverPool = (pool: Pool): Kysely<Schema> =>
  new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: { connect: () => borrow(pool), end: () => pool.end() } }),
  });
