import type { Random } from '#demo/traffic/random';
import {
  cloudProgram,
  everybodysTool,
  ownerProgram,
  ownerTool,
  pipelineTool,
  type AgentKind,
} from './agents';
import { byTime, DAY_MS, HOUR_MS, WORLD_MS, type Call } from './call';
import { anySource, type CloudRegion, type Draw, type Internet, type Located, type Source } from './internet';
import { anyFixed, anyMobile, changing, lineLifetimeMs, lineOf } from './lines';
import { ACCESS } from './networks';
import { program, type Program } from './programs';
import { travellingTeam } from './staff';

/** An account with one key, and everything its owner does with it. */
export interface Owner {
  readonly country: string;
  /** The rented machines that the key is used from, where it is used from such. */
  readonly rented: Source | undefined;
  /** That source, and any other of the same company that the key is used from. */
  readonly rentedToo: readonly Source[];
  /** The access networks that the key is used from at home. */
  readonly access: readonly Source[];
  /** In the order of time. */
  readonly calls: readonly Call[];
}

export type HonestScenario = (random: Random, internet: Internet) => Owner;

/** When a program works: around the clock, or where its users are awake; most of the weekend it rests then. */
function isAwake(random: Random, country: string): (at: number) => boolean {
  if (random.chance(0.5)) return () => true;
  const offset = (ACCESS[country]?.utcOffset ?? 0) * HOUR_MS;
  return (at) => {
    const local = at + offset;
    const hour = (local % DAY_MS) / HOUR_MS;
    const isWeekend = Math.floor(local / DAY_MS) % 7 >= 5;
    return hour >= 7 && hour < 21 && (!isWeekend || random.chance(0.2));
  };
}

interface Habit {
  readonly random: Random;
  readonly country: string;
  readonly everyMs: number;
}

/** Calls at random moments of the day, once in `everyMs` on average while the program is awake. */
function steadily(
  { random, country, everyMs }: Habit,
  where: (at: number) => Located,
  sends: Program,
): readonly Call[] {
  const calls: Call[] = [];
  const mayCall = isAwake(random, country);
  for (let at = random.wait(everyMs); at < WORLD_MS; at += random.wait(everyMs)) {
    const located = where(at);
    if (mayCall(at)) calls.push({ at, ...located, ...sends(at) });
  }
  return calls;
}

const OFFICE_CALLS = 4 * HOUR_MS;

/** An office with one line. */
function office(
  random: Random,
  internet: Internet,
  lineAt: (source: Source) => (at: number) => Located,
): Owner {
  const country = random.pick(internet.countries);
  const source = anyFixed(random, internet, country);
  const sends = program(random, ownerProgram(random));
  const calls = steadily({ random, country, everyMs: OFFICE_CALLS }, lineAt(source), sends);
  return { country, rented: undefined, rentedToo: [], access: [source], calls };
}

/** The address stays for twelve days on average, and is then any other one of the provider's in the country. */
function renumberedOffice(random: Random, internet: Internet): Owner {
  return office(random, internet, (source) => changing(random, 12 * DAY_MS, () => source.draw(random)));
}

/** A line whose address changes nightly, every 4 days or every 12 days on average, within its pool. */
function dynamicOffice(random: Random, internet: Internet): Owner {
  return office(random, internet, (source) => lineOf(random, source, random.pick([1, 4, 12]) * DAY_MS));
}

/**
 * An office with two lines of different providers. Half of them spread the load; in the others the second line takes over
 * when the first fails, for some hours every 12 days on average, so that learning may not have seen it.
 */
function officeWithTwoLines(random: Random, internet: Internet): Owner {
  const country = random.pick(internet.countries);
  const first = anyFixed(random, internet, country);
  const others = internet.fixed(country).filter(({ company }) => company !== first.company);
  const second = others.length > 0 ? anySource(random, others) : anyMobile(random, internet, country);
  const lines = [first, second].map((source) => lineOf(random, source, lineLifetimeMs(random)));
  const spreads = random.chance(0.5);
  let nextFailure = random.wait(12 * DAY_MS);
  let repairedAt = 0;
  const where = (at: number): Located => {
    while (at >= nextFailure) {
      repairedAt = nextFailure + random.wait(5 * HOUR_MS);
      nextFailure = repairedAt + random.wait(12 * DAY_MS);
    }
    const index = spreads ? random.below(2) : at < repairedAt ? 1 : 0;
    const line = lines[index];
    if (line === undefined) throw new Error('an office without that line');
    return line(at);
  };
  const programs = [ownerProgram, ownerTool].map((kind) => program(random, kind(random)));
  const sends: Program = (at) => {
    const sender = programs[random.chance(0.8) ? 0 : 1];
    if (sender === undefined) throw new Error('an office without programs');
    return sender(at);
  };
  const calls = steadily({ random, country, everyMs: OFFICE_CALLS }, where, sends);
  return { country, rented: undefined, rentedToo: [], access: [first, second], calls };
}

/** Staff at home and on their phones, who travel. */
function staff(random: Random, internet: Internet): Owner {
  const country = random.pick(internet.countries);
  const { calls, access } = travellingTeam(random, internet, country);
  return { country, rented: undefined, rentedToo: [], access, calls: [...calls].sort(byTime) };
}

