import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SharedClock } from '#service/runtime/shared-clock';
import { manualClock } from '#test/support/manual-clock';

const SKEWS = fc.integer({ min: -1_000_000, max: 1_000_000 });
const TRAVELS = fc.integer({ min: 0, max: 2_000 });

describe('the shared clock', () => {
  it('is at most as wrong as the database’s answer was slow', async () => {
    await fc.assert(
      fc.asyncProperty(SKEWS, TRAVELS, TRAVELS, async (skewMs, thereMs, backMs) => {
        const own = manualClock();
        const clock = new SharedClock(own);
        await clock.measure(() => {
          own.advance(thereMs);
          const databaseMs = own.now() + skewMs;
          own.advance(backMs);
          return Promise.resolve({ databaseMs });
        });
        const bound = thereMs + backMs + 51;
        expect(Math.abs(clock.now() - (own.now() + skewMs))).toBeLessThanOrEqual(bound);
      }),
    );
  });

  it('stays as it is while a slow answer says nothing new, and takes a better one', async () => {
    const own = manualClock();
    const clock = new SharedClock(own);
    const measure = (skewMs: number, travelMs: number) =>
      clock.measure(() => {
        own.advance(travelMs);
        const databaseMs = own.now() + skewMs;
        own.advance(travelMs);
        return Promise.resolve({ databaseMs });
      });
    await measure(5_000, 0);
    await measure(5_900, 1_000);
    expect(clock.offsetMs).toBe(5_000);
    await measure(5_900, 10);
    expect(clock.offsetMs).toBe(5_900);
  });

  it('goes by the computer where the database does not tell its time', async () => {
    const own = manualClock();
    const clock = new SharedClock(own);
    await clock.measure(() => Promise.resolve({ databaseMs: undefined }));
    expect(clock.now()).toBe(own.now());
  });
});
