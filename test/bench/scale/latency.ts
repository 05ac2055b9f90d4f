import { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, type TestPostgres } from '#test/support/service/postgres';
import { startTcpProxy, type TcpProxy } from '#test/support/service/tcp-proxy';
import { watchFirstSeenWrites } from '#test/support/service/write-round-trips';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { ownerCall, serviceEnv } from '../check/filled-service';
import { startProgram, type Program } from '../check/program';
import { median, heading, percentile, readable, table, target } from '../figures';
import { floodAddress } from '../flood/addresses';
import { Caller } from '../flood/caller';

/**
 * How many calls from addresses that were never seen before the service answers per second, by the round trip of the network to
 * PostgreSQL. Each such call is on disk before its answer, so it waits for a write transaction. PostgreSQL waits for the disk. Target: docs/behaviour.md 9.11.
 */

const CALLERS = 32;
const WARM_UP_MS = 2_000;
const MEASURED_MS = 6_000;
const PROBE_EVERY_MS = 50;
const GOAL = 1_000;
const ALL_ADDRESSES = ['0.0.0.0/1', '128.0.0.0/1'];

type Outcome = 'blocked' | 'let in';
const STATUS: Record<Outcome, number> = { blocked: 401, 'let in': 200 };

interface Scenario {
  readonly outcome: Outcome;
  readonly processes: number;
  readonly roundTripMs: number;
}

const SCENARIOS: readonly Scenario[] = (['blocked', 'let in'] as const).flatMap((outcome) =>
  [1, 2].flatMap((processes) => [0, 1, 5].map((roundTripMs) => ({ outcome, processes, roundTripMs }))),
);

interface Figures {
  readonly perSecond: number;
  readonly waitedMs: readonly number[];
  readonly failed: number;
  /** The round trips of each write transaction. */
  readonly roundTrips: readonly number[];
  /** What a round trip really took, beside the load. */
  readonly probedMs: readonly number[];
}

/** Asks the database for nothing, again and again, until it is stopped. */
async function probe(databaseUrl: string): Promise<{ stop(): Promise<readonly number[]> }> {
  const client = new Client(databaseUrl);
  await client.connect();
  const tookMs: number[] = [];
  let isOver = false;
  const work = async (): Promise<void> => {
    while (!isOver) {
      const startedAt = performance.now();
      await client.query('SELECT 1');
      tookMs.push(performance.now() - startedAt);
      await sleep(PROBE_EVERY_MS);
    }
    await client.end();
  };
  const probing = work();
  return {
    stop: async () => {
      isOver = true;
      await probing;
      return tookMs;
    },
  };
}

/** Calls from a new address each time, every caller with a key of its own, so that no key is in a flood. */
async function load(
  services: readonly Program[],
  secrets: readonly string[],
  wanted: Outcome,
  roundTrips: readonly number[],
  databaseUrl: string,
): Promise<Figures> {
  const beginsAt = performance.now() + WARM_UP_MS;
  const endsAt = beginsAt + MEASURED_MS;
  const waitedMs: number[] = [];
  let failed = 0;
  let next = 0;
  const call = async (caller: Caller, secret: string): Promise<void> => {
    while (performance.now() < endsAt) {
      const ip = floodAddress('IPv4', next);
      next += 1;
      const startedAt = performance.now();
      const { status } = await caller.ask(secret, ip);
      const now = performance.now();
      if (now < beginsAt || now > endsAt) continue;
      if (status === STATUS[wanted]) waitedMs.push(now - startedAt);
      else failed += 1;
    }
    await caller.close();
  };
  const calling = secrets.map((secret, n) =>
    call(new Caller(services[n % services.length]?.url ?? ''), secret),
  );
  await sleep(WARM_UP_MS);
  const writesBefore = roundTrips.length;
  const probing = await probe(databaseUrl);
  await sleep(endsAt - performance.now());
  const measured = roundTrips.slice(writesBefore);
  const probedMs = await probing.stop();
  await Promise.all(calling);
  return {
    perSecond: (waitedMs.length * 1_000) / MEASURED_MS,
    waitedMs,
    failed,
    roundTrips: measured,
    probedMs,
  };
}

