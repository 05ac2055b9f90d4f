import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWorkLoop } from '#service/runtime/work-loop';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A promise that the test ends. */
const gate = (): { readonly opened: Promise<void>; open: () => void } => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};

const failOn = (error: unknown): void => {
  throw error;
};

describe('a work loop', () => {
  it('works after each pause, counted from the end of the work', async () => {
    const first = gate();
    const work = vi.fn<() => Promise<void>>().mockReturnValueOnce(first.opened).mockResolvedValue(undefined);
    const loop = createWorkLoop({ pauseMs: 100, work, onError: failOn });
    loop.start();
    await vi.advanceTimersByTimeAsync(99);
    expect(work).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(work).toHaveBeenCalledTimes(1);
    first.open();
    await vi.advanceTimersByTimeAsync(99);
    expect(work).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(50);
    expect(work).toHaveBeenCalledTimes(2);
    await loop.stop();
  });

  it('goes on after an error, which is told', async () => {
    const error = new Error('no disk');
    const told: unknown[] = [];
    const work = vi.fn<() => Promise<void>>().mockRejectedValueOnce(error).mockResolvedValue(undefined);
    const loop = createWorkLoop({ pauseMs: 100, work, onError: (reason) => told.push(reason) });
    loop.start();
    await vi.advanceTimersByTimeAsync(250);
    expect(told).toEqual([error]);
    expect(work).toHaveBeenCalledTimes(2);
    await loop.stop();
  });

  it('stops when the work in progress is done, and for good', async () => {
    const first = gate();
    const loop = createWorkLoop({ pauseMs: 100, work: () => first.opened, onError: failOn });
    loop.start();
    await vi.advanceTimersByTimeAsync(100);
    let isStopped = false;
    const stopped = loop.stop().then(() => {
      isStopped = true;
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(isStopped).toBe(false);
    first.open();
    await stopped;
    await vi.advanceTimersByTimeAsync(0);
    loop.start();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('never works twice at once, and one failure is the caller’s alone', async () => {
    const first = gate();
    const order: string[] = [];
    const loop = createWorkLoop({ pauseMs: 100, work: () => Promise.resolve(), onError: failOn });
    const one = loop.run(async () => {
      order.push('one begins');
      await first.opened;
      order.push('one ends');
      throw new Error('one failed');
    });
    const other = loop.run(() => {
      order.push('other');
      return Promise.resolve();
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(order).toEqual(['one begins']);
    first.open();
    await expect(one).rejects.toThrow('one failed');
    await other;
    expect(order).toEqual(['one begins', 'one ends', 'other']);
  });

  it('does its work at once when asked, and pauses anew after it', async () => {
    const work = vi.fn<() => Promise<void>>().mockResolvedValue(undefined);
    const loop = createWorkLoop({ pauseMs: 100, work, onError: failOn });
    loop.start();
    await vi.advanceTimersByTimeAsync(90);
    await loop.run();
    expect(work).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(99);
    expect(work).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(2);
    await loop.stop();
  });

  it.each([
    [0, 90],
    [0.5, 100],
    [1, 110],
  ])('differs in its pauses by its jitter: %s', async (drawn, pauseMs) => {
    const work = vi.fn<() => Promise<void>>().mockResolvedValue(undefined);
    const loop = createWorkLoop({ pauseMs: 100, jitter: 0.2, random: () => drawn, work, onError: failOn });
    loop.start();
    await vi.advanceTimersByTimeAsync(pauseMs - 1);
    expect(work).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(1);
    await loop.stop();
  });

  it('sleeps without a timer until it is woken, where it has no pause', async () => {
    const first = gate();
    const work = vi.fn<() => Promise<void>>().mockReturnValueOnce(first.opened).mockResolvedValue(undefined);
    const loop = createWorkLoop({ work, onError: failOn });
    loop.wake(0);
    loop.start();
    expect(vi.getTimerCount()).toBe(0);
    loop.wake(100);
    await vi.advanceTimersByTimeAsync(50);
    // The earlier one holds.
    loop.wake(100);
    await vi.advanceTimersByTimeAsync(50);
    expect(work).toHaveBeenCalledTimes(1);
    loop.wake(100);
    await vi.advanceTimersByTimeAsync(80);
    first.open();
    await vi.advanceTimersByTimeAsync(19);
    expect(work).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(2);
    expect(vi.getTimerCount()).toBe(0);
    await loop.stop();
    loop.wake(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
