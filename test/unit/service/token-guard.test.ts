import { describe, expect, it } from 'vitest';
import { TokenGuard } from '#service/http/token-guard';
import { manualClock } from '#test/support/manual-clock';

describe('the token guard', () => {
  it('costs nothing at first, then doubles the wait up to fifteen minutes', () => {
    const clock = manualClock();
    const guard = new TokenGuard(clock);
    const waits: number[] = [];
    for (let failure = 0; failure < 20; failure += 1) {
      guard.failed('a');
      waits.push(guard.waitSeconds('a', 'h'));
    }
    expect(waits.slice(0, 9)).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8]);
    expect(waits.at(-1)).toBe(900);
    clock.advance(900_000);
    expect(guard.waitSeconds('a', 'h')).toBe(0);
  });

  it('makes nobody else wait', () => {
    const guard = new TokenGuard(manualClock());
    for (let failure = 0; failure < 10; failure += 1) guard.failed('a');
    expect(guard.waitSeconds('b', 'h')).toBe(0);
  });

  it('keeps letting in what was right from the same address before', () => {
    const guard = new TokenGuard(manualClock());
    guard.succeeded('a', 'right');
    for (let failure = 0; failure < 10; failure += 1) guard.failed('a');
    expect(guard.waitSeconds('a', 'right')).toBe(0);
    expect(guard.waitSeconds('a', 'other')).toBeGreaterThan(0);
    expect(guard.waitSeconds('b', 'right')).toBe(0);
  });

  it('forgets an address after an hour of quiet', () => {
    const clock = manualClock();
    const guard = new TokenGuard(clock);
    for (let failure = 0; failure < 6; failure += 1) guard.failed('a');
    clock.advance(3_600_001);
    guard.failed('a');
    expect(guard.waitSeconds('a', 'h')).toBe(0);
  });

  it('remembers a bounded number of addresses', () => {
    const guard = new TokenGuard(manualClock());
    for (let failure = 0; failure < 6; failure += 1) guard.failed('first');
    for (let address = 0; address < 10_000; address += 1) guard.failed(`a${address}`);
    expect(guard.waitSeconds('first', 'h')).toBe(0);
  });
});
