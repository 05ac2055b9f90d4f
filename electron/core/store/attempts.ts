import { type AddressRange, addressRangeOf } from '#shared/domain/address-range';
import { type AttemptFilter, searchNeedleOf, searchTextOf } from '#shared/domain/attempt-filter';
import { type Attempt, attemptSchema } from '#shared/domain/entities';
import { parseJson } from '../text';
import type { LocalDatabase, SqlValue } from './database';

/** The part of the limit that is made free at once, so that not each new row costs a deletion. */
const TRIM_SLACK = 0.01;
/** Rows that are deleted at once: more than an answer of the feed brings, and few enough that nobody waits. */
const TRIM_STEP = 4_000;

/** Which part of the log: ids strictly below `before`, and not below `from`. */
export interface AttemptWindow {
  readonly before: string | null;
  readonly from: string | null;
  readonly limit: number;
}

/**
 * The newest rows of the log. Their order is that of their ids, which are ULIDs made at the first call of a row: a row
 * that is counted up keeps its place.
 */
export class AttemptStore {
  readonly #database: LocalDatabase;
  readonly #limit: () => number;
  #count: number;

  /** `limit` says how many rows are kept; it may change at any time. */
  constructor(database: LocalDatabase, limit: () => number) {
    this.#database = database;
    this.#limit = limit;
    this.#count = this.count();
  }

  count(): number {
    return Number(this.#database.first('SELECT count(*) AS n FROM attempts')?.['n'] ?? 0);
  }

  /**
   * Takes a row in unless it is known in a later state. What an earlier snapshot told counts for nothing: it may be of a
   * history that the service has lost. Returns whether anything changed.
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

  /**
   * Deletes what the service does not have, of a part that it has told in full in this generation: ids from `from` on,
   * and below `before`.
   */
  sweep(from: string, before: string | null, generation: number): void {
    this.#count -= this.#database.run(
      'DELETE FROM attempts WHERE id >= ? AND (? IS NULL OR id < ?) AND generation < ?',
      [from, before, before, generation],
    );
  }

  remove(id: string): void {
    this.#count -= this.#database.run('DELETE FROM attempts WHERE id = ?', [id]);
  }

  /** After changes that were rolled back. */
  recount(): void {
    this.#count = this.count();
  }

  /** How many rows there are, without asking the disk. */
  get size(): number {
    return this.#count;
  }

  /** Whether this many rows more stay within the limit. */
  hasRoomFor(rows: number): boolean {
    return this.#count + rows <= this.#limit();
  }

  /**
   * Deletes some of the oldest rows when there are more than the limit, so many that every write brings the log closer to
   * it. Gives the oldest id that is left when rows were deleted, else null.
   */
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

  /** Rows that match, newest first. */
  page(filter: AttemptFilter, window: AttemptWindow): readonly Attempt[] {
    const { where, parameters } = conditions(filter, window);
    const rows = this.#database.all(`SELECT body FROM attempts ${where} ORDER BY id DESC LIMIT ?`, [
      ...parameters,
      window.limit,
    ]);
    return rows.flatMap((row) => {
      const parsed = attemptSchema.safeParse(parseJson(row['body']));
      return parsed.success ? [parsed.data] : [];
    });
  }
}

/** The SQL of {@link attemptMatches}; a test holds the two against each other. */
function conditions(
  filter: AttemptFilter,
  window: AttemptWindow,
): { readonly where: string; readonly parameters: readonly SqlValue[] } {
  const terms: string[] = [];
  const parameters: SqlValue[] = [];
  const add = (term: string, ...values: readonly SqlValue[]): void => {
    terms.push(term);
    parameters.push(...values);
  };
  if (window.before !== null) add('id < ?', window.before);
  if (window.from !== null) add('id >= ?', window.from);
  if (filter.verdict !== undefined) add('verdict = ?', filter.verdict);
  if (filter.reason !== undefined) add('reason = ?', filter.reason);
  if (filter.keyId !== undefined) add('key_id = ?', filter.keyId);
  if (filter.ip !== undefined) {
    const { first, last } = addressRangeOf(filter.ip) ?? NO_ADDRESS;
    add('address BETWEEN ? AND ?', first, last);
  }
  const needle = searchNeedleOf(filter.text);
  if (needle !== '') add('instr(search, ?) > 0', needle);
  return { where: terms.length === 0 ? '' : `WHERE ${terms.join(' AND ')}`, parameters };
}

/** Above every address and below none: matches nothing. */
const NO_ADDRESS: AddressRange = { first: '~', last: '~' };
