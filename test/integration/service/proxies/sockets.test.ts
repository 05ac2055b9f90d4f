import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { haproxy } from '#test/support/service/haproxy';
import { hasNginx, nginx } from '#test/support/service/nginx';
import { describeEachProxy, PROXY_ADDRESS, useProxy } from '#test/support/service/proxy-world';

describeEachProxy('callers of a proxy that listens on a Unix socket', (kind) => {
  const world = useProxy(kind, { socket: {} });

  it('have no address: the service is told so, and nobody gets in', async () => {
    // The proxy itself may come in. Nobody is to be taken for it.
    await world.authorize(PROXY_ADDRESS);
    expect((await world.call('/')).status).toBe(200);
    world.api.forget();
    for (const headers of [{}, { 'x-forwarded-for': PROXY_ADDRESS }, { 'x-real-ip': PROXY_ADDRESS }]) {
      const answer = await world.call('/', { socket: world.proxy.socket, headers });
      expect([answer.status, answer.json]).toMatchObject([
        400,
        { code: 'bad_forwarded_for', reason: 'bad_forwarded_for' },
      ]);
    }
    expect(world.api.reached).toEqual([]);
    expect((await world.service.api('/metrics')).text).toMatch(/bad_forwarded_for"\} 3/);
  });
});

describe.skipIf(!hasNginx())('nginx on a Unix socket that believes a balancer there', () => {
  const world = useProxy(nginx, { socket: {}, balancers: 'unix:' });

  it('evaluates the caller that the balancer names', async () => {
    await world.authorize('203.0.113.9');
    const call = (from: string) =>
      world.call('/', { socket: world.proxy.socket, headers: { 'x-forwarded-for': from } });
    expect((await call('203.0.113.9')).status).toBe(200);
    expect(world.api.reached[0]?.headers['x-forwarded-for']).toBe('203.0.113.9');
    expect((await call('203.0.113.10')).json).toMatchObject({
      message: expect.stringContaining('address 203.0.113.10.') as string,
    });
    expect((await call('203.0.113.9, 203.0.113.10')).status).toBe(401);
  });
});

describe.skipIf(!haproxy.isInstalled())('HAProxy on a Unix socket with the PROXY protocol', () => {
  const world = useProxy(haproxy, { socket: { bindOptions: 'accept-proxy' } });

  it('evaluates the caller that the balancer names', async () => {
    const call = async (from: string): Promise<string> => {
      const socket = connect(world.proxy.socket);
      socket.write(
        `PROXY TCP4 ${from} 192.0.2.1 51234 80\r\n` +
          `GET / HTTP/1.1\r\nhost: api\r\napi-key: ${world.secret}\r\nconnection: close\r\n\r\n`,
      );
      let text = '';
      for await (const chunk of socket) text += String(chunk);
      return text;
    };
    await world.authorize('203.0.113.9');
    expect(await call('203.0.113.9')).toContain('200 OK');
    expect(world.api.reached[0]?.headers['x-forwarded-for']).toBe('203.0.113.9');
    expect(await call('203.0.113.10')).toContain('address 203.0.113.10.');
  });
});
