import { beforeAll, describe, expect, it } from 'vitest';
import { caddy } from '#test/support/service/caddy';
import { hasNginx, nginx } from '#test/support/service/nginx';
import { describeEachProxy, PROXY_ADDRESS, unrecognised, useProxy } from '#test/support/service/proxy-world';

/** How much of headers each proxy takes as shipped: lines, and bytes of each. */
const LARGEST: Readonly<Record<string, readonly [lines: number, bytes: number]>> = {
  nginx: [3, 7500],
  Caddy: [9, 100_000],
  HAProxy: [2, 7000],
};

describeEachProxy('headers as large as the proxy takes them', (kind) => {
  const [lines, bytes] = LARGEST[kind.name] ?? [0, 0];
  const world = useProxy(kind);
  beforeAll(() => world.authorize(PROXY_ADDRESS));

  const cookies = (count: number): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: count }, (_, line) => [`x-cookie-${line}`, 'c'.repeat(bytes)] as const),
    );

  it('reach the API, if the check does not need them', async () => {
    expect((await world.call('/', { headers: cookies(lines) })).status).toBe(200);
    expect(world.api.reached[0]?.headers).toMatchObject(cookies(lines));
  });

  it('reach the API, if the check is told of them', async () => {
    const agent = 'a'.repeat(Math.min(bytes, 30_000));
    const path = `/${'p'.repeat(Math.min(bytes, 30_000))}`;
    expect((await world.call(path, { headers: { 'user-agent': agent } })).status).toBe(200);
    expect(world.api.reached).toMatchObject([{ url: path, headers: { 'user-agent': agent } }]);
  });

  it('are refused by the proxy itself, if they are larger', async () => {
    const answer = await world.call('/', { headers: cookies(lines + 3) });
    expect(answer.status).toBe(kind.name === 'Caddy' ? 431 : 400);
    expect(world.api.reached).toEqual([]);
  });
});

describe.each(
  [
    { kind: nginx, extraLines: ['large_client_header_buffers 4 128k;'] },
    { kind: caddy, extraLines: [] },
  ]
    .filter(({ kind }) => kind.isInstalled())
    .map((one) => [one.kind.name, one] as const),
)('%s: headers that are too large for the service', (_name, { kind, extraLines }) => {
  const world = useProxy(kind, { extraLines });

  it('are refused, and it is said why', async () => {
    await world.authorize(PROXY_ADDRESS);
    const answer = await world.call('/', { headers: { 'user-agent': 'a'.repeat(100_000) } });
    expect(answer.status).toBe(431);
    expect(answer.json).toMatchObject({ code: expect.any(String) as string });
    expect(world.api.reached).toEqual([]);
  });
});

describe.skipIf(!hasNginx())('nginx that takes bodies of more than a megabyte', () => {
  const world = useProxy(nginx, { locationLines: ['client_max_body_size 8m;'] });
  const body = JSON.stringify({ text: 'x'.repeat(3_000_000) });

  it('passes them on, and blocks those who may not send them', async () => {
    for (const chunked of [false, true]) {
      expect((await world.call('/v3/emails', { body, chunked })).json).toMatchObject({ reason: 'unknown' });
    }
    expect(world.api.reached).toEqual([]);
    await world.authorize(PROXY_ADDRESS);
    for (const chunked of [false, true]) {
      world.api.forget();
      expect((await world.call('/v3/emails', { body, chunked })).status).toBe(200);
      expect(world.api.reached[0]?.body === body).toBe(true);
    }
  });
});

describe.skipIf(!hasNginx())('nginx with error pages of its own', () => {
  const world = useProxy(nginx, {
    extraLines: [
      'proxy_intercept_errors on;',
      'error_page 401 500 502 503 504 =200 /own.html;',
      'location = /own.html { return 200 "own page"; }',
    ],
    locationLines: ['error_page 404 /own.html;'],
  });

  it("shows a blocked caller the service's words, and everybody the API's own", async () => {
    const blocked = await world.call('/');
    const review = await world.reviewOf(PROXY_ADDRESS);
    expect([blocked.status, blocked.json]).toEqual([
      401,
      unrecognised(world.service.url, PROXY_ADDRESS, review.id),
    ]);
    await world.authorize(PROXY_ADDRESS);
    for (const status of [401, 404, 500, 503]) {
      const answer = await world.call(`/v3/own-${status}`);
      expect([answer.status, answer.json]).toEqual([status, { from: 'api' }]);
    }
    // What is not meant for the check does not make it an allowed one.
    await world.stopService();
    world.api.forget();
    const away = await world.call('/');
    expect([away.status, away.json]).toMatchObject([503, { code: 'unavailable' }]);
    expect(world.api.reached).toEqual([]);
  });
});

describe.skipIf(!hasNginx())('nginx that keeps the answers of others for a while', () => {
  const world = useProxy(nginx, {
    httpLines: ['proxy_cache_path FOLDER/cache keys_zone=answers:1m;'],
    extraLines: ['proxy_cache answers;', 'proxy_cache_valid any 1m;', 'proxy_ignore_headers Cache-Control;'],
    locationLines: ['proxy_cache off;'],
  });

  it('asks about each call anew', async () => {
    const range = await world.authorize(PROXY_ADDRESS);
    expect((await world.call('/')).status).toBe(200);
    await world.service.api(`/v1/ranges/${range.id}`, { method: 'DELETE' });
    expect((await world.call('/')).status).toBe(401);
    await world.authorize(PROXY_ADDRESS);
    expect((await world.call('/')).status).toBe(200);
  });
});
