import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Principal, ServiceContext } from '#service/policy/context';
import type { ChangeContext } from '#service/policy/impact';
import { createFirstAccount } from '#service/account/first-account';
import { createKey, revokeKey, rotateKey, updateKey } from '#service/account/keys';
import { setMode } from '#service/policy/mode';
import { PolicyDirectory } from '#service/policy/policy-directory';
import { addRanges, removeRange, updateRange } from '#service/account/ranges';
import { Refusal } from '#service/policy/refusal';
import { authorizeReview, denyReview } from '#service/account/reviews';
import { parseTrustedProxies } from '#service/config';
import { FeedHub } from '#service/storage/feed-hub';
import { createGate, type GateOptions } from '#service/gate/gate';
import { createEvaluate } from '#service/gate/evaluate';
import { UNKNOWN_GEOLOCATION } from '#service/geo/geolocation';
import { createTrustReviewer } from '#service/trust/collect-facts';
import { createCallerReader } from '#service/http/check/client-address';
import { createIdFactory } from '#service/runtime/ids';
import { listAttempts } from '#service/log/query/list-attempts';
import { Recorder } from '#service/log/record/recorder';
import { expireSurplusReviews } from '#service/retention/sweep-policy';
import { createWriter } from '#service/storage/writer';
import { modeSchema } from '#shared/domain/entities';
import { collect } from '#test/support/collect';
import { quietContext } from '#test/support/service/quiet-context';
import { manualClock } from '#test/support/manual-clock';
import { openTestStorage, stopTestDatabases } from '#test/support/service/test-database';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

/**
 * Two services that differ in one thing: one has no verdict cache. Whatever happens to the policy and to the time, both answer
 * alike, and their logs and counts are the same in the end.
 */

const FOLD_WINDOW_MS = 60_000;
const LEARNING_WINDOW_MS = 150_000;
const IPS = ['203.0.113.9', '203.0.113.10', '203.0.114.1', '198.51.100.7', '2001:db8::1'] as const;
const CIDRS = [
  '203.0.113.9/32',
  '203.0.113.0/24',
  '203.0.112.0/22',
  '198.51.100.0/24',
  '2001:db8::/64',
] as const;

const silent = { write: () => undefined };

const call = fc.record({
  do: fc.constant('call' as const),
  ip: fc.constantFrom(...IPS),
  secret: fc.nat({ max: 5 }),
});
const wait = fc.record({
  do: fc.constant('wait' as const),
  ms: fc.constantFrom(0, 1, 400, 5_000, 20_000, 61_000, 160_000, -400, -3_000, -30_000),
});
const edit = fc.oneof(
  fc.record({
    do: fc.constant('add' as const),
    cidr: fc.constantFrom(...CIDRS),
    effect: fc.constantFrom('authorize' as const, 'authorize' as const, 'deny' as const),
    forKey: fc.option(fc.nat({ max: 1 })),
    expiresInMs: fc.option(fc.constantFrom(400, 5_000, 20_000)),
  }),
  fc.record({ do: fc.constant('remove' as const), range: fc.nat({ max: 9 }) }),
  fc.record({
    do: fc.constant('flip' as const),
    range: fc.nat({ max: 9 }),
    effect: fc.constantFrom('authorize' as const, 'deny' as const),
  }),
  fc.record({
    do: fc.constant('expireRange' as const),
    range: fc.nat({ max: 9 }),
    inMs: fc.option(fc.constantFrom(400, 5_000, 20_000)),
  }),
  fc.record({
    do: fc.constant('mode' as const),
    mode: fc.constantFrom(...modeSchema.options),
    reportOnly: fc.constantFrom(undefined, true, false),
  }),
  fc.record({ do: fc.constant('report' as const), key: fc.nat({ max: 1 }), reportOnly: fc.boolean() }),
  fc.record({
    do: fc.constant('rotate' as const),
    key: fc.nat({ max: 1 }),
    graceSeconds: fc.constantFrom(0, 5, 20),
  }),
  fc.record({ do: fc.constant('revoke' as const), key: fc.nat({ max: 1 }) }),
  fc.record({
    do: fc.constant('decide' as const),
    review: fc.nat({ max: 4 }),
    decision: fc.constantFrom('authorize' as const, 'deny' as const),
  }),
  fc.record({ do: fc.constant('expire' as const), maxPending: fc.nat({ max: 1 }) }),
  fc.constant({ do: 'flush' as const }),
);
type Step =
  | (typeof call extends fc.Arbitrary<infer T> ? T : never)
  | (typeof wait extends fc.Arbitrary<infer T> ? T : never)
  | (typeof edit extends fc.Arbitrary<infer T> ? T : never);

let cacheHits = 0;

