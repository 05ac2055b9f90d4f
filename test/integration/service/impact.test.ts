import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isValid, ulid } from 'ulid';
import type { RouteResponse } from '#shared/api/route-types';
import type { Mode, Range } from '#shared/domain/entities';
import { DAY_MS } from '#shared/durations';
import { manualClock } from '#test/support/manual-clock';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { startTestService, type Answer } from '#test/support/service/test-service';

type Explained = RouteResponse<'explain'>;
type Operated = RouteResponse<'applyOperations'>;

const ASKING = { env: { GATEHOUSE_IMPACT_WINDOW: '1d' } };

describe('an edit that would block whom the log let in', () => {
  const world = useControlPlane(ASKING);
  const letIn = async (ip: string, secret = world.secret): Promise<void> => {
    expect((await world.service.check(secret, ip)).status).toBe(200);
  };
  const remove = ({ id }: Range, query = ''): Promise<Answer> =>
    world.service.api(`/v1/ranges/${id}${query}`, { method: 'DELETE' });
  const operate = async (operation: object) => {
    const whole = { id: ulid(), madeAt: new Date().toISOString(), ...operation };
    const answer = await world.service.api('/v1/operations', { body: { operations: [whole] } });
    expect(answer.status, answer.text).toBe(200);
    return (answer.json as Operated).results[0];
  };
  const setMode = (body: object): Promise<Answer> =>
    world.service.api('/v1/account/mode', { method: 'PUT', body });

  it('is answered with how many and which, changes nothing, and is applied once it is confirmed', async () => {
    const range = await world.addOne({ cidr: `198.51.${world.block}.0/24` });
    const other = await world.service.createKey('Other');
    await letIn(world.ip);
    await letIn(world.ip, other.secret);
    await letIn(`198.51.${world.block}.8`);
    const refused = await remove(range);
    expect(refused).toMatchObject({
      status: 409,
      json: { code: 'would_block', addresses: 2, keys: 2, calls: 3 },
    });
    const { examples } = refused.json as { examples: readonly { ip: string; keyId: string }[] };
    expect(examples.map(({ ip, keyId }) => `${ip} ${keyId}`).sort()).toEqual(
      [
        `${world.ip} ${world.keyId}`,
        `${world.ip} ${other.key.id}`,
        `198.51.${world.block}.8 ${world.keyId}`,
      ].sort(),
    );
    for (const example of examples) {
      expect(example).toMatchObject({
        count: 1,
        before: { verdict: 'allowed', reason: 'authorized' },
        after: { verdict: 'blocked', reason: 'unknown' },
      });
    }
    await letIn(world.ip);
    expect((await remove(range, '?confirmImpact=true')).status).toBe(204);
    expect((await world.service.check(world.secret, world.ip)).status).toBe(401);
  });

  it('may be a denial, another key, another effect, a mode, a key or its report', async () => {
    const { block, service, keyId } = world;
    const range = await world.addOne({ cidr: `198.51.${block}.0/24` });
    await letIn(world.ip);
    const other = await service.createKey('Other');
    const patch = (body: object): Promise<Answer> =>
      service.api(`/v1/ranges/${range.id}`, { method: 'PATCH', body });
    const key = (method: string, body?: object): Promise<Answer> =>
      service.api(`/v1/keys/${keyId}`, { method, ...(body && { body }) });
    const asked = { status: 409, json: { code: 'would_block', addresses: 1 } };
    expect(await world.add({ cidr: world.ip, effect: 'deny' })).toMatchObject(asked);
    expect(await patch({ effect: 'deny' })).toMatchObject(asked);
    expect(await patch({ keyId: other.key.id })).toMatchObject(asked);
    expect((await key('DELETE')).json).toMatchObject({ code: 'would_block' });
    // What blocks nobody is not asked about.
    const denied = await world.addOne({ cidr: `198.51.${block}.9`, effect: 'deny' });
    // What the look has made is not what is written.
    expect(isValid(denied.id)).toBe(true);
    expect((await world.add({ cidr: `198.51.${block}.0/25` })).status).toBe(201);
    expect((await patch({ label: 'Office', keyId: null })).status).toBe(200);
    expect((await remove(range)).status).toBe(204);
    // Reported calls were let in.
    expect((await key('PATCH', { reportOnly: true })).json).toMatchObject({ reportOnly: true });
    await letIn(`198.51.${block}.200`);
    expect((await key('PATCH', { reportOnly: false })).json).toMatchObject({ code: 'would_block' });
    expect((await key('PATCH', { reportOnly: false, confirmImpact: true })).status).toBe(200);
    expect((await setMode({ mode: 'deactivated' })).status).toBe(200);
    await letIn(`198.51.${block}.201`);
    expect((await setMode({ mode: 'manual' })).json).toMatchObject({ code: 'would_block' });
    expect((await setMode({ mode: 'manual', reportOnly: true })).status).toBe(200);
    expect((await setMode({ mode: 'manual', reportOnly: false })).json).toMatchObject({
      code: 'would_block',
    });
    expect((await setMode({ mode: 'manual', reportOnly: false, confirmImpact: true })).status).toBe(200);
  });

  it('is a conflict as an operation, judged after those before it', async () => {
    const range = await world.addOne({ cidr: `198.51.${world.block}.0/24` });
    await letIn(world.ip);
    const removal = { type: 'range.remove', rangeId: range.id };
    expect(await operate(removal)).toMatchObject({ status: 'conflict', code: 'would_block', addresses: 1 });
    // The narrower range is added first, so that nobody is blocked.
    const madeAt = new Date().toISOString();
    const together = await world.service.api('/v1/operations', {
      body: {
        operations: [
          { id: ulid(), madeAt, type: 'range.add', cidr: world.ip },
          { id: ulid(), madeAt, ...removal },
          { id: ulid(), madeAt, type: 'range.add', cidr: world.ip, effect: 'deny', confirmImpact: true },
        ],
      },
    });
    expect((together.json as Operated).results.map(({ status }) => status)).toEqual([
      'applied',
      'applied',
      'applied',
    ]);
  });

  it('is not asked about where a person has just decided that, or takes an answer back', async () => {
    const { service, secret } = world;
    await setMode({ mode: 'manual', reportOnly: true });
    const review = await world.pendingFor(world.ip);
    const deny = (body: object): Promise<Answer> => service.api(`/v1/reviews/${review.id}/deny`, { body });
    const other = await service.createKey('Other');
    const own = await world.addOne({ cidr: world.ip, keyId: other.key.id });
    await letIn(world.ip, other.secret);
    // The denied range would hold for the other key as well.
    expect((await deny({ addDenyRange: true })).json).toMatchObject({ code: 'would_block', keys: 1 });
    expect((await remove(own, '?confirmImpact=true')).status).toBe(204);
    await setMode({ mode: 'manual', reportOnly: false, confirmImpact: true });
    expect((await deny({ addDenyRange: true })).status).toBe(200);
    const second = await world.pendingFor(`198.51.${world.block}.90`);
    await service.api(`/v1/reviews/${second.id}/authorize`, { body: { scope: 'address' } });
    await letIn(second.ip);
    expect((await service.api(`/v1/reviews/${second.id}/reopen`, { method: 'POST' })).status).toBe(200);
    expect((await service.check(secret, second.ip)).status).toBe(401);
  });
});

