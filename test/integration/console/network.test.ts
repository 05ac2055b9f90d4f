import { copyFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, type Server } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { changeNetwork, networkState } from '#electron/core/use-cases/change-network';
import { connect } from '#electron/core/use-cases/connect';
import type { NetworkChanges } from '#shared/ipc/network';
import type { Outcome } from '#shared/ipc/failure';
import { type Authority, makeAuthority } from '#test/support/certificate';
import { type ConnectProxy, startConnectProxy } from '#test/support/connect-proxy';
import { fakeVault } from '#test/support/console/fakes';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import { freePort } from '#test/support/service/nginx';
import { OWNER_TOKEN } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const world = useRemoteWorld();

/** A name that nothing but the proxy of the test knows. */
const URL_BEHIND_PROXY = 'https://gatehouse.test';

let authority: Authority;
let identity: { readonly key: string; readonly cert: string };
let front: Server;
let proxy: ConnectProxy;
let names: Readonly<Record<string, number>>;

beforeAll(() => {
  authority = makeAuthority();
  identity = authority.issue('DNS:gatehouse.test,IP:127.0.0.1');
});
afterAll(() => authority.remove());

beforeEach(async () => {
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY']) {
    vi.stubEnv(name, '');
    vi.stubEnv(name.toLowerCase(), '');
  }
  const servicePort = Number(new URL(world.service.url).port);
  front = createTlsServer(identity, (socket) => {
    const service = connectSocket(servicePort, '127.0.0.1');
    for (const end of [socket, service]) end.on('error', () => end.destroy());
    socket.pipe(service).pipe(socket);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  names = { 'gatehouse.test:443': (front.address() as AddressInfo).port, 'plain.test:80': servicePort };
  proxy = await startConnectProxy({ names });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await proxy.stop();
  front.close();
});

const change = async (changes: NetworkChanges) => value(await changeNetwork(world.console.core, changes));
const connectTo = (url = URL_BEHIND_PROXY): Promise<Outcome<undefined>> =>
  connect(world.console.core, { url, token: OWNER_TOKEN });
const onlineBehindProxy = async (): Promise<void> => {
  value(await connectTo());
  await world.console.reach('online');
};
const problem = (outcome: Outcome<unknown>): string => (outcome.ok ? '' : outcome.failure.message);
const own = (): NetworkChanges => ({ proxy: 'own', address: proxy.host, authorityFile: authority.file });

describe('a service behind a proxy', () => {
  it('is reached through the one of Settings, which gets to know its name alone', async () => {
    await change(own());
    await onlineBehindProxy();
    await world.console.synced();
    expect(new Set(proxy.requests)).toEqual(new Set(['CONNECT gatehouse.test:443']));
    expect(proxy.heard()).not.toContain(OWNER_TOKEN);
    expect(value(await networkState(world.console.core)).route).toBe(
      `gatehouse.test is reached through the proxy ${proxy.host} (Settings, Network).`,
    );
  });

  it('is reached through the one of the environment', async () => {
    await change({ authorityFile: authority.file });
    vi.stubEnv('HTTPS_PROXY', `http://${proxy.host}`);
    await onlineBehindProxy();
    expect(proxy.requests).not.toEqual([]);
  });

  it('is reached through the one of the system’s settings', async () => {
    await world.console.stop();
    const asked: string[] = [];
    world.startConsole({
      systemProxy: (url) => {
        asked.push(url);
        return Promise.resolve(`SOCKS5 127.0.0.1:9; PROXY ${proxy.host}; DIRECT`);
      },
    });
    await change({ authorityFile: authority.file });
    await onlineBehindProxy();
    expect(asked[0]).toBe(URL_BEHIND_PROXY);
  });

  it('is not guessed to be reachable without the only proxy that there is, of another kind', async () => {
    vi.stubEnv('ALL_PROXY', 'socks5://127.0.0.1:9');
    expect(problem(await connectTo())).toBe(
      'A proxy of the kind socks5 is not supported, only HTTP proxies are (ALL_PROXY).',
    );
  });

  it.each([
    ['NO_PROXY', () => vi.stubEnv('NO_PROXY', 'localhost,.test')],
    ['an exception of Settings', () => change({ ...own(), exceptions: 'gatehouse.test' })],
    ['the choice of none', () => change({ proxy: 'none' })],
  ])('is reached without it because of %s', async (_what, except) => {
    vi.stubEnv('HTTPS_PROXY', `http://${proxy.host}`);
    await except();
    expect(problem(await connectTo())).toMatch(/The name of gatehouse.test/);
    expect(proxy.requests).toEqual([]);
  });

  it('is reached by the new way as soon as the setting is another one', async () => {
    await change(own());
    await onlineBehindProxy();
    const other = await startConnectProxy({ names });
    try {
      await change({ address: other.host });
      await waitFor('the other proxy to be used', () => other.requests.length > 0);
      expect(world.mirror().connection.kind).toBe('online');
    } finally {
      await world.console.stop();
      await other.stop();
      world.startConsole();
    }
  });

  it('on this computer never is: loopback needs no proxy', async () => {
    await change(own());
    vi.stubEnv('HTTP_PROXY', `http://${proxy.host}`);
    value(await world.connectTo(world.service));
    await world.console.synced();
    expect(proxy.requests).toEqual([]);
  });

  it('without encryption is asked about with the proxy that could read along', async () => {
    vi.stubEnv('http_proxy', proxy.host);
    const outcome = await connectTo('http://plain.test');
    expect(outcome).toMatchObject({ failure: { code: 'plain_address' } });
    expect(problem(outcome)).toContain(`So can the proxy ${proxy.host} (http_proxy)`);
    expect(proxy.requests).toEqual([]);
    value(
      await connect(world.console.core, { url: 'http://plain.test', token: OWNER_TOKEN, allowPlain: true }),
    );
    expect(proxy.requests[0]).toBe('CONNECT plain.test:80');
  });
});

describe('user name and password of a proxy', () => {
  const PASSWORD = 'pass: wörd/7';
  let strict: ConnectProxy;
  beforeEach(async () => {
    strict = await startConnectProxy({ names, credentials: `me:${PASSWORD}` });
  });
  afterEach(() => strict.stop());
  const ownStrict = (): NetworkChanges => ({
    ...own(),
    address: strict.host,
    userName: 'me',
    password: PASSWORD,
  });

  it('are kept by the key store, and written nowhere in the open', async () => {
    expect(await change(ownStrict())).toMatchObject({ password: 'kept' });
    await onlineBehindProxy();
    await world.console.stop();
    world.startConsole();
    await world.console.reach('online');
    const kept = JSON.stringify(world.console.core.store.settings.read('network', z.unknown()));
    expect(kept).not.toContain(PASSWORD);
    expect(world.console.log.text).not.toContain(PASSWORD);
  });

  it('are for this session only where there is no key store', async () => {
    await world.console.stop();
    world.startConsole({ vault: fakeVault(false) });
    expect(await change(ownStrict())).toMatchObject({ password: 'session' });
    await onlineBehindProxy();
  });

  it('are for this proxy only', async () => {
    await change(ownStrict());
    expect(await change({ address: proxy.host })).toMatchObject({ password: 'none' });
    expect(problem(await connectTo())).toBe('');
    await change({ address: strict.host });
    expect(problem(await connectTo())).toMatch(/asks for a user name and password.*Settings, Network/);
  });

  it('of the environment are used, and never shown', async () => {
    vi.stubEnv('HTTPS_PROXY', `http://me:${encodeURIComponent(PASSWORD)}@${strict.host}`);
    await change({ authorityFile: authority.file });
    await onlineBehindProxy();
    expect(JSON.stringify(await networkState(world.console.core))).not.toContain('me:');
    strict.refuseWith(403);
    expect(problem(await connectTo())).not.toContain('me:');
  });
});

describe('what keeps a service from being reached has a sentence that names the setting', () => {
  it.each([
    [407, /asks for a user name and password, or refuses those that it got/],
    [403, /does not let this console through to gatehouse.test/],
    [502, /cannot reach gatehouse.test \(502\)/],
    [504, /got no answer from gatehouse.test in time/],
    [400, /refused the connection to gatehouse.test \(400\)/],
  ])('a proxy that answers %i', async (status, sentence) => {
    await change(own());
    proxy.refuseWith(status);
    const outcome = await connectTo();
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
    expect(problem(outcome)).toMatch(sentence);
    expect(problem(outcome)).toContain(`The proxy ${proxy.host} (Settings, Network)`);
  });

  it('a proxy that is not there', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    await change({ proxy: 'own', address });
    expect(problem(await connectTo())).toContain(`The proxy ${address} (Settings, Network) does not answer`);
  });

  it('a proxy that is none', async () => {
    await change({ proxy: 'own', address: `127.0.0.1:${(front.address() as AddressInfo).port}` });
    expect(problem(await connectTo())).toMatch(/The proxy .* \(Settings, Network\)/);
  });

  it('a certificate authority file that is gone since', async () => {
    const file = join(world.folder, 'company.pem');
    copyFileSync(authority.file, file);
    await change({ ...own(), authorityFile: file });
    rmSync(file);
    await world.console.stop();
    world.startConsole();
    expect(problem(await connectTo())).toMatch(
      /certificate authority file of Settings, Network cannot be read: ENOENT/,
    );
    expect(proxy.heard()).not.toContain(OWNER_TOKEN);
  });

  it.each([
    [{ proxy: 'own' }, 'address', /Enter the address of the proxy/],
    [{ proxy: 'own', address: 'socks5://a:1' }, 'address', /kind socks5 is not supported/],
    [{ proxy: 'own', address: 'http://me:secret@a:1' }, 'address', /fields of their own/],
    [{ exceptions: 'https://example.com' }, 'exceptions', /is no host, address or network/],
    [{ authorityFile: 'company.pem' }, 'authorityFile', /has to be a full path/],
    [{ authorityFile: '/nowhere/company.pem' }, 'authorityFile', /cannot be read: ENOENT/],
    [{ authorityFile: import.meta.filename }, 'authorityFile', /holds no certificate/],
  ] as const)('and %o is refused at once', async (changes, field, message) => {
    const outcome = await changeNetwork(world.console.core, changes);
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'invalid', field } });
    expect(problem(outcome)).toMatch(message);
    expect(problem(outcome)).not.toContain('secret');
    expect(value(await networkState(world.console.core)).settings).toMatchObject({
      proxy: 'system',
      address: '',
    });
  });
});

describe('a certificate that nobody vouches for is refused whatever NODE_TLS_REJECT_UNAUTHORIZED says', () => {
  beforeEach(() => void vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0'));

  it('directly', async () => {
    const url = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
    expect(problem(await connectTo(url))).toMatch(/authority that this computer does not trust/);
  });

  it('through a proxy', async () => {
    await change({ proxy: 'own', address: proxy.host });
    expect(problem(await connectTo())).toMatch(/authority that this computer does not trust/);
    expect(proxy.requests).toEqual(['CONNECT gatehouse.test:443']);
  });

  it('of the proxy itself', async () => {
    const encrypted = await startConnectProxy({ names, tls: identity });
    try {
      await change({ proxy: 'own', address: `https://${encrypted.host}` });
      expect(problem(await connectTo())).toMatch(
        /\(Settings, Network\) has a certificate that this computer/,
      );
      expect(encrypted.requests).toEqual([]);
      await change({ authorityFile: authority.file });
      await onlineBehindProxy();
    } finally {
      await world.console.stop();
      await encrypted.stop();
      world.startConsole();
    }
  });
});
