import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoize } from '#service/memoize';

describe('what was worked out', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const remembering = (capacity: number, forgetAfterMs?: number) => {
    const read: string[] = [];
    const result = memoize(
      (text) => {
        read.push(text);
        return `<${text}>`;
      },
      capacity,
      forgetAfterMs,
    );
    return { read, result };
  };

  it('is not worked out again', () => {
    const { read, result } = remembering(10);
    expect(['a', 'b', 'a', 'b', 'a'].map(result)).toEqual(['<a>', '<b>', '<a>', '<b>', '<a>']);
    expect(read).toEqual(['a', 'b']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is forgotten once so many others came since it was last asked for', () => {
    const { read, result } = remembering(10);
    result('often');
    for (let n = 0; n < 40; n += 1) {
      result(`${n}`);
      result('often');
    }
    expect(read.filter((text) => text === 'often')).toHaveLength(1);
    result('0');
    expect(read.filter((text) => text === '0')).toHaveLength(2);
    result('39');
    expect(read.filter((text) => text === '39')).toHaveLength(1);
  });

  it('is forgotten after a time in which nobody asked for it, and no timer is left behind', () => {
    const { read, result } = remembering(10, 1_000);
    result('once');
    result('often');
    for (let seconds = 0; seconds < 5; seconds += 1) {
      vi.advanceTimersByTime(999);
      result('often');
    }
    expect(read).toEqual(['once', 'often']);
    result('once');
    expect(read).toEqual(['once', 'often', 'once']);
    vi.advanceTimersByTime(2_000);
    expect(vi.getTimerCount()).toBe(0);
    result('often');
    expect(read).toEqual(['once', 'often', 'once', 'often']);
  });
});
