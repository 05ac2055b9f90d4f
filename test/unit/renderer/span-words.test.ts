import { describe, expect, it } from 'vitest';
import { spanWords } from '../../../renderer/src/domain/span-words';

describe('the words for a time', () => {
  const at = (day: number, hour: number): number => new Date(2026, 10, day, hour).getTime();
  it.each([
    [null, null, 'Any time'],
    [at(24, 9), null, 'Since 09:00'],
    [null, at(23, 9), 'Until 23 Nov, 09:00'],
    [at(24, 9), at(24, 10), '09:00 – 10:00'],
    [at(23, 9), at(23, 10), '23 Nov, 09:00 – 10:00'],
    [at(23, 9), at(24, 10), '23 Nov, 09:00 – 10:00 today'],
    [at(22, 9), at(23, 10), '22 Nov, 09:00 – 23 Nov, 10:00'],
  ])('from %s to %s', (fromMs, toMs, words) => {
    expect(spanWords({ fromMs, toMs }, at(24, 14))).toBe(words);
  });
});