async function prepare(url: string, outcome: Outcome): Promise<readonly string[]> {
  await ownerCall(`${url}/v1/account/mode`, 'PUT', { mode: 'manual' });
  for (const cidr of outcome === 'let in' ? ALL_ADDRESSES : []) {
    await ownerCall(`${url}/v1/ranges`, 'POST', { cidr, allowWide: true });
  }
  const secrets: string[] = [];
  for (let n = 0; n < CALLERS; n += 1) {
    const made = await ownerCall(`${url}/v1/keys`, 'POST', { name: `bench ${n}` });
    secrets.push((made as { secret: string }).secret);
  }
  return secrets;
}

/** Delays in one direction alone where the round trip is odd, because timers are whole milliseconds. */
function delayRoundTrips(line: TcpProxy, roundTripMs: number): void {
  const toServerMs = Math.floor(roundTripMs / 2);
  line.delay(toServerMs, roundTripMs - toServerMs);
}

async function measure(script: string, postgres: TestPostgres, scenario: Scenario): Promise<Figures> {
  const { outcome, processes, roundTripMs } = scenario;
  const url = new URL(await postgres.createDatabase());
  const line = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(line.port);
  const roundTrips = watchFirstSeenWrites(line);
  const services: Program[] = [];
  const dataDirs: string[] = [];
  try {
    for (let n = 0; n < processes; n += 1) {
      const dataDir = makeTempDir('bench-latency');
      dataDirs.push(dataDir);
      const env = {
        ...serviceEnv(dataDir),
        GATEHOUSE_DATABASE_URL: url.href,
        GATEHOUSE_IMPACT_WINDOW: 'off',
        GATEHOUSE_STOP_GRACE: 'off',
        // A call that waits for the database must not be answered without it.
        GATEHOUSE_STALE_POLICY: 'off',
      };
      services.push(await startProgram(script, env));
    }
    const secrets = await prepare(services[0]?.url ?? '', outcome);
    delayRoundTrips(line, roundTripMs);
    return await load(services, secrets, outcome, roundTrips, url.href);
  } finally {
    line.delay(0);
    for (const service of services) await service.stop();
    await line.close();
    for (const dataDir of dataDirs) removeTempDir(dataDir);
  }
}

const nameOf = ({ outcome, processes, roundTripMs }: Scenario): string =>
  `${outcome}, ${processes === 1 ? 'one process' : 'two processes'}, ${roundTripMs} ms`;

/** Prints the figures for each round trip, with one process and with two. */
export async function measureLatency(script: string): Promise<void> {
  const postgres = await startPostgres({ durable: true });
  const measured: { readonly name: string; readonly figures: Figures }[] = [];
  try {
    for (const scenario of SCENARIOS) {
      measured.push({ name: nameOf(scenario), figures: await measure(script, postgres, scenario) });
    }
  } finally {
    await postgres.remove();
  }
  heading(`first-seen calls of ${CALLERS} callers, by the round trip to PostgreSQL`);
  table([
    ['', 'round trip, ms', 'calls/s', 'p50, ms', 'p99, ms', 'failed', 'writes/s', 'round trips of one'],
    ...measured.map(({ name, figures: { perSecond, waitedMs, failed, roundTrips, probedMs } }) => [
      name,
      median(probedMs).toFixed(1),
      readable(perSecond),
      percentile(waitedMs, 0.5).toFixed(1),
      percentile(waitedMs, 0.99).toFixed(1),
      String(failed),
      readable((roundTrips.length * 1_000) / MEASURED_MS),
      String(median(roundTrips)),
    ]),
  ]);
  for (const { name, figures } of measured) {
    target(`first-seen calls a second, ${name}`, figures.perSecond, GOAL, 'at least');
  }
}
