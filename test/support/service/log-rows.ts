import Database from 'libsql';
import { join } from 'node:path';
import { encodeTime } from 'ulid';
import type { Reason } from '#shared/domain/entities';
import { firstAddress, parseAddress, parseCidr, sortableAddress } from '#shared/ip/index';
import { VERDICT_OF } from '#service/log/reasons';
import type { AttemptRow } from '#service/storage/repositories/attempts';
import { DATABASE_FILE } from '#service/storage/sqlite';

/** One row of the log, with the fields that tests set. Times are milliseconds. */
export interface LogRow {
  readonly id: string;
  readonly ip: string;
  readonly keyId: string;
  readonly reason: Reason;
  readonly firstAt: number;
  readonly lastAt?: number;
  readonly count?: number;
  readonly path?: string | null;
  readonly userAgent?: string | null;
  readonly country?: string | null;
  readonly asn?: number | null;
  readonly asName?: string | null;
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_DIGITS = 16;

/** Returns an id of that time; the numbers order ids of one millisecond. */
export function idAt(timeMs: number, number: number): string {
  let text = '';
  for (let rest = number; text.length < RANDOM_DIGITS; rest = Math.floor(rest / CROCKFORD.length)) {
    text = CROCKFORD.charAt(rest % CROCKFORD.length) + text;
  }
  return encodeTime(timeMs, 10) + text;
}

function sortText(ip: string): string {
  const network = parseCidr(ip);
  if (network !== undefined) return sortableAddress(firstAddress(network));
  const parsed = parseAddress(ip);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return sortableAddress(parsed.address);
}

export function attemptRowOf(row: LogRow, accountId: string, seq: number): AttemptRow {
  return {
    id: row.id,
    account_id: accountId,
    changed_seq: seq,
    ip: row.ip,
    ip_sort: sortText(row.ip),
    key_id: row.keyId,
    verdict: VERDICT_OF[row.reason],
    reason: row.reason,
    would_be: row.reason === 'reported' ? 'unknown' : null,
    range_id: null,
    review_id: null,
    first_at: row.firstAt,
    last_at: row.lastAt ?? row.firstAt,
    count: row.count ?? 1,
    method: 'GET',
    path: row.path ?? null,
    user_agent: row.userAgent ?? null,
    country: row.country ?? null,
    asn: row.asn ?? null,
    as_name: row.asName ?? null,
  };
}

const ROWS_A_TRANSACTION = 1_000;

/**
 * Inserts rows into the log of the only account of a closed SQLite database, because calls for a million of them would take
 * too long. Returns the time of the inserts in milliseconds.
 */
export function insertLogRows(dataDir: string, rows: Iterable<LogRow>): number {
  const database = new Database(join(dataDir, DATABASE_FILE));
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    const account = database.prepare('SELECT id, seq FROM accounts').get() as { id: string; seq: number };
    const columns = Object.keys(
      attemptRowOf({ id: '', ip: '::', keyId: '', reason: 'denied', firstAt: 0 }, '', 0),
    );
    const places = columns.map(() => '?').join(', ');
    const insert = database.prepare(`INSERT INTO attempts (${columns.join(', ')}) VALUES (${places})`);
    let { seq } = account;
    let spentMs = 0;
    const write = (batch: readonly AttemptRow[]): void => {
      const startedAt = performance.now();
      database.exec('BEGIN');
      for (const row of batch) insert.run(...(Object.values(row) as unknown[]));
      database.exec('COMMIT');
      spentMs += performance.now() - startedAt;
    };
    let batch: AttemptRow[] = [];
    for (const row of rows) {
      seq += 1;
      batch.push(attemptRowOf(row, account.id, seq));
      if (batch.length === ROWS_A_TRANSACTION) {
        write(batch);
        batch = [];
      }
    }
    write(batch);
    database.prepare('UPDATE accounts SET seq = ?').run(seq);
    database.pragma('journal_mode = DELETE');
    return spentMs;
  } finally {
    database.close();
  }
}
