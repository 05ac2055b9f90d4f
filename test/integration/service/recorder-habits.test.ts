import { describe, expect, it } from 'vitest';
import type { AttemptFacts } from '#service/gate/call-log';
import { breakable, useRecorders } from '#test/support/service/recorder-world';

const MINUTE_MS = 60_000;

describe('what a key is used for', () => {
  const { world, clock, recorderWith, facts } = useRecorders();

  const allowed = (ip: string, change: Partial<AttemptFacts> = {}): AttemptFacts => ({
    ...facts(ip),
    verdict: 'allowed',
    reason: 'authorized',
    rangeId: 'a range',
    method: 'GET',
    path: '/v1/orders/7',
    ...change,
  });
  const stored = async () => (await world.storage.read.habits.ofKeys([world.keyId])).get(world.keyId);

  it('is counted once a caller and window, and is kept', async () => {
    const recorder = recorderWith();
    for (let repeat = 0; repeat < 5; repeat += 1) await recorder.record(allowed('203.0.113.9'));
    await recorder.record(allowed('203.0.113.10', { method: 'POST', path: '/v1/mails' }));
    await recorder.flush();
    expect(await stored()).toMatchObject({
      calls: 2,
      methods: [
        { name: 'GET', calls: 1 },
        { name: 'POST', calls: 1 },
      ],
      segments: [
        { name: 'mails', calls: 1 },
        { name: 'orders', calls: 1 },
      ],
    });
    clock.advance(MINUTE_MS);
    await recorder.record(allowed('203.0.113.9'));
    await recorder.flush();
    expect((await stored())?.segments[0]).toMatchObject({ name: 'orders' });
    expect((await stored())?.calls).toBeCloseTo(3, 2);
  });

  it('is not counted of calls that no range let in, or whose proxy names no request', async () => {
    const recorder = recorderWith();
    await recorder.record({ ...facts('203.0.113.9'), method: 'GET', path: '/orders' });
    await recorder.record(allowed('203.0.113.10', { reason: 'deactivated', rangeId: null }));
    await recorder.record(allowed('203.0.113.11', { path: null }));
    await recorder.flush();
    expect(await stored()).toBeUndefined();
  });

  it('is written with the next flush where one has failed, once', async () => {
    const { disk, write } = breakable(world.writer);
    const recorder = recorderWith({ write });
    await recorder.record(allowed('203.0.113.9'));
    disk.broken = true;
    await expect(recorder.flush()).rejects.toThrow('disk full');
    disk.broken = false;
    await recorder.record(allowed('203.0.113.10'));
    await recorder.flush();
    await recorder.flush();
    expect((await stored())?.calls).toBe(2);
  });
});
