import { describe, expect, it } from 'vitest';
import { hasNginx, startBalancer } from '#test/support/service/nginx';
import { callApi } from '#test/support/service/protected-api';
import {
  BALANCER_ADDRESS,
  describeEachProxy,
  hasManyLoopbackAddresses,
  PROXY_ADDRESS,
  unrecognised,
  useProxy,
} from '#test/support/service/proxy-world';

describeEachProxy("callers of a proxy at the network's edge, as shipped", (kind) => {
  const world = useProxy(kind);

  it('are known by the connection', async () => {
    const blocked = await world.call('/v3/account');
    const review = await world.reviewOf(PROXY_ADDRESS);
    expect([blocked.status, blocked.json]).toEqual([
      401,
      unrecognised(world.service.url, PROXY_ADDRESS, review.id),
    ]);
  });

  it.skipIf(!hasManyLoopbackAddresses)('are told apart', async () => {
    await world.authorize('127.0.0.31');
    expect((await world.call('/', { from: '127.0.0.31' })).status).toBe(200);
    expect((await world.call('/', { from: '127.0.0.32' })).json).toMatchObject({
      message: expect.stringContaining('address 127.0.0.32.') as string,
    });
  });

  describe('who write an authorized address into headers', () => {
    it.each([
      ['X-Forwarded-For', { 'x-forwarded-for': '203.0.113.9' }],
      ['X-Forwarded-For, twice', { 'x-forwarded-for': ['203.0.113.9', '203.0.113.9'] }],
      ['a chain', { 'x-forwarded-for': '203.0.113.9, 127.0.0.1' }],
      ['X-Real-IP', { 'x-real-ip': '203.0.113.9' }],
      ['Forwarded', { forwarded: 'for=203.0.113.9' }],
      [
        'X-Forwarded-For, which Connection takes away',
        {
          'x-forwarded-for': '203.0.113.9',
          connection: 'close, x-forwarded-for',
        },
      ],
    ])('stay who they are: %s', async (_name, headers) => {
      await world.authorize('203.0.113.9').catch(() => undefined);
      const answer = await world.call('/', { headers });
      expect([answer.status, answer.json]).toMatchObject([
        401,
        { message: expect.stringContaining(`address ${PROXY_ADDRESS}.`) as string },
      ]);
      expect(world.api.reached).toEqual([]);
    });
  });

  it('who write nonsense there do not keep themselves out', async () => {
    const range = await world.authorize(PROXY_ADDRESS);
    try {
      const answer = await world.call('/', { headers: { 'x-forwarded-for': 'unknown, <script>' } });
      expect(answer.status).toBe(200);
      expect(world.api.reached[0]?.headers['x-forwarded-for']).toBe(PROXY_ADDRESS);
    } finally {
      await world.service.api(`/v1/ranges/${range.id}`, { method: 'DELETE' });
    }
  });
});

describeEachProxy('callers named by a load balancer', (kind) => {
  const world = useProxy(kind, { balancers: `${PROXY_ADDRESS}/32` });
  const evaluated = async (forwardedFor: string | string[]): Promise<string | undefined> => {
    const answer = await world.call('/', { headers: { 'x-forwarded-for': forwardedFor } });
    const { message } = answer.json as { message: string };
    return /IP address (\S+)\. If/.exec(message)?.[1];
  };

  it.each([
    ['203.0.113.21:51234', '203.0.113.21'],
    ['[2001:db8::21]:443', '2001:db8::21'],
    ['2001:DB8:0::22', '2001:db8::22'],
    ['::ffff:203.0.113.22', '203.0.113.22'],
    ['203.0.113.23, 127.0.0.1', '203.0.113.23'],
    ['203.0.113.99, 203.0.113.24', '203.0.113.24'],
    ['10.0.0.1,203.0.113.99 , 203.0.113.25', '203.0.113.25'],
  ])('%s means %s', async (forwardedFor, ip) => {
    expect(await evaluated(forwardedFor)).toBe(ip);
    await world.authorize(ip);
    expect((await world.call('/', { headers: { 'x-forwarded-for': forwardedFor } })).status).toBe(200);
  });

  it.each(['nobody', '203.0.113.30, nobody', '999.1.1.1', '[2001:db8::1'])(
    'a chain that nobody can read lets nobody in: %s',
    async (forwardedFor) => {
      await world.authorize('203.0.113.30').catch(() => undefined);
      const answer = await world.call('/', { headers: { 'x-forwarded-for': forwardedFor } });
      expect([400, 401]).toContain(answer.status);
      expect(world.api.reached).toEqual([]);
    },
  );
});

describeEachProxy('callers behind a real load balancer', (kind) => {
  const canRun = hasManyLoopbackAddresses && hasNginx();
  const world = useProxy(kind, {
    balancers: `${BALANCER_ADDRESS}/32`,
    trustedProxies: `${PROXY_ADDRESS}/32,${BALANCER_ADDRESS}/32`,
  });

  it.skipIf(!canRun)('are evaluated by their own address through both, whatever they write', async () => {
    const balancer = await startBalancer(new URL(world.proxy.url).host, BALANCER_ADDRESS);
    const call = (headers: Readonly<Record<string, string>> = {}) =>
      callApi(`${balancer.url}/v3/account`, {
        from: '127.0.0.41',
        headers: { 'api-key': world.secret, ...headers },
      });
    try {
      await world.authorize('203.0.113.50');
      const forged = await call({ 'x-forwarded-for': '203.0.113.50' });
      const review = await world.reviewOf('127.0.0.41');
      expect([forged.status, forged.json]).toEqual([
        401,
        unrecognised(world.service.url, '127.0.0.41', review.id),
      ]);
      await world.authorize('127.0.0.41');
      expect((await call()).status).toBe(200);
      expect(world.api.reached[0]?.headers['x-forwarded-for']).toContain('127.0.0.41');
    } finally {
      await balancer.stop();
    }
  });

  it.skipIf(!canRun)('who go round the balancer cannot play it', async () => {
    await world.authorize('203.0.113.51');
    const answer = await world.call('/', {
      from: '127.0.0.42',
      headers: { 'x-forwarded-for': '203.0.113.51' },
    });
    expect([answer.status, answer.json]).toMatchObject([
      401,
      { message: expect.stringContaining('address 127.0.0.42.') as string },
    ]);
  });
});

describeEachProxy('callers over IPv6', (kind) => {
  const world = useProxy(kind, { host: '[::1]' });

  it('are known by their IPv6 address', async () => {
    const blocked = await world.call('/');
    const review = await world.reviewOf('::1');
    expect([blocked.status, blocked.json]).toEqual([401, unrecognised(world.service.url, '::1', review.id)]);
    await world.authorize('::1');
    expect((await world.call('/')).status).toBe(200);
  });
});

describeEachProxy('callers of a listener that takes both families', (kind) => {
  const world = useProxy(kind, { host: '[::]' });

  it.skipIf(!hasManyLoopbackAddresses)('are known by their IPv4 address', async () => {
    const blocked = await world.call('/', { from: '127.0.0.51' });
    const review = await world.reviewOf('127.0.0.51');
    expect([blocked.status, blocked.json]).toEqual([
      401,
      unrecognised(world.service.url, '127.0.0.51', review.id),
    ]);
    await world.authorize('127.0.0.51/32');
    expect((await world.call('/', { from: '127.0.0.51' })).status).toBe(200);
    expect((await world.call('/', { from: '127.0.0.52' })).status).toBe(401);
  });
});
