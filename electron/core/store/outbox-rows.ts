import { type QueuedOperation, queuedOperationSchema } from '../outbox/queued-operation';
import type { LocalDatabase } from './database';
import { parseJson } from '../text';

/** The outbox as a table with one row for each operation. */
export class OutboxRows {
  readonly #database: LocalDatabase;

  constructor(database: LocalDatabase) {
    this.#database = database;
  }

  /** Reads all operations in order. Rows that cannot be read are reported by their ids and stay as they are. */
  read(): { readonly operations: readonly QueuedOperation[]; readonly unreadable: readonly string[] } {
    const operations: QueuedOperation[] = [];
    const unreadable: string[] = [];
    for (const row of this.#database.all('SELECT * FROM outbox ORDER BY position')) {
      const parsed = queuedOperationSchema.safeParse({
        operation: parseJson(row['operation']),
        authorEmail: row['author_email'],
        position: row['position'],
        createdAt: row['created_at'],
        confirmedAt: row['confirmed_at'],
        base: parseJson(row['base']),
        attempts: row['attempts'],
        lastError: row['last_error'],
        state: parseJson(row['state']),
      });
      if (parsed.success) operations.push(parsed.data);
      else unreadable.push(String(row['id']));
    }
    return { operations, unreadable };
  }

  put(queued: QueuedOperation): void {
    this.#database.run(
      `INSERT INTO outbox
           (id, position, operation, author_email, base, created_at, confirmed_at, attempts, last_error, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET position = excluded.position, operation = excluded.operation,
           author_email = excluded.author_email, base = excluded.base, created_at = excluded.created_at, confirmed_at = excluded.confirmed_at,
           attempts = excluded.attempts, last_error = excluded.last_error, state = excluded.state`,
      [
        queued.operation.id,
        queued.position,
        JSON.stringify(queued.operation),
        queued.authorEmail,
        JSON.stringify(queued.base),
        queued.createdAt,
        queued.confirmedAt,
        queued.attempts,
        queued.lastError,
        JSON.stringify(queued.state),
      ],
    );
  }

  /** Writes only the fields that change with each sending. */
  putProgress(queued: QueuedOperation): void {
    this.#database.run('UPDATE outbox SET attempts = ?, last_error = ?, state = ? WHERE id = ?', [
      queued.attempts,
      queued.lastError,
      JSON.stringify(queued.state),
      queued.operation.id,
    ]);
  }

  remove(id: string): void {
    this.#database.run('DELETE FROM outbox WHERE id = ?', [id]);
  }
}