const openWorld = async (evaluatesAnew: boolean) => {
  const dataDir = makeTempDir('known');
  const storage = await openTestStorage(dataDir);
  const clock = manualClock();
  const hub = new FeedHub();
  const writer = createWriter(storage, hub, clock, createIdFactory(clock));
  const directory = new PolicyDirectory();
  const owner = { ownerEmail: 'owner@example.com', tokenHash: 'hash', tokenName: 'token' };
  await createFirstAccount(writer, directory, () => owner);
  const [policy] = directory.accounts();
  if (policy === undefined) throw new Error('there is no account');
  const context: ServiceContext & ChangeContext = {
    storage,
    writer,
    directory,
    hub,
    clock,
    learningWindowMs: LEARNING_WINDOW_MS,
    ...quietContext,
  };
  const principal: Principal = {
    accountId: policy.id,
    actor: { kind: 'user', id: 'user', name: 'owner@example.com' },
    via: 'api',
    userId: 'user',
    email: 'owner@example.com',
    role: 'owner',
    permissions: [],
    tokenExpiresAt: null,
  };
  const geolocations = { lookup: () => UNKNOWN_GEOLOCATION };
  const recorder = new Recorder({
    writer,
    clock,
    log: silent,
    geolocations,
    foldWindowMs: FOLD_WINDOW_MS,
    learningWindowMs: LEARNING_WINDOW_MS,
    trustedProxies: [],
    onReviewOpened: () => Promise.resolve(),
  });
  const trust = createTrustReviewer({
    storage,
    geolocations,
    blocklists: { find: () => null },
    trustedProxies: [],
    clock,
  });
  const evaluate = createEvaluate({ clock, callLog: recorder, trust });
  const callLog: GateOptions['callLog'] = {
    record: (facts) => recorder.record(facts),
    recordAway: (facts) => recorder.recordAway(facts),
    repeat: (facts, now) => recorder.repeat(facts, now),
    countInFlood: (facts, call, now) => recorder.countInFlood(facts, call, now),
    cachedVerdict: (secret, ip, now) => {
      const verdict = evaluatesAnew ? undefined : recorder.cachedVerdict(secret, ip, now);
      if (verdict !== undefined) cacheHits += 1;
      return verdict;
    },
    cacheVerdict: (facts, cached) => recorder.cacheVerdict(facts, cached),
  };
  const gate = createGate({ context, callLog, evaluate, checkTimeoutMs: 60_000 });

  const callerOf = createCallerReader({
    trustedProxies: parseTrustedProxies('loopback'),
    clientHeader: 'x-forwarded-for',
  });
  const keyIds: string[] = [];
  const secrets: string[] = [];
  for (const name of ['first', 'second']) {
    const { key, secret } = await createKey(context, principal, name);
    keyIds.push(key.id);
    secrets.push(secret);
  }
  const rangeIds: string[] = [];
  const reviewIds: string[] = [];
  const keyOf = (index: number): string => keyIds[index] ?? '';
  const rangeOf = (index: number): string => rangeIds[index % Math.max(1, rangeIds.length)] ?? 'none';
  const nameOf = (rangeId: string | null): string | null => {
    const range = policy.ranges.get(rangeId ?? '');
    return range === undefined ? null : `${range.effect} ${range.cidr.base}/${range.cidr.prefixLength}`;
  };

  const carryOut = async (step: Step): Promise<unknown> => {
    switch (step.do) {
      case 'call': {
        const read = callerOf({
          socket: { remoteAddress: '127.0.0.1' },
          rawHeaders: ['X-Forwarded-For', step.ip],
        });
        if (!read.ok) throw new Error(read.detail);
        const { verdict, reason, keyId, rangeId, reviewId } = await gate.ask({
          key: { kind: 'one', apiKey: secrets[step.secret % secrets.length] ?? '' },
          caller: read.caller,
          original: () => ({ method: 'GET', path: '/', userAgent: 'agent', fingerprint: null }),
        });
        if (reviewId !== null && !reviewIds.includes(reviewId)) reviewIds.push(reviewId);
        const review = reviewId === null ? null : reviewIds.indexOf(reviewId);
        return { verdict, reason, key: keyIds.indexOf(keyId ?? ''), range: nameOf(rangeId), review };
      }
      case 'wait':
        clock.advance(step.ms);
        return undefined;
      case 'add': {
        const { items } = await addRanges(context, principal, {
          cidr: step.cidr,
          effect: step.effect,
          label: '',
          keyId: step.forKey === null ? null : keyOf(step.forKey),
          expiresAt:
            step.expiresInMs === null ? null : new Date(clock.now() + step.expiresInMs).toISOString(),
          allowWide: false,
        });
        rangeIds.push(...items.map(({ id }) => id));
        return undefined;
      }
      case 'remove':
        return removeRange(context, principal, rangeOf(step.range), {}, undefined);
      case 'flip':
        await updateRange(context, principal, rangeOf(step.range), { effect: step.effect }, undefined);
        return undefined;
      case 'expireRange': {
        const expiresAt = step.inMs === null ? null : new Date(clock.now() + step.inMs).toISOString();
        await updateRange(context, principal, rangeOf(step.range), { expiresAt }, undefined);
        return undefined;
      }
      case 'mode':
        return setMode(context, principal, { mode: step.mode, reportOnly: step.reportOnly });
      case 'report':
        return (await updateKey(context, principal, keyOf(step.key), step)).reportOnly;
      case 'rotate': {
        const { secret } = await rotateKey(context, principal, keyOf(step.key), step.graceSeconds);
        secrets.push(secret);
        return undefined;
      }
      case 'revoke':
        return revokeKey(context, principal, keyOf(step.key), {});
      case 'decide': {
        const review = reviewIds[step.review] ?? 'none';
        if (step.decision === 'deny')
          await denyReview(context, principal, review, { rotateKey: false, addDenyRange: false });
        else
          await authorizeReview(context, principal, review, {
            scope: 'address',
            thisKeyOnly: false,
            durationSeconds: 20,
          });
        return undefined;
      }
      case 'expire':
        return expireSurplusReviews(context, policy.id, step.maxPending, () => false);
      case 'flush':
        return recorder.flush();
    }
  };

  const kept = async () => {
    await recorder.flush();
    const { items: attempts } = await listAttempts(storage.read.attemptScans, {
      accountId: policy.id,
      filter: {},
      order: 'oldest',
      limit: 1_000,
    });
    const { items: reviews } = await storage.read.reviews.page(policy.id, {
      cursor: undefined,
      limit: 1_000,
    });
    return {
      attempts: attempts.map((row) => [
        row.ip,
        row.verdict,
        row.reason,
        row.would_be,
        row.count,
        row.first_at,
        row.last_at,
        keyIds.indexOf(row.key_id),
      ]),
      reviews: reviews.map((row) => [row.ip, row.status, row.reason, row.count, row.first_at, row.last_at]),
      ranges: (await collect(storage.read.ranges.all()))
        .map((row) => [row.cidr, row.effect, row.created_at, row.uses, row.last_used_at].join(' '))
        .sort(),
      keys: (await storage.read.keys.all())
        .map((row) => [row.name, row.status, row.last_used_at].join(' '))
        .sort(),
    };
  };

  return {
    /** What comes of the step: its answer, or the code with which it is refused. */
    step: async (step: Step): Promise<unknown> => {
      try {
        return await carryOut(step);
      } catch (error) {
        if (error instanceof Refusal) return error.code;
        throw error;
      }
    },
    kept,
    close: async () => {
      await storage.close();
      removeTempDir(dataDir);
    },
  };
};

