import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPolicies } from '#service/policy/policy-directory';
import type { ServiceContext } from '#service/policy/context';
import { FeedHub } from '#service/storage/feed-hub';
import { createIdFactory } from '#service/runtime/ids';
import { createRetention } from '#service/retention/retention';
import { openSqliteStorage } from '#service/storage/sqlite';
import { createWriter } from '#service/storage/writer';
import { quietContext } from '#test/support/service/quiet-context';
import { manualClock } from '#test/support/manual-clock';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const DAY_MS = 86_400_000;

describe('what an account keeps beside its log', () => {
  let clock: ReturnType<typeof manualClock>;
  let dataDir = '';
  let service: TestService;
  beforeEach(async () => {
    clock = manualClock();
    dataDir = makeTempDir('bounds');
    service = await startTestService({ clock, dataDir });
  });
  afterEach(() => removeTempDir(dataDir));

  /** Works on the data of the stopped service, which is started again afterwards. */
  const sweep = async (over: { maxPending?: number } = {}): Promise<void> => {
    await service.stop();
    const storage = await openSqliteStorage(dataDir);
    const hub = new FeedHub();
    const context: ServiceContext = {
      storage,
      writer: createWriter(storage, hub, clock, createIdFactory(clock)),
      directory: await loadPolicies(storage),
      hub,
      clock,
      learningWindowMs: DAY_MS,
      ...quietContext,
    };
    const log = { write: () => undefined };
    await createRetention({ context, log, retentionMs: 90 * DAY_MS, foldWindowMs: 60_000, ...over }).sweep();
    await storage.close();
    service = await startTestService({ clock, dataDir });
  };
  const ipsOf = async (status: string): Promise<string[]> => {
    const answer = await service.api(`/v1/reviews?limit=1000&status=${status}`);
    return (answer.json as { items: { ip: string }[] }).items.map(({ ip }) => ip).sort();
  };

  it('lets the oldest reviews expire when there are more than anybody answers', async () => {
    const { secret } = await service.createKey();
    for (let n = 0; n < 70; n += 1) {
      await service.check(secret, `203.0.113.${n + 100}`);
      clock.advance(10);
    }
    await sweep({ maxPending: 10 });
    expect(await ipsOf('pending')).toEqual(Array.from({ length: 10 }, (_, n) => `203.0.113.${n + 160}`));
    expect(await ipsOf('expired')).toHaveLength(60);
    // Nothing is let in by it, and the address may ask again.
    expect((await service.check(secret, '203.0.113.100')).status).toBe(401);
    expect(await ipsOf('pending')).toContain('203.0.113.100');
    await service.stop();
  });

  it('remembers an operation for more than 30 days, and not for ever', async () => {
    const operation = { id: ulid(), type: 'range.add', cidr: '192.0.2.0/24', madeAt: '2026-01-01T00:00:00Z' };
    const send = async (): Promise<string> => {
      const answer = await service.api('/v1/operations', { body: { operations: [operation] } });
      return (answer.json as { results: { status: string }[] }).results[0]?.status ?? '';
    };
    expect(await send()).toBe('applied');
    clock.advance(31 * DAY_MS);
    await sweep();
    expect(await send()).toBe('applied');
    clock.advance(10 * DAY_MS);
    await sweep();
    expect(await send()).toBe('duplicate');
    await service.stop();
  });
});
