import type { Evidence, RangeSource } from '#shared/domain/entities';
import { type Answers, SimulatedAccount, type Data } from './account';
import {
  DAY_MS,
  HONEST_SCENARIOS,
  LEARNING_MS,
  LIMIT_OWNERS,
  randomFrom,
  thefts,
  WORLD_MS,
  type Call,
  type HonestScenario,
  type Internet,
  type Owner,
  type Random,
  type StolenCalls,
} from './world/index';

/** What came of one kind of honest owner: distinct unknown addresses, counted at their first call. */
export interface HonestTally {
  usesClouds: boolean;
  accounts: number;
  addresses: number;
  blocked: number;
  /** Reviews that a person had to answer. */
  asked: number;
  /** Of the blocked ones, what the review found, as a text of signals: shows what is missing. */
  readonly blockedWith: Map<string, number>;
  /** Of the blocked ones, how many lacked each signal that speaks for an address. */
  readonly missing: Map<string, number>;
}

/** What came of one kind of theft. */
export interface TheftTally {
  thefts: number;
  addresses: number;
  /** Addresses that the review let in. */
  letInAddresses: number;
  /** Thefts in which the review let in at least one address. */
  letIn: number;
  /** What the review found about the addresses that it let in, as a text of signals. */
  readonly letInWith: Map<string, number>;
  /** Thefts that came from a range that learning, an earlier review or an administrator had authorized for the owner. */
  covered: number;
}

export interface Tally {
  readonly honest: Map<string, HonestTally>;
  /** Honest owners that nothing tells from strangers. */
  readonly limitOwners: Map<string, HonestTally>;
  readonly thefts: Map<string, TheftTally>;
  /** Thefts that nothing tells from the owner. */
  readonly limits: Map<string, TheftTally>;
}

export function emptyTally(): Tally {
  return { honest: new Map(), limitOwners: new Map(), thefts: new Map(), limits: new Map() };
}

/** The months after the first one, which is learning. */
export const MONTHS_AFTER_LEARNING = (WORLD_MS - LEARNING_MS) / (30 * DAY_MS);

export interface EvaluationOptions {
  readonly seed: string;
  readonly data: Data;
  readonly answers: Answers;
  readonly internet: Internet;
  readonly accountsPerScenario: number;
  /** The owners to play; all by default. */
  readonly owners?: readonly string[];
}

const HOUR_MS = DAY_MS / 24;

/**
 * An administrator answers the review of an honest address that was refused after one to thirty hours, half of the time
 * within five. Nobody ever answers a thief's review: the trust review gets no help.
 */
function answerTime(random: Random, at: number): number {
  return at + random.logUniform(1, 30) * HOUR_MS;
}

/** A theft begins between these days, with time to go before the world ends. */
const THEFT_DAYS = { first: 35, last: 58 } as const;

/** Plays every scenario, each with its own random numbers. */
export async function evaluate(options: EvaluationOptions): Promise<Tally> {
  const tally = emptyTally();
  const play = async (
    scenario: string,
    makeOwner: HonestScenario,
    total: Map<string, HonestTally>,
  ): Promise<void> => {
    if (options.owners?.includes(scenario) === false) return;
    for (let index = 0; index < options.accountsPerScenario; index += 1) {
      const name = `${options.seed} ${scenario} ${index}`;
      const owner = makeOwner(randomFrom(name), options.internet);
      await playAccount(name, owner, options, entry(total, scenario, emptyHonest), tally);
    }
  };
  for (const [name, makeOwner] of Object.entries(HONEST_SCENARIOS)) {
    await play(name, makeOwner, tally.honest);
  }
  for (const [name, makeOwner] of Object.entries(LIMIT_OWNERS)) {
    await play(name, makeOwner, tally.limitOwners);
  }
  return tally;
}

function emptyHonest(): HonestTally {
  return {
    usesClouds: false,
    accounts: 0,
    addresses: 0,
    blocked: 0,
    asked: 0,
    blockedWith: new Map(),
    missing: new Map(),
  };
}

