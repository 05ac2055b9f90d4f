import { DAY_MS } from './call';
import type { AccessProvider, Carrier, Internet, Located, Source } from './internet';
import type { AgentKind } from './agents';
import type { Random } from '#demo/traffic/random';

/** Something whose value changes now and then. Asked in the order of time. */
export type Changing<T> = (at: number) => T;

/** A value that is drawn anew, once in `meanMs` on average. */
export const changing = <T>(random: Random, meanMs: number, draw: () => T): Changing<T> => {
  let value = draw();
  let until = random.wait(meanMs);
  return (at) => {
    while (at >= until) {
      value = draw();
      until += random.wait(meanMs);
    }
    return value;
  };
};

/** A connection whose address changes now and then; its neighbours are those of its region. */
export const line = (random: Random, source: Source, meanMs: number): Changing<Located> =>
  changing(random, meanMs, () => source.draw(random));

/** Reconnected nightly, after a failure of power, or hardly ever. */
export const lineLifetimeMs = (random: Random): number =>
  random.weighted([
    [1 * DAY_MS, 15],
    [12 * DAY_MS, 50],
    [90 * DAY_MS, 35],
  ]);

/** A program that is upgraded once in two months on average. */
export const program = (random: Random, kind: AgentKind): Changing<string> =>
  changing(random, 60 * DAY_MS, () => kind(random));

export const anyProvider = (random: Random, internet: Internet, country: string): AccessProvider =>
  random.weighted(
    (internet.providers.get(country) ?? []).map((provider) => [provider, provider.share] as const),
  );

export const anyCarrier = (random: Random, internet: Internet, country: string): Carrier =>
  random.weighted((internet.carriers.get(country) ?? []).map((carrier) => [carrier, carrier.share] as const));

/** A region of a provider by number: the providers of a country serve the same regions. */
export const inRegion = (provider: AccessProvider, region: number): AccessProvider['regions'][number] => {
  const found = provider.regions[region % provider.regions.length];
  if (found === undefined) throw new Error('a provider without regions');
  return found;
};
