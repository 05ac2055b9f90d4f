import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt, Mode, Review } from '#shared/domain/entities';
import { DATABASE_FILE } from '#service/storage/sqlite';
import { httpCall } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { bundlePrograms, ROOT } from '../bundle';
import { onProcessor, startProgram, type Program } from '../check/program';
import { OWNER, ownerCall, serviceEnv } from '../check/filled-service';
import { heading, percentile, target } from '../figures';
import { floodAddress, type Spread } from './addresses';
import { Caller } from './caller';

/**
 * One key is used from a million addresses within an hour, against the real service in a process of its own: by how much its
 * memory and its database grow, how long a restart takes afterwards, and how somebody else's key fares meanwhile.
 *
 * `npm run bench:flood -- 20000 3` takes so many addresses, and the third scenario alone; `-- 1000000 3 278` takes the hour
 * of the figure, at its rate.
 */

interface Scenario {
  readonly spread: Spread;
  readonly mode: Mode;
}

interface Load {
  readonly addresses: number;
  readonly callsPerSecond: number;
}

const SCENARIOS: readonly Scenario[] = [
  { spread: 'one /64', mode: 'manual' },
  { spread: 'IPv6', mode: 'manual' },
  { spread: 'IPv4', mode: 'manual' },
  { spread: 'IPv4', mode: 'deactivated' },
  { spread: 'IPv4', mode: 'learning' },
  { spread: 'IPv4', mode: 'automatic' },
];

const ADDRESSES = 1_000_000;
/** 36 times the rate of a million in an hour, so that nobody waits for an hour. */
const CALLS_PER_SECOND = 10_000;
const CONNECTIONS = 32;
/** A scenario ends after so long, whatever it has come to. */
const MAX_MS = 70 * 60_000;
const WARM_UP_CALLS = 20_000;
const REST_MS = 3_000;
const OTHER_PAUSE_MS = 20;
const MIB = 1_048_576;

const OFFICE = '198.18.0.1';
/** Every so many calls of the other key come from an address that nobody knows. */
const STRANGER_EVERY = 100;

const databaseMib = (dataDir: string): number =>
  readdirSync(dataDir)
    .filter((name) => name.startsWith(DATABASE_FILE))
    .reduce((sum, name) => sum + statSync(join(dataDir, name)).size, 0) / MIB;

