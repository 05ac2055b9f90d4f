import type { Random } from '#demo/traffic/random';
import { thiefTool, tlsFingerprint } from './agents';
import { HOUR_MS, type Call } from './call';
import type { Owner } from './honest';
import { anySource, isFar, type Internet, type Located, type Source } from './internet';
import { anyFixed, anyMobile } from './lines';
import { thiefRequests } from './programs';

/** What a thief knows when the theft begins. */
export interface Theft {
  readonly random: Random;
  readonly internet: Internet;
  readonly owner: Owner;
  readonly startsAt: number;
  /** The owner's last call. A thief who has read the owner's logs or code knows what its program calls itself. */
  readonly ownersCall: Call;
  /** What the owner's programs called themselves so far: a thief may send one of them by chance. */
  readonly ownersAgents: ReadonlySet<string | null>;
}

/** Where a thief calls from, and how often. */
interface Route {
  readonly located: readonly Located[];
  readonly everyMs: number;
  /** True if it is the owner's own provider or cloud region, so that only what is sent tells the two apart. */
  readonly isOwn: boolean;
}

/** Undefined where this kind of theft does not fit the owner. */
type RouteScenario = (theft: Theft) => Route | undefined;

function times<T>(count: number, make: () => T): readonly T[] {
  return Array.from({ length: count }, make);
}

function some(theft: Theft, source: Source): Route {
  const { random } = theft;
  return {
    located: times(random.int(1, 3), () => source.draw(random)),
    everyMs: HOUR_MS,
    isOwn: false,
  };
}

/** One to three rented machines in the owner's country, of a company that the owner does not rent from. */
function hostingInCountry(theft: Theft): Route | undefined {
  const { internet, owner, random } = theft;
  const others = internet.hosters.filter(
    ({ country, company }) => country === owner.country && company !== owner.rented?.company,
  );
  return others.length === 0 ? undefined : some(theft, anySource(random, others));
}

function hostingFarAway(theft: Theft): Route {
  const { internet, owner, random } = theft;
  const far = internet.hosters.filter(({ country }) => isFar(country, owner.country));
  return some(theft, anySource(random, far));
}

/** A VPN's exits, in the owner's country where there are some. */
function vpn(theft: Theft): Route {
  const { internet, owner, random } = theft;
  const near = internet.vpns.filter(({ country }) => country === owner.country);
  return some(theft, anySource(random, near.length > 0 ? near : internet.vpns));
}

/** Half of the exits are those of societies, the others rented machines anywhere; a new one every ten minutes. */
function tor({ internet, owner, random }: Theft): Route {
  const rented = internet.hosters.filter(({ company }) => company !== owner.rented?.company);
  const located = times(random.int(5, 20), () =>
    (random.chance(0.5) ? random.pick(internet.torExits) : anySource(random, rented)).draw(random),
  );
  return { located, everyMs: HOUR_MS / 6, isOwn: false };
}

function farProvider(theft: Theft): Route {
  const { internet, owner, random } = theft;
  const far = internet.countries.filter((country) => isFar(country, owner.country));
  return some(theft, anyFixed(random, internet, random.pick(far)));
}

/**
 * Proxies on people's lines and phones, sold world-wide: 20 to 50 of them within some days, far apart enough to stay below any
 * hourly limit. Without those at the owner's own providers, which are a theft of their own.
 */
function spray({ internet, owner, random }: Theft): Route {
  const own = new Set(owner.access.map(({ company }) => company.name));
  const proxy = (): Located => {
    for (;;) {
      const country = random.pick(internet.countries);
      const source = (random.chance(0.35) ? anyMobile : anyFixed)(random, internet, country);
      if (!own.has(source.company.name)) return source.draw(random);
    }
  };
  return { located: times(random.int(20, 50), proxy), everyMs: 2.5 * HOUR_MS, isOwn: false };
}

/** Machines of the owner's own cloud or hosting company, elsewhere than the owner's. */
function otherRegion(theft: Theft): Route | undefined {
  const { internet, owner, random } = theft;
  const { rented, rentedToo } = owner;
  if (rented === undefined) return undefined;
  const others = [...internet.regions, ...internet.hosters].filter(
    (source) => source.company === rented.company && !rentedToo.includes(source),
  );
  return others.length === 0 ? undefined : some(theft, anySource(random, others));
}

function ownRegion(theft: Theft): Route | undefined {
  const { rented } = theft.owner;
  return rented && { ...some(theft, rented), isOwn: true };
}

/** Proxies on lines and phones of a provider that the owner uses, in the owner's country. */
function ownProvider(theft: Theft): Route | undefined {
  const { owner, random } = theft;
  const [first] = owner.access;
  if (first === undefined) return undefined;
  const source = random.pick(owner.access);
  return {
    located: times(random.int(1, 5), () => source.draw(random)),
    everyMs: HOUR_MS,
    isOwn: true,
  };
}

const ROUTES: Readonly<Record<string, RouteScenario>> = {
  'hosting in the same country': hostingInCountry,
  'hosting on another continent': hostingFarAway,
  'a VPN': vpn,
  'Tor exits': tor,
  "another continent's provider": farProvider,
  'slow spray from residential proxies': spray,
  "the owner's cloud, another region": otherRegion,
  "the owner's own cloud region": ownRegion,
  "the owner's own provider": ownProvider,
};

export interface StolenCalls {
  readonly scenario: string;
  /** True if neither the address nor the user agent tells the thief from the owner: counted apart. */
  readonly isLikeOwner: boolean;
  readonly calls: readonly Call[];
}

/**
 * Each theft of a key, with a tool of the thief's own and with the copied user agent. Of those who copy the agent, half know
 * what the owner's program asks for, and ask for the same; one in five has a client with the same fingerprint. A refused call is
 * tried again one time in three. `randomOf` gives each its own random numbers.
 */
export function thefts(
  victim: Omit<Theft, 'random'>,
  randomOf: (scenario: string) => Random,
): readonly StolenCalls[] {
  return Object.entries(ROUTES).flatMap(([name, route]) =>
    [false, true].flatMap((isCopied) => {
      const scenario = isCopied ? `${name}, copied agent` : name;
      const theft = { ...victim, random: randomOf(scenario) };
      const found = route(theft);
      return found === undefined ? [] : [stolenCalls(theft, scenario, found, isCopied)];
    }),
  );
}

function stolenCalls(
  { random, startsAt, ownersCall, ownersAgents }: Theft,
  scenario: string,
  { located, everyMs, isOwn }: Route,
  isCopied: boolean,
): StolenCalls {
  const userAgent = isCopied ? ownersCall.userAgent : thiefTool(random);
  const isSameClient = isCopied && random.chance(0.2);
  const fingerprint = isSameClient ? ownersCall.fingerprint : tlsFingerprint(random, thiefTool(random));
  const ownRequests = thiefRequests(random);
  const { method, path } = ownersCall;
  const knowsRequests = isCopied && random.chance(0.5);
  let at = startsAt;
  const calls = located.flatMap((from) => {
    at += random.wait(everyMs);
    return times(random.chance(1 / 3) ? 2 : 1, () => {
      at += 90_000;
      const request = knowsRequests ? { method, path } : ownRequests();
      return { ...from, at, ...request, userAgent, fingerprint };
    });
  });
  const isSameAgent = ownersAgents.has(userAgent);
  return {
    scenario: isOwn && isSameAgent && !isCopied ? `${scenario}, the owner's agent by chance` : scenario,
    isLikeOwner: isOwn && isSameAgent,
    calls,
  };
}
