import { afterEach, describe, expect, it } from 'vitest';
import type { ChangesResponse } from '#shared/api/contract';
import type { Account, Attempt, Mode, Range, Review, ServiceState } from '#shared/domain/entities';
import { manualClock } from '#test/support/manual-clock';
import { memoryLog } from '#test/support/service/memory-log';
import { sendRaw } from '#test/support/service/raw-http';
import { startTestService, type Answer, type TestService } from '#test/support/service/test-service';

const IP = '203.0.113.9';
const PROXY = '127.0.0.1';

describe('who calls, and with which key', () => {
  const clock = manualClock();
  let service: TestService;
  let secret = '';
  let log: ReturnType<typeof memoryLog>;

  const begin = async (mode: Mode = 'manual', env: Record<string, string> = {}): Promise<void> => {
    log = memoryLog();
    service = await startTestService({ clock, mode, env, log });
    ({ secret } = await service.createKey());
  };
  afterEach(() => service.stop());

  const items = async <T>(path: string): Promise<T[]> =>
    ((await service.api(path)).json as { items: T[] }).items;
  const cidrs = async (): Promise<string[]> => (await items<Range>('/v1/ranges')).map(({ cidr }) => cidr);
  const reasonOf = (answer: Answer): string => String(answer.headers['x-gatehouse-reason']);
  const setMode = (mode: Mode): Promise<Answer> =>
    service.api('/v1/account/mode', { method: 'PUT', body: { mode } });
  /** The raw answer to a check with these header lines. */
  const checkRaw = (lines: readonly string[]): Promise<string> =>
    sendRaw(
      service.url,
      ['GET /v1/check HTTP/1.1', 'host: gate', 'connection: close', ...lines, '\r\n'].join('\r\n'),
    );
  const states = async (): Promise<Record<'readyz' | 'account' | 'changes', unknown>> => {
    const readyz = (await service.api('/readyz')).json as { status: string; why?: string };
    const account = (await service.api('/v1/account')).json as Account;
    const changes = (await service.api('/v1/changes')).json as ChangesResponse;
    return {
      readyz: { state: readyz.status, why: readyz.why ?? null } satisfies ServiceState | object,
      account: account.service,
      changes: changes.service,
    };
  };

  describe('among very many header lines', () => {
    const OTHERS = Array.from({ length: 3_000 }, () => 'b:');

    it.each([
      ['before', (own: string[]) => [...own, ...OTHERS]],
      ['behind', (own: string[]) => [...OTHERS, ...own]],
      ['around', (own: string[]) => own.flatMap((line) => [line, ...OTHERS])],
    ])('are read %s them', async (_where, lines) => {
      await begin();
      const answer = await checkRaw(
        lines([
          'x-forwarded-for: 203.0.113.9',
          'authorization: Bearer gk_another',
          `api-key: ${secret}`,
          'x-original-method: DELETE',
          'x-original-uri: /v3/contacts',
        ]),
      );
      expect(answer).toContain('x-gatehouse-reason: ambiguous_key');
      const alone = lines([
        'x-forwarded-for: 203.0.113.9',
        `api-key: ${secret}`,
        'x-original-method: DELETE',
        'x-original-uri: /v3/contacts',
      ]);
      expect(await checkRaw(alone)).toContain('x-gatehouse-reason: unknown');
      expect(await items<Attempt>('/v1/attempts')).toMatchObject([
        { ip: IP, method: 'DELETE', path: '/v3/contacts' },
      ]);
    });

    it('are refused with a reason when they are too large', async () => {
      await begin();
      const lines = ['x-forwarded-for: 203.0.113.9', `api-key: ${secret}`, `b: ${'a'.repeat(70_000)}`];
      const answer = await checkRaw(lines);
      expect(answer).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
      expect(answer).toContain('content-type: application/problem+json');
      expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
        status: 431,
        code: 'headers_too_large',
        field: 'headers',
      });
      expect(await checkRaw([...lines.slice(0, 2), `b: ${'a'.repeat(40_000)}`])).toContain(
        'x-gatehouse-reason: unknown',
      );
      expect(await sendRaw(service.url, 'rubbish\r\n\r\n')).toContain('"code":"invalid_request"');
    });
  });

  describe('behind a trusted proxy that names no caller', () => {
    it('are let in by learning, which grants them nothing', async () => {
      await begin('learning');
      const answer = await service.check(secret, undefined);
      expect([answer.status, reasonOf(answer)]).toEqual([200, 'learned']);
      expect(answer.headers['x-gatehouse-range']).toBeUndefined();
      expect(reasonOf(await service.check(secret, undefined, { 'x-real-ip': IP }))).toBe('learned');
      expect(await cidrs()).toEqual([]);
      expect(await items<Attempt>('/v1/attempts')).toMatchObject([
        { ip: PROXY, verdict: 'allowed', reason: 'learned', rangeId: null },
      ]);
      expect(((await service.api('/v1/account')).json as Account).learning).toMatchObject({
        startedAt: expect.any(String) as string,
        lastNewAddressAt: null,
      });
      await setMode('manual');
      expect((await service.check(secret, undefined)).status).toBe(401);
    });

    it('are never trusted by the review, and people and ranges decide about them', async () => {
      await begin('automatic');
      await service.api('/v1/ranges', { body: { cidr: '127.0.5.0/24' } });
      // Used from next door: evidence enough for any other address.
      for (let count = 0; count < 3; count += 1) await service.check(secret, '127.0.5.5');
      const answer = await service.check(secret, undefined);
      expect([answer.status, reasonOf(answer)]).toEqual([401, 'untrusted']);
      const [review] = await items<Review>('/v1/reviews');
      expect(review?.evidence[0]).toMatchObject({ signal: 'trusted-proxy' });
      expect(review?.evidence[0]?.detail).toContain('127.0.0.1 is the address of a trusted proxy');
      const explained = await service.api(`/v1/explain?ip=${PROXY}&keyId=${review?.keyId ?? ''}`);
      expect(explained.json).toMatchObject({ verdict: 'blocked', grant: null, trust: { trusted: false } });
      await service.api(`/v1/reviews/${review?.id ?? ''}/authorize`, { body: { scope: 'address' } });
      expect(reasonOf(await service.check(secret, undefined))).toBe('authorized');
    });

    it('are told about: in the log, the metrics, /readyz, the account and the feed, for as long as it goes on', async () => {
      await begin();
      const ready = { state: 'ready', why: null };
      expect(await states()).toEqual({ readyz: ready, account: ready, changes: ready });
      for (let count = 0; count < 3; count += 1) await service.check(secret, undefined);
      const degraded = { state: 'degraded', why: expect.stringContaining(`judged by ${PROXY}`) as string };
      expect(await states()).toMatchObject({ readyz: degraded, account: degraded, changes: degraded });
      const told = () => log.entries.filter(({ event }) => event === 'proxy.caller_is_proxy');
      expect(told()).toMatchObject([{ level: 'warn', fields: { calls: 1 } }]);
      clock.advance(61_000);
      await service.check(secret, undefined);
      expect(told()).toMatchObject([{}, { fields: { calls: 4 } }]);
      const metrics = await service.api('/metrics');
      expect(metrics.text).toContain('gatehouse_proxy_faults_total{fault="caller_is_proxy"} 4');
      clock.advance(15 * 60_000);
      expect((await states()).account).toEqual(ready);
    });
  });

  it('are no proxies where the chain names others: nothing is told, and all of it is granted', async () => {
    await begin('learning');
    await service.check(secret, IP);
    expect(await cidrs()).toEqual(['203.0.113.0/24']);
    expect((await states()).account).toEqual({ state: 'ready', why: null });
  });

  it('are granted alone where the range around them would hold a trusted proxy', async () => {
    await begin('learning', { GATEHOUSE_TRUSTED_PROXIES: 'loopback,203.0.113.1,2001:db8::1' });
    expect(reasonOf(await service.check(secret, `${IP}, 203.0.113.1`))).toBe('learned');
    expect(reasonOf(await service.check(secret, '203.0.113.1'))).toBe('learned');
    expect(reasonOf(await service.check(secret, '2001:db8::2'))).toBe('learned');
    expect(reasonOf(await service.check(secret, '2001:db8:0:1::2'))).toBe('learned');
    expect((await cidrs()).sort()).toEqual(['2001:db8:0:1::/64', '2001:db8::2/128', '203.0.113.9/32']);
  });

  it('are the IPv4 address behind a translator, and alone behind other carriers of one', async () => {
    await begin('learning');
    await service.api('/v1/ranges', { body: { cidr: '198.51.100.9', effect: 'deny' } });
    expect(reasonOf(await service.check(secret, '64:ff9b::198.51.100.7'))).toBe('learned');
    expect(reasonOf(await service.check(secret, '198.51.100.8'))).toBe('authorized');
    expect(reasonOf(await service.check(secret, '64:ff9b::198.51.100.9'))).toBe('denied');
    expect(reasonOf(await service.check(secret, '64:ff9b::192.0.2.1'))).toBe('learned');
    expect(reasonOf(await service.check(secret, '64:ff9b:1::192.0.2.7'))).toBe('learned');
    expect((await cidrs()).sort()).toEqual([
      '192.0.2.0/24',
      '198.51.100.0/24',
      '198.51.100.9/32',
      '64:ff9b:1::c000:207/128',
    ]);
  });

  it.each([
    ['an empty header', '', 'X-Forwarded-For is empty'],
    ['a hop without an address', 'unknown, 9.9.9.9', '"unknown"'],
    ['the address of a Unix socket', 'unix:', '"unix:"'],
    ['a text of a caller, which is not repeated', 'gk_secret', 'has a hop that is no IP address.'],
  ])('are refused with %s, and the administrator is told', async (_what, chain, detail) => {
    await begin('learning');
    const answer = await service.check(secret, chain);
    expect([answer.status, reasonOf(answer)]).toEqual([400, 'bad_forwarded_for']);
    expect(await cidrs()).toEqual([]);
    const { account, readyz } = await states();
    expect(account).toMatchObject({ state: 'degraded', why: expect.stringContaining(detail) as string });
    expect(account).toMatchObject(readyz as object);
    expect(log.entries.filter(({ level }) => level === 'warn')).toMatchObject([
      { event: 'proxy.chain_unreadable', fields: { calls: 1 } },
    ]);
    expect((await service.api('/metrics')).text).toContain(
      'gatehouse_proxy_faults_total{fault="chain_unreadable"} 1',
    );
  });

  it('are named by the one header that is set', async () => {
    await begin('manual', { GATEHOUSE_CLIENT_HEADER: 'X-Real-IP' });
    await service.check(secret, '192.0.2.1', { 'x-real-ip': IP });
    expect((await items<Attempt>('/v1/attempts')).map(({ ip }) => ip)).toEqual([IP]);
    await service.check(secret, '192.0.2.1');
    expect((await items<Attempt>('/v1/attempts')).map(({ ip }) => ip)).toEqual([PROXY, IP]);
  });

  describe('with two keys', () => {
    it('are blocked, whichever header holds which, and belong to no account', async () => {
      await begin();
      await service.api('/v1/ranges', { body: { cidr: IP } });
      const other = (await service.createKey('Other')).secret;
      const answer = await service.check(secret, IP, { authorization: `Bearer ${other}` });
      expect(answer.status).toBe(401);
      expect(answer.json).toEqual({
        code: 'unauthorized',
        message: 'more than one key in headers',
        reason: 'ambiguous_key',
      });
      for (const lines of [
        [`api-key: ${secret}`, `api-key: ${other}`],
        [`authorization: Bearer ${secret}`, `authorization: Bearer ${other}`],
        [`authorization: Bearer ${secret}`, 'authorization: Basic YTpi'],
        [`x-api-key: gk_nonsense`, `api-key: ${secret}`],
      ]) {
        expect(await checkRaw([`x-forwarded-for: ${IP}`, ...lines])).toContain('ambiguous_key');
      }
      expect(await items<Attempt>('/v1/attempts')).toEqual([]);
      expect(reasonOf(await service.check(secret, IP, { 'x-api-key': secret }))).toBe('authorized');
    });
  });

  it('may be named by HTTP Basic where that is set', async () => {
    await begin('manual', { GATEHOUSE_KEY_HEADERS: 'api-key, basic' });
    await service.api('/v1/ranges', { body: { cidr: IP } });
    const basic = (user: string) => `Basic ${Buffer.from(`${user}:x`).toString('base64')}`;
    expect(reasonOf(await service.check(undefined, IP, { authorization: basic(secret) }))).toBe('authorized');
    expect(reasonOf(await service.check(secret, IP, { authorization: basic('gk_b') }))).toBe('ambiguous_key');
    expect(reasonOf(await service.check(undefined, IP, { authorization: `Bearer ${secret}` }))).toBe(
      'missing_key',
    );
  });
});
