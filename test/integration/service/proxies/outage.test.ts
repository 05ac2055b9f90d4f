import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caddy } from '#test/support/service/caddy';
import { haproxy } from '#test/support/service/haproxy';
import { callApi, startProtectedApi, type ProtectedApi } from '#test/support/service/protected-api';
import type { TestProxy } from '#test/support/service/proxy';
import { describeEachProxy, PROXY_ADDRESS, useProxy } from '#test/support/service/proxy-world';

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listening = async (server: Server): Promise<Server> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

describeEachProxy('while the service is away', (kind) => {
  const world = useProxy(kind);

  it('nobody gets in, and all is well once it is back', async () => {
    await world.authorize(PROXY_ADDRESS);
    expect((await world.call('/v3/account')).status).toBe(200);
    world.api.forget();

    await world.stopService();
    const answers = await Promise.all([
      world.call('/v3/account'),
      world.call('/v3/account', { headers: { 'api-key': '' } }),
      world.call('/v3/emails', { body: '{}' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => kind.unavailableStatus));
    expect(world.api.reached).toEqual([]);

    await world.startService();
    expect((await world.call('/v3/account')).status).toBe(200);
  });
});

describeEachProxy('what else can listen where the service should', (kind) => {
  let api: ProtectedApi;
  beforeAll(async () => {
    api = await startProtectedApi();
  });
  afterAll(() => api.stop());

  const callThrough = async (service: Server): Promise<number> => {
    const plan = { service: `127.0.0.1:${portOf(service)}`, api: api.host, serviceTimeoutMs: 300 };
    let proxy: TestProxy | undefined;
    try {
      proxy = await kind.start(plan);
      return (await callApi(proxy.url, { headers: { 'api-key': 'gk_any' } })).status;
    } finally {
      await proxy?.stop();
      service.close();
    }
  };

  it.each([
    ['takes the question and never answers', undefined],
    ['hangs up', ''],
    ['speaks something else', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['breaks off in its answer', 'HTTP/1.1 200 OK\r\nx-gatehouse-verdict: allo'],
    [
      'cannot decide',
      'HTTP/1.1 503 Service Unavailable\r\nx-gatehouse-verdict: blocked\r\ncontent-length: 0\r\n\r\n',
    ],
    ['sends callers elsewhere', 'HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n'],
    ['has nothing there', 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'],
  ])('nobody gets in where it %s', async (_what, answer) => {
    const service = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        if (answer !== undefined) socket.end(answer);
      });
    });
    const status = await callThrough(await listening(service));
    expect(status === 302 || status >= 400).toBe(true);
    expect(api.reached).toEqual([]);
  });
});

// nginx lets in whatever the check answers 200 to.
describe.each(
  [caddy, haproxy].filter((kind) => kind.isInstalled()).map((kind) => [kind.name, kind] as const),
)('%s: a web server that says 200 to everything', (_name, kind) => {
  it('is not taken for the service', async () => {
    const api = await startProtectedApi();
    const other = await startProtectedApi();
    const proxy = await kind.start({ service: other.host, api: api.host });
    try {
      expect((await callApi(proxy.url, { headers: { 'api-key': 'gk_any' } })).status).toBe(
        kind.unavailableStatus,
      );
      expect(other.reached.map(({ url }) => url)).toEqual(['/v1/check']);
      expect(api.reached).toEqual([]);
    } finally {
      await proxy.stop();
      await other.stop();
      await api.stop();
    }
  });
});

describeEachProxy('a service that lets in a call without judging it', (kind) => {
  it('names no key, and the API is told of none', async () => {
    const api = await startProtectedApi();
    // What it answers while it cannot decide, if GATEHOUSE_ON_ERROR is allow.
    const service = await listening(
      createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', () =>
          socket.write('HTTP/1.1 200 OK\r\nx-gatehouse-verdict: allowed\r\ncontent-length: 0\r\n\r\n'),
        );
      }),
    );
    const proxy = await kind.start({ service: `127.0.0.1:${portOf(service)}`, api: api.host });
    try {
      const headers = { 'api-key': 'gk_any', 'x-gatehouse-key': 'forged' };
      expect((await callApi(proxy.url, { headers })).status).toBe(200);
      expect(api.reached).toMatchObject([{ headers: { 'api-key': 'gk_any' } }]);
      expect(api.reached[0]?.headers).not.toHaveProperty('x-gatehouse-key');
    } finally {
      await proxy.stop();
      await api.stop();
      service.close();
    }
  });
});

describeEachProxy('connections to the service', (kind) => {
  const world = useProxy(kind);

  it('are kept from one check to the next, be it allowed or blocked', async () => {
    const callOften = async (status: number): Promise<void> => {
      for (let call = 0; call < 30; call += 1) expect((await world.call('/')).status).toBe(status);
    };
    await callOften(401);
    await world.authorize(PROXY_ADDRESS);
    await callOften(200);
    // Workers and threads have some each.
    expect(world.connections()).toBeLessThanOrEqual(8);
  });
});
