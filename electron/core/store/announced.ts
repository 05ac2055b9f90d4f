import type { LocalDatabase } from './database';

/** `baseline`: it was there before the first connection; the others name how it was announced. */
export type AnnouncedCause = 'baseline' | 'single' | 'summary';

/** Which questions need no announcement any more. */
export class AnnouncedStore {
  readonly #database: LocalDatabase;
  /** The same as on disk; asked for with each change of the mirror. */
  readonly #ids: Set<string>;

  constructor(database: LocalDatabase) {
    this.#database = database;
    const rows = database.all('SELECT review_id FROM announced');
    this.#ids = new Set(rows.map((row) => String(row['review_id'])));
  }

  ids(): ReadonlySet<string> {
    return this.#ids;
  }

  add(reviewIds: readonly string[], cause: AnnouncedCause, atMs: number): void {
    this.#database.transaction(() => {
      for (const id of reviewIds) {
        this.#database.run('INSERT OR IGNORE INTO announced (review_id, cause, at) VALUES (?, ?, ?)', [
          id,
          cause,
          atMs,
        ]);
      }
    });
    for (const id of reviewIds) this.#ids.add(id);
  }

  clear(): void {
    this.#database.run('DELETE FROM announced');
    this.#ids.clear();
  }
}
