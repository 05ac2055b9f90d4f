import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RouteResponse } from '#shared/api/route-types';
import type { Mode, Range } from '#shared/domain/entities';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { simulateAt } from '#test/support/service/simulate';

type Explained = RouteResponse<'explain'>;

describe('a simulated change', () => {
  const world = useControlPlane();

  it('comes true when it is made', async () => {
    const { service } = world;
    const keys = [await service.createKey('A'), await service.createKey('B')];
    const called = new Map<string, { ip: string; keyId: string; agent: string }>();
    const address = fc.oneof(
      fc.integer({ min: 0, max: 15 }).map((n) => `198.51.100.${n * 16}`),
      fc.integer({ min: 0, max: 3 }).map((n) => `203.0.${n}.9`),
      fc.integer({ min: 1, max: 3 }).map((n) => `2001:db8:0:${n}::1`),
    );
    const range = fc.record({
      ip: address,
      length: fc.constantFrom(22, 26, 28, 32),
      effect: fc.constantFrom('authorize', 'deny'),
      key: fc.constantFrom(null, 0, 1),
    });
    const bodyOf = ({
      ip,
      length,
      effect,
      key,
    }: {
      ip: string;
      length: number;
      effect: string;
      key: number | null;
    }) => ({
      cidr: ip.includes(':') ? `${ip}/64` : `${ip}/${length}`,
      effect,
      keyId: key === null ? null : (keys[key]?.key.id ?? null),
    });
    const ranges = async (): Promise<Range[]> =>
      ((await service.api('/v1/ranges?limit=1000')).json as { items: Range[] }).items;
    const setMode = (mode: Mode) => service.api('/v1/account/mode', { method: 'PUT', body: { mode } });
    const verdicts = async (): Promise<Map<string, Explained>> => {
      const found = new Map<string, Explained>();
      for (const [pair, { ip, keyId, agent }] of called) {
        const query = new URLSearchParams({ ip, keyId, userAgent: agent });
        found.set(pair, (await service.api(`/v1/explain?${query.toString()}`)).json as Explained);
      }
      return found;
    };
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ ip: address, key: fc.nat(1), agent: fc.constantFrom('curl/8', 'sdk/3') }), {
          minLength: 3,
          maxLength: 12,
        }),
        fc.array(range, { maxLength: 3 }),
        fc.array(range, { maxLength: 3 }),
        fc.array(fc.nat(), { maxLength: 3 }),
        fc.constantFrom<Mode>('automatic', 'manual', 'deactivated', 'learning'),
        async (calls, present, added, removed, mode) => {
          // Calls are made while addresses are only asked about, so that nothing but the change is different.
          await setMode('manual');
          for (const one of present) await service.api('/v1/ranges', { body: bodyOf(one) });
          for (const { ip, key, agent } of calls) {
            const {
              key: { id: keyId },
              secret,
            } = keys[key] ?? expect.fail('no key');
            // A repeat within the fold window counts for the row that is there, with that row's agent.
            const known = called.get(`${keyId} ${ip}`);
            const said = known?.agent ?? agent;
            await service.check(secret, ip, { 'user-agent': said });
            called.set(`${keyId} ${ip}`, { ip, keyId, agent: said });
          }
          const list = await ranges();
          const removeRangeIds = [
            ...new Set(removed.flatMap((which) => list[which % Math.max(list.length, 1)]?.id ?? [])),
          ];
          const addRanges = added.map(bodyOf);
          const foretold = await simulateAt(service, { mode, addRanges, removeRangeIds });
          const before = await verdicts();
          for (const id of removeRangeIds) await service.api(`/v1/ranges/${id}`, { method: 'DELETE' });
          for (const body of addRanges) await service.api('/v1/ranges', { body });
          await setMode(mode);
          const after = await verdicts();
          const expected = [...called.keys()].filter(
            (pair) => before.get(pair)?.verdict !== after.get(pair)?.verdict,
          );
          expect(foretold.changes.map(({ ip, keyId }) => `${keyId} ${ip}`).sort()).toEqual(expected.sort());
          for (const change of foretold.changes) {
            const pair = `${change.keyId} ${change.ip}`;
            expect([change.before.reason, change.after.reason]).toEqual([
              before.get(pair)?.reason,
              after.get(pair)?.reason,
            ]);
          }
          const allowed = [...after.values()].filter(({ verdict }) => verdict === 'allowed').length;
          expect(foretold.pairs.after).toEqual({ allowed, blocked: called.size - allowed });
          changed += foretold.changed;
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
    expect(changed).toBeGreaterThan(20);
  });
});
