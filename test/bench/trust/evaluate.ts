import { SimulatedAccount, type Data, type GrantSource } from './account';
import {
  createInternet,
  DAY_MS,
  HONEST_SCENARIOS,
  LEARNING_MS,
  LIMIT_OWNERS,
  LIMIT_SCENARIOS,
  randomFrom,
  THIEF_SCENARIOS,
  type Call,
  type HonestScenario,
  type Internet,
  type Owner,
  type Random,
} from './world/index';

/** What came of one kind of honest owner: distinct unknown addresses, counted at their first call. */
export interface HonestTally {
  usesClouds: boolean;
  accounts: number;
  events: number;
  blocked: number;
  /** Of the blocked ones, what spoke for them, as a text of signals: shows what is missing. */
  readonly blockedBecause: Map<string, number>;
}

/** What came of one kind of theft. */
export interface TheftTally {
  thefts: number;
  addresses: number;
  /** Addresses that the review let in. */
  authorizedAddresses: number;
  /** Thefts in which the review let in at least one address. */
  authorized: number;
  /** Thefts that came from a range that learning, an earlier review or an administrator had authorized for the owner. */
  covered: number;
}

export interface Tally {
  readonly honest: Map<string, HonestTally>;
  /** Honest owners that nothing tells from strangers. */
  readonly limitOwners: Map<string, HonestTally>;
  readonly thefts: Map<string, TheftTally>;
  readonly limits: Map<string, TheftTally>;
}

export const emptyTally = (): Tally => ({
  honest: new Map(),
  limitOwners: new Map(),
  thefts: new Map(),
  limits: new Map(),
});

/** Adds the numbers of `part` to `total`. */
export const addTally = (total: Tally, part: Tally): void => {
  for (const group of ['honest', 'limitOwners'] as const) {
    for (const [name, from] of part[group]) {
      const to = entry(total[group], name, emptyHonest);
      to.usesClouds ||= from.usesClouds;
      to.accounts += from.accounts;
      to.events += from.events;
      to.blocked += from.blocked;
      for (const [why, count] of from.blockedBecause) {
        to.blockedBecause.set(why, (to.blockedBecause.get(why) ?? 0) + count);
      }
    }
  }
  for (const group of ['thefts', 'limits'] as const) {
    for (const [name, from] of part[group]) {
      const to = entry(total[group], name, emptyTheft);
      to.thefts += from.thefts;
      to.addresses += from.addresses;
      to.authorizedAddresses += from.authorizedAddresses;
      to.authorized += from.authorized;
      to.covered += from.covered;
    }
  }
};

export interface EvaluationOptions {
  readonly seed: string;
  readonly data: Data;
  readonly accountsPerScenario: number;
}

/**
 * An administrator authorizes the subnet of an honest address that was refused after one to thirty hours, half of the
 * time within five. Nobody ever answers a thief's question: the review gets no help.
 */
const answerTime = (random: Random) => (at: number) => at + random.logUniform(1, 30) * (DAY_MS / 24);
const nobodyAnswers = (): number => Infinity;

/** A theft begins between these days, with time to go before the world ends. */
const THEFT_DAYS = { first: 35, last: 58 } as const;

/** Runs every scenario of one seed and adds what came of it to the tally. */
export const evaluate = ({ seed, data, accountsPerScenario }: EvaluationOptions, tally: Tally): void => {
  const internet = createInternet(seed);
  const run = (scenario: string, makeOwner: HonestScenario, total: Map<string, HonestTally>): void => {
    for (let index = 0; index < accountsPerScenario; index += 1) {
      const name = `${seed} ${scenario} ${index}`;
      const owner = makeOwner(randomFrom(name), internet);
      const random = randomFrom(`${name} thefts`);
      const startsAt = random.int(THEFT_DAYS.first, THEFT_DAYS.last) * DAY_MS + random.next() * DAY_MS;
      const answers = randomFrom(`${name} answers`);
      const atTheft = runHonest(owner, data, startsAt, answers, entry(total, scenario, emptyHonest));
      runThefts({ name, owner, internet, startsAt, atTheft }, tally);
    }
  };
  for (const [name, makeOwner] of Object.entries(HONEST_SCENARIOS)) run(name, makeOwner, tally.honest);
  for (const [name, makeOwner] of Object.entries(LIMIT_OWNERS)) run(name, makeOwner, tally.limitOwners);
};

