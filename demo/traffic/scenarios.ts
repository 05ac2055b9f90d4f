import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#shared/durations';
import {
  ABROAD,
  addressIn,
  CARRIERS,
  CLOUD_REGION,
  OFFICE_LINES,
  SCANNER,
  STRANGERS,
  type Network,
} from './networks';
import { randomFrom, type Random } from './random';

export const KEY_NAMES = [
  'Production',
  'Mobile app',
  'Billing function',
  'Partner portal',
  'Reporting',
  'Old importer',
] as const;
export type KeyName = (typeof KEY_NAMES)[number];

/** The key that leaks while a person looks on. */
export const LEAKED_KEY: KeyName = 'Partner portal';

/** Who makes calls. Honest ones belong to the account's owner. */
interface Scenario {
  readonly name: string;
  readonly isHonest: boolean;
  readonly key: KeyName;
  readonly request: readonly [method: string, path: string];
  /** The least and the most calls of one visit. */
  readonly calls: readonly [least: number, most: number];
  /** The time between two visits, on average, in the month before the start and after it; absent where there are none. */
  readonly before?: Pace;
  readonly live?: Pace;
  caller(random: Random, at: number): Caller;
}

interface Caller {
  readonly ip: string;
  readonly userAgent: string;
}

interface Pace {
  readonly everyMs: number;
  /** Fewer visits in the evening and at the weekend. */
  readonly inOfficeHours?: boolean;
  readonly from?: number;
  readonly to?: number;
}

