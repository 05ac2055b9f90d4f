import { thiefTool } from './agents';
import { byTime, HOUR_MS, type Call } from './call';
import type { Owner } from './honest';
import { CONTINENTS, type CloudRegion, type Internet, type Located, type Source } from './internet';
import { anyCarrier, anyProvider } from './lines';
import { randomFrom, type Random } from '#demo/traffic/random';

/** What a thief knows when the theft begins. */
export interface Theft {
  readonly random: Random;
  /** For what must be drawn alike in two scenarios. */
  readonly seed: string;
  readonly internet: Internet;
  readonly owner: Owner;
  readonly startsAt: number;
  /** What the owner's programs called themselves last; a thief who reads the logs or the source knows it. */
  readonly ownersAgent: string | null;
  /** Where the owner called from last, for thieves who aim at that. */
  readonly ownersCall: Call;
}

/** The calls of a thief in the order of time; undefined where this kind of theft does not fit the owner. */
export type ThiefScenario = (theft: Theft) => readonly Call[] | undefined;

const from = (
  { random, startsAt }: Theft,
  locations: readonly Located[],
  spacingMs: number,
  agent: () => string | null,
): readonly Call[] => {
  let at = startsAt;
  return locations
    .flatMap((location) => {
      at += random.wait(spacingMs);
      const userAgent = agent();
      // A refused call is tried again once or twice.
      return Array.from({ length: random.int(1, 3) }, (_, index) => ({
        ...location,
        at: at + index * 90_000,
        userAgent,
      }));
    })
    .sort(byTime);
};

const times = <T>(count: number, make: () => T): readonly T[] => Array.from({ length: count }, make);

const sameTool = ({ random }: Theft): (() => string) => {
  const tool = thiefTool(random);
  return () => tool;
};

const hosterIn = ({ internet, random }: Theft, fits: (country: string) => boolean): Source =>
  random.pick(internet.hosters.filter(({ country }) => fits(country)));

const isFar =
  ({ owner }: Theft) =>
  (country: string): boolean =>
    CONTINENTS[country] !== CONTINENTS[owner.country];

/** One to three rented machines in the owner's country, of a company other than the owner's cloud. */
const hostingInCountry = (theft: Theft): readonly Located[] | undefined => {
  const { internet, owner, random } = theft;
  if (!internet.hosters.some(({ country }) => country === owner.country)) return undefined;
  const hoster = hosterIn(theft, (country) => country === owner.country);
  return times(random.int(1, 3), () => hoster.draw(random));
};

const hostingFarAway = (theft: Theft): readonly Located[] => {
  const hoster = hosterIn(theft, isFar(theft));
  return times(theft.random.int(1, 3), () => hoster.draw(theft.random));
};

/** Exits are machines at hosting companies, a third of them at access providers; a new one every ten minutes. */
const torExits = (theft: Theft): readonly Located[] => {
  const { internet, random } = theft;
  const countries = Object.keys(CONTINENTS);
  return times(random.int(5, 30), () =>
    random.chance(2 / 3)
      ? hosterIn(theft, () => true).draw(random)
      : random.pick(anyProvider(random, internet, random.pick(countries)).regions).ipv4.draw(random),
  );
};

const farAccess = (theft: Theft): readonly Located[] => {
  const { internet, random } = theft;
  const country = random.pick(Object.keys(CONTINENTS).filter(isFar(theft)));
  const region = random.pick(anyProvider(random, internet, country).regions);
  return times(random.int(1, 3), () => region.ipv4.draw(random));
};

/** Proxies on people's lines and phones are sold world-wide; the countries' shares are roughly those of such offers. */
const PROXY_COUNTRIES: readonly (readonly [country: string, weight: number])[] = [
  ['IN', 9],
  ['BR', 9],
  ['US', 9],
  ['ID', 8],
  ['VN', 6],
  ['PK', 5],
  ['MX', 5],
  ['TR', 4],
  ['RU', 4],
  ['GB', 4],
  ['DE', 3],
  ['FR', 3],
  ['ES', 3],
  ['IT', 3],
  ['PL', 3],
  ['UA', 3],
  ['TH', 3],
  ['EG', 3],
  ['ZA', 3],
  ['AR', 3],
  ['CO', 3],
  ['NG', 2],
  ['JP', 1],
  ['KR', 1],
  ['NL', 1],
  ['RO', 2],
  ['CA', 2],
  ['AU', 1],
];

const residentialProxy = (
  { internet, random }: Theft,
  country = random.weighted(PROXY_COUNTRIES),
): Located => {
  if (random.chance(0.35)) return anyCarrier(random, internet, country).ipv4.draw(random);
  const region = random.pick(anyProvider(random, internet, country).regions);
  return (random.chance(0.15) ? region.ipv6 : region.ipv4).draw(random);
};

/**
 * The thief's own tool in the owner's cloud: half of the time in the owner's own region, else in a popular one. Both tables
 * below ask for the same theft, which then belongs to one of them: `isLikeOwner` where the thief, by chance, sends the
 * very agent that the owner sends and is in the same region.
 */
const sameCloud = (theft: Theft): { calls: readonly Call[]; isLikeOwner: boolean } | undefined => {
  const { owner, ownersAgent, seed } = theft;
  if (owner.cloud === undefined) return undefined;
  const random = randomFrom(`${seed} same cloud`);
  const isOwnRegion = random.chance(0.5);
  const region = isOwnRegion ? owner.cloud : otherRegion(theft, owner.cloud.cloud, random);
  const tool = thiefTool(random);
  const locations = times(random.int(1, 5), () => region.draw(random));
  return {
    calls: from({ ...theft, random }, locations, HOUR_MS, () => tool),
    isLikeOwner: isOwnRegion && tool === ownersAgent,
  };
};