const emptyHonest = (): HonestTally => ({
  usesClouds: false,
  accounts: 0,
  events: 0,
  blocked: 0,
  blockedBecause: new Map(),
});

/** The owner's whole life without any theft; answers with the account as it is when the theft will begin. */
const runHonest = (
  owner: Owner,
  data: Data,
  startsAt: number,
  random: Random,
  total: HonestTally,
): SimulatedAccount => {
  total.usesClouds ||= owner.cloud !== undefined;
  total.accounts += 1;
  const account = new SimulatedAccount(data);
  let atTheft: SimulatedAccount | undefined;
  for (const call of owner.calls) {
    if (call.at >= startsAt) atTheft ??= account.fork();
    const outcome = account.call(call, answerTime(random));
    if (outcome.kind !== 'reviewed' || !outcome.isFirst) continue;
    total.events += 1;
    if (outcome.review.trusted) continue;
    total.blocked += 1;
    const why =
      outcome.review.evidence.map(({ signal, weight }) => `${signal} ${weight}`).join(', ') ||
      'nothing known';
    total.blockedBecause.set(why, (total.blockedBecause.get(why) ?? 0) + 1);
  }
  return atTheft ?? account.fork();
};

interface Victim {
  readonly name: string;
  readonly owner: Owner;
  readonly internet: Internet;
  readonly startsAt: number;
  readonly atTheft: SimulatedAccount;
}

const runThefts = (victim: Victim, { thefts, limits }: Tally): void => {
  const { name, owner, internet, startsAt, atTheft } = victim;
  const before = owner.calls.filter(({ at }) => at < startsAt);
  const ownersCall = before.at(-1);
  if (ownersCall === undefined || startsAt < LEARNING_MS)
    throw new Error(`${name}: the theft begins too early`);
  for (const [group, scenarios] of [
    [thefts, THIEF_SCENARIOS],
    [limits, LIMIT_SCENARIOS],
  ] as const) {
    for (const [kind, scenario] of Object.entries(scenarios)) {
      const random = randomFrom(`${name} ${kind}`);
      const ownersAgent = ownersCall.userAgent;
      const stolen = scenario({ random, seed: name, internet, owner, startsAt, ownersAgent, ownersCall });
      if (stolen === undefined) continue;
      runTheft(stolen, victim, atTheft.fork(), random, entry(group, kind, emptyTheft));
    }
  }
};

const emptyTheft = (): TheftTally => ({
  thefts: 0,
  addresses: 0,
  authorizedAddresses: 0,
  authorized: 0,
  covered: 0,
});

/** Owner and thief call in turn on the forked account, until the thief has made the last call. */
const runTheft = (
  stolen: readonly Call[],
  { owner, startsAt }: Victim,
  account: SimulatedAccount,
  random: Random,
  total: TheftTally,
): void => {
  const endsAt = stolen.at(-1)?.at ?? startsAt;
  const calls = [
    ...owner.calls
      .filter(({ at }) => at >= startsAt && at <= endsAt)
      .map((call) => ({ call, isThief: false })),
    ...stolen.map((call) => ({ call, isThief: true })),
  ].sort((a, b) => a.call.at - b.call.at);
  total.thefts += 1;
  let authorizedAddresses = 0;
  const coveredBy = new Set<GrantSource>();
  for (const { call, isThief } of calls) {
    const outcome = account.call(call, isThief ? nobodyAnswers : answerTime(random));
    if (isThief && outcome.kind === 'covered' && authorizedAddresses === 0) coveredBy.add(outcome.by);
    if (!isThief || outcome.kind !== 'reviewed') continue;
    if (outcome.isFirst) total.addresses += 1;
    if (outcome.review.trusted) authorizedAddresses += 1;
  }
  total.authorizedAddresses += authorizedAddresses;
  if (authorizedAddresses > 0) total.authorized += 1;
  if (coveredBy.size > 0) total.covered += 1;
};

const entry = <T>(map: Map<string, T>, name: string, make: () => T): T => {
  const existing = map.get(name);
  if (existing !== undefined) return existing;
  const made = make();
  map.set(name, made);
  return made;
};
