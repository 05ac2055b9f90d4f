import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RouteResponse } from '#shared/api/route-types';
import type { Mode, Range } from '#shared/domain/entities';
import { manualClock } from '#test/support/manual-clock';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { problem } from '#test/support/service/problem-answer';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { startTrustingService } from '#test/support/service/trusting-service';

type Explained = RouteResponse<'explain'>;

const NOBODY = '01M86AYXYC6M773ZV322JMJGX2';
const DAY_MS = 86_400_000;

const explainTo = async (service: TestService, ip: string, keyId: string): Promise<Explained> => {
  const answer = await service.api(`/v1/explain?ip=${encodeURIComponent(ip)}&keyId=${keyId}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.json as Explained;
};

const setMode = (service: TestService, mode: Mode) =>
  service.api('/v1/account/mode', { method: 'PUT', body: { mode } });

const call = (ip: string, key: number) => ({ do: 'call' as const, ip, key });
const mode = (name: Mode) => ({ do: 'mode' as const, mode: name });
const add = (ip: string, effect: 'authorize' | 'deny') => ({
  do: 'add' as const,
  ip,
  length: 32 as const,
  effect,
  key: null,
});

/** Meets every row of the table that a call with a known key can meet; chance alone may leave one out. */
const EVERY_ROW = [
  ...[mode('manual'), call('203.0.0.9', 0)],
  ...[mode('automatic'), call('203.0.1.9', 0)],
  ...[add('198.51.100.0', 'authorize'), call('198.51.100.0', 0)],
  ...[add('198.51.100.8', 'deny'), call('198.51.100.8', 0)],
  ...[mode('deactivated'), call('203.0.2.9', 1)],
  ...[mode('learning'), call('203.0.3.9', 1), call('203.0.4.9', 2)],
];

describe('an explanation', () => {
  const world = useControlPlane();
  const explain = (ip: string, keyId = world.keyId) => explainTo(world.service, ip, keyId);

  it('names the range that authorizes', async () => {
    const range = await world.addOne({ cidr: `198.51.${world.block}.0/24`, label: 'Office' });
    expect(await explain(world.ip)).toMatchObject({
      ip: world.ip,
      keyId: world.keyId,
      mode: 'manual',
      verdict: 'allowed',
      reason: 'authorized',
      range: { id: range.id, label: 'Office' },
      reviewId: null,
      grant: null,
      trust: null,
    });
  });

  it('names the range that denies', async () => {
    await world.addOne({ cidr: `198.51.${world.block}.0/24` });
    const denial = await world.addOne({ cidr: world.ip, effect: 'deny' });
    expect(await explain(world.ip)).toMatchObject({
      verdict: 'blocked',
      reason: 'denied',
      range: { id: denial.id },
    });
  });

  it('says that nothing fits, and names the open review', async () => {
    expect(await explain(world.ip)).toMatchObject({ verdict: 'blocked', reason: 'unknown', reviewId: null });
    const review = await world.pendingFor(world.ip);
    expect(await explain(world.ip)).toMatchObject({
      verdict: 'blocked',
      reason: 'unknown',
      range: null,
      reviewId: review.id,
    });
  });

  it('takes every spelling of an address', async () => {
    expect((await explain(`::ffff:${world.ip}`)).ip).toBe(world.ip);
    expect((await explain('2001:DB8:0::1')).ip).toBe('2001:db8::1');
  });

  it('says that a revoked key is refused, whatever the address', async () => {
    const { key } = await world.service.createKey('Old');
    await world.addOne({ cidr: world.ip });
    await world.service.api(`/v1/keys/${key.id}`, { method: 'DELETE' });
    expect(await explain(world.ip, key.id)).toMatchObject({
      verdict: 'blocked',
      reason: 'revoked_key',
      range: null,
      trust: null,
    });
  });

  it.each([
    ['a text that is no address', `ip=office&keyId=${NOBODY}`, 400, 'invalid_request', 'ip'],
    ['a range', `ip=10.0.0.0/8&keyId=${NOBODY}`, 400, 'invalid_request', 'ip'],
    ['no address', `keyId=${NOBODY}`, 400, 'invalid_request', 'ip'],
    ['no key', 'ip=10.0.0.1', 400, 'invalid_request', 'keyId'],
    ['an id that is none', 'ip=10.0.0.1&keyId=7', 400, 'invalid_request', 'keyId'],
    ['a key that nobody has', `ip=10.0.0.1&keyId=${NOBODY}`, 404, 'not_found', 'keyId'],
    ['an unknown field', `ip=10.0.0.1&keyId=${NOBODY}&mode=manual`, 400, 'invalid_request', 'mode'],
  ])('is refused for %s', async (_what, query, status, code, field) => {
    const answer = await world.service.api(`/v1/explain?${query}`);
    expect(problem(answer)).toMatchObject({ status, code, field });
  });

  it('changes nothing', async () => {
    const state = async () => ({
      account: (await world.service.api('/v1/account')).json,
      ranges: (await world.service.api('/v1/ranges?limit=1000')).json,
      attempts: (await world.service.api('/v1/attempts?limit=1000')).json,
      reviews: (await world.service.api('/v1/reviews?limit=1000')).json,
      audit: (await world.service.api('/v1/audit?limit=1')).json,
    });
    for (const mode of ['learning', 'automatic', 'manual', 'deactivated'] as const) {
      await setMode(world.service, mode);
      const before = await state();
      await explain(world.ip);
      expect(await state()).toEqual(before);
    }
    await setMode(world.service, 'manual');
  });

  it('says which range learning would add', async () => {
    await setMode(world.service, 'learning');
    expect(await explain(world.ip)).toMatchObject({
      mode: 'learning',
      verdict: 'allowed',
      reason: 'learned',
      grant: `198.51.${world.block}.0/24`,
    });
    expect((await explain('2001:db8:1:2::3')).grant).toBe('2001:db8:1:2::/64');
    await setMode(world.service, 'manual');
  });

  it('says that everything is accepted where that is so', async () => {
    await setMode(world.service, 'deactivated');
    expect(await explain(world.ip)).toMatchObject({
      mode: 'deactivated',
      verdict: 'allowed',
      reason: 'deactivated',
      grant: null,
    });
    await setMode(world.service, 'manual');
  });

  it('gives the evidence of the trust review, also where its refusal stands already', async () => {
    await setMode(world.service, 'automatic');
    const asked = async () => {
      const { verdict, reason, trust } = await explain(world.ip);
      expect([verdict, reason]).toEqual(['blocked', 'untrusted']);
      expect(trust).toMatchObject({ trusted: false });
      expect(trust?.evidence.length).toBeGreaterThan(0);
      for (const { signal, detail } of trust?.evidence ?? []) {
        expect(signal).not.toBe('');
        expect(detail.length).toBeGreaterThan(10);
      }
    };
    await asked();
    expect((await world.service.check(world.secret, world.ip)).headers['x-gatehouse-reason']).toBe(
      'untrusted',
    );
    await asked();
    await setMode(world.service, 'manual');
  });

  it('follows the clock: ranges expire, and learning ends, without anybody writing it down', async () => {
    const clock = manualClock();
    const service = await startTestService({ clock, mode: 'learning' });
    try {
      const { key, secret } = await service.createKey();
      const expiresAt = new Date(clock.now() + DAY_MS).toISOString();
      await service.api('/v1/ranges', { body: { cidr: '192.0.2.1', expiresAt } });
      await service.check(secret, '198.51.100.1');
      expect(await explainTo(service, '192.0.2.1', key.id)).toMatchObject({ reason: 'authorized' });
      clock.advance(DAY_MS);
      expect(await explainTo(service, '192.0.2.1', key.id)).toMatchObject({ reason: 'learned' });
      clock.advance(30 * DAY_MS);
      expect(await explainTo(service, '192.0.2.1', key.id)).toMatchObject({
        mode: 'automatic',
        reason: 'untrusted',
      });
    } finally {
      await service.stop();
    }
  });

  it('says whom the trust review lets in, why, and which range that would add', async () => {
    const { service, keyId, agent, neighbour, check, stop } = await startTrustingService();
    try {
      await setMode(service, 'automatic');
      const query = new URLSearchParams({ ip: neighbour, keyId, userAgent: agent });
      const explain = async () => (await service.api(`/v1/explain?${query.toString()}`)).json as Explained;
      expect(await explain()).toMatchObject({
        mode: 'automatic',
        verdict: 'allowed',
        reason: 'trusted',
        range: null,
        grant: '81.184.77.0/24',
        trust: { trusted: true },
        country: 'ES',
        asn: 12_479,
        asName: 'Orange Espagne',
      });
      // Without the agent there is less to go by.
      expect(await explainTo(service, neighbour, keyId)).toMatchObject({
        reason: 'untrusted',
        grant: null,
        trust: { trusted: false },
      });
      expect((await check(neighbour)).headers['x-gatehouse-reason']).toBe('trusted');
      expect(await explain()).toMatchObject({ reason: 'authorized', range: { source: 'automatic' } });
    } finally {
      await stop();
    }
  });

  it('never says anything else than what a call then gets', async () => {
    const service = await startTestService();
    const keys = [await service.createKey('A'), await service.createKey('B'), await service.createKey('C')];
    const address = fc.oneof(
      fc.integer({ min: 0, max: 31 }).map((n) => `198.51.100.${n * 8}`),
      fc.integer({ min: 0, max: 7 }).map((n) => `203.0.${n}.9`),
      fc.integer({ min: 0, max: 3 }).map((n) => `2001:db8:0:${n}::1`),
    );
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ do: fc.constant('call' as const), ip: address, key: fc.nat(2) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant('add' as const),
          ip: address,
          length: fc.constantFrom(22, 24, 28, 32),
          effect: fc.constantFrom('authorize', 'deny'),
          key: fc.constantFrom(null, 0, 1),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), which: fc.nat() }) },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant('mode' as const),
          mode: fc.constantFrom<Mode>('learning', 'automatic', 'manual', 'deactivated'),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('deny' as const) }) },
    );
    const seen = new Set<string>();
    const idsAt = async (path: string): Promise<string[]> =>
      ((await service.api(path)).json as { items: Range[] }).items.map(({ id }) => id);
    try {
      await service.api(`/v1/keys/${keys[2]?.key.id ?? ''}`, { method: 'DELETE' });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async (steps) => {
          for (const one of steps) {
            switch (one.do) {
              case 'mode':
                await setMode(service, one.mode);
                break;
              case 'add': {
                const keyId = one.key === null ? null : keys[one.key]?.key.id;
                const cidr = one.ip.includes(':') ? `${one.ip}/64` : `${one.ip}/${one.length}`;
                await service.api('/v1/ranges', { body: { cidr, effect: one.effect, keyId } });
                break;
              }
              case 'remove': {
                const ids = await idsAt('/v1/ranges?limit=1000');
                const id = ids[one.which % Math.max(ids.length, 1)];
                if (id !== undefined) await service.api(`/v1/ranges/${id}`, { method: 'DELETE' });
                break;
              }
              case 'deny': {
                const [id] = await idsAt('/v1/reviews?status=pending&limit=1');
                if (id !== undefined) await service.api(`/v1/reviews/${id}/deny`, { body: {} });
                break;
              }
              case 'call': {
                const { key, secret } = keys[one.key] ?? expect.fail('no key');
                const explained = await explainTo(service, one.ip, key.id);
                const { headers } = await service.check(secret, one.ip);
                expect([headers['x-gatehouse-verdict'], headers['x-gatehouse-reason']]).toEqual([
                  explained.verdict,
                  explained.reason,
                ]);
                if (explained.reviewId !== null && explained.verdict === 'blocked') {
                  expect([undefined, explained.reviewId]).toContain(headers['x-gatehouse-review']);
                }
                seen.add(explained.reason);
                break;
              }
            }
          }
        }),
        { numRuns: 60, endOnFailure: true, examples: [[EVERY_ROW]] },
      );
      // Every row of the table that a call with a known key can meet; trust has to be earned first, elsewhere.
      expect([...seen].sort()).toEqual(
        expect.arrayContaining([
          'authorized',
          'deactivated',
          'denied',
          'learned',
          'revoked_key',
          'unknown',
          'untrusted',
        ]),
      );
    } finally {
      await service.stop();
    }
  });
});
