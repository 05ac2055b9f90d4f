import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, it } from 'vitest';
import type { Range, Review } from '#shared/domain/entities';
import { manualClock } from '../manual-clock';
import { startTestService, type TestService } from '../service/test-service';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { checkEnd, decideEverything } from './sync-checks';
import { step, type Step, take } from './sync-steps';
import { SyncWorld } from './sync-world';

/** Schedules on one service, which grows slower with what they leave in it. */
const SCHEDULES_A_SERVICE = 15;
/** Addresses that ask for the first time: repeated calls are counted by the service whenever it likes. */
const callersOf = (schedule: number): readonly string[] => {
  const n = schedule % SCHEDULES_A_SERVICE;
  return [`198.51.100.${8 + n}`, `203.0.113.${n}`, `2001:db8::${n + 7}`];
};

/** Settings of a longer run, or of one that repeats a schedule that failed, from the environment. */
const { env } = process;
const SCHEDULES = Number(env['GATEHOUSE_SYNC_SCHEDULES'] ?? 1_000);

/**
 * Consoles and one real service, in random schedules of edits, faults, crashes and restarts. At the end everything is
 * where it should be, whatever the network and the computers did in between.
 *
 * `GATEHOUSE_SYNC_SCHEDULES` sets how many schedules run in all; `GATEHOUSE_SYNC_SEED` and `GATEHOUSE_SYNC_PATH` repeat
 * what a failure printed. `share` is the part of all schedules that runs here.
 */
export function testSyncModel(share: number): void {
  const clock = manualClock();
  let service: TestService | null = null;
  let secret = '';
  /** What a console keeps that has just been connected. */
  let connected = '';
  const seed = Number(env['GATEHOUSE_SYNC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const ran = { schedules: 0, edits: 0, operations: 0 };

  const running = (): TestService => {
    if (service === null) throw new Error('there is no service');
    return service;
  };
  const freshService = async (): Promise<void> => {
    if (ran.schedules % SCHEDULES_A_SERVICE === 0) {
      await service?.stop();
      service = await startTestService({ clock });
      ({ secret } = await service.createKey());
      if (connected !== '') removeTempDir(connected);
      connected = await connectOnce();
    }
    ran.schedules += 1;
  };
  const connectOnce = async (): Promise<string> => {
    const root = makeTempDir('sync-connected');
    const world = new SyncWorld(running, root, (ms) => clock.advance(ms));
    await world.addConsole();
    await world.heal();
    await world.stop();
    return root;
  };
  /** An empty list and no open question for the next schedule. */
  const clear = async (): Promise<void> => {
    const open = (await running().api('/v1/reviews?status=pending&limit=1000')).json as { items: Review[] };
    for (const { id } of open.items) await running().api(`/v1/reviews/${id}/deny`, { body: {} });
    const { items } = (await running().api('/v1/ranges?limit=1000')).json as { items: Range[] };
    for (const { id } of items) await running().api(`/v1/ranges/${id}`, { method: 'DELETE' });
  };

  const play = async (steps: readonly Step[]): Promise<void> => {
    await freshService();
    const root = makeTempDir('sync');
    const world = new SyncWorld(running, root, (ms) => clock.advance(ms));
    try {
      await running().api('/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
      for (const ip of callersOf(ran.schedules)) await running().check(secret, ip);
      const like = join(connected, 'console-0', 'start-0');
      await world.addConsole(like);
      await world.addConsole(like);
      for (const next of steps) await take(world, next);
      await world.deliverEchoes();
      await decideEverything(world);
      await world.deliverEchoes();
      await world.heal();
      await checkEnd(world);
      ran.operations += world.results.size;
      for (const { accepted } of world.consoles) ran.edits += accepted.size;
    } finally {
      await world.stop();
      removeTempDir(root);
      await clear();
    }
  };

  afterAll(async () => {
    await service?.stop();
    if (connected !== '') removeTempDir(connected);
    console.log(
      `Seed ${seed}: ${ran.schedules} schedules, ${ran.edits} edits, ${ran.operations} operations at the service`,
    );
  });

  it('consoles and the service agree in the end, every edit took effect once, and none vanished', async () => {
    const path = env['GATEHOUSE_SYNC_PATH'];
    const schedule = fc.array(step, { minLength: 4, maxLength: 24, size: 'max' });
    await fc.assert(fc.asyncProperty(schedule, play), {
      numRuns: Math.ceil(SCHEDULES * share),
      seed,
      ...(path === undefined ? {} : { path }),
    });
  }, 3_600_000);
}
