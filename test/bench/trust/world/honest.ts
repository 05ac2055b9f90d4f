import {
  cloudProgram,
  everybodysTool,
  ownerProgram,
  ownerTool,
  pipelineTool,
  type AgentKind,
} from './agents';
import { byTime, DAY_MS, HOUR_MS, WORLD_MS, type Call } from './call';
import type { CloudRegion, Internet, Located } from './internet';
import { anyCarrier, anyProvider, inRegion, line, lineLifetimeMs, program, type Changing } from './lines';
import { travellingTeam } from './roaming';
import type { Random } from '#demo/traffic/random';

/** An account with one key, and everything its owner does with it. */
export interface Owner {
  readonly country: string;
  /** The cloud that the key is used from, where it is used from one. */
  readonly cloud: CloudRegion | undefined;
  /** That region, and any other that the key is used from. */
  readonly cloudRegions: readonly CloudRegion[];
  /** In the order of time. */
  readonly calls: readonly Call[];
}

export type HonestScenario = (random: Random, internet: Internet) => Owner;

const HOME_COUNTRIES = ['US', 'DE', 'ES', 'FR', 'GB', 'BR', 'IN', 'PL', 'NL', 'MX', 'IT', 'JP'] as const;

const homeCountry = (random: Random): string => random.pick(HOME_COUNTRIES);

/** Calls at random moments, once in `everyMs` on average. */
const steadily = (
  random: Random,
  everyMs: number,
  where: (at: number) => Located,
  agent: Changing<string>,
): readonly Call[] => {
  const calls: Call[] = [];
  for (let at = random.wait(everyMs); at < WORLD_MS; at += random.wait(everyMs)) {
    calls.push({ at, ...where(at), userAgent: agent(at) });
  }
  return calls;
};

/** One cloud, one region: popular ones more often. */
const anyCloudRegion = (random: Random, internet: Internet, clouds: readonly string[]): CloudRegion => {
  const cloud = random.pick(clouds);
  return random.weighted(
    internet.regions
      .filter((region) => region.cloud === cloud)
      .map((region) => [region, region.popularity] as const),
  );
};

/** Functions in one region of a cloud: 3 to 60 fresh addresses a day, each used for some calls; one program. */
const functions = (random: Random, internet: Internet, kind: AgentKind): Owner => {
  const cloud = anyCloudRegion(random, internet, ['aws', 'aws', 'gcp', 'azure']);
  const everyMs = DAY_MS / random.logUniform(3, 60);
  const agent = program(random, kind);
  return {
    country: cloud.country,
    cloud,
    cloudRegions: [cloud],
    calls: steadily(random, everyMs, () => cloud.draw(random), agent),
  };
};

/**
 * Build pipelines on hosted runners: 4 to 40 jobs a day, each on a fresh machine of one region; one in three accounts uses
 * a second region of the same cloud and country for a fifth of its jobs.
 */
const pipelines = (random: Random, internet: Internet, kind: AgentKind): Owner => {
  const cloud = anyCloudRegion(random, internet, ['azure', 'azure', 'gcp', 'aws']);
  const siblings = internet.regions.filter(
    (region) => region.cloud === cloud.cloud && region.country === cloud.country && region !== cloud,
  );
  const second = siblings.length > 0 && random.chance(1 / 3) ? random.pick(siblings) : cloud;
  const agent = program(random, kind);
  const draw = (): Located => (random.chance(0.2) ? second : cloud).draw(random);
  return {
    country: cloud.country,
    cloud,
    cloudRegions: [cloud, second],
    calls: steadily(random, DAY_MS / random.logUniform(4, 40), draw, agent),
  };
};

/**
 * A server on a line of an access provider, whose address changes nightly, every 4 days or every 12 days on average. One
 * account in fifteen is moved to another region's addresses within the time watched (the provider rebuilds its network).
 */
const renumberedLine: HonestScenario = (random, internet) => {
  const country = homeCountry(random);
  const provider = anyProvider(random, internet, country);
  const region = random.int(0, 7);
  const lifetimeMs = random.pick([1, 4, 12]) * DAY_MS;
  const before = line(random, inRegion(provider, region).ipv4, lifetimeMs);
  const after = line(random, inRegion(provider, region + 1).ipv4, lifetimeMs);
  const movesAt = random.chance(1 / 15) ? random.next() * WORLD_MS : Infinity;
  const agent = program(random, ownerProgram(random));
  const where = (at: number): Located => (at < movesAt ? before : after)(at);
  return { country, cloud: undefined, cloudRegions: [], calls: steadily(random, HOUR_MS, where, agent) };
};