describe('the time that is looked back', () => {
  it.each([
    ['a day', ASKING.env, DAY_MS, [409, 204]],
    ['as set', { GATEHOUSE_IMPACT_WINDOW: '2h' }, DAY_MS / 12, [409, 204]],
    ['nothing when it is off', { GATEHOUSE_IMPACT_WINDOW: 'off' }, DAY_MS, [204]],
  ])('is %s', async (_name, env, windowMs, statuses) => {
    const clock = manualClock();
    const service = await startTestService({ clock, env });
    try {
      const { secret } = await service.createKey();
      const added = await service.api('/v1/ranges', { body: { cidr: '198.51.100.0/24' } });
      const [range] = (added.json as { items: Range[] }).items;
      await service.check(secret, '198.51.100.7');
      for (const status of statuses) {
        clock.advance(windowMs - 1);
        const removed = await service.api(`/v1/ranges/${range?.id ?? ''}`, { method: 'DELETE' });
        expect(removed.status).toBe(status);
        clock.advance(2);
      }
    } finally {
      await service.stop();
    }
  });
});

describe('a long log', () => {
  it('is read in parts, and the edit finds whom it would block all the same', async () => {
    const service = await startTestService(ASKING);
    try {
      const { secret } = await service.createKey();
      const added = await service.api('/v1/ranges', { body: { cidr: '10.0.0.0/8' } });
      const [range] = (added.json as { items: Range[] }).items;
      const calls = Array.from({ length: 2_100 }, (_, n) => `10.${n >> 8}.${n & 255}.1`);
      for (let start = 0; start < calls.length; start += 100) {
        await Promise.all(calls.slice(start, start + 100).map((ip) => service.check(secret, ip)));
      }
      const removed = await service.api(`/v1/ranges/${range?.id ?? ''}`, { method: 'DELETE' });
      expect(removed.json).toMatchObject({ code: 'would_block', addresses: 2_100, calls: 2_100 });
    } finally {
      await service.stop();
    }
  });
});

