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

const exactNames = (patterns: YamlValue): readonly string[] =>
  (patterns as readonly YamlValue[]).map((pattern) => yamlText(pattern, 'exact'));

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

describe('Envoy, by its documentation', () => {
  const EXT_AUTHZ = [
    'static_resources',
    'listeners',
    0,
    'filter_chains',
    0,
    'filters',
    0,
    'typed_config',
  ] as const;
  let config: YamlValue;
  let authz: YamlValue;
  beforeAll(() => {
    config = parseYaml(shippedFile('envoy/envoy.yaml'));
    authz = yamlAt(config, ...EXT_AUTHZ, 'http_filters', 0, 'typed_config');
  });

  /**
   * The check of an HTTP service: the original method, the path behind path_prefix, no body, and the headers Host,
   * Content-Length, Authorization and those allowed. With use_remote_address the peer is appended to X-Forwarded-For.
   * https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/ext_authz/v3/ext_authz.proto
   */
  const ask = (serviceUrl: string, incoming: Incoming, envoyItself?: string): Asked => {
    const { method, path, peer, headers } = incoming;
    const way = [headers['x-forwarded-for'], peer, envoyItself].filter((hop) => hop !== undefined);
    const seen = {
      ...headers,
      'x-forwarded-for': way.join(','),
      'x-forwarded-proto': 'http',
      'x-request-id': '9f86d081-884c-4d65-9a2f-eaa0c55ad015',
    };
    const allowed = exactNames(yamlAt(authz, 'allowed_headers', 'patterns'));
    return {
      url: `${serviceUrl}${yamlText(authz, 'http_service', 'path_prefix')}${path}`,
      call: {
        method,
        headers: {
          ...only(seen, ['authorization', ...allowed]),
          'content-length': '0',
          host: 'api.example.com',
        },
      },
    };
  };

  behaves(ask);

  /**
   * Before 1.28 the client that sends checks appended the address of Envoy's machine as well.
   * https://www.envoyproxy.io/docs/envoy/latest/version_history/v1.28/v1.28.0
   */
  describe('before 1.28, which appends its own address', () => {
    const judgedAs = async (trustedProxies: string): Promise<string | undefined> => {
      const service = await startTestService({ env: { GATEHOUSE_TRUSTED_PROXIES: trustedProxies } });
      try {
        const { secret } = await service.createKey();
        const incoming = { method: 'GET', path: '/', peer: '203.0.113.9', headers: { 'api-key': secret } };
        const { url, call } = ask(service.url, incoming, '10.1.2.3');
        const { message } = (await callApi(url, call)).json as { message: string };
        return /IP address (\S+)\. If/.exec(message)?.[1];
      } finally {
        await service.stop();
      }
    };

    it('all callers are taken for Envoy', async () => {
      expect(await judgedAs('loopback')).toBe('10.1.2.3');
    });

    it('its own address is walked over, if it is a trusted proxy', async () => {
      expect(await judgedAs('loopback, 10.1.2.3/32')).toBe('203.0.113.9');
    });
  });

  it('passes on an Authorization that the service reads, and no other', () => {
    const routes = yamlAt(
      config,
      ...EXT_AUTHZ,
      'route_config',
      'virtual_hosts',
      0,
      'routes',
    ) as readonly YamlValue[];
    expect(routes).toHaveLength(2);
    const [bearer, others] = routes;
    const header = yamlAt(bearer ?? '', 'match', 'headers', 0);
    expect(yamlAt(header, 'name')).toBe('authorization');
    // Envoy's expressions match the whole of a value.
    expect(readsBearer(`^(?:${yamlText(header, 'string_match', 'safe_regex', 'regex')})$`)).toBe(true);
    expect(bearer).not.toHaveProperty('request_headers_to_remove');
    expect(yamlAt(others ?? '', 'match')).toEqual({ prefix: '/' });
    expect(yamlTexts(yamlAt(others ?? '', 'request_headers_to_remove'))).toEqual(['authorization']);
  });

  it('refuses while the service is away', () => {
    expect(yamlAt(authz, 'failure_mode_allow')).toBe('false');
    expect(yamlAt(authz, 'status_on_error', 'code')).toBe('ServiceUnavailable');
  });

  it('evaluates calls before it routes them, by the address that it sees', () => {
    const filters = yamlAt(config, ...EXT_AUTHZ, 'http_filters') as readonly YamlValue[];
    expect(filters.map((filter) => yamlAt(filter, 'name'))).toEqual([
      'envoy.filters.http.ext_authz',
      'envoy.filters.http.router',
    ]);
    expect(yamlAt(config, ...EXT_AUTHZ, 'use_remote_address')).toBe('true');
  });

  it('takes away what callers could forge, and tells the API the key', () => {
    const [mutation] = yamlAt(
      config,
      ...EXT_AUTHZ,
      'early_header_mutation_extensions',
    ) as readonly YamlValue[];
    const removed = yamlAt(mutation ?? '', 'typed_config', 'mutations') as readonly YamlValue[];
    expect(removed.map((one) => yamlAt(one, 'remove')).sort()).toEqual(FORGEABLE);
    expect(
      yamlAt(config, ...EXT_AUTHZ, 'common_http_protocol_options', 'headers_with_underscores_action'),
    ).toBe('DROP_HEADER');
    const told = yamlAt(
      authz,
      'http_service',
      'authorization_response',
      'allowed_upstream_headers',
      'patterns',
    );
    expect(exactNames(told)).toEqual(['x-gatehouse-key']);
  });

  it('names clusters that exist', () => {
    const clusters = yamlAt(config, 'static_resources', 'clusters') as readonly YamlValue[];
    expect(clusters.map((cluster) => yamlAt(cluster, 'name'))).toEqual(['gatehouse', 'api']);
    expect(yamlAt(authz, 'http_service', 'server_uri', 'cluster')).toBe('gatehouse');
  });
});
