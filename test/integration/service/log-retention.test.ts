import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangesResponse } from '#shared/api/contract';
import type { Attempt, AuditEvent, Range, Review } from '#shared/domain/entities';
import { isoTime } from '#service/runtime/clock';
import { listAttempts } from '#service/log/query/list-attempts';
import { createRetention, type Retention } from '#service/retention/retention';
import { manualClock } from '#test/support/manual-clock';
import { idAt, type LogRow } from '#test/support/service/log-rows';
import { openLogWorld, type LogWorld } from '#test/support/service/log-world';
import { stopTestDatabases } from '#test/support/service/test-database';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

describe('the retention of attempts', () => {
  let clock: ReturnType<typeof manualClock>;
  let world: LogWorld;
  let number = 0;
  beforeEach(async () => {
    clock = manualClock();
    world = await openLogWorld(clock, ['Shop', 'Other']);
  });
  afterEach(async () => {
    await world.close();
    await stopTestDatabases();
  });

  const row = (ip: string, ageMs: number, over: Partial<LogRow> = {}): LogRow => {
    const firstAt = clock.now() - ageMs;
    number += 1;
    return {
      id: idAt(firstAt, number),
      ip,
      keyId: world.keys[0]?.id ?? '',
      reason: 'authorized',
      firstAt,
      ...over,
    };
  };
  const ips = async (): Promise<string[]> => {
    const { items } = await listAttempts(world.context.storage.read.attemptScans, {
      accountId: world.policy.id,
      filter: {},
      order: 'oldest',
      limit: 1_000,
    });
    return items.map(({ ip }) => ip);
  };
  const retentionOf = (over: {
    retentionMs?: number;
    foldWindowMs?: number;
    maxAttempts?: number;
  }): Retention =>
    createRetention({
      context: world.context,
      log: { write: () => undefined },
      retentionMs: 90 * DAY_MS,
      foldWindowMs: 60 * SECOND_MS,
      ...over,
    });

  it('goes by the last call of each', async () => {
    await world.add([
      row('192.0.2.1', 100 * DAY_MS),
      row('192.0.2.2', 90 * DAY_MS + SECOND_MS),
      row('192.0.2.3', 90 * DAY_MS + SECOND_MS, { lastAt: clock.now() - 90 * DAY_MS + SECOND_MS }),
      row('192.0.2.4', 89 * DAY_MS),
      row('192.0.2.5', 0),
    ]);
    const retention = retentionOf({});
    await retention.sweep();
    expect(await ips()).toEqual(['192.0.2.3', '192.0.2.4', '192.0.2.5']);
    clock.advance(2 * DAY_MS);
    await retention.sweep();
    expect(await ips()).toEqual(['192.0.2.5']);
  });

  it('takes any number, in steps', async () => {
    await world.add(
      Array.from({ length: 700 }, (_, index) => row(`198.18.${index >> 8}.${index & 255}`, 91 * DAY_MS)),
    );
    await world.add([row('192.0.2.1', DAY_MS)]);
    await retentionOf({}).sweep();
    expect(await ips()).toEqual(['192.0.2.1']);
  });

  it('leaves a network of a flood that may still be counted', async () => {
    const minute = 60 * SECOND_MS;
    await world.add([row('203.0.0.0/16', 50 * minute), row('192.0.2.2', 50 * minute)]);
    const hurried = { retentionMs: SECOND_MS };
    await retentionOf(hurried).sweep();
    expect(await ips()).toEqual(['203.0.0.0/16']);
    await retentionOf({ maxAttempts: 0 }).sweep();
    expect(await ips()).toEqual(['203.0.0.0/16']);
    clock.advance(20 * minute);
    await retentionOf({ maxAttempts: 0 }).sweep();
    expect(await ips()).toEqual([]);
  });

  it('leaves an attempt whose repeats may still be counted, however short the retention', async () => {
    await world.add([row('192.0.2.1', 50 * SECOND_MS), row('192.0.2.2', 120 * SECOND_MS)]);
    const hurried = { retentionMs: SECOND_MS, foldWindowMs: 60 * SECOND_MS };
    await retentionOf(hurried).sweep();
    expect(await ips()).toEqual(['192.0.2.1']);
    await retentionOf({ ...hurried, maxAttempts: 0, retentionMs: DAY_MS }).sweep();
    expect(await ips()).toEqual(['192.0.2.1']);
    clock.advance(120 * SECOND_MS);
    await retentionOf(hurried).sweep();
    expect(await ips()).toEqual([]);
  });

  it('takes the oldest allowed ones when there are too many, then the oldest blocked ones', async () => {
    const hours = (count: number): number => count * 3_600_000;
    const many = (
      count: number,
      third: number,
      age: number,
      reason: 'authorized' | 'learned' | 'denied' | 'unknown',
    ) =>
      Array.from({ length: count }, (_, index) =>
        row(`10.0.${third}.${index}`, hours(age) - index, { reason }),
      );
    await world.add([
      ...many(30, 1, 50, 'denied'),
      ...many(30, 2, 40, 'authorized'),
      ...many(30, 3, 30, 'unknown'),
      ...many(30, 4, 20, 'learned'),
    ]);
    const retention = retentionOf({ maxAttempts: 100 });
    await retention.sweep();
    // 120 down to 95: 25 of the 30 oldest allowed ones.
    const kept = await ips();
    expect(kept).toHaveLength(95);
    expect(kept.filter((ip) => ip.startsWith('10.0.2.'))).toEqual(
      [25, 26, 27, 28, 29].map((last) => `10.0.2.${last}`),
    );

    await world.add(many(5, 5, 10, 'unknown'));
    await retention.sweep();
    expect(await ips()).toHaveLength(100);

    await world.add(many(60, 6, 5, 'unknown'));
    await retention.sweep();
    const flooded = await ips();
    expect(flooded).toHaveLength(95);
    // All 35 allowed ones, and then 30 of the oldest blocked ones.
    expect(flooded.filter((ip) => /^10\.0\.[124]\./.test(ip))).toEqual([]);
    expect(flooded.filter((ip) => ip.startsWith('10.0.3.'))).toHaveLength(30);
  });

  it('takes from a key that fills the log what is too much, and leaves the others theirs', async () => {
    const other = world.keys[1]?.id ?? '';
    const many = (count: number, third: number, fields: Partial<LogRow> = {}) =>
      Array.from({ length: count }, (_, index) => row(`10.0.${third}.${index}`, DAY_MS - index, fields));
    await world.add([...many(20, 1, { keyId: other, reason: 'authorized' }), ...many(90, 2)]);
    await retentionOf({ maxAttempts: 100 }).sweep();
    const kept = await ips();
    expect(kept.filter((ip) => ip.startsWith('10.0.1.'))).toHaveLength(20);
    expect(kept).toHaveLength(95);
  });

  it('stops between two steps when the service ends', async () => {
    await world.add([row('192.0.2.1', 100 * DAY_MS)]);
    const retention = retentionOf({});
    await retention.stop();
    await retention.sweep();
    expect(await ips()).toEqual(['192.0.2.1']);
  });
});

