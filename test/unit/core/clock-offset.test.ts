import { describe, expect, it } from 'vitest';
import { clockNotice } from '#electron/core/clock-notice';
import { steadyOffset } from '#electron/core/sync/service-clock';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('how far the service’s clock is ahead', () => {
  it('is nothing where clocks agree as far as an answer can tell', () => {
    expect(steadyOffset(0, 1_400)).toBe(0);
    expect(steadyOffset(HOUR_MS, -900)).toBe(0);
  });
  it('stays as it is while answers differ by their way alone, and follows a clock that is set', () => {
    expect(steadyOffset(HOUR_MS, HOUR_MS + 1_900)).toBe(HOUR_MS);
    expect(steadyOffset(HOUR_MS, HOUR_MS + 2_100)).toBe(HOUR_MS + 2_100);
    expect(steadyOffset(0, -10 * MINUTE_MS)).toBe(-10 * MINUTE_MS);
  });
});

describe('what is told about two clocks', () => {
  it.each<readonly [number, string | undefined]>([
    [2 * MINUTE_MS, undefined],
    [-2 * MINUTE_MS, undefined],
    [2 * MINUTE_MS + 1_000, '2 minutes behind the service’s clock'],
    [-3 * HOUR_MS, '3 hours ahead of the service’s clock'],
    [HOUR_MS + MINUTE_MS, '1 hour and 1 minute behind the service’s clock'],
    [-49 * HOUR_MS, '2 days and 1 hour ahead of the service’s clock'],
  ])('%i ms: %s', (offsetMs, words) => {
    const message = clockNotice(offsetMs)?.words().message;
    if (words === undefined) expect(message).toBeUndefined();
    else expect(message).toContain(`This computer’s clock is ${words}`);
  });
});
