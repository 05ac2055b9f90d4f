import { describe, expect, it } from 'vitest';
import { reviewTrust, type TrustFacts } from '#service/enforcement/trust/trust-review';

/** `weight` is undefined where the signal has nothing to say. */
type Row = readonly [what: string, given: TrustFacts, weight: number | undefined, says?: RegExp];

/** What one signal says of different facts: its weight where it speaks, and its sentence. */
export const table = (signal: string, rows: readonly Row[]): void => {
  describe(signal, () => {
    for (const [what, given, weight, says] of rows) {
      it(what, () => {
        const found = reviewTrust(given).evidence.find((evidence) => evidence.signal === signal);
        expect(found?.weight).toBe(weight);
        if (says !== undefined) expect(found?.detail).toMatch(says);
      });
    }
  });
};
