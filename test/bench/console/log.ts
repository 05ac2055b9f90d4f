import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import type { AttemptFilter } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import { DAY_MS, HOUR_MS } from '#shared/durations';
import { AttemptStore } from '#electron/core/store/attempts';
import { LogReader } from '#electron/core/store/log-reader';
import { ACCOUNT_MIGRATIONS } from '#electron/core/store/migrations';
import { openDatabase } from '#electron/core/store/open-database';
import { heading, median, target } from '../figures';
import { KEY_IDS, logRows, RARE_WORD } from './log-rows';

/**
 * The console's log of a million rows beside one of 10,000: what a row costs to write, how long each read takes, how long main is
 * held up meanwhile, and how much more memory a process needs that reads it.
 */

const UNTIL_MS = Date.UTC(2026, 0, 31);
const SMALL = 10_000;
const PAGE = 201;
const BATCH = 5_000;
const SECONDS_OF_WRITES = 5;
const ROWS_PER_SECOND = 1_000;
const REACH_MS = 150;

const FILTERS: Readonly<Record<string, AttemptFilter>> = {
  'first rows': {},
  blocked: { verdict: 'blocked' },
  reason: { reason: 'denied' },
  key: { keyId: KEY_IDS[19] },
  country: { country: 'SE' },
  network: { asn: 64_507 },
  address: { ip: '10.0.1.7' },
  range: { ip: '20.0.0.0/8' },
  'every address': { ip: '0.0.0.0/0' },
  'blocked, key and country': { verdict: 'blocked', keyId: KEY_IDS[0], country: 'FR' },
  nothing: { verdict: 'allowed', reason: 'denied' },
  'a day': { fromMs: UNTIL_MS - 2 * DAY_MS, toMs: UNTIL_MS - DAY_MS },
  'half of the time': { fromMs: UNTIL_MS - 15 * DAY_MS },
  'frequent text': { text: 'contacts' },
  'rare text': { text: RARE_WORD },
};
const GROUPED = [
  'first rows',
  'blocked',
  'country',
  'range',
  'every address',
  'a day',
  'half of the time',
  'rare text',
];

type Read = (log: LogReader) => Promise<unknown>;

/** Every read of the screen by name. */
function* reads(): Generator<readonly [string, Read]> {
  for (const [name, filter] of Object.entries(FILTERS)) {
    yield [`page, ${name}`, (log) => log.page(filter, { before: null, from: null, limit: PAGE })];
  }
  for (const [name, filter] of Object.entries(FILTERS)) yield [`count, ${name}`, (log) => log.count(filter)];
  for (const by of ['address', 'keyId', 'country', 'asn'] as const) {
    for (const name of GROUPED) {
      const filter = FILTERS[name] ?? {};
      yield [`groups by ${by}, ${name}`, (log) => log.groups(filter, by, { offset: 0, limit: 51 })];
    }
  }
  for (const [name, filter] of Object.entries(FILTERS)) {
    yield [`timeline, ${name}`, async (log) => log.timeline(filter, await bucketsOf(log))];
  }
  for (const name of GROUPED) {
    yield [`facets, ${name}`, (log) => log.facets(FILTERS[name] ?? {})];
  }
}

async function bucketsOf(log: LogReader) {
  const span = await log.span();
  const fromMs = Math.floor((span?.fromMs ?? 0) / HOUR_MS) * HOUR_MS;
  const bucketMs = 6 * HOUR_MS;
  return { fromMs, bucketMs, count: Math.ceil(((span?.toMs ?? 0) + 1 - fromMs) / bucketMs) };
}

const open = (file: string) => openDatabase(file, ACCOUNT_MIGRATIONS, 0).database;

/** Fills a store. Returns the microseconds for each of the last rows, which come in as many at once as in a second. */
export function fillLog(file: string, rows: number): number {
  const database = open(file);
  const store = new AttemptStore(database, () => 2 * rows);
  const put = (batch: readonly Attempt[]): void =>
    database.transaction(() => {
      for (const row of batch) store.put(row, 1);
    });
  const last = Math.min(rows, SECONDS_OF_WRITES * ROWS_PER_SECOND);
  const perRowUs: number[] = [];
  let done = 0;
  for (const batch of batches(logRows(rows, UNTIL_MS), () =>
    done < rows - last ? BATCH : ROWS_PER_SECOND,
  )) {
    const startedAt = performance.now();
    put(batch);
    if (done >= rows - last) perRowUs.push(((performance.now() - startedAt) * 1_000) / batch.length);
    done += batch.length;
  }
  database.close();
  return median(perRowUs);
}

function* batches<T>(source: Iterable<T>, sizeOf: () => number): Generator<readonly T[]> {
  let batch: T[] = [];
  for (const one of source) {
    batch.push(one);
    if (batch.length < sizeOf()) continue;
    yield batch;
    batch = [];
  }
}

interface Measured {
  /** The median milliseconds of each read. */
  readonly ms: Readonly<Record<string, number>>;
  /** The longest that the event loop was held up, in milliseconds. */
  readonly heldMs: number;
  /** The memory that the reads took. */
  readonly grownMib: number;
}

const MIB = 1_024 ** 2;

/** Reads a store as the app does, in this process. */
export async function readStore(file: string, runs: number): Promise<Measured> {
  const database = open(file);
  const log = new LogReader(database, file);
  const before = process.memoryUsage.rss();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const ms: Record<string, number> = {};
  for (const [name, read] of reads()) {
    const taken: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const startedAt = performance.now();
      await read(log);
      taken.push(performance.now() - startedAt);
    }
    ms[name] = median(taken);
  }
  delay.disable();
  const grownMib = (process.memoryUsage.rss() - before) / MIB;
  await log.close();
  database.close();
  return { ms, heldMs: delay.max / 1e6, grownMib };
}

const RUN = join(import.meta.dirname, '../run.mjs');

async function readElsewhere(file: string, runs: number): Promise<Measured> {
  const child = spawn(process.execPath, [RUN, 'console', '--read-log', file, String(runs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return JSON.parse(line) as Measured;
}

/** How many rows the large log has. */
export function largeLogRows(isQuick: boolean): number {
  return Number(process.env['GATEHOUSE_BENCH_ROWS'] ?? (isQuick ? 100_000 : 1_000_000));
}

export async function measureLog(folder: string, isQuick: boolean): Promise<void> {
  const rows = largeLogRows(isQuick);
  heading(`The log, ${rows} rows on this computer`);
  const [small, large] = [join(folder, 'small.sqlite'), join(folder, 'large.sqlite')];
  fillLog(small, SMALL);
  const rowUs = fillLog(large, rows);
  console.log(`  a row costs ${rowUs.toFixed(0)} us to write, ${ROWS_PER_SECOND} at once`);
  const runs = isQuick ? 3 : 7;
  const few = await readElsewhere(small, runs);
  const many = await readElsewhere(large, runs);
  for (const [what, ms] of Object.entries(many.ms)) target(`${what} (ms)`, ms, REACH_MS, 'at most');
  console.log(`  main was held up for at most ${many.heldMs.toFixed(0)} ms meanwhile`);
  console.log(
    `  reading takes ${few.grownMib.toFixed(0)} MiB with ${SMALL} rows, ${many.grownMib.toFixed(0)} MiB with all`,
  );
}
