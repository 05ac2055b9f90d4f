import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import type { SqliteReply } from './sqlite-thread';

/** Runs a statement, or `begin`, `commit` or `rollback`, after the earlier ones. */
export type RunStatement = (sql: string, parameters: readonly unknown[]) => Promise<SqliteReply>;

/** Returns a dialect over one connection in a thread. */
export function sqliteDialect(run: RunStatement): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new ThreadDriver(run),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function asRows(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Record<string, unknown>[] {
  return rows.map((values) => {
    const row: Record<string, unknown> = {};
    columns.forEach((name, index) => {
      row[name] = values[index];
    });
    return row;
  });
}

/** Runs transactions alone, one after the other. Other statements wait for the transactions before them. */
class ThreadDriver implements Driver {
  readonly #run: RunStatement;
  /** Resolves when the last transaction so far has ended. */
  #lastEnd = Promise.resolve();

  constructor(run: RunStatement) {
    this.#run = run;
  }

  async init(): Promise<void> {}

  acquireConnection(): Promise<ThreadConnection> {
    return Promise.resolve(new ThreadConnection(this.#run, this.#lastEnd));
  }

  async beginTransaction(connection: ThreadConnection): Promise<void> {
    const before = this.#lastEnd;
    this.#lastEnd = new Promise((resolve) => {
      connection.onRelease = resolve;
    });
    await before;
    await this.#run('begin', []);
  }

  async commitTransaction(): Promise<void> {
    await this.#run('commit', []);
  }

  async rollbackTransaction(): Promise<void> {
    await this.#run('rollback', []);
  }

  releaseConnection(connection: ThreadConnection): Promise<void> {
    connection.onRelease?.();
    return Promise.resolve();
  }

  async destroy(): Promise<void> {}
}

class ThreadConnection implements DatabaseConnection {
  readonly #run: RunStatement;
  readonly #before: Promise<void>;
  onRelease: (() => void) | undefined;

  constructor(run: RunStatement, before: Promise<void>) {
    this.#run = run;
    this.#before = before;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    // A transaction's own statements waited for the earlier ones at its beginning, so this is resolved.
    await this.#before;
    const { columns, rows, changes, lastInsertRowid } = await this.#run(sql, parameters);
    return {
      rows: columns === undefined || rows === undefined ? [] : (asRows(columns, rows) as R[]),
      ...(changes !== undefined && { numAffectedRows: BigInt(changes) }),
      ...(lastInsertRowid !== undefined && { insertId: BigInt(lastInsertRowid) }),
    };
  }

  /** Prepared statements are shared, so their rows are read at once. */
  streamQuery(): AsyncIterableIterator<never> {
    throw new Error('rows of a thread cannot be read one by one');
  }
}
