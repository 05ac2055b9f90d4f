import { fractionOf, type Random } from '#demo/traffic/random';

/**
 * What programs call themselves. Assumed: of the owners' programs a quarter use the vendor's library, half a popular HTTP
 * library with its version, a tenth their own name, a sixth what everybody sends (curl, Node's fetch, Go, Guzzle). In clouds
 * that sixth, and a third of the build pipelines, are set apart: see LIMIT_OWNERS in `honest.ts`.
 * Thieves use what is popular, mostly in recent versions, one in ten poses as a browser. Both draw popular libraries from
 * the same versions, so that they meet by chance as often as they would.
 */

function version(random: Random, major: string, minors: number, patches: number): string {
  // Recent versions are used more: the square root bends an even draw towards the upper end.
  return `${major}.${Math.floor(Math.sqrt(random.next()) * minors)}.${random.int(0, patches)}`;
}

const axios = (random: Random): string => `axios/${version(random, '1', 13, 4)}`;
const requests = (random: Random): string => `python-requests/${version(random, '2', 33, 2)}`;
const okhttp = (random: Random): string => `okhttp/${version(random, '4', 13, 0)}`;
const aiohttp = (random: Random): string =>
  `Python/3.${random.int(9, 13)} aiohttp/${version(random, '3', 12, 4)}`;
const curl = (random: Random): string =>
  // Distributions fix it for years, so a handful of versions covers most machines.
  `curl/${random.weighted([
    ['8.5.0', 35],
    ['7.88.1', 20],
    ['7.81.0', 20],
    ['8.7.1', 10],
    ['8.14.1', 10],
    ['7.68.0', 5],
  ])}`;
const postman = (random: Random): string => `PostmanRuntime/7.${random.int(36, 46)}.${random.int(0, 1)}`;
const vendor = (random: Random): string =>
  `vendor-sdk-${random.pick(['node', 'python', 'php', 'java'])}/${version(random, '3', 9, 5)}`;
const browser = (random: Random): string =>
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${random.int(120, 131)}.0.0.0 Safari/537.36`;
const fixed = (random: Random): string =>
  random.weighted([
    ['node', 45],
    ['Go-http-client/2.0', 35],
    ['GuzzleHttp/7', 20],
  ]);

/** What a program of the owner calls itself; drawing again after an upgrade needs the same kind. */
export type AgentKind = (random: Random) => string;

/** Programs that name themselves or their library with its version. */
const namedProgram = (random: Random): AgentKind => {
  const ownName = `${random.pick(['shop', 'crm', 'billing', 'notify', 'sync'])}-${random.pick(['service', 'worker', 'job'])}`;
  const own: AgentKind = (drawer) => `${ownName}/${version(drawer, '1', 40, 9)}`;
  return random.weighted<AgentKind>([
    [vendor, 25],
    [axios, 18],
    [requests, 17],
    [own, 11],
    [okhttp, 8],
    [aiohttp, 5],
  ]);
};

/** What everybody sends: curl as distributions ship it, Node's fetch, Go, Guzzle. */
export const everybodysTool = (random: Random): AgentKind => (random.chance(0.4) ? curl : fixed);

/** A program on a machine of the owner: one in six sends what everybody sends. */
export const ownerProgram = (random: Random): AgentKind =>
  random.chance(1 / 6) ? everybodysTool(random) : namedProgram(random);

/** A program in a cloud; those that send what everybody sends are a scenario of their own. */
export const cloudProgram = namedProgram;

/** People try things by hand, too. */
export const ownerTool = (random: Random): AgentKind =>
  random.weighted<AgentKind>([
    [postman, 25],
    [curl, 15],
    [requests, 15],
    [vendor, 25],
    [axios, 10],
    [browser, 6],
    [fixed, 4],
  ]);

/** What runs in build pipelines, likewise. */
export const pipelineTool = (random: Random): AgentKind =>
  random.weighted<AgentKind>([
    [vendor, 45],
    [requests, 27],
    [axios, 28],
  ]);

export const thiefTool: AgentKind = (random) =>
  random.weighted<AgentKind>([
    [requests, 36],
    [curl, 14],
    [fixed, 18],
    [axios, 8],
    [browser, 11],
    [aiohttp, 5],
    [postman, 5],
    [vendor, 3],
  ])(random);

const STACKS: readonly (readonly [agent: RegExp, stack: string])[] = [
  [/^(python|vendor-sdk-python)/i, 'python'],
  [/^(axios|node|vendor-sdk-node)/i, 'node'],
  [/^go-/i, 'go'],
  [/^(guzzle|vendor-sdk-php)/i, 'php'],
  [/^(okhttp|vendor-sdk-java)/i, 'java'],
  [/^curl/i, 'curl'],
  [/^mozilla/i, 'browser'],
  [/^postman/i, 'postman'],
];

/** Versions of a library for TLS that are in use at the same time, with their shares. */
const BUILDS: readonly (readonly [build: number, weight: number])[] = [
  [1, 45],
  [2, 25],
  [3, 15],
  [4, 10],
  [5, 5],
];

/**
 * A fingerprint of the TLS client like JA4: the same for all programs of one language whose library for TLS is the same. A
 * program of one's own is written in one of the languages.
 */
export function tlsFingerprint(random: Random, agent: string): string {
  const known = STACKS.find(([pattern]) => pattern.test(agent))?.[1];
  const stack = known ?? random.pick(['python', 'node', 'go', 'php', 'java']);
  const build = random.weighted(BUILDS);
  const part = (name: string): string =>
    Math.floor(fractionOf(`${name} ${stack} ${build}`) * 16 ** 12)
      .toString(16)
      .padStart(12, '0');
  return `t13d${10 + stack.length}${build}0h${stack === 'browser' ? 2 : 1}_${part('ciphers')}_${part('extensions')}`;
}
