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

  it('is not worked out again from the second time on', () => {
    const { read, result } = remembering(80);
    expect(['a', 'b', 'a', 'b', 'a'].map(result)).toEqual(['<a>', '<b>', '<a>', '<b>', '<a>']);
    expect(read).toEqual(['a', 'b', 'a', 'b']);
  });

  it('is not forgotten for the sake of any number that are asked for once', () => {
    const { read, result } = remembering(10);
    for (const text of ['a', 'b', 'a', 'b']) result(text);
    for (let n = 0; n < 1_000; n += 1) result(`${n}`);
    result('a');
    result('b');
    expect(read.filter((text) => text === 'a' || text === 'b')).toEqual(['a', 'b', 'a', 'b']);
  });

  it('is forgotten once so many others came again since it was last asked for', () => {
    const { read, result } = remembering(10);
    const readOf = (wanted: string): number => read.filter((text) => text === wanted).length;
    for (let n = 0; n < 40; n += 1) for (const text of [`${n}`, `${n}`, 'often']) result(text);
    expect(readOf('often')).toBe(2);
    result('0');
    expect(readOf('0')).toBe(3);
    result('39');
    expect(readOf('39')).toBe(2);
  });
});
