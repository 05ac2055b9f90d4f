import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export interface SqliteThreadOptions {
  readonly file: string;
  /** A writer keeps other connections from writing even between its transactions. A reader sees committed rows. */
  readonly access: 'read' | 'write';
}

export interface SqliteStatement {
  /** One statement, or `begin`, `commit` or `rollback`. */
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Result of a statement: rows as arrays, number of changes, or failure. */
export interface SqliteReply {
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly unknown[])[];
  readonly changes?: number;
  readonly lastInsertRowid?: number | bigint;
  readonly failure?: { readonly message: string; readonly code: string | undefined };
}

/** A failed statement. `code` is SQLite's result code, or `OVERTAKEN` once another program has written to a writer's file. */
export class SqliteStatementError extends Error {
  constructor(
    message: string,
    readonly code: string | undefined,
  ) {
    super(message);
  }
}

/** The thread runs no more statements: it failed, ended or was closed. */
export class SqliteThreadError extends Error {}

interface Waiting {
  readonly resolve: (reply: SqliteReply) => void;
  readonly reject: (error: unknown) => void;
}

/** Rows pass through the young generation of the thread's heap, for which V8's default would keep much more memory. */
const YOUNG_GENERATION_MB = 2;

/** A connection to an SQLite database in a thread of its own. It runs statements in the order in which they were sent. */
export class SqliteThread {
  readonly #worker: Worker;
  readonly #ended: Promise<unknown>;
  readonly #waiting: Waiting[] = [];
  #failure: SqliteThreadError | undefined;

  constructor(options: SqliteThreadOptions) {
    this.#worker = new Worker(new URL('./sqlite-worker.js', import.meta.url), {
      workerData: options,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.#ended = once(this.#worker, 'exit').catch(() => undefined);
    this.#worker.on('message', (reply: SqliteReply) => this.#waiting.shift()?.resolve(reply));
    this.#worker.on('error', (error) =>
      this.#fail(`the thread of the database has failed: ${error.message}`),
    );
    this.#worker.on('exit', () => this.#fail('the thread of the database has ended'));
  }

  /** @throws SqliteStatementError or SqliteThreadError */
  async run(sql: string, parameters: readonly unknown[] = []): Promise<SqliteReply> {
    if (this.#failure !== undefined) throw this.#failure;
    const reply = await new Promise<SqliteReply>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage({ sql, parameters } satisfies SqliteStatement);
    });
    if (reply.failure !== undefined) {
      throw new SqliteStatementError(reply.failure.message, reply.failure.code);
    }
    return reply;
  }

  /** Resolves when the statements sent so far are done and the connection is closed. */
  async close(): Promise<void> {
    this.#worker.postMessage('close');
    // libsql would panic at a statement for a closed connection.
    this.#failure ??= new SqliteThreadError('the database is closed');
    await this.#ended;
  }

  #fail(message: string): void {
    this.#failure ??= new SqliteThreadError(message);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}
