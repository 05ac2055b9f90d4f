import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Range, Review } from '#shared/domain/entities';
import { hasNginx, startNginx, type TestNginx } from '#test/support/service/nginx';
import {
  httpCall,
  startTestService,
  type Answer,
  type TestService,
} from '#test/support/service/test-service';

describe.skipIf(!hasNginx())('behind a real nginx', () => {
  let service: TestService;
  let nginx: TestNginx;
  let api: Server;
  let secret: string;
  let keyId: string;
  const reached: { method: string; url: string; key: string }[] = [];

  beforeAll(async () => {
    service = await startTestService();
    const created = await service.createKey();
    secret = created.secret;
    keyId = created.key.id;
    api = createServer((request, response) => {
      reached.push({
        method: request.method ?? '',
        url: request.url ?? '',
        key: String(request.headers['x-gatehouse-key']),
      });
      response.writeHead(request.url === '/v3/own-401' ? 401 : 200, { 'content-type': 'application/json' });
      request.resume().on('end', () => response.end('{"from":"api"}'));
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    nginx = await startNginx(service.url, `http://127.0.0.1:${(api.address() as AddressInfo).port}`);
  });
  afterAll(async () => {
    await nginx.stop();
    api.close();
    await service.stop();
  });

  const call = (
    path: string,
    ip: string,
    options: { method?: string; body?: unknown; key?: string } = {},
  ): Promise<Answer> =>
    httpCall(`${nginx.url}${path}`, {
      ...(options.method !== undefined && { method: options.method }),
      ...(options.body !== undefined && { body: options.body }),
      headers: { 'api-key': options.key ?? secret, 'x-forwarded-for': ip },
    });

  it('the client of the API gets the JSON body, and the API never sees the call', async () => {
    const answer = await call('/v3/emails?draft=1', '203.0.113.9', { method: 'POST', body: { to: 'x' } });
    const [review] = ((await service.api('/v1/reviews')).json as { items: [Review] }).items;
    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.json).toEqual({
      code: 'unauthorized',
      message:
        'We have detected you are using an unrecognised IP address 203.0.113.9. If you performed this action make sure ' +
        `to add the new IP address in this link: ${service.url}/reviews/${review.id}`,
      reason: 'unknown',
      review: review.id,
    });
    expect(reached).toEqual([]);
    expect(((await service.api('/v1/attempts')).json as { items: unknown[] }).items[0]).toMatchObject({
      ip: '203.0.113.9',
      method: 'POST',
      path: '/v3/emails',
    });
  });

  it('an authorized call reaches the API with its body, and the API learns the key', async () => {
    const { items } = (await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24' } })).json as {
      items: [Range];
    };
    const answer = await call('/v3/emails?draft=1', '203.0.113.9', { method: 'POST', body: { to: 'x' } });
    expect([answer.status, answer.json]).toEqual([200, { from: 'api' }]);
    expect(reached).toEqual([{ method: 'POST', url: '/v3/emails?draft=1', key: keyId }]);
    await service.api(`/v1/ranges/${items[0].id}`, { method: 'DELETE' });
    expect((await call('/v3/emails', '203.0.113.9')).status).toBe(401);
  });

  it('answers without a review carry none', async () => {
    expect((await call('/', '203.0.113.9', { key: 'gk_wrong' })).json).toEqual({
      code: 'unauthorized',
      message: 'Key not found',
      reason: 'invalid_key',
    });
  });

  it("the API's own 401 stays the API's own", async () => {
    await service.api('/v1/ranges', { body: { cidr: '198.51.100.7' } });
    const answer = await call('/v3/own-401', '198.51.100.7');
    expect([answer.status, answer.json]).toEqual([401, { from: 'api' }]);
  });

  it('what a caller puts into X-Forwarded-For does not make it somebody else', async () => {
    await service.api('/v1/ranges', { body: { cidr: '192.0.2.1' } });
    const answer = await call('/', '192.0.2.1, 203.0.113.77');
    expect(answer.json).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('203.0.113.77') as string,
    });
  });

  it('nothing gets through while the service is away', async () => {
    const before = reached.length;
    const dead = await startNginx(
      'http://127.0.0.1:9',
      `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
    );
    try {
      const answer = await httpCall(`${dead.url}/v3/emails`, {
        headers: { 'api-key': secret, 'x-forwarded-for': '198.51.100.7' },
      });
      expect([answer.status, answer.json]).toMatchObject([503, { code: 'unavailable' }]);
      expect(reached.length).toBe(before);
    } finally {
      await dead.stop();
    }
  });
});
