import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changesResponse } from '#shared/api/contract';
import type { Source } from '#shared/domain/source';
import { manualClock } from '#test/support/manual-clock';
import { startListServer, type ListServer } from '#test/support/service/list-server';
import { sourcesOf } from '#test/support/service/source-world';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const PRIVATE = { GATEHOUSE_SOURCE_PRIVATE: 'on' };

async function withService(
  work: (service: TestService, server: ListServer, clock: ReturnType<typeof manualClock>) => Promise<void>,
): Promise<void> {
  const clock = manualClock();
  const service = await startTestService({ clock, env: PRIVATE });
  const server = await startListServer();
  try {
    await work(service, server, clock);
  } finally {
    await service.stop();
    await server.close();
  }
}

/** One thing that happens to a source. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ list: fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 12 }) }),
  },
  { weight: 2, arbitrary: fc.constantFrom({ fails: true as const }) },
  { weight: 1, arbitrary: fc.constantFrom({ restarts: true as const }) },
  { weight: 1, arbitrary: fc.record({ effect: fc.constantFrom('authorize', 'deny') }) },
);

it('the ranges of a source are those that it yielded last, whatever happens to it', async () => {
  await withService(async (service, server, clock) => {
    const sources = sourcesOf(service);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        server.list('198.51.100.255\n');
        const { id } = await sources.add({ kind: 'url', spec: { url: server.url }, minSharePercent: 0 });
        let last = await sources.tried(id);
        let expected = ['198.51.100.255/32'];
        let effect = 'authorize';
        for (const each of steps) {
          const before: Source = last;
          clock.advance(1_000);
          if ('restarts' in each) {
            await service.restart();
            continue;
          }
          if ('effect' in each) {
            effect = each.effect;
            await sources.change(id, { effect });
          } else {
            if ('fails' in each) server.serve((_request, response) => response.writeHead(500).end());
            else server.list(each.list.map((n) => `203.0.113.${n}\n`).join(''));
            // An empty list is not taken.
            if ('list' in each && each.list.length > 0) expected = each.list.map((n) => `203.0.113.${n}/32`);
            await sources.refresh(id);
          }
          last = await sources.tried(id, before.lastTriedAt);
        }
        const ranges = await sources.ranges(id);
        expect(ranges.map(({ cidr }) => cidr).sort()).toEqual([...expected].sort());
        expect(ranges.every((range) => range.effect === effect)).toBe(true);
        expect(await sources.get(id)).toMatchObject({ rangeCount: expected.length });
        expect((await sources.list()).filter(({ sourceId }) => sourceId === id)).toHaveLength(
          expected.length,
        );
        await sources.remove(id);
        expect(await sources.list()).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});

it('a source of 100,000 ranges is taken while calls are answered, and a reader of the feed gets them', async () => {
  await withService(async (service, server) => {
    const sources = sourcesOf(service);
    const { secret } = await service.createKey();
    const lines = Array.from({ length: 100_000 }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}\n`);
    server.list(lines.join(''));
    const revision = async (): Promise<number> =>
      ((await service.api('/v1/account')).json as { revision: number }).revision;
    const before = await revision();
    const { id } = await sources.add({ kind: 'url', spec: { url: server.url } });
    // Each call comes from a new address, so that its row has to be written between the batches.
    let answered = 0;
    await waitFor(
      'all ranges to be there',
      async () => {
        const { rangeCount } = await sources.get(id);
        if (rangeCount === lines.length) return true;
        const { status } = await service.check(secret, `203.0.113.${answered % 250}`);
        if (status === 401) answered += 1;
        return false;
      },
      120_000,
    );
    expect(answered).toBeGreaterThan(20);
    expect(await revision()).toBe(before + 2);
    // Memory follows the commit that the count was read from.
    await waitFor(
      'the last range to be enforced',
      async () => (await service.check(secret, '10.1.134.159')).status === 200,
      1_000,
    );
    expect((await service.check(secret, '10.1.134.160')).status).toBe(401);

    const followed = new Set<string>();
    for (let cursor = ''; ;) {
      const answer = changesResponse.parse((await service.api(`/v1/changes${cursor}`)).json);
      for (const change of answer.changes) if (change.kind === 'range') followed.add(change.id);
      if (!answer.more) break;
      cursor = `?cursor=${answer.cursor}`;
    }
    expect(followed.size).toBe(lines.length);

    expect((await sources.remove(id)).status).toBe(204);
    expect((await service.check(secret, '10.0.0.1')).status).toBe(401);
  });
}, 240_000);