/** Sends a call from each address, over several connections. Answers how many were sent, and the statuses of their answers. */
const flood = async (url: string, apiKey: string, spread: Spread, { addresses, callsPerSecond }: Load) => {
  const statuses = new Map<number, number>();
  const startedAt = performance.now();
  const endsAt = startedAt + MAX_MS;
  let next = 0;
  const connection = async (): Promise<void> => {
    const caller = new Caller(url);
    while (next < addresses && performance.now() < endsAt) {
      const ip = floodAddress(spread, next);
      const dueInMs = startedAt + (next * 1_000) / callsPerSecond - performance.now();
      next += 1;
      if (dueInMs > 0) await sleep(dueInMs);
      const { status } = await caller.ask(apiKey, ip);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    await caller.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return { sent: next, statuses };
};

/** Somebody else's key: calls from an office that is authorized, and now and then from an address that nobody knows. */
const otherKey = (url: string, apiKey: string, asks: boolean) => {
  const caller = new Caller(url);
  const waitedMs: number[] = [];
  const wrong: string[] = [];
  let strangers = 0;
  let isOver = false;
  const work = async (): Promise<void> => {
    for (let calls = 1; !isOver; calls += 1) {
      const isStranger = calls % STRANGER_EVERY === 0;
      if (isStranger) strangers += 1;
      const ip = isStranger ? `198.19.${strangers >> 8}.${strangers & 255}` : OFFICE;
      const startedAt = performance.now();
      const { status, head } = await caller.ask(apiKey, ip);
      waitedMs.push(performance.now() - startedAt);
      const isRight =
        isStranger && asks ? status === 401 && head.includes('x-gatehouse-review') : status === 200;
      if (!isRight) wrong.push(`${ip}: ${status}`);
      await sleep(OTHER_PAUSE_MS);
    }
    await caller.close();
  };
  const working = work();
  return {
    end: async () => {
      isOver = true;
      await working;
      return { waitedMs, wrong, strangers };
    },
  };
};

const itemsOf = async <T>(url: string, path: string): Promise<T[]> => {
  const { json } = await httpCall(`${url}${path}`, { headers: OWNER });
  return (json as { items: T[] }).items;
};

const keyOf = async (url: string, name: string): Promise<{ id: string; secret: string }> => {
  const answer = await ownerCall(`${url}/v1/keys`, 'POST', { name });
  const { key, secret } = answer as { key: { id: string }; secret: string };
  return { id: key.id, secret };
};

const warmUp = async (url: string, apiKey: string): Promise<void> => {
  const caller = new Caller(url);
  for (let calls = 0; calls < WARM_UP_CALLS; calls += 1) await caller.ask(apiKey, OFFICE);
  await caller.close();
};

const measure = async (script: string, { spread, mode }: Scenario, load: Load): Promise<void> => {
  heading(`${load.addresses.toLocaleString('en')} addresses, ${spread}, mode ${mode}`);
  const dataDir = makeTempDir('bench-flood');
  const start = (): Promise<Program> => startProgram(script, serviceEnv(dataDir), onProcessor(1));
  let service = await start();
  try {
    const { url } = service;
    await ownerCall(`${url}/v1/account/mode`, 'PUT', { mode });
    await ownerCall(`${url}/v1/ranges`, 'POST', { cidr: OFFICE });
    const leaked = await keyOf(url, 'Leaked');
    const other = await keyOf(url, 'Other');
    await warmUp(url, other.secret);
    const memoryBefore = service.residentMib();
    const databaseBefore = databaseMib(dataDir);
    let memoryPeak = memoryBefore;
    const watch = setInterval(() => (memoryPeak = Math.max(memoryPeak, service.residentMib())), 500);

    const others = otherKey(url, other.secret, mode === 'manual' || mode === 'automatic');
    const startedAt = performance.now();
    const processorBefore = service.processorMs();
    const { sent, statuses } = await flood(url, leaked.secret, spread, load);
    const seconds = (performance.now() - startedAt) / 1_000;
    const processorUs = ((service.processorMs() - processorBefore) * 1_000) / sent;
    const { waitedMs, wrong, strangers } = await others.end();
    await sleep(REST_MS);
    clearInterval(watch);
    const memoryAfter = service.residentMib();
    const databaseAfter = databaseMib(dataDir);

    const reviews = await itemsOf<Review>(url, `/v1/reviews?limit=1000&status=pending`);
    const asked = reviews.filter(({ keyId }) => keyId === other.id).length;
    const logged = (await itemsOf<Attempt>(url, `/v1/attempts?limit=1000&keyId=${other.id}`)).length;
    const rows = await itemsOf<Attempt>(url, `/v1/attempts?limit=1000&keyId=${leaked.id}`);
    await service.stop();
    const restartAt = performance.now();
    service = await start();
    const restartSeconds = (performance.now() - restartAt) / 1_000;

    const counts = [...statuses].map(([status, count]) => `${count} times ${status}`).join(', ');
    console.log(
      `  ${sent} calls in ${seconds.toFixed(0)} s (${counts}), ${processorUs.toFixed(0)} us of the processor each`,
    );
    console.log(`  the newest row of the log: ${rows[0]?.ip ?? 'none'}, ${rows[0]?.count ?? 0} calls`);
    console.log(
      `  memory ${memoryBefore.toFixed(0)} MiB before, ${memoryAfter.toFixed(0)} after; database ${databaseBefore.toFixed(1)}, ${databaseAfter.toFixed(1)} MiB`,
    );
    console.log(
      `  the other key: ${waitedMs.length} calls, p50 ${percentile(waitedMs, 0.5).toFixed(1)} ms, p99 ${percentile(waitedMs, 0.99).toFixed(1)} ms; ` +
        `${wrong.length} wrong answers; ${logged} rows, ${asked} of ${strangers} questions (the newest thousand of all)`,
    );
    target('memory grows by, MiB, at its peak', memoryPeak - memoryBefore, 64, 'at most');
    target('database grows by, MiB', databaseAfter - databaseBefore, 256, 'at most');
    target('start, seconds', restartSeconds, 3, 'at most');
  } finally {
    await service.stop();
    removeTempDir(dataDir);
  }
};

export const main = async (args: readonly string[]): Promise<number> => {
  const load = {
    addresses: Number(args[0] ?? ADDRESSES),
    callsPerSecond: Number(args[2] ?? CALLS_PER_SECOND),
  };
  const scenarios = args[1] === undefined ? SCENARIOS : SCENARIOS.slice(Number(args[1]) - 1, Number(args[1]));
  const programs = await bundlePrograms('bench-flood', { service: join(ROOT, 'service/main.ts') });
  for (const scenario of scenarios) await measure(join(programs, 'service.js'), scenario, load);
  return 0;
};
