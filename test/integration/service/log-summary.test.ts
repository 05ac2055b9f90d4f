import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptSummarySchema, type AttemptSummary } from '#shared/api/routes-log';
import { isoTime } from '#service/runtime/clock';
import { idAt } from '#test/support/service/log-rows';
import { manualClock } from '#test/support/manual-clock';
import { stopTestDatabases } from '#test/support/service/test-database';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { summarizeAttempts } from '#service/log/query/summarize-attempts';
import { openLogWorld, type LogWorld } from '#test/support/service/log-world';

const clock = manualClock();
const NOW = clock.now();
const HOUR_MS = 3_600_000;

describe('the summary of the log', () => {
  let world: LogWorld;
  beforeAll(async () => {
    world = await openLogWorld(clock, ['Shop', 'Billing'], ([shop, billing]) => {
      if (shop === undefined || billing === undefined) throw new Error('no keys');
      const blocked = { reason: 'untrusted', keyId: billing.id } as const;
      const rows = [
        {
          hoursAgo: 30,
          ip: '192.0.2.1',
          keyId: shop.id,
          reason: 'learned',
          count: 5,
          country: 'DE',
          asn: 64_501,
          asName: 'One Ltd',
        },
        {
          hoursAgo: 20,
          ip: '192.0.2.1',
          keyId: shop.id,
          reason: 'authorized',
          count: 40,
          country: 'FR',
          asn: 64_502,
          asName: 'Two Ltd',
        },
        { hoursAgo: 10, ip: '198.51.100.7', ...blocked, count: 9, country: null, asn: null },
        { hoursAgo: 2, ip: '198.51.100.7', ...blocked, count: 1, country: null, asn: null },
        {
          hoursAgo: 1,
          ip: '2001:db8::1',
          keyId: shop.id,
          reason: 'denied',
          count: 3,
          country: 'DE',
          asn: 64_501,
          asName: 'One Ltd',
        },
      ] as const;
      return rows.map(({ hoursAgo, ...row }, number) => {
        const firstAt = NOW - hoursAgo * HOUR_MS;
        return { ...row, id: idAt(firstAt, number), firstAt, lastAt: firstAt + 30_000 };
      });
    });
  });
  afterAll(async () => {
    await world.close();
    await stopTestDatabases();
  });

  const summaryOf = (
    filter: Parameters<typeof summarizeAttempts>[1]['filter'],
    top = 10,
    signal = new AbortController().signal,
  ): Promise<AttemptSummary> =>
    summarizeAttempts(world.context.storage.read.attemptScans, {
      accountId: world.policy.id,
      filter,
      top,
      now: NOW,
      signal,
      keyName: (keyId) => world.policy.keys.get(keyId)?.name ?? '',
    });

  it('counts calls, not rows, and lists who had the most', async () => {
    const summary = await summaryOf({});
    const [shop, billing] = world.keys;
    expect(attemptSummarySchema.parse(summary)).toEqual(summary);
    expect(summary).toMatchObject({
      from: isoTime(NOW - 30 * HOUR_MS),
      to: isoTime(NOW),
      total: { allowed: 45, blocked: 13 },
      bucketSeconds: 1_800,
      // The newest word on where an address is.
      addresses: [
        {
          ip: '192.0.2.1',
          allowed: 45,
          blocked: 0,
          country: 'FR',
          asn: 64_502,
          asName: 'Two Ltd',
          lastAt: isoTime(NOW - 20 * HOUR_MS + 30_000),
        },
        {
          ip: '198.51.100.7',
          allowed: 0,
          blocked: 10,
          country: null,
          asn: null,
          asName: null,
          lastAt: isoTime(NOW - 2 * HOUR_MS + 30_000),
        },
        { ip: '2001:db8::1', allowed: 0, blocked: 3, country: 'DE', asn: 64_501, asName: 'One Ltd' },
      ],
      keys: [
        { keyId: shop?.id, keyName: 'Shop', allowed: 45, blocked: 3 },
        { keyId: billing?.id, keyName: 'Billing', allowed: 0, blocked: 10 },
      ],
      countries: [
        { country: 'FR', allowed: 40, blocked: 0 },
        { country: null, allowed: 0, blocked: 10 },
        { country: 'DE', allowed: 5, blocked: 3 },
      ],
      networks: [
        { asn: 64_502, asName: 'Two Ltd', allowed: 40, blocked: 0 },
        { asn: null, asName: null, allowed: 0, blocked: 10 },
        { asn: 64_501, asName: 'One Ltd', allowed: 5, blocked: 3 },
      ],
    });
  });

  it('has a timeline without gaps, in which each attempt counts at its first call', async () => {
    const { timeline } = await summaryOf({});
    expect(timeline).toHaveLength(60);
    expect(timeline[0]).toEqual({ at: isoTime(NOW - 30 * HOUR_MS), allowed: 5, blocked: 0 });
    expect(timeline[40]).toEqual({ at: isoTime(NOW - 10 * HOUR_MS), allowed: 0, blocked: 9 });
    expect(timeline[58]).toEqual({ at: isoTime(NOW - HOUR_MS), allowed: 0, blocked: 3 });
    expect(timeline.reduce((sum, { allowed, blocked }) => sum + allowed + blocked, 0)).toBe(58);
  });

  it('is of what the filter lets through, with lists as long as asked', async () => {
    expect(await summaryOf({ verdict: 'blocked' }, 1)).toMatchObject({
      total: { allowed: 0, blocked: 13 },
      addresses: [{ ip: '198.51.100.7', blocked: 10 }],
      keys: [{ keyName: 'Billing' }],
    });
    const from = NOW - 2 * HOUR_MS;
    const recent = await summaryOf({ from, to: NOW - HOUR_MS });
    expect(recent).toMatchObject({
      from: isoTime(from),
      to: isoTime(NOW - HOUR_MS),
      total: { allowed: 0, blocked: 1 },
      bucketSeconds: 60,
    });
  });

  it('of nothing is empty, and still a summary', async () => {
    const summary = await summaryOf({ country: 'NZ', from: NOW + HOUR_MS });
    expect(attemptSummarySchema.parse(summary)).toEqual(summary);
    expect(summary).toMatchObject({
      total: { allowed: 0, blocked: 0 },
      addresses: [],
      keys: [],
      networks: [],
    });
  });

  it('costs nothing more once its reader has left', async () => {
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(summaryOf({}, 10, gone)).rejects.toThrow('gone');
  });
});

