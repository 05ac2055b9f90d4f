import { expect, it } from 'vitest';
import { callApi, startProtectedApi, type ReachedCall } from '#test/support/service/protected-api';
import type { ProxyKind } from '#test/support/service/proxy';
import {
  describeEachProxy,
  hasManyLoopbackAddresses,
  PROXY_ADDRESS,
  useProxy,
} from '#test/support/service/proxy-world';

/** HAProxy takes a hundred header lines and 15 KB of them, unless it is told otherwise. */
const manyLinesOf = ({ name }: ProxyKind): { readonly extraLines?: readonly string[] } =>
  name === 'HAProxy' ? { extraLines: ['tune.http.maxhdr 8000', 'tune.bufsize 65536'] } : {};

const repeated = (count: number, name: string, value = ''): string[] =>
  Array.from({ length: count }, () => [name, value]).flat();

describeEachProxy('however many headers a caller sends', (kind) => {
  const world = useProxy(kind, manyLinesOf(kind));
  let next = 60;

  it.skipIf(!hasManyLoopbackAddresses).each([
    [900, 'before', 'B'],
    [900, 'after', 'B'],
    [1100, 'before', 'B'],
    [1100, 'after', 'B'],
    [3000, 'before', 'B'],
    [3000, 'after', 'B'],
    [1100, 'before', 'X-Forwarded-For'],
    [1100, 'after', 'X-Original-URI'],
  ])('its verdict is about the same call: %d lines %s its key of the name %s', async (count, where, name) => {
    next += 1;
    const from = `127.0.0.${next}`;
    const own = ['api-key', world.secret, 'user-agent', 'brevo-node/6'];
    const others = repeated(count, name);
    const lines = where === 'before' ? [...others, ...own] : [...own, ...others];
    const call = () =>
      callApi(`${world.proxy.url}/v3/contacts/7`, {
        method: 'DELETE',
        from,
        lines: ['Connection', 'close', ...lines],
      });
    const blocked = await call();
    if (kind.name === 'nginx' && blocked.status === 400) {
      // Newer builds of nginx refuse more than a thousand lines by themselves.
      expect(await world.attemptsOf(from)).toEqual([]);
      expect(world.api.reached).toEqual([]);
      return;
    }
    expect([blocked.status, blocked.json]).toMatchObject([
      401,
      { reason: 'unknown', message: expect.stringContaining(`address ${from}.`) as string },
    ]);
    expect(await world.attemptsOf(from)).toMatchObject([
      { keyId: world.keyId, method: 'DELETE', path: '/v3/contacts/7', userAgent: 'brevo-node/6' },
    ]);
    expect(world.api.reached).toEqual([]);

    await world.authorize(from);
    expect((await call()).status).toBe(200);
    expect(world.api.reached).toMatchObject([{ method: 'DELETE', url: '/v3/contacts/7' }]);
    expect(world.api.reached[0]?.headers).toMatchObject({
      'api-key': world.secret,
      'x-forwarded-for': from,
      'x-gatehouse-key': world.keyId,
    });
  });

  it('the Host that it names makes no difference', async () => {
    for (const host of ['api.example.com', '127.0.0.1:8786', 'unix', 'gatehouse']) {
      const answer = await world.call('/', { headers: { host } });
      expect([answer.status, answer.json]).toMatchObject([401, { reason: 'unknown' }]);
    }
    expect(world.api.reached).toEqual([]);
  });
});

/** What the service needs of a call, and what each client of HTTP says of itself. */
const OF_A_CHECK = new Set([
  'accept',
  'accept-encoding',
  'api-key',
  'authorization',
  'connection',
  'content-length',
  'host',
  'user-agent',
  'x-api-key',
  'x-forwarded-for',
  'x-forwarded-method',
  'x-forwarded-uri',
  'x-gatehouse-body',
  'x-original-method',
  'x-original-uri',
]);

