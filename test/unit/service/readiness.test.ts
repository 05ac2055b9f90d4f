import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sentence, type Sentence } from '#shared/domain/sentence';
import { Readiness } from '#service/readiness';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const READY = { state: 'ready', why: null };

const readinessWith = (probe: () => Promise<void>, decidesAlone?: Sentence) =>
  new Readiness({
    probe,
    faults: () => [],
    decidesAlone: () => decidesAlone,
    onError: 'deny',
    onChange: () => undefined,
  });

describe('readiness', () => {
  it('probes the database once a second, however many ask', async () => {
    const probe = vi.fn(() => Promise.resolve());
    const readiness = readinessWith(probe);
    await Promise.all(Array.from({ length: 50 }, () => readiness.require()));
    for (let asked = 0; asked < 50; asked += 1) await readiness.require();
    expect(probe).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1_000);
    await readiness.require();
    await readiness.require();
    expect(probe).toHaveBeenCalledTimes(2);
    readiness.stop();
  });

  it('shares the probe that a suspicion has begun', async () => {
    let end = (): void => undefined;
    const probe = vi.fn(
      () =>
        new Promise<void>((resolve) => {
          end = resolve;
        }),
    );
    const readiness = readinessWith(probe);
    readiness.suspect();
    await vi.advanceTimersByTimeAsync(0);
    const asked = Promise.all([readiness.require(), readiness.require()]);
    end();
    await asked;
    expect(probe).toHaveBeenCalledTimes(1);
    readiness.stop();
  });

  it('waits half a second for a probe, and then is ready only where calls are decided without the database', async () => {
    const silent = () => new Promise<void>(() => undefined);
    const refusing = readinessWith(silent);
    const deciding = readinessWith(silent, sentence('decidesAlone', { minute: '2030-01-31T00:00' }));
    const refused = expect(refusing.require()).rejects.toThrow();
    const decided = expect(deciding.require()).resolves.toBeUndefined();
    await vi.advanceTimersByTimeAsync(500);
    await Promise.all([refused, decided]);
    refusing.stop();
    deciding.stop();
  });

  it('answers from a fresh failure, and finds out by itself that it is over', async () => {
    const probe = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new Error('gone')).mockResolvedValue();
    const readiness = readinessWith(probe);
    for (let asked = 0; asked < 20; asked += 1) {
      await expect(readiness.require()).rejects.toThrow();
    }
    expect(probe).toHaveBeenCalledTimes(1);
    expect(readiness.state().state).toBe('refusing');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(readiness.state()).toEqual(READY);
    await readiness.require();
    expect(probe).toHaveBeenCalledTimes(2);
    readiness.stop();
  });
});
