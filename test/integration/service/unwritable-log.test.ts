import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parseTrustedProxies } from '#service/config';
import { createEvaluate } from '#service/gate/evaluate';
import { createGate } from '#service/gate/gate';
import { createCheckHandler } from '#service/http/check/check';
import { createCallerReader } from '#service/http/check/client-address';
import { MAX_RANGES_OF_KEY } from '#service/policy/policy';
import { hashSecret } from '#service/policy/secrets';
import { NO_TRACING } from '#service/telemetry/tracing';
import { FeedHub } from '#service/storage/feed-hub';
import { quietContext } from '#test/support/service/quiet-context';
import { silent, useRecorders } from '#test/support/service/recorder-world';
import { RANGE } from '#test/support/service/storage-world';
import { httpCall } from '#test/support/service/test-service';

const IP = '203.0.113.9';

describe('while the log cannot be written', () => {
  const { world, clock, recorderWith } = useRecorders();

  let server: Server;
  afterEach(() => server.close());

  const checkWith = async (onError: 'deny' | 'allow', headers: Record<string, string> = {}) => {
    const recorder = recorderWith({ write: () => Promise.reject(new Error('disk full')) });
    const trust = { review: () => Promise.reject(new Error('not asked in this mode')) };
    const handle = createCheckHandler({
      gate: createGate({
        context: {
          storage: world.storage,
          writer: world.writer,
          directory: world.directory,
          hub: new FeedHub(),
          clock,
          learningWindowMs: 60_000,
          ...quietContext,
        },
        callLog: recorder,
        evaluate: createEvaluate({ clock, callLog: recorder, trust }),
        checkTimeoutMs: 60_000,
      }),
      metrics: { checked: () => undefined, checkedKey: () => undefined },
      tracing: NO_TRACING,
      log: silent,
      fingerprintOf: () => null,
      keyHeaders: ['api-key', 'x-api-key'],
      callerOf: createCallerReader({
        trustedProxies: parseTrustedProxies('loopback'),
        clientHeader: 'x-forwarded-for',
      }),
      proxyFaults: { note: () => undefined },
      onUndecided: () => undefined,
      onError,
      echoIp: true,
      publicUrl: () => 'http://gate.example',
    });
    server = createServer((request, response) => handle(request, response, ''));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return httpCall(`http://127.0.0.1:${port}/v1/check`, {
      headers: { 'api-key': world.secret, 'x-forwarded-for': IP, ...headers },
    });
  };

  it('nothing gets in', async () => {
    world.policy.mode = 'deactivated';
    const answer = await checkWith('deny');
    expect(answer.status).toBe(503);
    expect(answer.json).toMatchObject({ code: 'unavailable', reason: 'unavailable' });
    expect(answer.headers['x-gatehouse-verdict']).toBe('blocked');
  });

  const setRange = (effect: 'authorize' | 'deny'): void =>
    world.policy.setRange({ ...RANGE, cidr: `${IP}/32`, effect });
  const setReview = (status: 'pending' | 'denied'): void =>
    world.policy.setActiveReview({ id: 'review', status, ip: IP, keyId: world.keyId, isOverflow: false });

  const nothing = (): void => undefined;
  const revokeKey = (): void =>
    world.directory.setSecret({
      hash: hashSecret(world.secret),
      account_id: world.policy.id,
      key_id: world.keyId,
      created_at: 0,
      valid_until: 1,
    });

  it.each<[what: string, reason: string, prepare: () => void, headers?: Record<string, string>]>([
    ['no key', 'missing_key', nothing, { 'api-key': '' }],
    ['an unknown key', 'invalid_key', nothing, { 'api-key': 'gk_nonsense' }],
    ['two keys', 'ambiguous_key', nothing, { 'x-api-key': 'gk_nonsense' }],
    ['a revoked key', 'revoked_key', revokeKey],
    ['a denied range', 'denied', () => setRange('deny')],
    ['an unknown address in manual mode', 'unknown', () => void (world.policy.mode = 'manual')],
    ['an address that the trust review has refused', 'untrusted', () => setReview('pending')],
    ['an address that a person has denied', 'untrusted', () => setReview('denied')],
    [
      'a key that has all its ranges',
      'untrusted',
      () => world.policy.addRangesOfKey(world.keyId, 0, MAX_RANGES_OF_KEY),
    ],
    ['a proxy that names no caller', 'untrusted', nothing, { 'x-forwarded-for': '127.0.0.1' }],
  ])('what memory knows to be blocked stays out: %s', async (_what, reason, prepare, headers) => {
    world.policy.mode = 'automatic';
    prepare();
    const answer = await checkWith('allow', headers);
    expect(answer.status).toBe(401);
    expect(answer.headers['x-gatehouse-reason']).toBe(reason);
    expect(answer.json).toMatchObject({ code: 'unauthorized', reason });
  });

  it.each<[what: string, prepare: () => void]>([
    ['an address that only the trust review can evaluate', () => undefined],
    ['an authorized range', () => setRange('authorize')],
    ['an account that learns', () => void (world.policy.mode = 'learning')],
    ['an account without protection', () => void (world.policy.mode = 'deactivated')],
  ])('the setting lets in what memory does not know to be blocked: %s', async (_what, prepare) => {
    world.policy.mode = 'automatic';
    prepare();
    const answer = await checkWith('allow');
    expect(answer.status).toBe(200);
    expect(answer.headers['x-gatehouse-reason']).toBe('unavailable');
    expect((await checkWith('deny')).status).toBe(503);
  });
});
