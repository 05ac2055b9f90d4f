import type { Random } from '#demo/traffic/random';
import { DAY_MS } from './call';
import { anySource, type Internet, type Located, type Source } from './internet';

/** Something whose value changes now and then. Asked in the order of time. */
export type Changing<T> = (at: number) => T;

/** A value that is drawn anew, once in `meanMs` on average. */
export function changing<T>(random: Random, meanMs: number, draw: () => T): Changing<T> {
  let value = draw();
  let until = random.wait(meanMs);
  return (at) => {
    while (at >= until) {
      value = draw();
      until += random.wait(meanMs);
    }
    return value;
  };
}

/** Reconnected nightly, after a failure of power, or hardly ever. */
export function lineLifetimeMs(random: Random): number {
  return random.weighted([
    [1 * DAY_MS, 15],
    [12 * DAY_MS, 50],
    [90 * DAY_MS, 35],
  ]);
}

/** A connection whose address changes now and then, within its pool. */
export function lineOf(random: Random, source: Source, meanMs: number): Changing<Located> {
  const draw = source.line(random);
  return changing(random, meanMs, () => draw(random));
}

export function anyFixed(random: Random, internet: Internet, country: string): Source {
  return anySource(random, internet.fixed(country));
}

export function anyMobile(random: Random, internet: Internet, country: string): Source {
  return anySource(random, internet.mobile(country));
}
