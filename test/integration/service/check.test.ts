import { BrevoClient, BrevoError } from '@getbrevo/brevo';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt, Range, Review } from '#shared/domain/entities';
import { manualClock } from '#test/support/manual-clock';
import {
  httpCall,
  startTestService,
  type Answer,
  type TestService,
} from '#test/support/service/test-service';

const IP = '203.0.113.9';

describe('/v1/check', () => {
  const clock = manualClock();
  let service: TestService;
  let secret: string;
  let keyId: string;

  beforeEach(async () => {
    service = await startTestService({ clock });
    const created = await service.createKey();
    secret = created.secret;
    keyId = created.key.id;
  });
  afterEach(() => service.stop());

  const items = async <T>(path: string): Promise<T[]> =>
    ((await service.api(path)).json as { items: T[] }).items;
  const reviews = (status = 'pending'): Promise<Review[]> => items(`/v1/reviews?status=${status}`);
  const attempts = (query = ''): Promise<Attempt[]> => items(`/v1/attempts${query}`);
  const setMode = (mode: string): Promise<Answer> =>
    service.api('/v1/account/mode', { method: 'PUT', body: { mode } });
  const addRange = async (body: object): Promise<Range> => {
    const answer = await service.api('/v1/ranges', { body });
    expect(answer.status).toBe(201);
    return (answer.json as { items: [Range] }).items[0];
  };

  it('blocks an unknown address in manual mode with the answer that clients know', async () => {
    const answer = await service.check(secret, IP);
    const [review] = await reviews();
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({
      code: 'unauthorized',
      message:
        `We have detected you are using an unrecognised IP address ${IP}. If you performed this action make sure ` +
        `to add the new IP address in this link: ${service.url}/security/authorised_ips/${review?.id ?? ''}`,
      reason: 'unknown',
      review: review?.id,
    });
    expect(answer.headers).toMatchObject({
      'x-gatehouse-verdict': 'blocked',
      'x-gatehouse-reason': 'unknown',
      'x-gatehouse-review': review?.id,
      'x-gatehouse-message': (answer.json as { message: string }).message,
      'content-type': 'application/json',
      'cache-control': 'no-store',
    });
    expect(review).toMatchObject({
      ip: IP,
      keyId,
      status: 'pending',
      reason: 'unknown',
      count: 1,
      suggestedCidr: '203.0.113.0/24',
    });
    expect(await attempts()).toMatchObject([
      { ip: IP, keyId, keyName: 'Test key', verdict: 'blocked', reason: 'unknown', reviewId: review?.id },
    ]);
  });

  it('lets an authorized range in with an empty body, and counts its use', async () => {
    const range = await addRange({ cidr: '203.0.113.0/24' });
    const answer = await service.check(secret, IP);
    expect(answer.status).toBe(200);
    expect(answer.text).toBe('');
    expect(answer.headers).toMatchObject({
      'content-length': '0',
      'x-gatehouse-verdict': 'allowed',
      'x-gatehouse-reason': 'authorized',
      'x-gatehouse-key': keyId,
      'x-gatehouse-range': range.id,
    });
    await service.restart();
    expect(await items('/v1/ranges')).toMatchObject([
      { id: range.id, uses: 1, lastUsedAt: expect.any(String) as string, version: 1 },
    ]);
    expect(await attempts()).toMatchObject([
      { verdict: 'allowed', reason: 'authorized', rangeId: range.id, reviewId: null },
    ]);
  });

  it('names and counts the range that decides a repeat, not the one that decided the first call', async () => {
    const wide = await addRange({ cidr: '203.0.113.0/24' });
    await service.check(secret, IP);
    const narrow = await addRange({ cidr: IP });
    expect((await service.check(secret, IP)).headers['x-gatehouse-range']).toBe(narrow.id);
    await service.restart();
    const uses = new Map((await items<Range>('/v1/ranges')).map((range) => [range.id, range.uses]));
    expect([uses.get(wide.id), uses.get(narrow.id)]).toEqual([1, 1]);
  });

  it('sends the headers alone when asked to', async () => {
    const answer = await service.check(secret, IP, { 'x-gatehouse-body': 'none' });
    expect(answer.status).toBe(401);
    expect(answer.text).toBe('');
    expect(answer.headers['x-gatehouse-message']).toContain(IP);
  });

  it('names a missing and an unknown key as the vendor does, and logs neither', async () => {
    expect((await service.check(undefined, IP)).json).toEqual({
      code: 'unauthorized',
      message: 'authentication not found in headers',
      reason: 'missing_key',
    });
    expect((await service.check('gk_nonsense', IP)).json).toEqual({
      code: 'unauthorized',
      message: 'Key not found',
      reason: 'invalid_key',
    });
    expect((await service.check('', IP)).headers['x-gatehouse-reason']).toBe('missing_key');
    expect(await attempts()).toEqual([]);
  });

  it.each([
    ['api-key', (key: string) => ({ 'api-key': key })],
    ['x-api-key', (key: string) => ({ 'x-api-key': key })],
    ['a bearer token', (key: string) => ({ authorization: `Bearer ${key}` })],
    [
      'several that hold the same',
      (key: string) => ({ 'api-key': key, 'x-api-key': key, authorization: `Bearer ${key}` }),
    ],
  ])('takes the key from %s', async (_what, headers) => {
    expect((await service.check(undefined, IP, headers(secret))).headers['x-gatehouse-reason']).toBe(
      'unknown',
    );
  });

  it('does not take a basic credential for a key', async () => {
    const answer = await service.check(undefined, IP, { authorization: `Basic ${secret}` });
    expect(answer.headers['x-gatehouse-reason']).toBe('missing_key');
  });

  it('logs a revoked key, and an old secret once its grace is over', async () => {
    await addRange({ cidr: IP });
    const rotated = (await service.api(`/v1/keys/${keyId}/rotate`, { body: { graceSeconds: 60 } })).json as {
      secret: string;
    };
    expect((await service.check(secret, IP)).status).toBe(200);
    expect((await service.check(rotated.secret, IP)).status).toBe(200);
    clock.advance(60_000);
    expect((await service.check(secret, IP)).json).toMatchObject({
      message: 'Key not found',
      reason: 'revoked_key',
    });
    expect((await service.check(rotated.secret, IP)).status).toBe(200);
    await service.api(`/v1/keys/${keyId}`, { method: 'DELETE' });
    expect((await service.check(rotated.secret, IP)).json).toMatchObject({ reason: 'revoked_key' });
    await service.restart();
    expect(await attempts('?reason=revoked_key')).toMatchObject([{ verdict: 'blocked', count: 2 }]);
    expect((await service.check(rotated.secret, IP)).json).toMatchObject({ reason: 'revoked_key' });
  });

  it('a rotation without grace ends the old secret at once', async () => {
    await service.api(`/v1/keys/${keyId}/rotate`, { body: {} });
    expect((await service.check(secret, IP)).headers['x-gatehouse-reason']).toBe('revoked_key');
  });

  it('follows the mode: deactivated lets everything in and keeps the list, automatic blocks and asks', async () => {
    await addRange({ cidr: '198.51.100.0/24', effect: 'deny' });
    await setMode('deactivated');
    expect((await service.check(secret, IP)).headers['x-gatehouse-reason']).toBe('deactivated');
    expect((await service.check(secret, '198.51.100.1')).headers['x-gatehouse-reason']).toBe('deactivated');
    expect(await reviews()).toEqual([]);
    await setMode('automatic');
    expect((await service.check(secret, IP)).headers['x-gatehouse-reason']).toBe('untrusted');
    expect((await service.check(secret, '198.51.100.1')).headers['x-gatehouse-reason']).toBe('denied');
    expect(await reviews()).toMatchObject([{ ip: IP, reason: 'untrusted' }]);
    await service.restart();
    expect((await service.check(secret, IP)).headers['x-gatehouse-reason']).toBe('untrusted');
  });

  it('stops matching a range from the second on at which it expires', async () => {
    await addRange({ cidr: IP, expiresAt: new Date(clock.now() + 10_000).toISOString() });
    clock.advance(9_999);
    expect((await service.check(secret, IP)).status).toBe(200);
    clock.advance(1);
    expect((await service.check(secret, IP)).status).toBe(401);
  });

  it('lets an expired range make room for a new one and for a changed one', async () => {
    const expiresAt = new Date(clock.now() + 1_000).toISOString();
    await addRange({ cidr: IP, expiresAt });
    const other = await addRange({ cidr: IP, effect: 'deny' });
    clock.advance(1_000);
    const changed = await service.api(`/v1/ranges/${other.id}`, {
      method: 'PATCH',
      body: { effect: 'authorize' },
    });
    expect(changed.status).toBe(200);
    expect((await items<Range>('/v1/ranges')).map(({ id }) => id)).toEqual([other.id]);
    expect((await service.check(secret, IP)).status).toBe(200);
  });

  it('refuses a chain that it cannot read', async () => {
    const answer = await service.check(secret, 'unknown, 203.0.113.9');
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      code: 'bad_forwarded_for',
      message: expect.stringContaining('"unknown"') as string,
    });
    expect(answer.headers['x-gatehouse-verdict']).toBe('blocked');
  });

  it('answers any method and the path that Envoy appends', async () => {
    const answer = await httpCall(`${service.url}/v1/check/v3/emails?secret=1`, {
      method: 'PROPFIND',
      headers: { 'api-key': secret, 'x-forwarded-for': IP },
    });
    expect(answer.status).toBe(401);
    expect(await attempts()).toMatchObject([{ method: 'PROPFIND', path: '/v3/emails' }]);
    expect((await httpCall(`${service.url}/v1/checkout`)).status).toBe(404);
  });

  it('logs the original request without its query', async () => {
    await service.check(secret, IP, {
      'x-original-method': 'DELETE',
      'x-original-uri': '/v3/contacts/5?api_key=secret',
      'user-agent': 'script/1.0',
    });
    expect(await attempts()).toMatchObject([
      { method: 'DELETE', path: '/v3/contacts/5', userAgent: 'script/1.0' },
    ]);
    await service.check(secret, '203.0.113.10', { 'x-original-url': 'https://api.example/v3/x?y=1#z' });
    expect((await attempts())[0]).toMatchObject({ path: '/v3/x' });
  });

  it('is silent about the address when the setting says so', async () => {
    const quiet = await startTestService({
      env: { GATEHOUSE_ECHO_IP: 'off', GATEHOUSE_PUBLIC_URL: 'https://gate.example/' },
    });
    try {
      const key = await quiet.createKey();
      const { message } = (await quiet.check(key.secret, IP)).json as { message: string };
      expect(message).not.toContain(IP);
      expect(message).toMatch(
        /unrecognised IP address\. If you .* in this link: https:\/\/gate\.example\/security\/authorised_ips\/\w{26}$/,
      );
    } finally {
      await quiet.stop();
    }
  });

  it("says what the vendor's own client and wrappers in the field look for", async () => {
    const client = new BrevoClient({ apiKey: secret, baseUrl: `${service.url}/v1/check`, maxRetries: 0 });
    const refused: unknown = await client.account.getAccount().catch((error: unknown) => error);
    const [review] = await reviews();
    if (!(refused instanceof BrevoError)) throw refused;
    expect(refused.statusCode).toBe(401);
    expect(refused.body).toEqual({
      code: 'unauthorized',
      message:
        'We have detected you are using an unrecognised IP address 127.0.0.1. If you performed this action make sure ' +
        `to add the new IP address in this link: ${service.url}/security/authorised_ips/${review?.id ?? ''}`,
      reason: 'unknown',
      review: review?.id,
    });
    // Wrappers look for one of these in the message of the error or in the text of the body.
    for (const text of [refused.message, JSON.stringify(refused.body)]) {
      expect(text).toContain('unrecognised IP address');
      expect(text).toContain('authorised_ips');
      expect(text).toMatch(/https?:\/\/\S+\/security\/authorised_ips\b/);
    }
  });

  it('folds repeats within the window into one row, and starts a new row after it', async () => {
    for (let call = 0; call < 5; call += 1) await service.check(secret, IP);
    clock.advance(60_000);
    await service.check(secret, IP);
    await service.restart();
    expect((await attempts()).map(({ count }) => count)).toEqual([1, 5]);
    expect(await reviews()).toMatchObject([{ count: 6 }]);
  });

  it('folds calls that arrive at the same moment', async () => {
    await Promise.all(Array.from({ length: 50 }, () => service.check(secret, IP)));
    await service.restart();
    expect(await attempts()).toMatchObject([{ count: 50 }]);
    expect(await reviews()).toMatchObject([{ count: 50 }]);
  });

  it('asks anew when an authorized range is removed, also within the fold window', async () => {
    await service.check(secret, IP);
    const [first] = await reviews();
    const approved = await service.api(`/v1/reviews/${first?.id ?? ''}/authorize`, {
      body: { scope: 'address' },
    });
    const { range } = approved.json as { range: Range };
    expect((await service.check(secret, IP)).status).toBe(200);
    await service.api(`/v1/ranges/${range.id}`, { method: 'DELETE' });
    const again = await service.check(secret, IP);
    expect(again.status).toBe(401);
    const [second] = await reviews();
    expect(second?.id).not.toBe(first?.id);
    expect(again.json).toMatchObject({ review: second?.id });
  });

  it('counts the calls after a denial towards it instead of asking again, also after a restart', async () => {
    await service.check(secret, IP);
    const [review] = await reviews();
    await service.api(`/v1/reviews/${review?.id ?? ''}/deny`, { body: {} });
    clock.advance(120_000);
    await service.check(secret, IP);
    await service.restart();
    clock.advance(120_000);
    await service.check(secret, IP);
    await service.restart();
    expect(await reviews()).toEqual([]);
    expect(await reviews('denied')).toMatchObject([{ id: review?.id, count: 3 }]);
  });

  it('asks again after a denial that a range had overruled meanwhile', async () => {
    await service.check(secret, IP);
    const [review] = await reviews();
    await service.api(`/v1/reviews/${review?.id ?? ''}/deny`, { body: {} });
    const range = await addRange({ cidr: IP });
    await service.restart();
    await service.api(`/v1/ranges/${range.id}`, { method: 'DELETE' });
    await service.check(secret, IP);
    expect(await reviews()).toMatchObject([{ ip: IP, status: 'pending' }]);
  });

  it('does not tell keys apart by anything but their hash', async () => {
    const other = await service.createKey('Other');
    await addRange({ cidr: IP, keyId });
    expect((await service.check(secret, IP)).status).toBe(200);
    expect((await service.check(other.secret, IP)).status).toBe(401);
  });

  it('finds attempts by address and CIDR in any spelling', async () => {
    for (const ip of ['203.0.113.9', '203.0.113.200', '203.0.114.1', '2001:db8::1', '2001:db8:1::1'])
      await service.check(secret, ip);
    const ips = async (ip: string): Promise<string[]> =>
      (await attempts(`?ip=${encodeURIComponent(ip)}`)).map((attempt) => attempt.ip).sort();
    expect(await ips('203.0.113.*')).toEqual(['203.0.113.200', '203.0.113.9']);
    expect(await ips('203.0.113.9')).toEqual(['203.0.113.9']);
    expect(await ips('203.0.113.200-203.0.114.1')).toEqual(['203.0.113.200', '203.0.114.1']);
    expect(await ips('2001:DB8::/48')).toEqual(['2001:db8::1']);
    const refused = await service.api('/v1/attempts?ip=10.1');
    expect(refused.json).toMatchObject({ code: 'invalid_request', field: 'ip' });
  });
});
