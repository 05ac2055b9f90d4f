import fc from 'fast-check';
import { Histogram as LibraryHistogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { Histogram } from '#service/metrics/histogram';

describe('the histogram', () => {
  it("says what the library's own would say of the same values", async () => {
    const bounds = [0.001, 0.25, 1, 5];
    const value = fc.oneof(fc.double({ min: 0, max: 10, noNaN: true }), fc.constantFrom(...bounds));
    await fc.assert(
      fc.asyncProperty(fc.array(value), async (values) => {
        const register = new Registry();
        const library = new LibraryHistogram({
          name: 'seconds',
          help: 'How long it takes.',
          buckets: bounds,
          registers: [register],
        });
        const ours = new Histogram('seconds', 'How long it takes.', bounds);
        for (const each of values) {
          library.observe(each);
          ours.observe(each);
        }
        expect(ours.text()).toBe(await register.metrics());
      }),
    );
  });
});