/**
 * An office with 2 or 3 lines of different providers. Half of them spread the load; in the others the second line takes over
 * when the first fails, for some hours every 12 days on average, so that learning may not have seen it.
 */
const officeWithLines: HonestScenario = (random, internet) => {
  const country = homeCountry(random);
  const region = random.int(0, 7);
  const lines = Array.from({ length: random.int(2, 3) }, () =>
    line(random, inRegion(anyProvider(random, internet, country), region).ipv4, lineLifetimeMs(random)),
  );
  const [first = lines[0], second = first] = lines;
  if (first === undefined || second === undefined) throw new Error('an office without lines');
  const spreads = random.chance(0.5);
  let nextFailure = random.wait(12 * DAY_MS);
  let repairedAt = 0;
  const where = (at: number): Located => {
    while (at >= nextFailure) {
      repairedAt = nextFailure + random.wait(5 * HOUR_MS);
      nextFailure = repairedAt + random.wait(12 * DAY_MS);
    }
    if (spreads) return random.pick(lines)(at);
    return (at < repairedAt ? second : first)(at);
  };
  const agents = [ownerProgram, ownerTool].map((kind) => program(random, kind(random)));
  const agent = (at: number): string => (random.chance(0.8) ? agents[0] : agents[1])?.(at) ?? '';
  return { country, cloud: undefined, cloudRegions: [], calls: steadily(random, HOUR_MS, where, agent) };
};

/** 2 to 10 devices behind one carrier's shared addresses (a fifth have a second carrier); a session lasts some hours. */
const mobileDevices: HonestScenario = (random, internet) => {
  const country = homeCountry(random);
  const carriers = [anyCarrier(random, internet, country)];
  if (random.chance(0.2)) carriers.push(anyCarrier(random, internet, country));
  const devices = Array.from({ length: random.int(2, 10) }, () =>
    line(random, random.pick(carriers).ipv4, 6 * HOUR_MS),
  );
  const agent = program(random, ownerProgram(random));
  const where = (at: number): Located => random.pick(devices)(at);
  return {
    country,
    cloud: undefined,
    cloudRegions: [],
    calls: steadily(random, DAY_MS / (devices.length * 2), where, agent),
  };
};

/** A line that is given a new IPv6 prefix nightly or weekly; a tenth of the calls go out by IPv4. */
const rotatedIpv6: HonestScenario = (random, internet) => {
  const country = homeCountry(random);
  const region = inRegion(anyProvider(random, internet, country), random.int(0, 7));
  const lifetimeMs = random.pick([1, 7]) * DAY_MS;
  const ipv6 = line(random, region.ipv6, lifetimeMs);
  const ipv4 = line(random, region.ipv4, lifetimeMs);
  const agent = program(random, ownerProgram(random));
  const where = (at: number): Located => (random.chance(0.1) ? ipv4 : ipv6)(at);
  return { country, cloud: undefined, cloudRegions: [], calls: steadily(random, HOUR_MS, where, agent) };
};

const roamingStaff: HonestScenario = (random, internet) => {
  const country = homeCountry(random);
  return {
    country,
    cloud: undefined,
    cloudRegions: [],
    calls: [...travellingTeam(random, internet, country)].sort(byTime),
  };
};

export const HONEST_SCENARIOS: Readonly<Record<string, HonestScenario>> = {
  'roaming staff': roamingStaff,
  'serverless egress': (random, internet) => functions(random, internet, cloudProgram(random)),
  'provider renumbers': renumberedLine,
  'office with several lines': officeWithLines,
  'mobile carrier, shared addresses': mobileDevices,
  'pipeline runners in a cloud': (random, internet) => pipelines(random, internet, pipelineTool(random)),
  'rotated IPv6 prefixes': rotatedIpv6,
};

/**
 * Owners that nothing about a call tells from another tenant of their cloud: their functions and pipelines send what
 * everybody sends. Who lets them in lets in a thief in the same region who uses the same tool. Measured, and shown apart
 * from the target.
 */
export const LIMIT_OWNERS: Readonly<Record<string, HonestScenario>> = {
  "a cloud, with everybody's tool": (random, internet) =>
    (random.chance(0.5) ? functions : pipelines)(random, internet, everybodysTool(random)),
};
