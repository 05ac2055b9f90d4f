import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelayMs } from '#electron/core/sync/backoff';
import { fixedRandom } from '#test/support/console/fakes';

const BOUNDS = { floorMs: 500, baseMs: 1_000, ceilingMs: 30_000 };

describe('the pause after failures', () => {
  it('never leaves its bounds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, fraction) => {
          const delayMs = backoffDelayMs(failures, BOUNDS, fixedRandom(fraction));
          expect(delayMs).toBeGreaterThanOrEqual(BOUNDS.floorMs);
          expect(delayMs).toBeLessThanOrEqual(BOUNDS.ceilingMs);
        },
      ),
    );
  });

  it('doubles what it may take with each failure, up to the ceiling', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7].map((n) => backoffDelayMs(n, BOUNDS, fixedRandom(0.999_999)));
    expect(longest.map(Math.round)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('is random over the whole width, so that many consoles do not come back in step', () => {
    expect(backoffDelayMs(6, BOUNDS, fixedRandom(0))).toBe(BOUNDS.floorMs);
    expect(backoffDelayMs(6, BOUNDS, fixedRandom(0.5))).toBe(15_000);
  });
});
