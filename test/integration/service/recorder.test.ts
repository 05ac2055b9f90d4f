import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  loadPolicies,
  MAX_RANGES_OF_KEY,
  type AccountPolicy,
  type PolicyDirectory,
} from '#service/policy/policy';
import { writePolicy } from '#service/policy/policy-write';
import { applyWithin } from '#service/policy/apply-change';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseTrustedProxies } from '#service/config';
import { FeedHub } from '#service/storage/feed-hub';
import { createCallerReader } from '#service/http/check/client-address';
import { createCheckHandler } from '#service/http/check/check';
import { createGate } from '#service/gate/gate';
import { createEvaluate } from '#service/gate/evaluate';
import { UNKNOWN_GEOLOCATION } from '#service/geo/geolocation';
import { createIdFactory } from '#service/runtime/ids';
import type { AttemptFacts } from '#service/gate/call-log';
import { listAttempts } from '#service/log/query/list-attempts';
import { hashSecret } from '#service/policy/secrets';
import { Recorder, type RecorderOptions } from '#service/log/record/recorder';
import type { Storage } from '#service/storage/storage';
import { createWriter, type Writer } from '#service/storage/writer';
import { parseAddress, sortableAddress } from '#shared/ip/index';
import { manualClock } from '#test/support/manual-clock';
import { RANGE } from '#test/support/service/storage-world';
import { openTestStorage } from '#test/support/service/test-database';
import { httpCall, startTestService } from '#test/support/service/test-service';
import { quietContext } from '#test/support/service/quiet-context';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const IP = '203.0.113.9';
const NEW_KEY = {
  name: 'Other',
  prefix: 'gh_xyz',
  status: 'active',
  created_at: 0,
  last_used_at: null,
  rotated_at: null,
} as const;
const silent = { write: () => undefined };