/** Calls of one caller, right after each other. */
export interface Visit extends Caller, Pick<Scenario, 'isHonest' | 'key'> {
  readonly scenario: string;
  /** Milliseconds from the start of the demo; negative in the month before it. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly calls: number;
}

export const HISTORY_MS = 30 * DAY_MS;
/** Staff and functions, whose addresses change, come when learning has ended. */
const CHANGING_FROM = -22 * DAY_MS;
const ADDRESS_OF_FUNCTION_MS = 6 * HOUR_MS;
const SCANNER_FROM = -7 * DAY_MS;
/** The first leak, of which the owner has taken care. */
const PAST_LEAK = { from: -13 * DAY_MS, to: -13 * DAY_MS + 40 * MINUTE_MS };

/** The demo always starts on a Thursday afternoon, so that its month is the same whenever somebody runs it. */
const START_HOUR = 15;
const START_DAY = 4;

/** Returns what part of a busy hour's visits come at a time. */
function busyness(at: number): number {
  const hours = START_HOUR + at / HOUR_MS;
  const day = (((START_DAY + Math.floor(hours / 24)) % 7) + 7) % 7;
  const hour = ((hours % 24) + 24) % 24;
  if (day === 0 || day === 6) return 0.15;
  if (hour < 7 || hour >= 20) return 0.1;
  return hour < 9 || hour >= 18 ? 0.5 : 1;
}

function office(seed: string, name: string, lines: readonly Network[], userAgent: string): Scenario {
  const random = randomFrom(`${seed} ${name}`);
  const addresses = lines.map((line) => addressIn(line, random));
  return {
    name,
    isHonest: true,
    key: 'Production',
    request: ['POST', '/v3/messages'],
    calls: [1, 8],
    before: { everyMs: 12 * MINUTE_MS, inOfficeHours: true },
    live: { everyMs: 6 * SECOND_MS },
    caller: (drawer) => ({ ip: drawer.pick(addresses), userAgent }),
  };
}

/** A phone has an address for a day; now and then that day is spent abroad. */
function colleague(seed: string, name: string, carrier: Network): Scenario {
  return {
    name,
    isHonest: true,
    key: 'Mobile app',
    request: ['GET', '/v3/contacts'],
    calls: [1, 5],
    before: { everyMs: 50 * MINUTE_MS, inOfficeHours: true, from: CHANGING_FROM },
    live: { everyMs: 20 * SECOND_MS },
    caller: (_drawer, at) => {
      const random = randomFrom(`${seed} ${name} ${Math.floor(at / DAY_MS)}`);
      const network = random.chance(0.12) ? random.pick(ABROAD) : carrier;
      return { ip: addressIn(network, random), userAgent: 'okhttp/4.12.0' };
    },
  };
}

export function partnerAddress(seed: string): string {
  return addressIn(OFFICE_LINES.partner, randomFrom(`${seed} partner`));
}

/** Returns everybody who calls. The same seed gives the same addresses, before the start and after it. */
export function createScenarios(seed: string): readonly Scenario[] {
  const partner = partnerAddress(seed);
  const scanner = addressIn(SCANNER, randomFrom(`${seed} scanner`));
  const offices = [
    office(seed, 'Office in Madrid', [OFFICE_LINES.madrid, OFFICE_LINES.madrid], 'crm-service/1.14.2'),
    office(seed, 'Office in Lyon', [OFFICE_LINES.lyon], 'axios/1.7.9'),
    office(seed, 'Office in Berlin', [OFFICE_LINES.berlin, OFFICE_LINES.berlinIpv6], 'shop-worker/1.8.0'),
  ];
  const [madrid, lyon] = offices;
  if (madrid === undefined || lyon === undefined) throw new Error('there are no offices');
  const tries = (drawer: Random): Caller => ({
    ip: addressIn(drawer.pick(STRANGERS), drawer),
    userAgent: drawer.pick(['python-requests/2.32.3', 'curl/8.5.0', 'Go-http-client/2.0']),
  });
  const theft = { isHonest: false, request: ['GET', '/v3/account'], caller: tries } as const;
  return [
    ...offices,
    {
      ...madrid,
      name: 'Nightly report',
      key: 'Reporting',
      request: ['GET', '/v3/reports'],
      before: { everyMs: HOUR_MS },
      live: { everyMs: 25 * SECOND_MS },
    },
    {
      ...lyon,
      name: 'Forgotten importer',
      key: 'Old importer',
      request: ['PUT', '/v3/contacts/import'],
      calls: [1, 2],
      before: { everyMs: 8 * HOUR_MS },
      live: { everyMs: 45 * SECOND_MS },
    },
    {
      name: "Partner's server",
      isHonest: true,
      key: 'Partner portal',
      request: ['GET', '/v3/orders'],
      calls: [1, 4],
      before: { everyMs: 20 * MINUTE_MS },
      live: { everyMs: 12 * SECOND_MS },
      caller: () => ({ ip: partner, userAgent: 'vendor-sdk-java/3.4.1' }),
    },
    {
      name: 'Serverless function',
      isHonest: true,
      key: 'Billing function',
      request: ['POST', '/v3/invoices'],
      calls: [1, 3],
      before: { everyMs: 20 * MINUTE_MS, from: CHANGING_FROM },
      live: { everyMs: 10 * SECOND_MS },
      caller: (_drawer, at) => {
        const random = randomFrom(`${seed} function ${Math.floor(at / ADDRESS_OF_FUNCTION_MS)}`);
        return { ip: addressIn(random.pick(CLOUD_REGION), random), userAgent: 'billing-function/2.3.0' };
      },
    },
    colleague(seed, 'Phone of Ana', CARRIERS.spain),
    colleague(seed, 'Phone of Chloé', CARRIERS.france),
    colleague(seed, 'Phone of Jonas', CARRIERS.germany),
    colleague(seed, 'Phone of Priya', CARRIERS.britain),
    {
      ...theft,
      name: 'Stranger',
      key: 'Production',
      calls: [1, 4],
      before: { everyMs: 20 * HOUR_MS, from: CHANGING_FROM },
      live: { everyMs: 20 * SECOND_MS, from: 5 * SECOND_MS },
    },
    {
      ...theft,
      name: 'Scanner',
      key: 'Production',
      calls: [1, 6],
      before: { everyMs: 5 * HOUR_MS, from: SCANNER_FROM },
      live: { everyMs: 40 * SECOND_MS },
      caller: () => ({ ip: scanner, userAgent: 'python-requests/2.32.3' }),
    },
    {
      ...theft,
      name: 'First leak',
      key: 'Reporting',
      calls: [1, 6],
      before: { everyMs: 2 * MINUTE_MS, ...PAST_LEAK },
    },
    {
      ...theft,
      name: 'Leaked key',
      key: LEAKED_KEY,
      calls: [1, 3],
      live: { everyMs: 1.5 * SECOND_MS, from: 30 * SECOND_MS, to: 120 * SECOND_MS },
    },
  ];
}

function visitsOf(
  scenario: Scenario,
  phase: 'before' | 'live',
  random: Random,
  [from, to]: readonly [number, number],
): readonly Visit[] {
  const pace = scenario[phase];
  if (pace === undefined) return [];
  const { name, isHonest, key } = scenario;
  const [method, path] = scenario.request;
  const end = Math.min(to, pace.to ?? to);
  const visits: Visit[] = [];
  let at = Math.max(from, pace.from ?? from);
  for (;;) {
    at += random.wait(pace.everyMs);
    if (at >= end) return visits;
    if (pace.inOfficeHours === true && !random.chance(busyness(at))) continue;
    const caller = scenario.caller(random, at);
    visits.push({
      scenario: name,
      isHonest,
      key,
      at,
      ...caller,
      method,
      path,
      calls: random.int(...scenario.calls),
    });
  }
}

function byTime(a: Visit, b: Visit): number {
  return a.at - b.at;
}

/** The month before the start, in the order of time. */
export function visitsBefore(seed: string): readonly Visit[] {
  return createScenarios(seed)
    .flatMap((scenario) =>
      visitsOf(scenario, 'before', randomFrom(`${seed} before ${scenario.name}`), [-HISTORY_MS, 0]),
    )
    .sort(byTime);
}

/** The traffic of one hour after the start, in the order of time. */
export function visitsInHour(seed: string, hour: number): readonly Visit[] {
  const span = [hour * HOUR_MS, (hour + 1) * HOUR_MS] as const;
  return createScenarios(seed)
    .flatMap((scenario) =>
      visitsOf(scenario, 'live', randomFrom(`${seed} live ${hour} ${scenario.name}`), span),
    )
    .sort(byTime);
}
