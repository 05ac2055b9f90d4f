import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account, Attempt, AuditEvent, Range, Review } from '#shared/domain/entities';
import { manualClock } from '#test/support/manual-clock';
import { startTestService, type Answer, type TestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const DAY_MS = 86_400_000;

describe('learning', () => {
  const clock = manualClock();
  let service: TestService;
  let secret = '';

  const begin = async (env: Record<string, string> = {}): Promise<void> => {
    service = await startTestService({ clock, mode: 'learning', env });
    ({ secret } = await service.createKey());
  };
  beforeEach(() => begin());
  afterEach(() => service.stop());

  const reasonFor = async (ip: string): Promise<string> =>
    String((await service.check(secret, ip)).headers['x-gatehouse-reason']);
  const account = async (): Promise<Account> => (await service.api('/v1/account')).json as Account;
  const items = async <T>(path: string): Promise<T[]> =>
    ((await service.api(path)).json as { items: T[] }).items;
  const setMode = (mode: string): Promise<Answer> =>
    service.api('/v1/account/mode', { method: 'PUT', body: { mode } });

  it('is what a new account starts with, and starts with the first attempt', async () => {
    expect(await account()).toMatchObject({
      mode: 'learning',
      learning: { startedAt: null, lastNewAddressAt: null, windowSeconds: 2_592_000, endsAt: null },
    });
    clock.advance(DAY_MS);
    const at = new Date(clock.now()).toISOString();
    await service.check('gk_nobody', '203.0.113.9');
    expect((await account()).learning?.startedAt).toBeNull();
    await service.check(secret, '203.0.113.9');
    expect((await account()).learning).toEqual({
      startedAt: at,
      lastNewAddressAt: at,
      windowSeconds: 2_592_000,
      endsAt: new Date(clock.now() + 30 * DAY_MS).toISOString(),
    });
  });

  it('starts with an attempt that a range decides, too', async () => {
    await service.api('/v1/ranges', { body: { cidr: '192.0.2.0/24', effect: 'deny' } });
    expect(await reasonFor('192.0.2.7')).toBe('denied');
    expect((await account()).learning).toMatchObject({
      startedAt: new Date(clock.now()).toISOString(),
      lastNewAddressAt: null,
      endsAt: new Date(clock.now() + 30 * DAY_MS).toISOString(),
    });
  });

  it('lets every address in that a key is used from, and adds the range around it', async () => {
    const answer = await service.check(secret, '203.0.113.9');
    expect(answer.status).toBe(200);
    expect(answer.headers['x-gatehouse-reason']).toBe('learned');
    expect(await reasonFor('203.0.113.10')).toBe('authorized');
    expect(await reasonFor('2001:db8:1:2::1')).toBe('learned');
    const ranges = await items<Range>('/v1/ranges');
    expect(ranges.map(({ cidr }) => cidr)).toEqual(['203.0.113.0/24', '2001:db8:1:2::/64']);
    expect(ranges[0]).toMatchObject({
      effect: 'authorize',
      source: 'learning',
      createdBy: 'system',
      keyId: null,
    });
    expect(answer.headers['x-gatehouse-range']).toBe(ranges[0]?.id);
    const [attempt] = await items<Attempt>('/v1/attempts?reason=learned&order=oldest');
    expect(attempt).toMatchObject({ ip: '203.0.113.9', verdict: 'allowed', rangeId: ranges[0]?.id });
    const [added] = (await items<AuditEvent>('/v1/audit')).filter(({ target }) => target === ranges[0]?.id);
    expect(added).toMatchObject({ action: 'range.add', actor: { kind: 'system' }, via: 'system' });
  });

  it('counts the use of a grant from the call that added it', async () => {
    await service.check(secret, '203.0.113.9');
    await service.check(secret, '203.0.113.9');
    await service.restart();
    expect(await items<Range>('/v1/ranges')).toMatchObject([{ uses: 2 }]);
  });

  it('adds one grant for a subnet whose addresses arrive together', async () => {
    const ips = Array.from({ length: 40 }, (_, host) => `203.0.113.${host + 1}`);
    const answers = await Promise.all(ips.map((ip) => service.check(secret, ip)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await items<Range>('/v1/ranges')).toMatchObject([{ cidr: '203.0.113.0/24' }]);
  });

  it('never overrides a denied range', async () => {
    await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24', effect: 'deny' } });
    expect(await reasonFor('203.0.113.9')).toBe('denied');
    await service.api('/v1/ranges', { body: { cidr: '198.51.100.7', effect: 'deny' } });
    expect(await reasonFor('198.51.100.8')).toBe('learned');
    expect(await reasonFor('198.51.100.7')).toBe('denied');
  });

  it('ends by itself when no new address came for the window, from that moment on', async () => {
    await service.check(secret, '203.0.113.9');
    clock.advance(20 * DAY_MS);
    await service.check(secret, '198.51.100.9');
    clock.advance(30 * DAY_MS - 1);
    // Known already: this is no new address and changes nothing.
    await service.check(secret, '198.51.100.9');
    expect((await account()).mode).toBe('learning');
    clock.advance(1);
    expect(await reasonFor('192.0.2.77')).toBe('untrusted');
    expect(await account()).toMatchObject({ mode: 'automatic', learning: null });
    const [event] = (await items<AuditEvent>('/v1/audit')).filter(({ action }) => action === 'mode.set');
    expect(event).toMatchObject({
      actor: { kind: 'system', name: 'system' },
      via: 'system',
      before: { mode: 'learning' },
      after: { mode: 'automatic' },
    });
    expect(await items<Review>('/v1/reviews')).toMatchObject([{ ip: '192.0.2.77', reason: 'untrusted' }]);
  });

  it('ends while the service is down', async () => {
    await service.check(secret, '203.0.113.9');
    await service.restart(() => clock.advance(31 * DAY_MS));
    expect(await account()).toMatchObject({ mode: 'automatic', learning: null });
    expect(await reasonFor('203.0.113.77')).toBe('authorized');
    expect(await reasonFor('192.0.2.77')).toBe('untrusted');
  });

  it('goes on where it was after a restart', async () => {
    await service.check(secret, '203.0.113.9');
    const before = (await account()).learning;
    await service.restart(() => clock.advance(10 * DAY_MS));
    expect((await account()).learning).toEqual(before);
    expect(await reasonFor('192.0.2.77')).toBe('learned');
  });

  it.each(['automatic', 'manual', 'deactivated'])(
    'ends when %s is chosen, and can be started again',
    async (mode) => {
      await service.check(secret, '203.0.113.9');
      expect((await setMode(mode)).json).toMatchObject({ mode, learning: null });
      expect(await reasonFor('192.0.2.77')).not.toBe('learned');
      clock.advance(100 * DAY_MS);
      expect((await setMode('learning')).json).toMatchObject({
        mode: 'learning',
        learning: { startedAt: null, endsAt: null },
      });
      expect(await reasonFor('192.0.2.99')).toBe('learned');
      expect((await account()).learning?.startedAt).toBe(new Date(clock.now()).toISOString());
    },
  );

  it('settles the reviews that its grants answer', async () => {
    await setMode('manual');
    expect(await reasonFor('203.0.113.9')).toBe('unknown');
    await setMode('learning');
    expect(await reasonFor('203.0.113.10')).toBe('learned');
    expect(await items<Review>('/v1/reviews')).toMatchObject([{ status: 'superseded', decidedBy: 'system' }]);
  });

  it('takes an address that was denied before, as it takes every address', async () => {
    await setMode('manual');
    await service.check(secret, '203.0.113.9');
    const [review] = await items<Review>('/v1/reviews?status=pending');
    await service.api(`/v1/reviews/${review?.id ?? ''}/deny`, { body: {} });
    await setMode('learning');
    expect(await reasonFor('203.0.113.9')).toBe('learned');
  });

  it('lets a call in, once, when the mode changes while it is being logged', async () => {
    const calls = Array.from({ length: 30 }, (_, host) => service.check(secret, `10.${host}.0.1`));
    const change = setMode('manual');
    const answers = await Promise.all(calls);
    await change;
    const ranges = await items<Range>('/v1/ranges?limit=1000');
    const learned = answers.filter(({ headers }) => headers['x-gatehouse-reason'] === 'learned');
    // Whatever the order: who was let in has a grant, and who was not has none.
    expect(ranges).toHaveLength(learned.length);
    for (const { headers } of answers) {
      expect(['learned', 'unknown']).toContain(headers['x-gatehouse-reason']);
    }
  });

  it('has a window that can be set, and ends without any call', async () => {
    await service.stop();
    service = await startTestService({ mode: 'learning', env: { GATEHOUSE_LEARNING_WINDOW: '1s' } });
    ({ secret } = await service.createKey());
    await service.check(secret, '203.0.113.9');
    expect((await account()).learning).toMatchObject({ windowSeconds: 1 });
    await waitFor('learning to end', async () => (await account()).mode === 'automatic');
  });
});
