import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { Attempt, Range, Review } from '#shared/domain/entities';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { caddy } from './caddy';
import { haproxy } from './haproxy';
import { nginx } from './nginx';
import { callApi, startProtectedApi, type ClientCall, type ProtectedApi } from './protected-api';
import { freePort, type ProxyKind, type ProxyPlan, type TestProxy } from './proxy';
import { startRelay, type Relay } from './relay';
import { startTestService, type Answer, type TestService } from './test-service';

const PROXIES: readonly ProxyKind[] = [nginx, caddy, haproxy];

/** Runs the same tests for each of the proxies. Those that are not installed are skipped with a warning. */
export function describeEachProxy(title: string, tests: (kind: ProxyKind) => void): void {
  for (const kind of PROXIES) {
    const isInstalled = kind.isInstalled();
    if (!isInstalled) console.warn(`Tests that need ${kind.name} are SKIPPED: it is not installed.`);
    describe.skipIf(!isInstalled)(`${kind.name}: ${title}`, () => tests(kind));
  }
}

/** Proxies of the tests call the service from this address. */
export const PROXY_ADDRESS = '127.0.0.1';
/** A load balancer of the tests calls the proxy from this address. */
export const BALANCER_ADDRESS = '127.0.0.2';

/** Only Linux has all addresses of 127.0.0.0/8, so that callers can differ without a network. */
export const hasManyLoopbackAddresses = process.platform === 'linux';

export interface ProxyWorld {
  readonly service: TestService;
  readonly proxy: TestProxy;
  readonly api: ProtectedApi;
  /** A valid API key. */
  readonly secret: string;
  readonly keyId: string;
  /** Calls the protected API with the valid key, unless the headers say otherwise. */
  call(path: string, call?: ClientCall): Promise<Answer>;
  authorize(cidr: string): Promise<Range>;
  reviewOf(ip: string): Promise<Review>;
  attemptsOf(ip: string): Promise<readonly Attempt[]>;
  /** Returns how many connections the proxy has opened to the service so far. */
  connections(): number;
  /** Stops the service; its data stays on the disk. */
  stopService(): Promise<void>;
  /** Starts the service again on the same port. */
  startService(): Promise<void>;
}

export interface ProxyWorldOptions extends Omit<ProxyPlan, 'service' | 'api'> {
  /** The service's setting of trusted proxies. */
  readonly trustedProxies?: string;
  /** The service's setting of key headers; the three of the shipped files by default. */
  readonly keyHeaders?: string;
}

/** The service, an API and the proxy between them, for the tests of one `describe`. */
export function useProxy(kind: ProxyKind, options: ProxyWorldOptions = {}): ProxyWorld {
  let service: TestService;
  let proxy: TestProxy;
  let api: ProtectedApi;
  let created: Awaited<ReturnType<TestService['createKey']>>;
  let dataDir = '';
  let listen = '';
  let relay: Relay;
  const { trustedProxies = `${PROXY_ADDRESS}/32`, keyHeaders, ...plan } = options;

  const start = (): Promise<TestService> =>
    startTestService({
      dataDir,
      env: {
        GATEHOUSE_LISTEN: listen,
        GATEHOUSE_TRUSTED_PROXIES: trustedProxies,
        ...(keyHeaders !== undefined && { GATEHOUSE_KEY_HEADERS: keyHeaders }),
      },
    });
  beforeAll(async () => {
    dataDir = makeTempDir('proxy');
    listen = `127.0.0.1:${await freePort()}`;
    service = await start();
    created = await service.createKey();
    api = await startProtectedApi(({ url }) => ({
      status: Number(/^\/v3\/own-(\d+)$/.exec(url)?.[1] ?? 200),
      body: { from: 'api' },
    }));
    relay = await startRelay(listen);
    proxy = await kind.start({ ...plan, service: relay.host, api: api.host });
  });
  beforeEach(() => api.forget());
  afterAll(async () => {
    await proxy.stop();
    await relay.stop();
    await api.stop();
    await service.stop();
    removeTempDir(dataDir);
  });

  const items = async <T>(path: string): Promise<T[]> => {
    const answer = await service.api(path);
    if (answer.status !== 200) throw new Error(`${path} was refused: ${answer.text}`);
    return (answer.json as { items: T[] }).items;
  };
  return {
    get service() {
      return service;
    },
    get proxy() {
      return proxy;
    },
    get api() {
      return api;
    },
    get secret() {
      return created.secret;
    },
    get keyId() {
      return created.key.id;
    },
    call: (path, call = {}) =>
      callApi(`${proxy.url}${path}`, { ...call, headers: { 'api-key': created.secret, ...call.headers } }),
    authorize: async (cidr) => {
      const answer = await service.api('/v1/ranges', { body: { cidr } });
      if (answer.status !== 201) throw new Error(`${cidr} was not authorized: ${answer.text}`);
      return (answer.json as { items: [Range] }).items[0];
    },
    reviewOf: async (ip) => {
      const review = (await items<Review>('/v1/reviews?limit=1000')).find((one) => one.ip === ip);
      if (review === undefined) throw new Error(`there is no review of ${ip}`);
      return review;
    },
    connections: () => relay.connections(),
    attemptsOf: (ip) => items<Attempt>(`/v1/attempts?ip=${encodeURIComponent(ip)}`),
    stopService: () => service.stop(),
    startService: async () => {
      service = await start();
    },
  };
}

/** Returns the body that clients of the vendor's API know, for an address that is not authorized. */
export function unrecognised(serviceUrl: string, ip: string, reviewId: string): object {
  return {
    code: 'unauthorized',
    message:
      `We have detected you are using an unrecognised IP address ${ip}. If you performed this action make sure ` +
      `to add the new IP address in this link: ${serviceUrl}/security/authorised_ips/${reviewId}`,
    reason: 'unknown',
    review: reviewId,
  };
}
