import { Kysely, PostgresDialect, type PostgresPoolClient, type PostgresQueryResult } from 'kysely';
import { DatabaseError, type ClientBase, type Pool, type PoolClient, type QueryResult } from 'pg';
import type { Schema } from './schema';
import { storable } from './storable';
import { DatabaseUnavailableError } from './unavailable';

/**
 * SQLSTATE codes that say nothing about the query: connection lost, server full or going down, timeout, locked, standby
 * (https://www.postgresql.org/docs/15/errcodes-appendix.html).
 */
const UNAVAILABLE = /^(08...|53...|57P..|57014|55P03|25006|25P03|58...|XX...)$/;

/** Returns true if the server refused the query itself. Any other error means that there is no answer. */
export function isRefusal(error: unknown): boolean {
  return error instanceof DatabaseError && !UNAVAILABLE.test(error.code ?? '');
}

/** Runs a step that needs the server. @throws DatabaseUnavailableError if the server did not answer. */
export async function answered<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (isRefusal(error) || error instanceof DatabaseUnavailableError) throw error;
    throw new DatabaseUnavailableError(error);
  }
}

function ask(client: ClientBase, sql: string, parameters: readonly unknown[]): Promise<QueryResult> {
  return answered(() => client.query(sql, parameters.map(storable)));
}

/** Adapts the driver's client to Kysely, without cursors. */
function clientFor(
  query: (sql: string, parameters: readonly unknown[]) => Promise<QueryResult>,
  release: () => void,
): PostgresPoolClient {
  return {
    query: (async (sql: string, parameters: readonly unknown[]) =>
      (await query(sql, parameters)) as PostgresQueryResult<unknown>) as PostgresPoolClient['query'],
    release,
  };
}

/** Queries over one connection, in order, until the scope ends. */
export interface ConnectionScope {
  readonly db: Kysely<Schema>;
  /** Waits for running queries. Later ones are refused, because they would run outside the transaction. */
  end(): Promise<void>;
}

/** Opens a scope over a pipelined connection: concurrent queries travel together. */
export function scopeOf(client: ClientBase): ConnectionScope {
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
}

async function borrow(pool: Pool): Promise<PostgresPoolClient> {
  const client: PoolClient = await answered(() => pool.connect());
  let usable = true;
  return clientFor(
    async (sql, parameters) => {
      try {
        return await ask(client, sql, parameters);
      } catch (error) {
        // The unanswered query may still be running, and no other may wait behind it.
        usable = !(error instanceof DatabaseUnavailableError);
        throw error;
      }
    },
    () => client.release(!usable),
  );
}

/** Returns a Kysely over any free connection of the pool. */
export function kyselyOverPool(pool: Pool): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: { connect: () => borrow(pool), end: () => pool.end() } }),
  });
}