afterAll(stopTestDatabases);

describe('a cached verdict', () => {
  it('is the one that a call evaluated anew would get, and is counted like it', async () => {
    const steps = fc.array(
      fc.oneof(
        { arbitrary: call, weight: 12 },
        { arbitrary: wait, weight: 3 },
        { arbitrary: edit, weight: 2 },
      ),
      { minLength: 60, maxLength: 120 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (chosen) => {
        const [knowing, judging] = [await openWorld(false), await openWorld(true)];
        try {
          for (const step of chosen) expect(await knowing.step(step)).toEqual(await judging.step(step));
          expect(await knowing.kept()).toEqual(await judging.kept());
        } finally {
          await Promise.all([knowing.close(), judging.close()]);
        }
      }),
      // A shorter counterexample would take longer than the test may: each run opens two databases.
      { numRuns: 60, endOnFailure: true },
    );
    // Otherwise nothing was compared.
    expect(cacheHits).toBeGreaterThan(300);
  }, 240_000);

  it('ends with its review: a call after that opens a new one', async () => {
    const world = await openWorld(false);
    const cacheHitsBefore = cacheHits;
    const ask = (): Promise<unknown> => world.step({ do: 'call', ip: IPS[0], secret: 0 });
    try {
      await world.step({ do: 'mode', mode: 'manual', reportOnly: undefined });
      for (let calls = 0; calls < 3; calls += 1) expect(await ask()).toMatchObject({ review: 0 });
      expect(cacheHits).toBe(cacheHitsBefore + 1);
      await world.step({ do: 'expire', maxPending: 0 });
      expect(await ask()).toMatchObject({ reason: 'unknown', review: 1 });
    } finally {
      await world.close();
    }
  });
});
