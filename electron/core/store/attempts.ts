import { type AddressRange, addressRangeOf } from '#shared/domain/address-range';
import { type AttemptFilter, searchNeedleOf, searchTextOf } from '#shared/domain/attempt-filter';
import { type Attempt, attemptSchema } from '#shared/domain/entities';
import type { LocalDatabase } from './database';
import { type ListWindow, readWindow } from './list-window';

/** The fraction of the limit that is freed at once, so that not every new row costs a deletion. */
const TRIM_SLACK = 0.01;
/** The number of rows that are deleted at once: more than an answer of the feed brings, and few enough that nobody waits. */
const TRIM_STEP = 4_000;

/** The newest rows of the log in the order of their ids, which are ULIDs of the first call: a row whose count grows stays put. */
export class AttemptStore {
  readonly #database: LocalDatabase;
  readonly #limit: () => number;
  #count: number;

  /** `limit` returns the number of rows to keep, and may change at any time. */
  constructor(database: LocalDatabase, limit: () => number) {
    this.#database = database;
    this.#limit = limit;
    this.#count = this.count();
  }

  count(): number {
    return Number(this.#database.first('SELECT count(*) AS n FROM attempts')?.['n'] ?? 0);
  }

  /**
   * Stores a row unless a later state is known. Rows of earlier generations are overwritten in any case, because the service may
   * have lost them. Returns true if anything changed.
   */
  put(attempt: Attempt, generation: number): boolean {
    const known = this.#database.first('SELECT seq, generation, body FROM attempts WHERE id = ?', [
      attempt.id,
    ]);
    const isOfThisSnapshot = known !== undefined && Number(known['generation']) >= generation;
    if (isOfThisSnapshot && Number(known['seq']) >= attempt.seq) return false;
    const body = JSON.stringify(attempt);
    this.#database.run(
      `INSERT INTO attempts (id, seq, generation, address, key_id, verdict, reason, search, body)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, generation = excluded.generation,
           address = excluded.address, key_id = excluded.key_id, verdict = excluded.verdict,
           reason = excluded.reason, search = excluded.search, body = excluded.body`,
      [
        attempt.id,
        attempt.seq,
        generation,
        addressRangeOf(attempt.ip)?.first ?? '',
        attempt.keyId,
        attempt.verdict,
        attempt.reason,
        searchTextOf(attempt),
        body,
      ],
    );
    if (known === undefined) this.#count += 1;
    return known?.['body'] !== body;
  }

  /** Deletes the rows from `from` on and below `before` that this generation does not have, though it has that part in full. */
  sweep(from: string, before: string | null, generation: number): void {
    this.#count -= this.#database.run(
      'DELETE FROM attempts WHERE id >= ? AND (? IS NULL OR id < ?) AND generation < ?',
      [from, before, before, generation],
    );
  }

  remove(id: string): void {
    this.#count -= this.#database.run('DELETE FROM attempts WHERE id = ?', [id]);
  }

  /** Restores the cached number of rows after a rollback. */
  recount(): void {
    this.#count = this.count();
  }

  /** The number of rows, without a query. */
  get size(): number {
    return this.#count;
  }

  /** Returns true if this many more rows stay within the limit. */
  hasRoomFor(rows: number): boolean {
    return this.#count + rows <= this.#limit();
  }

  /** Deletes some of the oldest rows above the limit. Returns the oldest id that is left, or null if none were deleted. */
  trim(): string | null {
    const limit = this.#limit();
    const excess = this.#count - limit;
    if (excess <= 0) return null;
    const oldest = this.#database.first('SELECT id FROM attempts ORDER BY id LIMIT 1 OFFSET ?', [
      Math.min(excess + Math.ceil(limit * TRIM_SLACK), TRIM_STEP),
    ])?.['id'];
    if (typeof oldest !== 'string') return null;
    this.#count -= this.#database.run('DELETE FROM attempts WHERE id < ?', [oldest]);
    return oldest;
  }

  /** The rows that {@link attemptMatches}, newest first; a test compares the two. */
  page(filter: AttemptFilter, window: ListWindow): readonly Attempt[] {
    const needle = searchNeedleOf(filter.text);
    const addresses = filter.ip === undefined ? undefined : (addressRangeOf(filter.ip) ?? NO_ADDRESS);
    return readWindow(this.#database, 'attempts', attemptSchema, window, [
      ['verdict = ?', filter.verdict],
      ['reason = ?', filter.reason],
      ['key_id = ?', filter.keyId],
      ['address >= ?', addresses?.first],
      ['address <= ?', addresses?.last],
      ['instr(search, ?) > 0', needle === '' ? undefined : needle],
    ]);
  }
}

/** Matches nothing, because it is above every address and below none. */
const NO_ADDRESS: AddressRange = { first: '~', last: '~' };
