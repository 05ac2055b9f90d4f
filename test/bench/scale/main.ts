import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Key } from '#shared/domain/entities';
import { startPostgres, type TestPostgres } from '#test/support/service/postgres';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { bundlePrograms, ROOT } from '../bundle';
import { processorMsOf, startProgram, type Program } from '../check/program';
import { heading, median, readable, table, target } from '../figures';
import { callApi, followChanges } from './console-load';
import { measureLatency } from './latency';

/**
 * What it costs that many consoles wait for changes: processor time of the service and of PostgreSQL for one edit, and for a
 * second of traffic, with and without them. Rounds with and without consoles take turns in one run.
 */

const TOKEN = 'bench-owner-token-0123456789';
const CONSOLES = 200;
/** A user may have 100 calls waiting. */
const USERS = 3;
const EDITS = 30;
const EDIT_EVERY_MS = 150;
const TRAFFIC_MS = 6_000;
const CALL_EVERY_MS = 25;
const ROUNDS = 3;

interface Cost {
  readonly serviceMs: number;
  readonly databaseMs: number;
}

interface World {
  readonly service: Program;
  readonly postgres: TestPostgres;
  readonly databaseUrl: string;
  readonly secret: string;
}

async function databaseMs({ postgres, databaseUrl }: World): Promise<number> {
  const rows = await postgres.query<{ pid: number }>(
    databaseUrl,
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'gatehouse'",
  );
  return rows.reduce((sum, { pid }) => sum + processorMsOf(pid), 0);
}

/** Returns the processor time that the work took. */
async function costOf(world: World, work: () => Promise<void>): Promise<Cost> {
  const before = { service: world.service.processorMs(), database: await databaseMs(world) };
  await work();
  return {
    serviceMs: world.service.processorMs() - before.service,
    databaseMs: (await databaseMs(world)) - before.database,
  };
}

async function edit({ service }: World, round: number): Promise<void> {
  for (let number = 0; number < EDITS; number += 1) {
    const cidr = `10.${round}.${number}.0/24`;
    await callApi(service.url, TOKEN, '/v1/ranges', { cidr });
    await sleep(EDIT_EVERY_MS);
  }
}

async function traffic({ service, secret }: World): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const endsAt = performance.now() + TRAFFIC_MS;
  while (performance.now() < endsAt) {
    await callApi(
      service.url,
      TOKEN,
      '/v1/check',
      undefined,
      {
        'api-key': secret,
        'x-forwarded-for': '198.51.100.7',
      },
      agent,
    );
    await sleep(CALL_EVERY_MS);
  }
  agent.destroy();
}

async function tokensOf({ url }: Program): Promise<readonly string[]> {
  const tokens: string[] = [];
  for (let number = 0; number < USERS; number += 1) {
    const email = `console-${number}@example.com`;
    const user = (await callApi(url, TOKEN, '/v1/users', { email, role: 'user', permissions: [] })) as {
      id: string;
    };
    const made = await callApi(url, TOKEN, `/v1/users/${user.id}/tokens`, { name: 'bench' });
    tokens.push((made as { secret: string }).secret);
  }
  return tokens;
}

async function measure(world: World): Promise<void> {
  const tokens = await tokensOf(world.service);
  const costs = { alone: [] as Cost[], followed: [] as Cost[], quiet: [] as Cost[], busy: [] as Cost[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    costs.alone.push(await costOf(world, () => edit(world, 2 * round)));
    costs.quiet.push(await costOf(world, () => traffic(world)));
    const consoles = await followChanges(world.service.url, tokens, CONSOLES);
    costs.followed.push(await costOf(world, () => edit(world, 2 * round + 1)));
    costs.busy.push(await costOf(world, () => traffic(world)));
    await consoles.stop();
  }
  const middle = (list: readonly Cost[], of: keyof Cost, by: number): number =>
    median(list.map((cost) => cost[of])) / by;
  const seconds = TRAFFIC_MS / 1_000;
  heading(`${CONSOLES} consoles that wait for changes, PostgreSQL`);
  table([
    ['processor time in ms', 'service', 'database'],
    ...(
      [
        ['one edit, no console', costs.alone, EDITS],
        ['one edit, all consoles', costs.followed, EDITS],
        ['a second of 40 calls, no console', costs.quiet, seconds],
        ['a second of 40 calls, all consoles', costs.busy, seconds],
      ] as const
    ).map(([name, list, by]) => [
      name,
      readable(middle(list, 'serviceMs', by)),
      readable(middle(list, 'databaseMs', by)),
    ]),
  ]);
  for (const of of ['serviceMs', 'databaseMs'] as const) {
    const ratio = middle(costs.followed, of, EDITS) / middle(costs.alone, of, EDITS);
    target(
      `one edit with consoles, of one without (${of === 'serviceMs' ? 'service' : 'database'})`,
      ratio,
      5,
      'at most',
    );
  }
}

async function measureConsoles(script: string): Promise<void> {
  const postgres = await startPostgres();
  const dataDir = makeTempDir('bench-scale');
  try {
    const databaseUrl = await postgres.createDatabase();
    const service = await startProgram(script, {
      GATEHOUSE_DATABASE_URL: databaseUrl,
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: '127.0.0.1:0',
      GATEHOUSE_OWNER_TOKEN: TOKEN,
      GATEHOUSE_IMPACT_WINDOW: 'off',
      GATEHOUSE_STOP_GRACE: 'off',
    });
    try {
      const made = await callApi(service.url, TOKEN, '/v1/keys', { name: 'bench' });
      const { secret } = made as { key: Key; secret: string };
      await measure({ service, postgres, databaseUrl, secret });
    } finally {
      await service.stop();
    }
  } finally {
    await postgres.remove();
    removeTempDir(dataDir);
  }
}

/** `npm run bench:scale -- --latency` leaves the consoles out. */
export const main = async (args: readonly string[]): Promise<number> => {
  const programs = await bundlePrograms('bench-scale', { service: join(ROOT, 'service/main.ts') });
  const script = join(programs, 'service.js');
  if (!args.includes('--latency')) await measureConsoles(script);
  await measureLatency(script);
  return 0;
};
