import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteResponse } from '#shared/api/route-types';
import { manualClock } from '#test/support/manual-clock';
import { startTestService, type Answer, type TestService } from '#test/support/service/test-service';

const DAY_MS = 86_400_000;
const OFFICE = '81.184.10.5';
const STRANGER = '81.184.77.9';

describe('what a key is used for', () => {
  const clock = manualClock();
  let service: TestService;
  let secret = '';
  let keyId = '';

  const check = (ip: string, path: string, method = 'GET'): Promise<Answer> =>
    service.check(secret, ip, { 'x-original-method': method, 'x-original-uri': path });
  const habitOf = async (query: Readonly<Record<string, string>>) => {
    const text = new URLSearchParams({ keyId, ...query }).toString();
    const { trust } = (await service.api(`/v1/explain?${text}`)).json as RouteResponse<'explain'>;
    return trust?.evidence.find(({ signal }) => signal === 'request-habits');
  };

  /** Two months of one office that reads orders four times around noon. */
  beforeAll(async () => {
    service = await startTestService({ clock, mode: 'learning' });
    const created = await service.createKey();
    ({ secret } = created);
    keyId = created.key.id;
    for (let day = 0; day < 60; day += 1) {
      for (let call = 0; call < 4; call += 1) {
        await check(OFFICE, `/api/orders/${day}${call}?token=none`);
        clock.advance(60_000);
      }
      clock.advance(DAY_MS - 4 * 60_000);
    }
    await service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'automatic' } });
    // Habits are on disk after a stop.
    await service.restart();
  });
  afterAll(() => service.stop());

  it('speaks for the same request, and against another one', async () => {
    const usual = await habitOf({ ip: STRANGER, method: 'GET', path: '/api/orders/1' });
    expect(usual?.weight).toBeGreaterThan(0);
    expect(usual?.detail).toContain('(GET /orders)');
    const other = await habitOf({ ip: STRANGER, method: 'GET', path: '/api/users' });
    expect(other?.weight).toBeLessThan(0);
    expect(other?.detail).toMatch(/^In \d+ days this key was never used .*\(GET \/users\)\.$/);
    expect((await habitOf({ ip: STRANGER, method: 'DELETE', path: '/api/orders/1' }))?.weight).toBeLessThan(
      0,
    );
  });

  it('is no evidence where nobody says what the call asks for', async () => {
    expect(await habitOf({ ip: STRANGER })).toBeUndefined();
  });

  it('is told of a caller in the log without naming the request again, as its review has it', async () => {
    const answer = await check('5.9.1.2', '/api/users');
    expect(answer.headers['x-gatehouse-reason']).toBe('untrusted');
    const { items } = (await service.api('/v1/reviews')).json as RouteResponse<'listReviews'>;
    const { evidence = [] } = items.find(({ ip }) => ip === '5.9.1.2') ?? {};
    const found = evidence.find(({ signal }) => signal === 'request-habits');
    expect(found?.weight).toBeLessThan(0);
    expect(await habitOf({ ip: '5.9.1.2' })).toEqual(found);
  });
});
