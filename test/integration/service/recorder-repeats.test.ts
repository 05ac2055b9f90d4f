import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { AttemptFacts } from '#service/gate/call-log';
import { breakable, useRecorders } from '#test/support/service/recorder-world';
import { waitFor } from '#test/support/wait-for';

const IP = '203.0.113.9';

describe('repeats in the log', () => {
  const { world, clock, recorderWith, facts, rows } = useRecorders();

  it('keeps counts that could not be written, and writes them with the next flush', async () => {
    const { disk, write } = breakable(world.writer);
    const recorder = recorderWith({ write });
    await recorder.record(facts(IP));
    await recorder.record(facts(IP));
    disk.broken = true;
    await expect(recorder.flush()).rejects.toThrow('disk full');
    await recorder.record(facts(IP));
    disk.broken = false;
    await recorder.flush();
    expect(await rows()).toMatchObject([{ ip: IP, count: 3 }]);
  });

  it('counts no use of a key by a call that could not be logged', async () => {
    const { disk, write } = breakable(world.writer);
    disk.broken = true;
    const recorder = recorderWith({ write });
    const allowed: AttemptFacts = { ...facts(IP), verdict: 'allowed', reason: 'deactivated' };
    await expect(recorder.record(allowed)).rejects.toThrow('disk full');
    disk.broken = false;
    await recorder.flush();
    expect((await world.storage.read.keys.get(world.policy.id, world.keyId))?.last_used_at).toBeNull();
    await recorder.record(allowed);
    await recorder.flush();
    expect((await world.storage.read.keys.get(world.policy.id, world.keyId))?.last_used_at).toBe(clock.now());
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
    const { disk, write } = breakable(world.writer);
    const recorder = recorderWith({ write }, { flushAfterMs: 5 });
    recorder.start();
    await recorder.record(facts(IP));
    disk.broken = true;
    await recorder.record(facts(IP));
    await waitFor('two flushes that fail', () => disk.failures >= 2);
    disk.broken = false;
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
        ofKey.add((await world.storage.read.keys.get(world.policy.id, world.keyId))?.last_used_at ?? null);
      }
    } finally {
      await recorder.stop();
    }
    ofKey.delete(null);
    // The first; the others wait.
    expect(ofKey.size).toBe(1);
    expect((await world.storage.read.keys.get(world.policy.id, world.keyId))?.last_used_at).toBe(clock.now());
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
});
