import { describe, expect, it } from 'vitest';
import { describeEachProxy, PROXY_ADDRESS, useProxy } from '#test/support/service/proxy-world';

const ORIGIN = 'https://app.example.com';
/** What a browser asks in advance, before it sends a call with a key. */
const PREFLIGHT = {
  'api-key': [] as string[],
  origin: ORIGIN,
  'access-control-request-method': 'GET',
  'access-control-request-headers': 'api-key',
};

describeEachProxy('the calls of a browser app', (kind) => {
  describe('as shipped', () => {
    const world = useProxy(kind);

    it('are evaluated as all others', async () => {
      const preflight = await world.call('/', { method: 'OPTIONS', headers: PREFLIGHT });
      expect([preflight.status, preflight.json]).toMatchObject([401, { reason: 'missing_key' }]);
      const blocked = await world.call('/', { headers: { origin: ORIGIN } });
      expect(blocked.status).toBe(401);
      for (const { headers } of [preflight, blocked]) {
        expect(headers).not.toHaveProperty('access-control-allow-origin');
      }
      expect(world.api.reached).toEqual([]);
    });
  });

  describe('whose origin is named', () => {
    const world = useProxy(kind, { appOrigin: ORIGIN });

    it('reach the API in advance', async () => {
      const headers = { ...PREFLIGHT, 'x-gatehouse-key': 'forged', 'x-forwarded-for': '203.0.113.9' };
      expect((await world.call('/v3/account?x=1', { method: 'OPTIONS', headers })).status).toBe(200);
      expect(world.api.reached).toMatchObject([{ method: 'OPTIONS', url: '/v3/account?x=1' }]);
      expect(world.api.reached[0]?.headers).toMatchObject({
        origin: ORIGIN,
        'x-forwarded-for': PROXY_ADDRESS,
      });
      expect(world.api.reached[0]?.headers).not.toHaveProperty('x-gatehouse-key');
    });

    it.each([
      ['a key', { 'api-key': 'gk_wrong' }],
      ['a key in the second header', { 'x-api-key': 'gk_wrong' }],
      ['a bearer token', { authorization: 'Bearer gk_wrong' }],
      ['another authorization', { authorization: 'Basic gk_wrong' }],
      ['no origin', { origin: [] as string[] }],
      ['another origin', { origin: 'https://app.example.com.evil.example' }],
      ['two origins', { origin: `${ORIGIN}|OPTIONS` }],
      ['no method asked for', { 'access-control-request-method': [] as string[] }],
    ])('are evaluated if they ask with %s', async (_name, headers) => {
      const answer = await world.call('/', { method: 'OPTIONS', headers: { ...PREFLIGHT, ...headers } });
      expect(answer.status).toBe(401);
      expect(world.api.reached).toEqual([]);
    });

    it.each(['GET', 'POST', 'HEAD', 'DELETE'])('are evaluated if they are a %s', async (method) => {
      expect((await world.call('/', { method, headers: PREFLIGHT })).status).toBe(401);
      expect(world.api.reached).toEqual([]);
    });

    it('can read why they were blocked, and no other app can', async () => {
      const blocked = await world.call('/', { headers: { origin: ORIGIN } });
      expect([blocked.status, blocked.json]).toMatchObject([401, { reason: 'unknown' }]);
      expect(blocked.headers).toMatchObject({
        'access-control-allow-origin': ORIGIN,
        'cache-control': 'no-store',
      });
      for (const headers of [{}, { origin: 'https://other.example.com' }]) {
        const other = await world.call('/', { headers });
        expect(other.status).toBe(401);
        expect(other.headers).not.toHaveProperty('access-control-allow-origin');
      }
    });

    it('are let in to ask in advance while the service is away, and learn of it', async () => {
      await world.stopService();
      try {
        expect((await world.call('/', { method: 'OPTIONS', headers: PREFLIGHT })).status).toBe(200);
        const away = await world.call('/', { headers: { origin: ORIGIN } });
        expect(away.status).toBe(kind.unavailableStatus);
        expect(away.headers).toMatchObject({ 'access-control-allow-origin': ORIGIN });
      } finally {
        await world.startService();
      }
    });

    it('get the answers of the API as the API gives them', async () => {
      const range = await world.authorize(PROXY_ADDRESS);
      for (const path of ['/', '/v3/own-401']) {
        const answer = await world.call(path, { headers: { origin: ORIGIN } });
        expect(answer.json).toEqual({ from: 'api' });
        expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      }
      await world.service.api(`/v1/ranges/${range.id}`, { method: 'DELETE' });
    });
  });
});
