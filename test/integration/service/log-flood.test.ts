import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt, Review } from '#shared/domain/entities';
import { UNKNOWN_GEOLOCATION } from '#service/geo/geolocation';
import type { AttemptFacts } from '#service/gate/call-log';
import { listAttempts } from '#service/log/query/list-attempts';
import { Recorder } from '#service/log/record/recorder';
import { parseAddress, sortableAddress } from '#shared/ip/index';
import { manualClock } from '#test/support/manual-clock';
import { openLogWorld, type LogWorld } from '#test/support/service/log-world';
import { stopTestDatabases } from '#test/support/service/test-database';
import { startTestService, type TestService } from '#test/support/service/test-service';

const ADDRESSES = 3_000;
const MAX_AGGREGATES = 256;

describe('a flood of addresses', () => {
  const clock = manualClock();
  let world: LogWorld;
  beforeEach(async () => {
    world = await openLogWorld(clock, ['Shop']);
  });
  afterEach(async () => {
    await world.close();
    await stopTestDatabases();
  });

  const factsOf = (number: number): AttemptFacts => {
    const ip = `198.18.${number >> 8}.${number & 255}`;
    const parsed = parseAddress(ip);
    if (!parsed.ok) throw new Error(parsed.error.message);
    return {
      policy: world.policy,
      keyId: world.keys[0]?.id ?? '',
      address: parsed.address,
      ip,
      ipSort: sortableAddress(parsed.address),
      verdict: 'blocked',
      reason: 'denied',
      wouldBe: null,
      rangeId: null,
      method: null,
      path: null,
      userAgent: null,
      fingerprint: null,
      trust: undefined,
    };
  };

  it('is logged to the last address and call, while memory holds no more than it may', async () => {
    const recorder = new Recorder({
      writer: world.context.writer,
      clock,
      log: { write: () => undefined },
      geolocations: { lookup: () => UNKNOWN_GEOLOCATION },
      foldWindowMs: 60_000,
      learningWindowMs: 60_000,
      trustedProxies: [],
      onReviewOpened: () => Promise.resolve(),
      maxAggregates: MAX_AGGREGATES,
    });
    let most = 0;
    for (let first = 0; first < ADDRESSES; first += 100) {
      const numbers = Array.from({ length: 100 }, (_, index) => first + index);
      await Promise.all(numbers.map((number) => recorder.record(factsOf(number))));
      // Each calls again at once: most of them are still open, and the counts of those that are not become rows.
      await Promise.all(numbers.map((number) => recorder.record(factsOf(number))));
      most = Math.max(most, recorder.lengths.aggregates);
      if (first % 500 === 0) await recorder.flush();
    }
    await recorder.stop();
    expect(most).toBeLessThanOrEqual(MAX_AGGREGATES);

    const calls = new Map<string, number>();
    let cursor: string | undefined;
    do {
      const page = await listAttempts(world.context.storage.read.attemptScans, {
        accountId: world.policy.id,
        filter: {},
        order: 'oldest',
        limit: 1_000,
        cursor,
      });
      for (const { ip, count } of page.items) calls.set(ip, (calls.get(ip) ?? 0) + count);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(calls.size).toBe(ADDRESSES);
    expect(new Set(calls.values())).toEqual(new Set([2]));
  });
});

describe('a flood of keys that nobody has', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
    await service.createKey();
  });
  afterAll(async () => {
    await service.stop();
    await stopTestDatabases();
  });

  it('is refused and leaves nothing in the log, nor reviews', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, number) =>
        service.check(`gk_${number.toString().padStart(40, 'x')}`, `198.18.0.${number}`),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    await service.check(undefined, '198.18.0.1');
    await service.restart();
    const items = async <T>(path: string): Promise<T[]> =>
      ((await service.api(path)).json as { items: T[] }).items;
    expect(await items<Attempt>('/v1/attempts')).toEqual([]);
    expect(await items<Review>('/v1/reviews')).toEqual([]);
  });
});