describe('the summary over HTTP', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(async () => {
    await service.stop();
    await stopTestDatabases();
  });

  it('is what the contract says, also of an empty log', async () => {
    const empty = attemptSummarySchema.parse((await service.api('/v1/attempts/summary')).json);
    expect(empty.total).toEqual({ allowed: 0, blocked: 0 });
    expect(empty.timeline).toHaveLength(1);
    const { secret } = await service.createKey('Shop');
    for (let call = 0; call < 3; call += 1) await service.check(secret, '203.0.113.9');
    await service.check(secret, '203.0.113.10');
    await service.restart();
    const answer = await service.api('/v1/attempts/summary?top=1&verdict=blocked');
    expect(attemptSummarySchema.parse(answer.json)).toMatchObject({
      total: { allowed: 0, blocked: 4 },
      addresses: [{ ip: '203.0.113.9', allowed: 0, blocked: 3 }],
      keys: [{ keyName: 'Shop', blocked: 4 }],
    });
  });

  it.each([
    ['top=0', 'top'],
    ['top=101', 'top'],
    ['limit=5', 'limit'],
    ['ip=nowhere', 'ip'],
  ])('refuses %s, naming the field', async (query, field) => {
    const answer = await service.api(`/v1/attempts/summary?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'invalid_request', field });
  });
});
