import fc from 'fast-check';
import { afterAll, it } from 'vitest';
import type { Range, Review } from '#shared/domain/entities';
import { manualClock } from '../manual-clock';
import { addPerson } from '../service/people';
import { OWNER_TOKEN, startTestService, type TestService } from '../service/test-service';
import { makeMemoryDir, removeTempDir } from '../temp-dir';
import { checkEnd, decideEverything } from './sync-checks';
import { step, type Step, take } from './sync-steps';
import { SyncWorld } from './sync-world';

/** A service is replaced after so many schedules, because its data slows them down. */
const SCHEDULES_A_SERVICE = 15;

/** These addresses call for the first time, because the service may count repeated calls at any later time. */
function callersOf(schedule: number): readonly string[] {
  const n = schedule % SCHEDULES_A_SERVICE;
  return [`198.51.100.${8 + n}`, `203.0.113.${n}`, `2001:db8::${n + 7}`];
}

/** The stage for schedules, one after the other. */
interface Stage {
  readonly world: SyncWorld;
  readonly service: TestService;
  readonly folders: readonly string[];
  /** An API key. */
  readonly secret: string;
}

/** Removes all ranges and answers all reviews. */
async function clear(service: TestService): Promise<void> {
  const open = (await service.api('/v1/reviews?status=pending&limit=1000')).json as { items: Review[] };
  for (const { id } of open.items) await service.api(`/v1/reviews/${id}/deny`, { body: {} });
  const { items } = (await service.api('/v1/ranges?limit=1000')).json as { items: Range[] };
  for (const { id } of items) await service.api(`/v1/ranges/${id}`, { method: 'DELETE' });
}

/** The environment sets a longer run, or one that repeats a failed schedule. */
const { env } = process;
const SCHEDULES = Number(env['GATEHOUSE_SYNC_SCHEDULES'] ?? 240);

/**
 * Runs random schedules of operations, faults, crashes and restarts on three consoles, one of them another user's, and one
 * real service. At the end all of them agree, whatever happened in between. `GATEHOUSE_SYNC_SCHEDULES` sets how many
 * schedules run in all; `GATEHOUSE_SYNC_SEED` and `GATEHOUSE_SYNC_PATH` repeat a failure's output. `share` is the part of
 * all schedules that runs here.
 */
export function testSyncModel(share: number): void {
  const clock = manualClock();
  let stage: Stage | null = null;
  const seed = Number(env['GATEHOUSE_SYNC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const ran = { schedules: 0, edits: 0, operations: 0 };

  const tearDown = async (): Promise<void> => {
    if (stage === null) return;
    const { world, service, folders } = stage;
    stage = null;
    await world.stop();
    await service.stop();
    folders.forEach(removeTempDir);
  };
  const setUp = async (): Promise<Stage> => {
    const folders = [makeMemoryDir('sync-service'), makeMemoryDir('sync')] as const;
    const service = await startTestService({ clock, dataDir: folders[0] });
    const { secret } = await service.createKey();
    const world = new SyncWorld(service, folders[1], (ms) => clock.advance(ms));
    stage = { world, service, folders, secret };
    const person = await addPerson(service, { permissions: ['authorized_ips'] });
    for (const token of [OWNER_TOKEN, OWNER_TOKEN, person.secret]) await world.addConsole(token);
    return stage;
  };

  const play = async (steps: readonly Step[]): Promise<void> => {
    if (ran.schedules % SCHEDULES_A_SERVICE === 0) await tearDown();
    const { world, service, secret } = stage ?? (await setUp());
    try {
      await clear(service);
      await service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
      for (const ip of callersOf(ran.schedules)) await service.check(secret, ip);
      await world.heal();
      world.begin();
      for (const next of steps) await take(world, next);
      await world.deliverEchoes();
      await decideEverything(world);
      if (await world.deliverEchoes()) await world.heal();
      await checkEnd(world);
      ran.operations += world.results.size;
      for (const { accepted } of world.consoles) ran.edits += accepted.size;
      ran.schedules += 1;
    } catch (error) {
      // The next schedule must start clean.
      await tearDown();
      throw error;
    }
  };

  afterAll(async () => {
    await tearDown();
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
