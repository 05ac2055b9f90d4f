import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '#demo/traffic/random';
import { createSequential } from '#shared/async/sequential';
import { FAULTS } from '#test/support/service/faults/faults';
import { findingsOf } from '#test/support/service/faults/findings';
import { Member } from '#test/support/service/faults/member';
import { Traffic } from '#test/support/service/faults/traffic';
import { hasPostgres } from '#test/support/service/postgres';
import { usePostgres } from '#test/support/service/postgres-world';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

/** More of them, from any seed on: docs/faults.md. */
const SCHEDULES = Number(process.env['GATEHOUSE_FAULT_SCHEDULES'] ?? 2);
const FIRST_SEED = Number(process.env['GATEHOUSE_FAULT_SEED'] ?? 1);
const SEEDS = Array.from({ length: SCHEDULES }, (_, n) => FIRST_SEED + n);

const FAULTS_AT_ONCE = 2;
const SHORTEST_FAULT_MS = 500;
const LONGEST_FAULT_MS = 6_000;
const LATEST_BEGIN_MS = 3_000;
const SETTLED_WITHIN_MS = 60_000;
const DEADLINE_MS = 180_000;

describe.skipIf(!hasPostgres())('two processes on one PostgreSQL, with two faults at once', () => {
  const world = usePostgres({ durable: true });

  it.each(SEEDS)(
    'lose nothing that was answered, do nothing twice, and let nobody in by mistake: schedule %i',
    { timeout: DEADLINE_MS },
    async (seed) => {
      const random = randomFrom(`schedule ${seed}`);
      const folder = makeTempDir('faults');
      const members: Member[] = [];
      try {
        for (const name of ['a', 'b']) members.push(await Member.create(world.url, folder, name));
        const [first] = members;
        const made = await first?.api('/v1/keys', { body: { name: 'k' } });
        await first?.api('/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
        const { secret } = made?.json as { secret: string };
        const traffic = new Traffic({ members, secret, random });
        await traffic.prepare();
        traffic.begin();

        const inTurn = createSequential();
        const names = Object.keys(FAULTS);
        const faults = Array.from({ length: FAULTS_AT_ONCE }, () => ({
          name: random.pick(names),
          member: random.pick(members),
          beginMs: random.below(LATEST_BEGIN_MS),
          ms: random.int(SHORTEST_FAULT_MS, LONGEST_FAULT_MS),
        }));
        const ended = await Promise.allSettled(
          faults.map(async ({ name, member, beginMs, ms }) => {
            await sleep(beginMs);
            await FAULTS[name]?.({ member, members, postgres: world.postgres, inTurn }, ms);
          }),
        );
        expect(ended.filter(({ status }) => status === 'rejected')).toEqual([]);
        const overAt = performance.now();
        await sleep(1_000);
        await traffic.end();
        await waitFor(
          'both processes to be well',
          async () => (await Promise.all(members.map((member) => member.isSettled()))).every(Boolean),
          SETTLED_WITHIN_MS,
        );
        const settledMs = performance.now() - overAt;

        const findings = await findingsOf(traffic, world.postgres, world.url, folder);
        const told = faults.map(({ name, ms }) => `${name} for ${(ms / 1_000).toFixed(1)} s`).join('; ');
        console.log(
          `schedule ${seed}: ${told}; ${traffic.calls} calls, ${traffic.undecided} undecided, ${traffic.unanswered} without an answer; well after ${(settledMs / 1_000).toFixed(1)} s`,
        );
        expect(findings).toEqual([]);
      } finally {
        await Promise.all(members.map((member) => member.remove()));
        removeTempDir(folder);
      }
    },
  );
});