/** A region of the owner's cloud that the owner does not use. */
const otherRegion = ({ internet, owner }: Theft, cloud: string, random: Random): CloudRegion =>
  random.weighted(
    internet.regions
      .filter((region) => region.cloud === cloud && !owner.cloudRegions.includes(region))
      .map((region) => [region, region.popularity] as const),
  );

/** A slow spray: 40 to 160 proxies within two weeks, far apart enough to stay below any hourly limit. */
const SPRAY_SPACING_MS = 2.5 * HOUR_MS;
const spray = (theft: Theft): readonly Located[] =>
  times(theft.random.int(40, 160), () => residentialProxy(theft));

/** Without the addresses at an access provider or carrier that the owner calls from. */
const notAtOwners = (theft: Theft, locations: readonly Located[]): readonly Located[] => {
  const own = new Set(theft.owner.calls.flatMap(({ at, place }) => (at < theft.startsAt ? [place.asn] : [])));
  return locations.filter(({ place }) => place.asn === null || !own.has(place.asn));
};

/** The owner's agent, from anywhere but the owner's own region or provider: those are limits, see below. */
const copiedAgent: ThiefScenario = (theft) => {
  const { internet, owner, ownersAgent, random } = theft;
  const copied = (): string | null => ownersAgent;
  const route = random.weighted([
    ['near', 28],
    ['far', 17],
    ['tor', 10],
    ['access', 15],
    ['spray', 18],
    ['cloud', 12],
  ] as const);
  switch (route) {
    case 'near':
      return from(theft, hostingInCountry(theft) ?? hostingFarAway(theft), HOUR_MS, copied);
    case 'far':
      return from(theft, hostingFarAway(theft), HOUR_MS, copied);
    case 'tor':
      return from(theft, notAtOwners(theft, torExits(theft)), HOUR_MS / 6, copied);
    case 'access':
      return from(theft, notAtOwners(theft, farAccess(theft)), HOUR_MS, copied);
    case 'spray':
      return from(theft, notAtOwners(theft, spray(theft)), SPRAY_SPACING_MS, copied);
    case 'cloud': {
      const region =
        owner.cloud === undefined
          ? random.weighted(internet.regions.map((known) => [known, known.popularity] as const))
          : otherRegion(theft, owner.cloud.cloud, random);
      return from(
        theft,
        times(random.int(1, 5), () => region.draw(random)),
        HOUR_MS,
        copied,
      );
    }
  }
};

/** Thefts that must never succeed. */
export const THIEF_SCENARIOS: Readonly<Record<string, ThiefScenario>> = {
  'hosting in the same country': (theft) => {
    const locations = hostingInCountry(theft);
    return locations && from(theft, locations, HOUR_MS, sameTool(theft));
  },
  'hosting on another continent': (theft) => from(theft, hostingFarAway(theft), HOUR_MS, sameTool(theft)),
  'Tor exits': (theft) => from(theft, torExits(theft), HOUR_MS / 6, sameTool(theft)),
  "another continent's access provider": (theft) => from(theft, farAccess(theft), HOUR_MS, sameTool(theft)),
  'slow spray from residential proxies': (theft) => {
    const isVaried = theft.random.chance(0.5);
    const agent = isVaried ? () => thiefTool(theft.random) : sameTool(theft);
    return from(theft, spray(theft), SPRAY_SPACING_MS, agent);
  },
  'same cloud as the owner': (theft) => {
    const stolen = sameCloud(theft);
    return stolen?.isLikeOwner === false ? stolen.calls : undefined;
  },
  'copied user agent': copiedAgent,
};

/**
 * Thefts that nothing about a call can tell from the owner: measured, and shown apart from the target. The thief copies
 * the agent (or sends the same by chance) and also calls from the owner's own region of the owner's own cloud, or through up to five proxies in the
 * owner's country at the very provider that the owner called from last; or through
 * proxies of the whole world, one of which may be at a provider that the owner uses.
 */
export const LIMIT_SCENARIOS: Readonly<Record<string, ThiefScenario>> = {
  "copied agent in the owner's own cloud region": (theft) => {
    const { owner, random, ownersAgent } = theft;
    const { cloud } = owner;
    if (cloud === undefined) return undefined;
    return from(
      theft,
      times(random.int(1, 3), () => cloud.draw(random)),
      HOUR_MS,
      () => ownersAgent,
    );
  },
  "the owner's agent by chance in the owner's own cloud region": (theft) => {
    const stolen = sameCloud(theft);
    return stolen?.isLikeOwner === true ? stolen.calls : undefined;
  },
  "copied agent, slow spray that may meet the owner's own provider": (theft) =>
    from(theft, spray(theft), SPRAY_SPACING_MS, () => theft.ownersAgent),
  "copied agent, proxies at the owner's own provider": (theft) => {
    const { internet, owner, random, ownersAgent, ownersCall } = theft;
    const { asn } = ownersCall.place;
    if (owner.cloud !== undefined || asn === null) return undefined;
    const sources = [
      ...(internet.providers.get(owner.country) ?? []).flatMap(({ regions }) =>
        regions.map(({ ipv4 }) => ipv4),
      ),
      ...(internet.carriers.get(owner.country) ?? []).map(({ ipv4 }) => ipv4),
    ].filter(({ network }) => network.asn === asn);
    if (sources.length === 0) return undefined;
    return from(
      theft,
      times(random.int(1, 5), () => random.pick(sources).draw(random)),
      HOUR_MS,
      () => ownersAgent,
    );
  },
};
