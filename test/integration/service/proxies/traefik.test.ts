import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attempt, Review } from '#shared/domain/entities';
import { callApi, type ClientCall } from '#test/support/service/protected-api';
import { shippedFile } from '#test/support/service/proxy';
import { unrecognised } from '#test/support/service/proxy-world';
import { startTestService, type Answer, type TestService } from '#test/support/service/test-service';
import { parseYaml, yamlAt, yamlText, yamlTexts, type YamlValue } from '#test/support/yaml';

/*
 * Envoy and Traefik are in no Debian release, so what they would ask is made here from the shipped files and from what
 * their documentation says they send; the service that answers is real.
 */

/** A call as it reaches the proxy, and the address that it comes from. */
interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly peer: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Asked {
  readonly url: string;
  readonly call: ClientCall;
}

const only = (
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));

/** Whether an expression of a proxy matches what the service reads as a bearer token, and nothing else. */
function readsBearer(expression: string): boolean {
  const pattern = new RegExp(expression.replace('(?i)', ''), 'i');
  const read = ['Bearer gk_1', 'bearer  gk_1', 'BEARER gk_1, Basic abc'];
  const unread = ['Basic abc', 'Token gk_1', 'Bearer', 'Bearer\tgk_1', 'Token Bearer gk_1', 'gk_1'];
  return read.every((text) => pattern.test(text)) && !unread.some((text) => pattern.test(text));
}

const FORGEABLE = [
  'x-forwarded-method',
  'x-forwarded-uri',
  'x-gatehouse-body',
  'x-gatehouse-key',
  'x-gatehouse-message',
  'x-gatehouse-range',
  'x-gatehouse-reason',
  'x-gatehouse-review',
  'x-gatehouse-verdict',
  'x-original-method',
  'x-original-uri',
  'x-original-url',
];

/** What the service answers to the questions of such a proxy. */
function behaves(ask: (serviceUrl: string, incoming: Incoming) => Asked): void {
  let service: TestService;
  let secret: string;
  let keyId: string;
  beforeAll(async () => {
    service = await startTestService();
    ({
      secret,
      key: { id: keyId },
    } = await service.createKey());
    await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24' } });
  });
  afterAll(() => service.stop());

  const check = (incoming: Partial<Incoming>): Promise<Answer> => {
    const { url, call } = ask(service.url, {
      method: 'GET',
      path: '/v3/account',
      peer: '203.0.113.9',
      ...incoming,
      headers: { 'api-key': secret, ...incoming.headers },
    });
    return callApi(url, call);
  };
  const items = async <T>(path: string): Promise<T[]> =>
    ((await service.api(path)).json as { items: T[] }).items;

  it('an authorized call is allowed, and the key is named', async () => {
    const answer = await check({ method: 'POST', path: '/v3/emails?draft=1' });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers).toMatchObject({ 'x-gatehouse-verdict': 'allowed', 'x-gatehouse-key': keyId });
  });

  it("a blocked call gets the vendor's JSON", async () => {
    const answer = await check({ peer: '198.51.100.9', method: 'POST' });
    const review = (await items<Review>('/v1/reviews')).find(({ ip }) => ip === '198.51.100.9');
    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.json).toEqual(unrecognised(service.url, '198.51.100.9', review?.id ?? 'none'));
  });

  it.each([
    ['api-key', (text: string) => text],
    ['x-api-key', (text: string) => text],
    ['authorization', (text: string) => `Bearer ${text}`],
  ])('a key in the header %s is found', async (header, valueOf) => {
    const headers = { 'api-key': '', [header]: valueOf(secret) };
    expect((await check({ headers })).status).toBe(200);
    expect((await check({ headers: { 'api-key': '' } })).json).toMatchObject({ reason: 'missing_key' });
  });

  it('callers stay who they are, whatever they write', async () => {
    const answer = await check({
      peer: '198.51.100.10',
      headers: {
        'x-forwarded-for': '203.0.113.9',
        'x-real-ip': '203.0.113.9',
        'x-gatehouse-body': 'none',
        'x-original-method': 'FORGED',
        'x-original-uri': '/forged',
        'x-original-url': '/forged',
        'x-forwarded-method': 'FORGED',
        'x-forwarded-uri': '/forged',
        'user-agent': 'brevo-node/6',
      },
      method: 'DELETE',
      path: '/v3/contacts/7?token=secret',
    });
    expect(answer.json).toMatchObject({
      message: expect.stringContaining('address 198.51.100.10.') as string,
    });
    expect(await items<Attempt>('/v1/attempts?ip=198.51.100.10')).toMatchObject([
      { method: 'DELETE', path: '/v3/contacts/7', userAgent: 'brevo-node/6', verdict: 'blocked' },
    ]);
  });

  it.each(['/', '/../v1/account', '//healthz', '/v1/ranges?x=/v1/check', '/%2e%2e/openapi.json'])(
    'a path like %s reaches nothing but the check',
    async (path) => {
      expect((await check({ peer: '198.51.100.11', path })).json).toMatchObject({ reason: 'unknown' });
      expect(await check({ path })).toMatchObject({ status: 200, text: '' });
    },
  );
}