/** 2 to 10 devices behind one carrier's shared addresses (a fifth have a second carrier); a session lasts some hours. */
function mobileDevices(random: Random, internet: Internet): Owner {
  const country = random.pick(internet.countries);
  const carriers = [anyMobile(random, internet, country)];
  if (random.chance(0.2)) carriers.push(anyMobile(random, internet, country));
  const places = carriers.map((carrier) => carrier.phones(random));
  const devices = Array.from({ length: random.int(2, 10) }, () => {
    const draw = random.pick(places);
    return changing(random, 6 * HOUR_MS, () => draw(random));
  });
  const everyMs = DAY_MS / (devices.length * 2);
  const calls = steadily(
    { random, country, everyMs },
    (at) => random.pick(devices)(at),
    program(random, ownerProgram(random)),
  );
  return { country, rented: undefined, rentedToo: [], access: carriers, calls };
}

/** A line that is given a new IPv6 prefix nightly or weekly; a tenth of the calls go out by IPv4. */
function ipv6Line(random: Random, internet: Internet): Owner {
  const countries = internet.countries.filter((country) =>
    internet.fixed(country).some((source) => source.ipv6Line !== undefined),
  );
  const country = random.pick(countries);
  const source = anySource(
    random,
    internet.fixed(country).filter((known) => known.ipv6Line !== undefined),
  );
  const draw = source.ipv6Line?.(random) ?? source.draw;
  const lifetimeMs = random.pick([1, 7]) * DAY_MS;
  const ipv6 = changing(random, lifetimeMs, () => draw(random));
  const ipv4 = lineOf(random, source, lifetimeMs);
  const where = (at: number): Located => (random.chance(0.1) ? ipv4 : ipv6)(at);
  const sends = program(random, ownerProgram(random));
  const calls = steadily({ random, country, everyMs: OFFICE_CALLS }, where, sends);
  return { country, rented: undefined, rentedToo: [], access: [source], calls };
}

/** Functions in one region of a cloud: 2 to 30 fresh addresses a day, each used for one call; one program. */
function functions(random: Random, internet: Internet, kind: AgentKind): Owner {
  const region = anySource(random, internet.regions);
  const { country } = region;
  const everyMs = DAY_MS / random.logUniform(2, 30);
  const calls = steadily({ random, country, everyMs }, () => region.draw(random), program(random, kind));
  return { country, rented: region, rentedToo: [region], access: [], calls };
}

/**
 * Build pipelines on hosted runners: 2 to 20 jobs a day, each on a fresh machine of one region; one in three accounts uses a
 * second region of the same cloud and country for a fifth of its jobs, if there is one.
 */
function pipelines(random: Random, internet: Internet, kind: AgentKind): Owner {
  const region = anySource(random, internet.regions);
  const { country, company } = region;
  const isSibling = (other: CloudRegion): boolean =>
    other.company === company && other.country === country && other !== region;
  const siblings = internet.regions.filter(isSibling);
  const second = siblings.length > 0 && random.chance(1 / 3) ? random.pick(siblings) : region;
  const draw: Draw = (drawer) => (drawer.chance(0.2) ? second : region).draw(drawer);
  const everyMs = DAY_MS / random.logUniform(2, 20);
  const calls = steadily({ random, country, everyMs }, () => draw(random), program(random, kind));
  return { country, rented: region, rentedToo: [region, second], access: [], calls };
}

/** A partner's program on two rented machines of one hosting company and country, each replaced once in 20 days on average. */
function partner(random: Random, internet: Internet): Owner {
  const hoster = anySource(random, internet.hosters);
  const { country } = hoster;
  const machines = Array.from({ length: 2 }, () => changing(random, 20 * DAY_MS, () => hoster.draw(random)));
  const calls = steadily(
    { random, country, everyMs: OFFICE_CALLS },
    (at) => random.pick(machines)(at),
    program(random, cloudProgram(random)),
  );
  return { country, rented: hoster, rentedToo: [hoster], access: [], calls };
}

export const HONEST_SCENARIOS: Readonly<Record<string, HonestScenario>> = {
  'office, moved anywhere in its provider': renumberedOffice,
  'office, dynamic address': dynamicOffice,
  'office with two providers': officeWithTwoLines,
  'staff at home, on the phone, travelling': staff,
  'devices on a mobile carrier': mobileDevices,
  'line with changing IPv6 prefixes': ipv6Line,
  'functions in a cloud of one country': (random, internet) =>
    functions(random, internet, cloudProgram(random)),
  'build pipeline in a cloud': (random, internet) => pipelines(random, internet, pipelineTool(random)),
  'partner on rented machines': partner,
};

/**
 * Owners that no address and no user agent tells from another tenant of their cloud: their functions and pipelines send what
 * everybody sends. Who lets them in by these lets in a thief in the same region who uses the same tool. Measured, and shown
 * apart from the target.
 */
export const LIMIT_OWNERS: Readonly<Record<string, HonestScenario>> = {
  "a cloud, with everybody's tool": (random, internet) =>
    (random.chance(0.5) ? functions : pipelines)(random, internet, everybodysTool(random)),
};