describe('the retention of a running service', () => {
  let clock: ReturnType<typeof manualClock>;
  let service: TestService;
  beforeEach(async () => {
    clock = manualClock();
    service = await startTestService({
      clock,
      env: { GATEHOUSE_RETENTION: '30s', GATEHOUSE_FOLD_WINDOW: '1s' },
    });
  });
  afterEach(async () => {
    await service.stop();
    await stopTestDatabases();
  });

  const items = async <T>(path: string): Promise<T[]> =>
    ((await service.api(path)).json as { items: T[] }).items;
  const changes = async (cursor?: string): Promise<ChangesResponse> =>
    (await service.api(`/v1/changes${cursor === undefined ? '' : `?cursor=${cursor}`}`))
      .json as ChangesResponse;

  it('takes old attempts by itself, and no audit event', async () => {
    const { secret } = await service.createKey();
    await service.check(secret, '203.0.113.9');
    const audited = (await items<AuditEvent>('/v1/audit')).length;
    clock.advance(120 * SECOND_MS);
    await waitFor('the log to be empty', async () => (await items<Attempt>('/v1/attempts')).length === 0);
    expect((await items<AuditEvent>('/v1/audit')).length).toBeGreaterThanOrEqual(audited);
    // The next call is logged as ever.
    expect((await service.check(secret, '203.0.113.9')).status).toBe(401);
    expect(await items<Attempt>('/v1/attempts')).toMatchObject([{ ip: '203.0.113.9', count: 1 }]);
  });

  it('lets quiet reviews expire: told, audited, asked anew', async () => {
    const { secret, key } = await service.createKey();
    await service.check(secret, '203.0.113.9');
    const [asked] = await items<Review>('/v1/reviews');
    const { cursor } = await changes();
    clock.advance(120 * SECOND_MS);
    await service.check(secret, '203.0.113.10');
    const expired = await waitFor('the review to expire', async () =>
      (await items<Review>('/v1/reviews?status=expired')).at(0),
    );
    expect(expired).toMatchObject({ id: asked?.id, version: 2, decidedBy: 'system', rangeId: null });
    expect(await items<Review>('/v1/reviews?status=pending')).toMatchObject([{ ip: '203.0.113.10' }]);
    const told = (await changes(cursor)).changes.filter(({ id }) => id === asked?.id);
    expect(told).toMatchObject([{ kind: 'review', op: 'upsert', value: { status: 'expired' } }]);
    const [event] = await items<AuditEvent>('/v1/audit?limit=1');
    expect(event).toMatchObject({
      action: 'review.expired',
      target: asked?.id,
      actor: { kind: 'system' },
      via: 'system',
      before: { status: 'pending' },
      after: { status: 'expired' },
    });
    await service.check(secret, '203.0.113.9');
    const pending = await items<Review>(`/v1/reviews?status=pending`);
    expect(pending.find(({ ip, keyId }) => ip === '203.0.113.9' && keyId === key.id)?.id).not.toBe(asked?.id);
  });

  it('removes ranges that expired longer ago than that, as its own edit', async () => {
    const add = async (cidr: string, inSeconds: number): Promise<Range> => {
      const expiresAt = isoTime(clock.now() + inSeconds * SECOND_MS);
      return ((await service.api('/v1/ranges', { body: { cidr, expiresAt } })).json as { items: [Range] })
        .items[0];
    };
    const old = await add('203.0.113.1', 10);
    const young = await add('203.0.113.2', 60);
    await add('203.0.113.3', 600);
    const { cursor } = await changes();
    clock.advance(61 * SECOND_MS);
    await waitFor('the range to go', async () => (await items<Range>('/v1/ranges')).length === 2);
    expect((await items<Range>('/v1/ranges')).map(({ id }) => id)).toContain(young.id);
    expect((await changes(cursor)).changes).toContainEqual({
      kind: 'range',
      op: 'delete',
      id: old.id,
      value: null,
    });
    expect((await items<AuditEvent>('/v1/audit?limit=1'))[0]).toMatchObject({
      action: 'range.remove',
      target: old.id,
      actor: { kind: 'system' },
    });
  });

  it('forgets removals in the end; who has missed one starts afresh, and who has not goes on', async () => {
    const add = async (cidr: string): Promise<Range[]> =>
      ((await service.api('/v1/ranges', { body: { cidr } })).json as { items: Range[] }).items;
    // More than a page of changes, all of them older than the removal.
    await Promise.all(Array.from({ length: 600 }, (_, index) => add(`10.1.${index >> 8}.${index & 255}`)));
    const [removed] = await add('10.0.0.1');
    const everything = async (
      from?: string,
    ): Promise<{ cursor: string; resets: number; ids: Set<string> }> => {
      let cursor = from;
      let resets = 0;
      let ids = new Set<string>();
      for (;;) {
        const answer = await changes(cursor);
        if (answer.reset) {
          resets += 1;
          ids = new Set();
        }
        for (const { id, op } of answer.changes) {
          if (op === 'delete') ids.delete(id);
          else ids.add(id);
        }
        if (resets > 3) throw new Error('the snapshot starts again and again');
        ({ cursor } = answer);
        if (!answer.more) return { cursor, resets, ids };
      }
    };
    const before = await everything();
    expect(before.ids.has(removed?.id ?? '')).toBe(true);
    await service.api(`/v1/ranges/${removed?.id ?? ''}`, { method: 'DELETE' });
    const after = await everything(before.cursor);
    expect(after.resets).toBe(0);

    clock.advance(2 * DAY_MS);
    const missed = await waitFor('the removal to be forgotten', async () => {
      const answer = await everything(before.cursor);
      return answer.resets > 0 ? answer : undefined;
    });
    expect(missed.resets).toBe(1);
    expect(missed.ids.has(removed?.id ?? '')).toBe(false);
    expect(missed.ids.size).toBeGreaterThan(600);
    expect((await everything(after.cursor)).resets).toBe(0);
    expect((await everything(missed.cursor)).resets).toBe(0);
  });
});
