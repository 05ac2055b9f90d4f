import { decodeTime } from 'ulid';
import { addressRangeOf } from '#shared/domain/address-range';
import { searchTextsOf } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import { HOUR_MS } from '#shared/durations';
import { parseJson } from '../text';
import type { LocalDatabase } from './database';

/** The fraction of the limit that is freed at once, so that not every new row costs a deletion. */
const TRIM_SLACK = 0.01;
/** The number of rows that are deleted at once: more than an answer of the feed brings, and few enough that nobody waits. */
const TRIM_STEP = 1_000;

/** The fields by which a row is found. A row with another value in one of them is deleted and inserted again. */
const FOUND_BY = [
  'ip',
  'keyId',
  'keyName',
  'verdict',
  'reason',
  'country',
  'asn',
  'method',
  'path',
  'userAgent',
] as const satisfies readonly (keyof Attempt)[];

const ADD_PARTS = [
  'INSERT OR IGNORE INTO attempt_kinds (key_id, verdict, reason, country, asn, method) VALUES (?, ?, ?, ?, ?, ?)',
  'INSERT OR IGNORE INTO attempt_callers (text) VALUES (?)',
  'INSERT OR IGNORE INTO attempt_paths (text) VALUES (?)',
  'INSERT OR IGNORE INTO attempt_ips (address, text) VALUES (?, ?)',
];

/** Inserts a row if all parts that it refers to are there. */
const INSERT = `
  INSERT INTO attempts (id, seq, generation, kind, is_blocked, address, at, hour, calls, caller, path, body)
    SELECT ?, ?, ?, k.id, k.verdict = 'blocked', i.address, ?, ?, ?, c.id, p.id, ?
    FROM attempt_kinds k CROSS JOIN attempt_callers c CROSS JOIN attempt_paths p CROSS JOIN attempt_ips i
    WHERE k.key_id = ? AND k.verdict = ? AND k.reason = ? AND k.country = ? AND k.asn = ? AND k.method = ?
      AND c.text = ? AND p.text = ? AND i.address = ?`;

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
    const known = this.#database.first('SELECT rowid, seq, generation, body FROM attempts WHERE id = ?', [
      attempt.id,
    ]);
    const isOfThisSnapshot = known !== undefined && Number(known['generation']) >= generation;
    if (isOfThisSnapshot && Number(known['seq']) >= attempt.seq) return false;
    const body = JSON.stringify(attempt);
    if (known !== undefined && isFoundAlike(attempt, known['body'])) {
      this.#database.run('UPDATE attempts SET seq = ?, generation = ?, calls = ?, body = ? WHERE rowid = ?', [
        attempt.seq,
        generation,
        attempt.count,
        body,
        Number(known['rowid']),
      ]);
      return known['body'] !== body;
    }
    if (known === undefined) this.#count += 1;
    else this.#database.run('DELETE FROM attempts WHERE id = ?', [attempt.id]);
    this.#insert(attempt, generation, body);
    return true;
  }

  #insert(attempt: Attempt, generation: number, body: string): void {
    const { id, seq, count, keyId, verdict, reason, country, asn, method } = attempt;
    const { ip, caller, path } = searchTextsOf(attempt);
    const address = addressTextOf(attempt.ip);
    const kind = [keyId, verdict, reason, country ?? '', asn ?? 0, method ?? ''];
    const atMs = decodeTime(id);
    const row = [id, seq, generation, atMs, Math.floor(atMs / HOUR_MS), count, body];
    const parameters = [...row, ...kind, caller, path, address];
    if (this.#database.run(INSERT, parameters) > 0) return;
    const parts = [kind, [caller], [path], [address, ip]];
    for (const [index, sql] of ADD_PARTS.entries()) this.#database.run(sql, parts[index]);
    this.#database.run(INSERT, parameters);
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

function isFoundAlike(attempt: Attempt, body: unknown): boolean {
  const former = parseJson(body) as Partial<Attempt> | undefined;
  return FOUND_BY.every((field) => former?.[field] === attempt[field]);
}

/**
 * Returns the address as a text that sorts like addresses. A network in a flood comes right after its first address, so that no
 * address shares its text.
 */
function addressTextOf(ip: string): string {
  const slash = ip.indexOf('/');
  return (addressRangeOf(ip)?.first ?? '') + (slash < 0 ? '' : ip.slice(slash));
}