describe('Traefik, by its documentation', () => {
  let config: YamlValue;
  let check: YamlValue;
  beforeAll(() => {
    config = parseYaml(shippedFile('traefik/gatehouse.yaml'));
    check = yamlAt(config, 'http', 'middlewares', 'gatehouse-check', 'forwardAuth');
  });

  /**
   * The check of ForwardAuth: GET, the headers named, and X-Forwarded-For, -Method, -Proto, -Host and -Uri, which
   * Traefik sets by itself where it trusts no forwarded headers.
   * https://doc.traefik.io/traefik/middlewares/http/forwardauth/
   */
  const ask = (serviceUrl: string, { method, path, peer, headers }: Incoming): Asked => {
    const address = new URL(yamlText(check, 'address'));
    return {
      url: `${serviceUrl}${address.pathname}`,
      call: {
        method: 'GET',
        headers: {
          ...only(headers, yamlTexts(yamlAt(check, 'authRequestHeaders'))),
          'x-forwarded-for': peer,
          'x-forwarded-method': method,
          'x-forwarded-proto': 'http',
          'x-forwarded-host': 'api.example.com',
          'x-forwarded-uri': path,
          'accept-encoding': 'gzip',
        },
      },
    };
  };

  behaves(ask);

  it('trusts no forwarded headers as shipped', () => {
    expect(yamlAt(check, 'trustForwardHeader')).toBe('false');
    const fixed = parseYaml(shippedFile('traefik/traefik.yaml'));
    expect(yamlAt(fixed, 'entryPoints', 'api')).toEqual({ address: '127.0.0.1:8080' });
    expect(yamlAt(fixed, 'providers', 'file', 'filename')).toBe('resources/deploy/traefik/gatehouse.yaml');
  });

  it('takes away what callers could forge, and tells the API the key', () => {
    const strip = yamlAt(config, 'http', 'middlewares', 'gatehouse-strip', 'headers', 'customRequestHeaders');
    const removed = Object.entries(strip as Readonly<Record<string, YamlValue>>);
    expect(removed.map(([name]) => name.toLowerCase()).sort()).toEqual(FORGEABLE);
    expect(removed.every(([, value]) => value === '')).toBe(true);
    expect(yamlTexts(yamlAt(check, 'authResponseHeaders'))).toEqual(['X-Gatehouse-Key']);
    // Traefik takes away every header whose name this matches.
    const taken = new RegExp(yamlText(check, 'authResponseHeadersRegex'));
    expect(
      ['X_Gatehouse_Key', 'X.gatehouse.key', 'X-Gatehouse_Key', 'Api_Key'].filter(
        (name) => !taken.test(name),
      ),
    ).toEqual([]);
    expect(
      ['X-Gatehouse-Key', 'Api-Key', 'Content-Type', 'X-B3-Traceid'].filter((name) => taken.test(name)),
    ).toEqual([]);
  });

  it('uses the middlewares in their order, on every route', () => {
    const chain = yamlAt(config, 'http', 'middlewares', 'gatehouse', 'chain', 'middlewares');
    expect(chain).toEqual(['gatehouse-strip', 'gatehouse-check']);
    const routers = yamlAt(config, 'http', 'routers') as Readonly<Record<string, YamlValue>>;
    expect(Object.keys(routers)).toEqual(['api-bearer', 'api']);
    expect(yamlAt(routers, 'api', 'middlewares')).toEqual(['gatehouse-no-authorization', 'gatehouse']);
    expect(yamlAt(routers, 'api-bearer', 'middlewares')).toEqual(['gatehouse']);
    expect(
      yamlAt(config, 'http', 'middlewares', 'gatehouse-no-authorization', 'headers', 'customRequestHeaders'),
    ).toEqual({ Authorization: '' });
    // The longer rule is tried first.
    const [, expression = ''] =
      /HeaderRegexp\(`Authorization`, `(.*)`\)$/.exec(yamlText(routers, 'api-bearer', 'rule')) ?? [];
    expect(readsBearer(expression)).toBe(true);
    expect(yamlText(routers, 'api', 'rule').length).toBeLessThan(
      yamlText(routers, 'api-bearer', 'rule').length,
    );
  });
});