describe('an edit that is applied without a question', () => {
  const world = useControlPlane(ASKING);

  it('blocks no address and key that was let in', async () => {
    const { service } = world;
    const keys = [await service.createKey('A'), await service.createKey('B')];
    const letIn = new Map<string, { ip: string; keyId: string; agent: string }>();
    const address = fc.oneof(
      fc.integer({ min: 0, max: 15 }).map((n) => `198.51.100.${n * 16}`),
      fc.integer({ min: 1, max: 3 }).map((n) => `2001:db8:0:${n}::1`),
    );
    const rangeBody = fc
      .record({
        ip: address,
        length: fc.constantFrom(22, 26, 28, 32),
        effect: fc.constantFrom('authorize', 'authorize', 'deny'),
        key: fc.constantFrom(null, 0, 1),
      })
      .map(({ ip, length, effect, key }) => ({
        cidr: ip.includes(':') ? `${ip}/64` : `${ip}/${length}`,
        effect,
        keyId: key === null ? null : (keys[key]?.key.id ?? null),
      }));
    const step = fc.oneof(
      { arbitrary: fc.record({ do: fc.constant('call' as const), ip: address, key: fc.nat(1) }), weight: 4 },
      fc.record({ do: fc.constant('add' as const), body: rangeBody }),
      fc.record({ do: fc.constant('remove' as const), range: fc.nat(20) }),
      fc.record({
        do: fc.constant('update' as const),
        range: fc.nat(20),
        changes: fc.oneof(
          fc.record({ effect: fc.constantFrom('authorize', 'deny') }),
          fc.record({ keyId: fc.constantFrom(null, keys[0]?.key.id ?? null) }),
        ),
      }),
      fc.record({
        do: fc.constant('mode' as const),
        mode: fc.constantFrom<Mode>('automatic', 'manual', 'deactivated', 'learning'),
        reportOnly: fc.constantFrom(undefined, true, false),
      }),
      fc.record({ do: fc.constant('key' as const), key: fc.nat(1), reportOnly: fc.boolean() }),
    );
    const list = async (): Promise<Range[]> =>
      ((await service.api('/v1/ranges?limit=1000')).json as { items: Range[] }).items;
    const blocked = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const [pair, { ip, keyId, agent: userAgent }] of letIn) {
        const query = new URLSearchParams({ ip, keyId, userAgent });
        const { verdict } = (await service.api(`/v1/explain?${query.toString()}`)).json as Explained;
        if (verdict === 'blocked') found.push(pair);
      }
      return found;
    };
    const edit = async (one: typeof step extends fc.Arbitrary<infer T> ? T : never, confirm: object) => {
      switch (one.do) {
        case 'call':
          return undefined;
        case 'add':
          return service.api('/v1/ranges', { body: { ...one.body, ...confirm } });
        case 'remove':
        case 'update': {
          const ranges = await list();
          const id = ranges[one.range % Math.max(1, ranges.length)]?.id ?? ulid();
          return one.do === 'remove'
            ? service.api(`/v1/ranges/${id}${'confirmImpact' in confirm ? '?confirmImpact=true' : ''}`, {
                method: 'DELETE',
              })
            : service.api(`/v1/ranges/${id}`, { method: 'PATCH', body: { ...one.changes, ...confirm } });
        }
        case 'mode': {
          const { mode, reportOnly } = one;
          return service.api('/v1/account/mode', { method: 'PUT', body: { mode, reportOnly, ...confirm } });
        }
        case 'key': {
          const id = keys[one.key]?.key.id ?? '';
          const body = { reportOnly: one.reportOnly, ...confirm };
          return service.api(`/v1/keys/${id}`, { method: 'PATCH', body });
        }
      }
    };
    let asked = 0;
    let applied = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
        for (const one of steps) {
          if (one.do === 'call') {
            const key = keys[one.key] ?? expect.fail('no key');
            const answer = await service.check(key.secret, one.ip, { 'user-agent': 'curl/8' });
            const pair = { ip: one.ip, keyId: key.key.id, agent: 'curl/8' };
            if (answer.status === 200) letIn.set(`${pair.keyId} ${pair.ip}`, pair);
            continue;
          }
          const before = new Set(await blocked());
          const answer = await edit(one, {});
          const isAsked = (answer?.json as { code?: string } | undefined)?.code === 'would_block';
          const after = (await blocked()).filter((pair) => !before.has(pair));
          expect(after, JSON.stringify(one)).toEqual([]);
          if (!isAsked) {
            applied += 1;
            continue;
          }
          asked += 1;
          await edit(one, { confirmImpact: true });
          // The question was not asked for nothing.
          expect((await blocked()).filter((pair) => !before.has(pair)).length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 20, endOnFailure: true },
    );
    expect(Math.min(asked, applied)).toBeGreaterThan(3);
  }, 240_000);
});
