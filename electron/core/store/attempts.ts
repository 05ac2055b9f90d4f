import { decodeTime } from 'ulid';
import { addressRangeOf } from '#shared/domain/address-range';
import { searchTextOf } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import { HOUR_MS } from '#shared/durations';
import type { LocalDatabase } from './database';

/** The fraction of the limit that is freed at once, so that not every new row costs a deletion. */
const TRIM_SLACK = 0.01;
/** The number of rows that are deleted at once: more than an answer of the feed brings, and few enough that nobody waits. */
const TRIM_STEP = 1_000;

/**
 * Writes the newest rows of the log in the order of their ids, which are ULIDs of the first call: a row whose count grows stays
 * put. `LogReader` reads them.
 */
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
    const known = this.#database.first(
      'SELECT rowid, seq, generation, kind, address, body FROM attempts WHERE id = ?',
      [attempt.id],
    );
    const isOfThisSnapshot = known !== undefined && Number(known['generation']) >= generation;
    if (isOfThisSnapshot && Number(known['seq']) >= attempt.seq) return false;
    const body = JSON.stringify(attempt);
    const kind = this.#kindOf(attempt);
    const address = addressTextOf(attempt.ip);
    const texts = [searchTextOf(attempt), body];
    if (known !== undefined && known['kind'] === kind && known['address'] === address) {
      this.#database.run(
        'UPDATE attempts SET seq = ?, generation = ?, calls = ?, search = ?, body = ? WHERE rowid = ?',
        [attempt.seq, generation, attempt.count, ...texts, Number(known['rowid'])],
      );
      return known['body'] !== body;
    }
    if (known === undefined) this.#count += 1;
    else this.#database.run('DELETE FROM attempts WHERE id = ?', [attempt.id]);
    this.#database.run(
      `INSERT INTO attempts (id, seq, generation, kind, address, hour, calls, search, body)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        attempt.id,
        attempt.seq,
        generation,
        // The deletion may have removed the kind with its last row.
        known === undefined ? kind : this.#kindOf(attempt),
        address,
        Math.floor(decodeTime(attempt.id) / HOUR_MS),
        attempt.count,
        ...texts,
      ],
    );
    return true;
  }

  #kindOf({ keyId, verdict, reason, country, asn }: Attempt): number {
    const fields = [keyId, verdict, reason, country ?? '', asn ?? 0];
    const known = this.#database.first(
      'SELECT id FROM attempt_kinds WHERE key_id = ? AND verdict = ? AND reason = ? AND country = ? AND asn = ?',
      fields,
    )?.['id'];
    if (typeof known === 'number') return known;
    const added = this.#database.first(
      'INSERT INTO attempt_kinds (key_id, verdict, reason, country, asn) VALUES (?, ?, ?, ?, ?) RETURNING id',
      fields,
    );
    return Number(added?.['id']);
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
}

/**
 * Returns the address as a text that sorts like addresses. A network in a flood comes right after its first address, so that no
 * address shares its text.
 */
function addressTextOf(ip: string): string {
  const slash = ip.indexOf('/');
  return (addressRangeOf(ip)?.first ?? '') + (slash < 0 ? '' : ip.slice(slash));
}