/** The owner's whole life, and in the middle of it every theft, each of which is taken back before the owner goes on. */
async function playAccount(
  name: string,
  owner: Owner,
  { data, answers: way, internet }: EvaluationOptions,
  total: HonestTally,
  tally: Tally,
): Promise<void> {
  const random = randomFrom(`${name} thefts`);
  const startsAt = random.int(THEFT_DAYS.first, THEFT_DAYS.last) * DAY_MS + random.next() * DAY_MS;
  const answers = randomFrom(`${name} answers`);
  total.usesClouds ||= owner.rented !== undefined;
  total.accounts += 1;
  const account = await SimulatedAccount.open(data, way);
  const unknown = new Set<string>();
  const ownersAgents = new Set<string | null>();
  let ownersCall: Call | undefined;
  let isRobbed = false;
  for (const call of owner.calls) {
    if (call.at >= startsAt && !isRobbed) {
      if (ownersCall === undefined) throw new Error(`${name}: the theft begins too early`);
      isRobbed = true;
      const victim = { internet, owner, startsAt, ownersCall, ownersAgents };
      for (const stolen of thefts(victim, (scenario) => randomFrom(`${name} ${scenario}`))) {
        const into = stolen.isLikeOwner ? tally.limits : tally.thefts;
        const theft = entry(into, stolen.scenario, emptyTheft);
        await account.tryOut((robbed) => playTheft(stolen, owner, startsAt, robbed, name, theft));
      }
    }
    ownersCall = call;
    ownersAgents.add(call.userAgent);
    const outcome = await account.call(call, answerTime(answers, call.at));
    if (outcome.kind !== 'trusted' && outcome.kind !== 'blocked') continue;
    if (unknown.has(call.ip)) continue;
    unknown.add(call.ip);
    total.addresses += 1;
    if (outcome.kind === 'trusted') continue;
    total.blocked += 1;
    countEvidence(outcome.evidence, total);
  }
  total.asked += await account.end();
}

/** The signals that can speak for an address. */
const IN_FAVOUR = ['adjacent-prefix', 'same-region', 'same-network', 'same-country', 'known-agent'] as const;

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function textOf(evidence: readonly Evidence[] = []): string {
  return evidence.map(({ signal, weight }) => `${signal} ${weight}`).join(', ') || 'nothing';
}

function countEvidence(
  evidence: readonly Evidence[] | undefined,
  { blockedWith, missing }: HonestTally,
): void {
  count(blockedWith, textOf(evidence));
  for (const signal of IN_FAVOUR) {
    if (!evidence?.some((found) => found.signal === signal)) count(missing, signal);
  }
}

function emptyTheft(): TheftTally {
  return { thefts: 0, addresses: 0, letInAddresses: 0, letIn: 0, letInWith: new Map(), covered: 0 };
}

/** Owner and thief call in turn, until the thief has made the last call. */
async function playTheft(
  { scenario, calls: stolen }: StolenCalls,
  owner: Owner,
  startsAt: number,
  account: SimulatedAccount,
  name: string,
  total: TheftTally,
): Promise<void> {
  const answers = randomFrom(`${name} ${scenario} answers`);
  const endsAt = stolen.at(-1)?.at ?? startsAt;
  const owners = owner.calls.filter(({ at }) => at >= startsAt && at <= endsAt);
  const calls = [
    ...owners.map((call) => ({ call, isThief: false })),
    ...stolen.map((call) => ({ call, isThief: true })),
  ].sort((a, b) => a.call.at - b.call.at);
  total.thefts += 1;
  const letIn = new Set<string>();
  const coveredBy = new Set<RangeSource>();
  for (const { call, isThief } of calls) {
    const outcome = await account.call(call, isThief ? Infinity : answerTime(answers, call.at));
    if (!isThief) continue;
    if (outcome.kind === 'covered' && letIn.size === 0) coveredBy.add(outcome.by);
    if (outcome.kind !== 'trusted') continue;
    letIn.add(call.ip);
    count(total.letInWith, textOf(outcome.evidence));
  }
  total.addresses += new Set(stolen.map(({ ip }) => ip)).size;
  total.letInAddresses += letIn.size;
  if (letIn.size > 0) total.letIn += 1;
  if (coveredBy.size > 0) total.covered += 1;
}

function entry<T>(map: Map<string, T>, name: string, make: () => T): T {
  const existing = map.get(name);
  if (existing !== undefined) return existing;
  const made = make();
  map.set(name, made);
  return made;
}
