import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '#demo/traffic/random';
import { waitFor } from '../../wait-for';
import type { Faults } from './faults';
import type { Member } from './member';
import { Traffic } from './traffic';

const FAULTS_AT_ONCE = 2;
const SHORTEST_FAULT_MS = 500;
const LONGEST_FAULT_MS = 6_000;
const LATEST_BEGIN_MS = 3_000;
const GOES_ON_MS = 1_000;
const WELL_WITHIN_MS = 60_000;

/**
 * Calls and edits while two faults happen, which the seed chooses, until all processes are well again. Prints what happened.
 * Resolves with the traffic, to be compared with the database.
 */
export async function runSchedule(
  seed: number,
  members: readonly Member[],
  faults: Faults,
): Promise<Traffic> {
  const random = randomFrom(`schedule ${seed}`);
  const [first] = members;
  const made = await first?.api('/v1/keys', { body: { name: 'k' } });
  await first?.api('/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
  const { secret } = made?.json as { secret: string };
  const traffic = new Traffic({ members, secret, random });
  await traffic.prepare();
  traffic.begin();

  const names = Object.keys(faults);
  const chosen = Array.from({ length: FAULTS_AT_ONCE }, () => ({
    name: random.pick(names),
    member: random.pick(members),
    beginMs: random.below(LATEST_BEGIN_MS),
    ms: random.int(SHORTEST_FAULT_MS, LONGEST_FAULT_MS),
  }));
  const ended = await Promise.allSettled(
    chosen.map(async ({ name, member, beginMs, ms }) => {
      await sleep(beginMs);
      await faults[name]?.({ member, members }, ms);
    }),
  );
  for (const end of ended) if (end.status === 'rejected') throw end.reason;

  const overAt = performance.now();
  await sleep(GOES_ON_MS);
  await traffic.end();
  await waitFor(
    'all processes to be well',
    async () => (await Promise.all(members.map((member) => member.isSettled()))).every(Boolean),
    WELL_WITHIN_MS,
  );
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const told = chosen.map(({ name, ms }) => `${name} for ${seconds(ms)}`).join('; ');
  const { calls, undecided, unanswered } = traffic;
  console.log(
    `schedule ${seed}: ${told}: ${calls} calls, ${undecided} undecided, ${unanswered} without an answer; well after ${seconds(performance.now() - overAt)}`,
  );
  return traffic;
}
