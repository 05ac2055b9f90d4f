import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPace } from '../../../renderer/src/stores/pace';

let done: number[];
let costMs: number;
const makePace = () =>
  createPace(() => {
    done.push(performance.now());
    // As long as the work keeps the page, nothing else happens there.
    vi.advanceTimersByTime(costMs);
  });

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  [done, costMs] = [[], 0];
});
afterEach(() => {
  vi.useRealTimers();
});

describe('work at the pace of the page', () => {
  it('is done at once, and again as soon as light work is over', () => {
    costMs = 5;
    const pace = makePace();
    pace.ask();
    pace.ask();
    pace.ask();
    expect(done).toEqual([0]);
    vi.runAllTimers();
    expect(done).toHaveLength(2);
    expect(done[1]).toBeLessThanOrEqual(6);
  });

  it('is done once for all who ask while heavy work is under way, after a rest', () => {
    costMs = 100;
    const pace = makePace();
    pace.ask();
    for (let n = 0; n < 50; n += 1) pace.ask();
    vi.advanceTimersByTime(199);
    expect(done).toHaveLength(1);
    vi.advanceTimersByTime(2);
    expect(done).toHaveLength(2);
  });

  it('rests for a second at most: slow timers look like heavy work', () => {
    costMs = 60_000;
    const pace = makePace();
    pace.ask();
    pace.ask();
    vi.advanceTimersByTime(999);
    expect(done).toHaveLength(1);
    vi.advanceTimersByTime(2);
    expect(done).toHaveLength(2);
  });

  it('is not done without being asked', () => {
    costMs = 100;
    const pace = makePace();
    pace.ask();
    vi.runAllTimers();
    expect(done).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
    pace.ask();
    expect(done).toHaveLength(2);
  });

  it('is not done any more once it is stopped', () => {
    const pace = makePace();
    pace.ask();
    pace.ask();
    pace.stop();
    vi.runAllTimers();
    expect(done).toHaveLength(1);
  });
});