describeEachProxy('a check', (kind) => {
  it('has what the service needs, and nothing else that the caller sent', async () => {
    const service = await startProtectedApi();
    const proxy = await kind.start({ service: service.host, api: service.host });
    try {
      const own = {
        'api-key': 'gk_any',
        'user-agent': 'brevo-node/6',
        'x-api-key': 'gk_any',
        authorization: 'Bearer gk_any',
      };
      const others = {
        accept: 'text/csv',
        'accept-language': 'de',
        cookie: 'session=1',
        'x-real-ip': '203.0.113.9',
        'x-request-id': '1',
      };
      await callApi(`${proxy.url}/v3/account?x=1`, {
        method: 'PUT',
        body: '{}',
        headers: { ...own, ...others },
      });
      const [check] = service.reached;
      expect(check).toMatchObject({ url: '/v1/check', body: '', headers: own });
      expect(check?.headers.accept).not.toBe('text/csv');
      expect(Object.keys(check?.headers ?? {}).filter((name) => !OF_A_CHECK.has(name))).toEqual([]);
    } finally {
      await proxy.stop();
      await service.stop();
    }
  });
});

/**
 * The headers of a call as an API sees them that gets them as variables of its environment. WSGI, CGI and PHP take `-` for
 * `_`, lighttpd takes every sign for it, and all of them join lines of one name.
 */
function asEnvironment({ rawHeaders }: ReachedCall): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = `HTTP_${(rawHeaders[index] ?? '').toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
    const before = environment[name];
    const value = rawHeaders[index + 1] ?? '';
    environment[name] = before === undefined ? value : `${before},${value}`;
  }
  return environment;
}

/** The signs that a header's name may have besides letters, digits and hyphens. */
const SIGNS = ['_', '.', '!', '#', '$', '%', '&', "'", '*', '+', '^', '`', '|', '~'];

describeEachProxy('an API that takes other signs of a name for hyphens', (kind) => {
  const world = useProxy(kind);

  it.each(SIGNS)('is told what was evaluated, whatever a caller writes with %s', async (sign) => {
    const range = await world.authorize(PROXY_ADDRESS);
    const names = [
      'X-Gatehouse-Key',
      'X-Gatehouse-Verdict',
      'X-Gatehouse-Reason',
      'X-Original-Method',
      'X-Original-URI',
      'X-Original-URL',
      'X-Forwarded-For',
      'X-Forwarded-Method',
      'X-Forwarded-Uri',
      'Api-Key',
      'X-Api-Key',
    ];
    // All hyphens, the first one and the last one.
    const spellings = names.flatMap((name) => [
      name.replaceAll('-', () => sign),
      name.replace('-', () => sign),
      name.replace(/-(?=[^-]*$)/, () => sign),
    ]);
    try {
      const forged = Object.fromEntries(
        [...names.slice(0, -2), ...spellings].map((name) => [name, 'forged']),
      );
      expect((await world.call('/', { headers: forged })).status).toBe(200);
      const [call] = world.api.reached;
      if (call === undefined) throw new Error('nothing reached the API');
      const environment = asEnvironment(call);
      expect(environment).toMatchObject({
        HTTP_API_KEY: world.secret,
        HTTP_X_GATEHOUSE_KEY: world.keyId,
        HTTP_X_FORWARDED_FOR: PROXY_ADDRESS,
      });
      expect(Object.entries(environment).filter(([, value]) => value.includes('forged'))).toEqual([]);
    } finally {
      await world.service.api(`/v1/ranges/${range.id}`, { method: 'DELETE' });
    }
  });

  it('a caller cannot have the headers of Gatehouse taken away', async () => {
    const range = await world.authorize(PROXY_ADDRESS);
    try {
      for (const connection of ['X-Gatehouse-Key', 'close, x-gatehouse-key, X-Forwarded-For']) {
        world.api.forget();
        expect((await world.call('/', { headers: { connection } })).status).toBe(200);
        expect(world.api.reached[0]?.headers).toMatchObject({
          'x-gatehouse-key': world.keyId,
          'x-forwarded-for': PROXY_ADDRESS,
        });
      }
    } finally {
      await world.service.api(`/v1/ranges/${range.id}`, { method: 'DELETE' });
    }
  });
});