describe('the recorder', () => {
  const clock = manualClock();
  let dataDir: string;
  let secret: string;
  let keyId: string;
  let storage: Storage;
  let directory: PolicyDirectory;
  let policy: AccountPolicy;
  let writer: Writer;

  beforeEach(async () => {
    dataDir = makeTempDir('recorder');
    const service = await startTestService({ dataDir });
    const created = await service.createKey();
    secret = created.secret;
    keyId = created.key.id;
    await service.stop();
    storage = await openTestStorage(dataDir);
    directory = await loadPolicies(storage);
    const [account] = await storage.read.accounts.all();
    policy = directory.account(account?.id ?? '');
    writer = createWriter(storage, new FeedHub(), clock, createIdFactory(clock));
  });
  afterEach(async () => {
    await storage.close();
    removeTempDir(dataDir);
  });

  const recorderWith = (over: Partial<Writer> = {}, options: Partial<RecorderOptions> = {}): Recorder =>
    new Recorder({
      writer: { ...writer, ...over },
      clock,
      log: silent,
      geolocations: { lookup: () => UNKNOWN_GEOLOCATION },
      foldWindowMs: 60_000,
      learningWindowMs: 60_000,
      trustedProxies: [],
      onReviewOpened: () => Promise.resolve(),
      maxAggregates: 1000,
      ...options,
    });

  const facts = (ip: string): AttemptFacts => {
    const parsed = parseAddress(ip);
    if (!parsed.ok) throw new Error(parsed.error.message);
    return {
      policy,
      keyId,
      address: parsed.address,
      ip,
      ipSort: sortableAddress(parsed.address),
      verdict: 'blocked',
      reason: 'unknown',
      rangeId: null,
      method: null,
      path: null,
      userAgent: null,
      trust: undefined,
    };
  };
  const rows = async () =>
    (
      await listAttempts(storage.read.attemptScans, {
        accountId: policy.id,
        filter: {},
        order: 'oldest',
        limit: 100,
      })
    ).items;

  it('asks nothing about a call whose address was authorized meanwhile, but does once the range is gone', async () => {
    const recorder = recorderWith();
    policy.setRange({ ...RANGE, id: 'r', cidr: '203.0.113.0/24', effect: 'authorize' });
    expect(await recorder.record(facts(IP))).toMatchObject({ kind: 'logged', reviewId: null });
    policy.removeRange('r');
    // Within the same fold window.
    expect(await recorder.record(facts(IP))).toMatchObject({ reviewId: expect.any(String) as string });
  });

  it('keeps counts that could not be written, and writes them with the next flush', async () => {
    let broken = false;
    const recorder = recorderWith({
      write: (work) => (broken ? Promise.reject(new Error('disk full')) : writer.write(work)),
    });
    await recorder.record(facts(IP));
    await recorder.record(facts(IP));
    broken = true;
    await expect(recorder.flush()).rejects.toThrow('disk full');
    await recorder.record(facts(IP));
    broken = false;
    await recorder.flush();
    expect(await rows()).toMatchObject([{ ip: IP, count: 3 }]);
  });

  it('forgets a first call that could not be written, so that the next call is one again', async () => {
    let broken = true;
    const recorder = recorderWith({
      write: (work) => (broken ? Promise.reject(new Error('disk full')) : writer.write(work)),
    });
    const together = await Promise.allSettled([recorder.record(facts(IP)), recorder.record(facts(IP))]);
    expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    broken = false;
    await recorder.record(facts(IP));
    expect(await rows()).toMatchObject([{ ip: IP, count: 1 }]);
  });

  it('counts no use of a key by a call that could not be logged', async () => {
    let broken = true;
    const recorder = recorderWith({
      write: (work) => (broken ? Promise.reject(new Error('disk full')) : writer.write(work)),
    });
    const allowed: AttemptFacts = { ...facts(IP), verdict: 'allowed', reason: 'deactivated' };
    await expect(recorder.record(allowed)).rejects.toThrow('disk full');
    broken = false;
    await recorder.flush();
    expect((await storage.read.keys.get(policy.id, keyId))?.last_used_at).toBeNull();
    await recorder.record(allowed);
    await recorder.flush();
    expect((await storage.read.keys.get(policy.id, keyId))?.last_used_at).toBe(clock.now());
  });

  it('flushes within a second of a repeat, and sleeps while nothing is counted', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const flushTimers = () =>
      timers.mock.calls.flatMap(([, ms]) => (ms === undefined || ms > 1_000 ? [] : [ms]));
    const recorder = recorderWith();
    const blocked = facts(IP);
    recorder.start();
    try {
      expect(timers.mock.calls).toEqual([]);
      await recorder.record(blocked);
      await recorder.record(blocked);
      expect(flushTimers()).toHaveLength(1);
      expect(flushTimers()[0]).toBeLessThan(900);
      await waitFor('the repeat on the disk', async () => (await rows())[0]?.count === 2);
      timers.mockClear();
      // One that comes after a pause is in time too.
      await recorder.record(blocked);
      expect(flushTimers()).toHaveLength(1);
      await waitFor('the other one', async () => (await rows())[0]?.count === 3);
      timers.mockClear();
      await nextTurn();
      expect(timers.mock.calls).toEqual([]);
    } finally {
      timers.mockRestore();
      await recorder.stop();
    }
  });

  it('tries a flush that failed again, though no call comes any more', async () => {
    let broken = false;
    let failures = 0;
    const write: Writer['write'] = (work) => {
      if (!broken) return writer.write(work);
      failures += 1;
      return Promise.reject(new Error('disk full'));
    };
    const recorder = recorderWith({ write }, { flushAfterMs: 5 });
    recorder.start();
    await recorder.record(facts(IP));
    broken = true;
    await recorder.record(facts(IP));
    await waitFor('two flushes that fail', () => failures >= 2);
    broken = false;
    await waitFor('the repeat on the disk', async () => (await rows())[0]?.count === 2);
    await recorder.stop();
  });

  it('writes a use after a pause soon, and those that follow less often than the log', async () => {
    const recorder = recorderWith({}, { flushAfterMs: 5, usageEveryMs: 3_600_000 });
    const allowed: AttemptFacts = { ...facts(IP), verdict: 'allowed', reason: 'deactivated' };
    const [inLog, ofKey] = [new Set<number>(), new Set<number | null>()];
    recorder.start();
    try {
      while (inLog.size < 24) {
        clock.advance(1);
        await nextTurn();
        await recorder.record(allowed);
        const [row] = await rows();
        if (row !== undefined) inLog.add(row.last_at);
        ofKey.add((await storage.read.keys.get(policy.id, keyId))?.last_used_at ?? null);
      }
    } finally {
      await recorder.stop();
    }
    // The first, beside the null at the beginning; the others wait.
    expect(ofKey.size).toBe(2);
    expect((await storage.read.keys.get(policy.id, keyId))?.last_used_at).toBe(clock.now());
  });

  it('writes first calls that arrive together in transactions that are not too long', async () => {
    let writes = 0;
    const recorder = recorderWith({
      write: (work) => {
        writes += 1;
        return writer.write(work);
      },
    });
    const ips = Array.from({ length: 450 }, (_, n) => `10.0.${n >> 8}.${n & 255}`);
    const logged = await Promise.all(ips.map((ip) => recorder.record(facts(ip))));
    const reviewIds = new Set(logged.map((each) => (each.kind === 'logged' ? each.reviewId : null)));
    expect(reviewIds.size).toBe(450);
    expect(writes).toBe(3);
    const { items } = await storage.read.reviews.page(policy.id, { limit: 1_000 });
    expect(items.map(({ ip }) => ip).sort()).toEqual([...ips].sort());
    const sizes = (await storage.read.feed.since(policy.id, 0, { attempts: 0, audit: 0 }, 2_000)).filter(
      ({ kind }) => kind === 'attempt',
    );
    expect(sizes).toHaveLength(450);
  });

  it('opens one review for calls that arrive together, and counts them all', async () => {
    const opened: string[] = [];
    const recorder = recorderWith(
      {},
      {
        onReviewOpened: (_write, review) => {
          opened.push(`${review.ip} ${review.count}`);
          return Promise.resolve();
        },
      },
    );
    const together = await Promise.all([
      recorder.record(facts(IP)),
      recorder.record({ ...facts(IP), reason: 'untrusted' }),
    ]);
    const [first, second] = together.map((each) => (each.kind === 'logged' ? each.reviewId : null));
    expect(first).toEqual(expect.any(String));
    expect(second).toBe(first);
    expect(opened).toEqual([`${IP} 2`]);
    const { items } = await storage.read.reviews.page(policy.id, { limit: 10 });
    expect(items).toMatchObject([{ id: first, ip: IP, count: 2, active: 1 }]);
    clock.advance(60_000);
    await recorder.record(facts(IP));
    const again = await storage.read.reviews.page(policy.id, { limit: 10 });
    expect(again.items).toMatchObject([{ id: first, count: 3, last_at: clock.now() }]);
  });

  it('remembers at most fifty agents of a key and range, also of calls that arrive together', async () => {
    const recorder = recorderWith();
    const owner = { accountId: policy.id, actor: { kind: 'system', name: 'system' }, via: 'system' } as const;
    const context = { writer, directory };
    const { ranges } = await writePolicy(context, owner, (write) =>
      applyWithin(write, {
        type: 'range.add',
        cidr: '203.0.113.0/24',
        effect: 'authorize',
        label: '',
        keyId: null,
        rangeExpiresAt: null,
        allowWide: false,
      }),
    );
    const rangeId = ranges[0]?.id ?? '';
    const callOf = (n: number): AttemptFacts => ({
      ...facts(`203.0.113.${n}`),
      verdict: 'allowed',
      reason: 'authorized',
      rangeId,
      userAgent: `agent ${n}`,
    });
    const numbers = Array.from({ length: 70 }, (_, n) => n);
    await Promise.all(numbers.slice(0, 30).map((n) => recorder.record(callOf(n))));
    await Promise.all(numbers.slice(30).map((n) => recorder.record(callOf(n))));
    const sightings = await storage.read.sightings.ofKey(policy.id, keyId, clock.now(), 100);
    const uses = Object.fromEntries(sightings.map((row) => [row.agent, row.uses]));
    expect(uses).toEqual(
      Object.fromEntries([...numbers.slice(0, 50).map((n) => [`agent ${n}`, 1]), ['', 20]]),
    );
    // A range that is gone by the time its call is written vouches for nothing.
    await writePolicy(context, owner, (write) => applyWithin(write, { type: 'range.remove', rangeId }));
    expect(await recorder.record(callOf(99))).toMatchObject({ kind: 'logged' });
    expect(await storage.read.sightings.ofKey(policy.id, keyId, clock.now(), 100)).toEqual([]);
  });

  it('loses no repeat when it has to close folds early to stay small', async () => {
    const recorder = recorderWith({}, { maxAggregates: 3 });
    for (const ip of ['10.0.0.1', '10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.1']) {
      await recorder.record(facts(ip));
    }
    await recorder.flush();
    const counts = new Map<string, number>();
    for (const { ip, count } of await rows()) counts.set(ip, (counts.get(ip) ?? 0) + count);
    expect(Object.fromEntries(counts)).toEqual({
      '10.0.0.1': 3,
      '10.0.0.2': 1,
      '10.0.0.3': 1,
      '10.0.0.4': 1,
      '10.0.0.5': 1,
    });
  });

  describe('in a flood of addresses of one key', () => {
    const HOUR_MS = 3_600_000;
    const flooded = (over: Partial<Writer> = {}): Recorder =>
      recorderWith(over, { floods: { mostAddresses: 3, mostNetworks: 4 } });
    const denied = (ip: string): AttemptFacts => ({
      ...facts(ip),
      reason: 'denied',
      method: 'GET',
      path: '/secret',
      userAgent: 'curl/8.5.0',
    });
    const begin = async (recorder: Recorder): Promise<void> => {
      for (const ip of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) await recorder.record(denied(ip));
    };
    const counts = async (): Promise<[string, number][]> =>
      (await rows()).slice(3).map(({ ip, count }) => [ip, count]);

    it('logs networks in their place, each before its first call is answered, and counts the rest', async () => {
      const recorder = flooded();
      await begin(recorder);
      expect(await recorder.record(denied('203.0.113.1'))).toEqual({
        kind: 'logged',
        reviewId: null,
        rangeId: null,
      });
      expect(await counts()).toEqual([['203.0.0.0/16', 1]]);
      const more = ['203.0.113.1', '203.0.7.7', '2001:db8::1', '2001:db8:ffff::2', '198.51.100.1'];
      await Promise.all(more.map((ip) => recorder.record(denied(ip))));
      await recorder.record({ ...denied('203.0.9.9'), reason: 'revoked_key' });
      await recorder.flush();
      expect(await counts()).toEqual([
        ['203.0.0.0/16', 3],
        ['2001:db8::/32', 2],
        ['198.51.0.0/16', 1],
        ['203.0.0.0/16', 1],
      ]);
      // It stands for many callers, so it says nothing of one of them.
      expect((await rows())[3]).toMatchObject({
        ip_sort: '4cb000000',
        method: null,
        path: null,
        user_agent: null,
      });
    });

    it('takes wider networks once there are very many', async () => {
      const recorder = flooded();
      await begin(recorder);
      for (const octet of [1, 2, 3, 4, 5, 6]) await recorder.record(denied(`10.${octet}.0.1`));
      for (const ip of ['2001:db8::1', '2001:db9::1', '10.1.0.2', '::1']) await recorder.record(denied(ip));
      await recorder.flush();
      expect(await counts()).toEqual([
        ['10.1.0.0/16', 2],
        ['10.2.0.0/16', 1],
        ['10.3.0.0/16', 1],
        ['10.4.0.0/16', 1],
        ['10.0.0.0/8', 2],
        ['2000::/12', 2],
        ['::/12', 1],
      ]);
    });

    it('logs addresses again when its hour is over', async () => {
      const recorder = flooded();
      await begin(recorder);
      await recorder.record(denied('203.0.113.1'));
      clock.advance(HOUR_MS - 1);
      await recorder.record(denied('203.0.113.2'));
      clock.advance(1);
      await recorder.record(denied('203.0.113.3'));
      await recorder.flush();
      expect(await counts()).toEqual([
        ['203.0.0.0/16', 2],
        ['203.0.113.3', 1],
      ]);
    });

    it('leaves other keys and what is open already alone', async () => {
      const other = 'other';
      await writer.write(({ tx }) =>
        tx.keys.insert({ ...NEW_KEY, id: other, account_id: policy.id, changed_seq: 1 }),
      );
      const recorder = flooded();
      await begin(recorder);
      await recorder.record(denied('203.0.113.1'));
      await recorder.record(denied('192.0.2.1'));
      await recorder.record({ ...denied('203.0.113.1'), keyId: other });
      await recorder.flush();
      expect((await rows()).map(({ ip, key_id: key, count }) => [ip, key === other, count])).toEqual([
        ['192.0.2.1', false, 2],
        ['192.0.2.2', false, 1],
        ['192.0.2.3', false, 1],
        ['203.0.0.0/16', false, 1],
        ['203.0.113.1', true, 1],
      ]);
    });

    it('keeps a row for what opens a review, and counts the addresses that reviews stand for', async () => {
      const recorder = flooded();
      await begin(recorder);
      const first = await recorder.record(facts('2001:db8::1'));
      for (const last of ['2', '3', '2', '4']) {
        expect(await recorder.record(facts(`2001:db8::${last}`))).toEqual(first);
      }
      await recorder.flush();
      expect(await counts()).toEqual([
        ['2001:db8::1', 1],
        ['2001:db8::/32', 4],
      ]);
      const { items } = await storage.read.reviews.page(policy.id, { limit: 10 });
      expect(items).toMatchObject([{ ip: '2001:db8::1', count: 5, address_count: 4 }]);
      expect((JSON.parse(items[0]?.callers ?? '') as { ip: string }[]).map(({ ip }) => ip)).toEqual([
        '2001:db8::4',
        '2001:db8::2',
        '2001:db8::3',
        '2001:db8::1',
      ]);
    });

    it('answers nobody whose network could not be logged, and loses no count to a failed flush', async () => {
      let broken = false;
      const recorder = flooded({
        write: (work) => (broken ? Promise.reject(new Error('disk full')) : writer.write(work)),
      });
      await begin(recorder);
      await recorder.record(facts('2001:db8::1'));
      broken = true;
      await expect(recorder.record(facts('2001:db8::2'))).rejects.toThrow('disk full');
      broken = false;
      await recorder.record(facts('2001:db8::2'));
      await recorder.record(facts('2001:db8::3'));
      broken = true;
      await expect(recorder.flush()).rejects.toThrow('disk full');
      await recorder.record(facts('2001:db8::4'));
      broken = false;
      await recorder.flush();
      expect(await counts()).toEqual([
        ['2001:db8::1', 1],
        ['2001:db8::/32', 3],
      ]);
      const { items } = await storage.read.reviews.page(policy.id, { limit: 10 });
      expect(items).toMatchObject([{ count: 4, address_count: 3 }]);
    });
  });

  describe('when the log cannot be written', () => {
    let server: Server;
    afterEach(() => server.close());

    const checkWith = async (onError: 'deny' | 'allow', headers: Record<string, string> = {}) => {
      const recorder = recorderWith({ write: () => Promise.reject(new Error('disk full')) });
      const trust = { review: () => Promise.reject(new Error('not asked in this mode')) };
      const handle = createCheckHandler({
        gate: createGate({
          context: {
            storage,
            writer,
            directory,
            hub: new FeedHub(),
            clock,
            learningWindowMs: 60_000,
            ...quietContext,
          },
          callLog: recorder,
          evaluate: createEvaluate({ clock, callLog: recorder, trust }),
        }),
        metrics: { checked: () => undefined },
        log: silent,
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
        headers: { 'api-key': secret, 'x-forwarded-for': IP, ...headers },
      });
    };

    it('nothing gets in', async () => {
      policy.mode = 'deactivated';
      const answer = await checkWith('deny');
      expect(answer.status).toBe(503);
      expect(answer.json).toMatchObject({ code: 'unavailable', reason: 'unavailable' });
      expect(answer.headers['x-gatehouse-verdict']).toBe('blocked');
    });

    const setRange = (effect: 'authorize' | 'deny'): void =>
      policy.setRange({ ...RANGE, cidr: `${IP}/32`, effect });
    const setReview = (status: 'pending' | 'denied'): void =>
      policy.setActiveReview({ id: 'review', status, ip: IP, keyId, isOverflow: false });

    const nothing = (): void => undefined;
    const revokeKey = (): void =>
      directory.setSecret({
        hash: hashSecret(secret),
        account_id: policy.id,
        key_id: keyId,
        created_at: 0,
        valid_until: 1,
      });

    it.each<[what: string, reason: string, prepare: () => void, headers?: Record<string, string>]>([
      ['no key', 'missing_key', nothing, { 'api-key': '' }],
      ['an unknown key', 'invalid_key', nothing, { 'api-key': 'gk_nonsense' }],
      ['two keys', 'ambiguous_key', nothing, { 'x-api-key': 'gk_nonsense' }],
      ['a revoked key', 'revoked_key', revokeKey],
      ['a denied range', 'denied', () => setRange('deny')],
      ['an unknown address in manual mode', 'unknown', () => void (policy.mode = 'manual')],
      ['an address that the trust review has refused', 'untrusted', () => setReview('pending')],
      ['an address that a person has denied', 'untrusted', () => setReview('denied')],
      [
        'a key that has all its ranges',
        'untrusted',
        () => policy.addRangesOfKey(keyId, 0, MAX_RANGES_OF_KEY),
      ],
      ['a proxy that names no caller', 'untrusted', nothing, { 'x-forwarded-for': '127.0.0.1' }],
    ])('what memory knows to be blocked stays out: %s', async (_what, reason, prepare, headers) => {
      policy.mode = 'automatic';
      prepare();
      const answer = await checkWith('allow', headers);
      expect(answer.status).toBe(401);
      expect(answer.headers['x-gatehouse-reason']).toBe(reason);
      expect(answer.json).toMatchObject({ code: 'unauthorized', reason });
    });

    it.each<[what: string, prepare: () => void]>([
      ['an address that only the trust review can evaluate', () => undefined],
      ['an authorized range', () => setRange('authorize')],
      ['an account that learns', () => void (policy.mode = 'learning')],
      ['an account without protection', () => void (policy.mode = 'deactivated')],
    ])('the setting lets in what memory does not know to be blocked: %s', async (_what, prepare) => {
      policy.mode = 'automatic';
      prepare();
      const answer = await checkWith('allow');
      expect(answer.status).toBe(200);
      expect(answer.headers['x-gatehouse-reason']).toBe('unavailable');
      expect((await checkWith('deny')).status).toBe(503);
    });
  });
});
