import { statSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { exportAttempts } from '#service/log/query/export-attempts';
import { listAttempts } from '#service/log/query/list-attempts';
import { readFilter, type AttemptFilterQuery } from '#service/log/query/read-filter';
import { createRetention } from '#service/retention/retention';
import { summarizeAttempts } from '#service/log/query/summarize-attempts';
import { DATABASE_FILE } from '#service/storage/sqlite';
import { isoTime } from '#service/runtime/clock';
import { openLogWorld } from '#test/support/service/log-world';
import { manualClock } from '#test/support/manual-clock';
import { benchRows, RARE_COUNTRY, RARE_WORD } from './rows';

/**
 * The log with a million rows in SQLite, in process: how long a first page, a summary, an export and the retention
 * take, and how long each of them keeps everything else waiting.
 */

const ROWS = Number(process.env['GATEHOUSE_BENCH_ROWS'] ?? 1_000_000);
const RUNS = 7;
const DAY_MS = 86_400_000;

interface Measured {
  readonly ms: number;
  /** The longest that the event loop was held meanwhile, in milliseconds. */
  readonly heldMs: number;
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

const measure = async (work: () => Promise<unknown>): Promise<Measured> => {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await settle();
  delay.reset();
  const startedAt = performance.now();
  await work();
  const ms = performance.now() - startedAt;
  await settle();
  delay.disable();
  return { ms, heldMs: delay.max / 1e6 };
};

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};

const report = (what: string, measured: readonly Measured[], note = ''): void => {
  const ms = median(measured.map((one) => one.ms)).toFixed(1);
  const held = Math.max(...measured.map((one) => one.heldMs)).toFixed(0);
  console.log(`${what.padEnd(46)} ${ms.padStart(9)} ms   held at most ${held.padStart(3)} ms   ${note}`);
};

const repeat = async (runs: number, work: () => Promise<unknown>): Promise<Measured[]> => {
  const measured: Measured[] = [];
  for (let run = 0; run < runs; run += 1) measured.push(await measure(work));
  return measured;
};

/** Runs the benchmark and prints its figures; it has no limits to keep. */
export const main = async (): Promise<number> => {
  const clock = manualClock(Date.UTC(2026, 6, 1));
  const now = clock.now();
  console.log(`Filling the log with ${ROWS} rows …`);
  const world = await openLogWorld(
    clock,
    ['Rare', 'Shop', 'Billing', 'Reports', 'Mobile', 'Partner'],
    (keys) => benchRows(keys, ROWS, now),
  );
  const { context, policy, keys } = world;
  const databaseMb = (): number => statSync(join(world.dataDir, DATABASE_FILE)).size / 1e6;
  const reader = context.storage.read.attemptScans;
  const accountId = policy.id;
  console.log(
    `insert ${((world.insertMs / ROWS) * 1e3).toFixed(1)} µs a row, all indexes; ${databaseMb().toFixed(0)} MB\n`,
  );

  const [rareKey, usualKey] = keys;
  const filters: readonly (readonly [string, AttemptFilterQuery])[] = [
    ['no filter', {}],
    ['a busy address', { ip: '10.0.20.7' }],
    ['an address that is not there', { ip: '203.0.113.9' }],
    ['a network with a few rows (/16)', { ip: '93.184.0.0/16' }],
    ['a network with many rows (10.0.0.0/24)', { ip: '10.0.20.0/24' }],
    ['a very wide network (/4)', { ip: '96.0.0.0/4' }],
    ['a rare key', { keyId: rareKey?.id }],
    ['a usual key', { keyId: usualKey?.id }],
    ['blocked', { verdict: 'blocked' }],
    ['reason denied', { reason: 'denied' }],
    ['reason revoked_key (none)', { reason: 'revoked_key' }],
    ['a rare country', { country: RARE_COUNTRY }],
    ['a usual country', { country: 'DE' }],
    ['a day two months ago', { from: isoTime(now - 60 * DAY_MS), to: isoTime(now - 59 * DAY_MS) }],
    ['blocked, usual key, usual country', { verdict: 'blocked', keyId: usualKey?.id, country: 'DE' }],
    ['text: frequent', { q: 'smtp' }],
    ['text: rare', { q: RARE_WORD }],
    ['text: nowhere', { q: 'no such text' }],
  ];

  console.log('First page of 100, newest first');
  for (const [what, query] of filters) {
    const filter = readFilter(query, policy);
    let found = 0;
    const measured = await repeat(RUNS, async () => {
      const page = await listAttempts(reader, { accountId, filter, order: 'newest', limit: 100 });
      found = page.items.length;
    });
    report(what, measured, `${found} rows`);
  }

  console.log('\nSummary');
  const summaries: readonly (readonly [string, AttemptFilterQuery])[] = [
    ['everything', {}],
    ['the last day', { from: isoTime(now - DAY_MS) }],
    ['the last week', { from: isoTime(now - 7 * DAY_MS) }],
    ['blocked', { verdict: 'blocked' }],
    ['a network (10.0.20.0/24)', { ip: '10.0.20.0/24' }],
    ['text: rare', { q: RARE_WORD }],
  ];
  const { signal } = new AbortController();
  for (const [what, query] of summaries) {
    const filter = readFilter(query, policy);
    let calls = 0;
    const measured = await repeat(3, async () => {
      const summary = await summarizeAttempts(reader, {
        accountId,
        filter,
        top: 10,
        now,
        signal,
        keyName: (keyId) => keyId,
      });
      calls = summary.total.allowed + summary.total.blocked;
    });
    report(what, measured, `${calls} calls`);
  }

  console.log('\nExport of everything');
  for (const format of ['csv', 'ndjson'] as const) {
    let bytes = 0;
    const measured = await repeat(1, async () => {
      for await (const piece of exportAttempts(reader, accountId, {}, format))
        bytes += Buffer.byteLength(piece);
    });
    const seconds = (measured[0]?.ms ?? Number.NaN) / 1e3;
    report(
      format,
      measured,
      `${Math.round(ROWS / seconds)} rows/s, ${(bytes / 1e6 / seconds).toFixed(0)} MB/s, RSS ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`,
    );
  }

  console.log('\nRetention');
  const log = { write: () => undefined };
  const rowsLeft = async (): Promise<number> =>
    context.storage.read.attemptScans.count(accountId, {}, { order: 'oldest', near: '', far: '~' }, ROWS);
  const sweepWith = async (what: string, retentionMs: number, maxAttempts: number): Promise<void> => {
    const before = await rowsLeft();
    const retention = createRetention({ context, log, retentionMs, foldWindowMs: 60_000, maxAttempts });
    const measured = await repeat(1, () => retention.sweep());
    const gone = before - (await rowsLeft());
    const perSecond = Math.round(gone / ((measured[0]?.ms ?? Number.NaN) / 1e3));
    report(what, measured, `${gone} rows, ${perSecond} rows/s`);
  };
  await sweepWith('nothing to do', 91 * DAY_MS, ROWS * 2);
  await sweepWith('a tenth is too old', 81 * DAY_MS, ROWS * 2);
  await sweepWith('too many: down to half', 90 * DAY_MS, ROWS / 2);

  await world.close();
  return 0;
};
