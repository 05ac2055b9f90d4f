import { describe, expect, it } from 'vitest';
import { memoize } from '#service/memoize';

describe('what was worked out', () => {
  const remembering = (capacity: number) => {
    const read: string[] = [];
    const result = memoize((text) => {
      read.push(text);
      return `<${text}>`;
    }, capacity);
    return { read, result };
  };

  it('is not worked out again', () => {
    const { read, result } = remembering(10);
    expect(['a', 'b', 'a', 'b', 'a'].map(result)).toEqual(['<a>', '<b>', '<a>', '<b>', '<a>']);
    expect(read).toEqual(['a', 'b']);
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
});
