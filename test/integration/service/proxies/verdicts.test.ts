import { Agent } from 'node:http';
import { beforeAll, expect, it } from 'vitest';
import { describeEachProxy, PROXY_ADDRESS, unrecognised, useProxy } from '#test/support/service/proxy-world';

describeEachProxy('verdicts', (kind) => {
  // The caller is named in X-Forwarded-For, as a load balancer on this address would do it.
  const world = useProxy(kind, { balancers: `${PROXY_ADDRESS}/32` });
  const from = (ip: string, headers: Readonly<Record<string, string>> = {}): Record<string, string> => ({
    'x-forwarded-for': ip,
    ...headers,
  });
  beforeAll(async () => {
    await world.authorize('203.0.113.0/24');
  });

  it('an authorized call reaches the API as it was made', async () => {
    const body = JSON.stringify({ to: 'ümläut', text: 'x'.repeat(100_000) });
    const answer = await world.call('/v3/emails?draft=1&x=%2F..', {
      method: 'PUT',
      headers: from('203.0.113.9'),
      body,
    });
    expect([answer.status, answer.json]).toEqual([200, { from: 'api' }]);
    expect(world.api.reached).toMatchObject([{ method: 'PUT', url: '/v3/emails?draft=1&x=%2F..', body }]);
    expect(world.api.reached[0]?.headers).toMatchObject({
      'api-key': world.secret,
      'x-gatehouse-key': world.keyId,
    });
  });

  it('a body without a length reaches the API as well', async () => {
    const answer = await world.call('/v3/emails', {
      headers: from('203.0.113.10'),
      body: '{"to":"somebody"}',
      chunked: true,
    });
    expect([answer.status, answer.json]).toEqual([200, { from: 'api' }]);
    expect(world.api.reached).toMatchObject([{ method: 'POST', body: '{"to":"somebody"}' }]);
  });

  it("a blocked call gets the vendor's JSON, and the API never sees it", async () => {
    const answer = await world.call('/v3/emails?draft=1', {
      headers: from('198.51.100.9'),
      body: '{"to":"somebody"}',
    });
    const review = await world.reviewOf('198.51.100.9');
    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json).toEqual(unrecognised(world.service.url, '198.51.100.9', review.id));
    expect(world.api.reached).toEqual([]);
  });

  it('once the review is answered, the next call passes', async () => {
    expect((await world.call('/v3/account', { headers: from('198.51.100.20') })).status).toBe(401);
    const review = await world.reviewOf('198.51.100.20');
    await world.service.api(`/v1/reviews/${review.id}/authorize`, { body: { scope: 'address' } });
    expect((await world.call('/v3/account', { headers: from('198.51.100.20') })).status).toBe(200);
    expect((await world.call('/v3/account', { headers: from('198.51.100.21') })).status).toBe(401);
  });

  it('once the range is removed, the next call is blocked again', async () => {
    const range = await world.authorize('198.51.100.30');
    expect((await world.call('/', { headers: from('198.51.100.30') })).status).toBe(200);
    await world.service.api(`/v1/ranges/${range.id}`, { method: 'DELETE' });
    expect((await world.call('/', { headers: from('198.51.100.30') })).status).toBe(401);
  });

  it('a call without a key, and one with a key that nobody knows, are told so', async () => {
    const without = await world.call('/', { headers: from('203.0.113.9', { 'api-key': '' }) });
    expect([without.status, without.json]).toEqual([
      401,
      { code: 'unauthorized', message: 'authentication not found in headers', reason: 'missing_key' },
    ]);
    const unknown = await world.call('/', { headers: from('203.0.113.9', { 'api-key': 'gk_wrong' }) });
    expect([unknown.status, unknown.json]).toEqual([
      401,
      { code: 'unauthorized', message: 'Key not found', reason: 'invalid_key' },
    ]);
    expect(world.api.reached).toEqual([]);
  });

  it.each([
    ['api-key', (secret: string) => secret],
    ['x-api-key', (secret: string) => secret],
    ['authorization', (secret: string) => `Bearer ${secret}`],
  ])('a key in the header %s is found, and is passed on', async (header, valueOf) => {
    const value = valueOf(world.secret);
    const headers = from('203.0.113.9', { 'api-key': '', [header]: value });
    expect((await world.call('/', { headers })).status).toBe(200);
    expect(world.api.reached[0]?.headers[header]).toBe(value);
    const blocked = await world.call('/', { headers: { ...headers, 'x-forwarded-for': '198.51.100.40' } });
    expect([blocked.status, blocked.json]).toMatchObject([401, { reason: 'unknown' }]);
  });

  it("the API's own 401 stays the API's own", async () => {
    const answer = await world.call('/v3/own-401', { headers: from('203.0.113.9') });
    expect([answer.status, answer.json]).toEqual([401, { from: 'api' }]);
  });

  it('the log names the call as it was made, without its query', async () => {
    await world.call('/v3/contacts/7?token=secret', {
      method: 'DELETE',
      headers: from('198.51.100.50', { 'user-agent': 'brevo-node/6' }),
    });
    expect(await world.attemptsOf('198.51.100.50')).toMatchObject([
      { method: 'DELETE', path: '/v3/contacts/7', userAgent: 'brevo-node/6', verdict: 'blocked' },
    ]);
  });

  it('a caller cannot write the log, nor speak to the API in the name of Gatehouse', async () => {
    const forged = {
      'x-gatehouse-body': 'none',
      'x-gatehouse-key': 'forged',
      'x-gatehouse-verdict': 'allowed',
      'x-gatehouse-reason': 'forged',
      'x-gatehouse-range': 'forged',
      'x-original-method': 'FORGED',
      'x-original-uri': '/forged',
      'x-original-url': '/forged',
      'x-forwarded-method': 'FORGED',
      'x-forwarded-uri': '/forged',
    };
    const blocked = await world.call('/v3/emails', { headers: from('198.51.100.60', forged) });
    expect([blocked.status, blocked.json]).toMatchObject([401, { code: 'unauthorized', reason: 'unknown' }]);
    expect(await world.attemptsOf('198.51.100.60')).toMatchObject([{ method: 'GET', path: '/v3/emails' }]);

    expect((await world.call('/v3/emails', { headers: from('203.0.113.77', forged) })).status).toBe(200);
    const [{ headers } = { headers: {} }] = world.api.reached;
    const told = Object.entries(headers).filter(([name]) => /^x-(gatehouse|original)-/.test(name));
    expect(told).toEqual([['x-gatehouse-key', world.keyId]]);
  });

  it('HEAD gets no body, and the connection stays in step', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const blocked = { headers: from('198.51.100.70'), agent };
      expect(await world.call('/', { ...blocked, method: 'HEAD' })).toMatchObject({ status: 401, text: '' });
      expect(await world.call('/', blocked)).toMatchObject({ status: 401, json: { code: 'unauthorized' } });
      await world.authorize('198.51.100.70');
      expect(await world.call('/', { ...blocked, method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
      expect(await world.call('/', blocked)).toMatchObject({ status: 200, json: { from: 'api' } });
    } finally {
      agent.destroy();
    }
  });

  it('many calls at once get each its own verdict', async () => {
    await world.authorize('192.0.2.0/25');
    const callers = Array.from({ length: 60 }, (_, index) => `192.0.2.${index * 4 + 1}`);
    const answers = await Promise.all(callers.map((ip) => world.call(`/${ip}`, { headers: from(ip) })));
    const isIn = (ip: string): boolean => Number(ip.split('.')[3]) < 128;
    expect(answers.map(({ status }) => status)).toEqual(callers.map((ip) => (isIn(ip) ? 200 : 401)));
    expect(world.api.reached.map(({ url }) => url.slice(1)).sort()).toEqual(callers.filter(isIn).sort());
    for (const [index, ip] of callers.entries()) {
      if (!isIn(ip)) expect(answers[index]?.text).toContain(`unrecognised IP address ${ip}.`);
    }
  });
});
