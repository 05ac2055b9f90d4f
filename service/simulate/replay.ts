import { MAX_SIMULATED_REVIEWS } from '#shared/api/routes-policy';
import type { Mode } from '#shared/domain/entities';
import { parseAddress, type IpAddress } from '#shared/ip/index';
import type { Clock } from '../runtime/clock';
import { hasDenial } from '../enforcement/matcher';
import { asksTrustReview, decide, type VerdictFacts } from '../enforcement/verdict';
import type { OriginalRequest } from '../gate/call';
import type { EvaluationContext } from '../gate/evaluate';
import type { ServiceContext } from '../policy/context';
import type { AccountPolicy, ReadonlyRanges } from '../policy/policy';
import { createTrustReviewer, type TrustReviewer } from '../trust/collect-facts';
import type { KeyRow } from '../storage/repositories/keys';
import type { SightingRow } from '../storage/repositories/sightings';
import type { SourceRow } from '../storage/repositories/sources';
import type { Storage } from '../storage/storage';
import { ChangedRanges, presentScenario, type Scenario } from './simulate-scenario';
import { byCalls, SimulationCounts, TopList, type Pair } from './simulate-counts';

/** The trust review's facts without the sightings of removed ranges. */
function knowledgeWithout({ read }: Storage, removed: ReadonlySet<string>) {
  const ofKey = new Map<string, Promise<SightingRow[]>>();
  const sightings: Storage['read']['sightings']['ofKey'] = (accountId, keyId, now, limit) => {
    let known = ofKey.get(keyId);
    if (known === undefined) {
      known = read.sightings
        .ofKey(accountId, keyId, now, limit)
        .then((rows) => rows.filter((row) => !removed.has(row.range_id)));
      ofKey.set(keyId, known);
    }
    return known;
  };
  return {
    read: {
      sightings: { ofKey: sightings },
      fingerprints: read.fingerprints,
      habits: read.habits,
      reviews: read.reviews,
    },
  };
}

/** One side of the comparison, with the trust reviewer that evaluates its unknown addresses. */
interface Side {
  readonly scenario: Scenario;
  readonly reviewer: TrustReviewer;
}

type Facts = Omit<VerdictFacts, 'trusted'>;

/** The facts about a pair that both policies share. */
interface ComparedPair {
  readonly address: IpAddress;
  readonly before: Facts;
  readonly after: Facts;
}

/** A pair that needs a trust review on at least one side. */
type OpenPair = Pair & ComparedPair;

/** The policy as it is and as it would be. */
export interface Sides {
  readonly before: Side;
  readonly after: Side;
}

/** Resolves with what the proxy told of the newest call of a pair. */
type LastRequest = (pair: Pick<Pair, 'ipSort' | 'keyId'>) => Promise<OriginalRequest>;

interface ReplayLimits {
  /** The most changed pairs that are kept. */
  readonly maxChanges: number;
  /** The most pairs that the trust review is asked about. */
  readonly maxReviews?: number;
}

/** One replay of the log against two policies. */
export class Replay {
  readonly counts: SimulationCounts;
  /** Pairs that the trust review was not asked about, counted as not trusted. */
  unjudged = 0;
  readonly #open: TopList<OpenPair>;
  readonly #sides: Sides;
  readonly #now: number;

  constructor(sides: Sides, now: number, { maxChanges, maxReviews = MAX_SIMULATED_REVIEWS }: ReplayLimits) {
    this.#sides = sides;
    this.#now = now;
    this.counts = new SimulationCounts(maxChanges);
    this.#open = new TopList<OpenPair>(maxReviews, byCalls);
  }

  /** Returns true if the pair may be let in before and blocked after. */
  mayBlock(pair: Pick<Pair, 'ip' | 'keyId'>): boolean {
    const { before, after } = this.#compare(pair);
    if (decide({ ...before, trusted: true }).verdict === 'blocked') return false;
    if (decide({ ...after, trusted: false }).verdict === 'allowed') return false;
    // The trust review would say the same twice.
    const isSame = asksTrustReview(before) && asksTrustReview(after) && this.#isSharedReviewer;
    return !isSame || before.isReporting !== after.isReporting;
  }

  /** Decides the pair, or keeps it for the trust review. */
  take(pair: Pair): void {
    const compared = { ...pair, ...this.#compare(pair) };
    if (asksTrustReview(compared.before) || asksTrustReview(compared.after)) {
      this.#giveUp(this.#open.add(compared));
    } else {
      this.#count(compared, undefined, undefined);
    }
  }

  get #isSharedReviewer(): boolean {
    return this.#sides.before.reviewer === this.#sides.after.reviewer;
  }

  #compare({ ip, keyId }: Pick<Pair, 'ip' | 'keyId'>): ComparedPair {
    const parsed = parseAddress(ip);
    if (!parsed.ok) throw new Error(`the log has the unreadable address "${ip}"`);
    const { address } = parsed;
    const { before, after } = this.#sides;
    return {
      address,
      before: this.#facts(before.scenario, address, keyId),
      after: this.#facts(after.scenario, address, keyId),
    };
  }

  /** Runs the trust review for the pairs that need it, the most calls first. */
  async reviewOpen(lastRequest: LastRequest, signal?: AbortSignal): Promise<void> {
    const { best, rest } = this.#open.end();
    this.#giveUp(rest);
    for (const pair of best) {
      if (signal?.aborted === true) return;
      const request = await lastRequest(pair);
      const before = await this.#trusted(this.#sides.before, pair, pair.before, request);
      const isShared = this.#isSharedReviewer && before !== undefined;
      const after = isShared ? before : await this.#trusted(this.#sides.after, pair, pair.after, request);
      this.#count(pair, before, after);
    }
  }

  #facts(scenario: Scenario, address: IpAddress, keyId: string): Facts {
    const { keys, mode, ranges, lookedUp } = scenario;
    const kind = keys.get(keyId)?.status === 'active' ? 'valid' : 'ended';
    const match = ranges.match(address, keyId, this.#now) ?? lookedUp.match(address, keyId, this.#now);
    return { key: { kind }, mode, match: match?.effect, isReporting: scenario.isReporting(keyId) };
  }

  async #trusted(
    { scenario, reviewer }: Side,
    { address, ip, keyId }: OpenPair,
    facts: Facts,
    request: OriginalRequest,
  ): Promise<boolean | undefined> {
    if (!asksTrustReview(facts)) return undefined;
    return (await reviewer.review({ policy: scenario, keyId, address, ip, ...request })).trusted;
  }

  #giveUp(pairs: readonly OpenPair[]): void {
    this.unjudged += pairs.length;
    for (const pair of pairs) this.#count(pair, false, false);
  }

  #count(
    { ip, ipSort, keyId, calls, lastAt, before, after }: OpenPair,
    trustedBefore: boolean | undefined,
    trustedAfter: boolean | undefined,
  ): void {
    this.counts.add(
      { ip, ipSort, keyId, calls, lastAt },
      decide({ ...before, trusted: trustedBefore }),
      decide({ ...after, trusted: trustedAfter }),
    );
  }
}

/** The difference of the changed policy. */
export interface PolicyDifference {
  readonly mode: Mode | undefined;
  readonly reportOnly: boolean | undefined;
  /** A key as it would be. */
  readonly key?: KeyRow | undefined;
  /** A source of a network or a country as it would be. */
  readonly source?: SourceRow | undefined;
  /** Ids of ranges that go, also of those that are among the added ones in another form. */
  readonly removed: ReadonlySet<string>;
  readonly added: ReadonlyRanges;
}

export type ReplayContext = Pick<ServiceContext, 'storage' | 'trustedProxies'> & {
  readonly evaluation: Pick<EvaluationContext, 'geolocations' | 'blocklists'>;
};

export function sidesOf(
  { storage, trustedProxies, evaluation: { geolocations, blocklists } }: ReplayContext,
  clock: Clock,
  policy: AccountPolicy,
  presentMode: Mode,
  { mode = presentMode, reportOnly = policy.reportOnly, key, source, removed, added }: PolicyDifference,
): Sides {
  const reviewerWithout = (ids: ReadonlySet<string>): TrustReviewer =>
    createTrustReviewer({
      storage: knowledgeWithout(storage, ids),
      geolocations,
      blocklists,
      trustedProxies,
      clock,
    });
  const present = presentScenario(policy, presentMode);
  const before = { scenario: present, reviewer: reviewerWithout(new Set()) };
  const keys = key === undefined ? present.keys : new Map([...present.keys, [key.id, key]]);
  const changed: Scenario = {
    ...present,
    mode,
    keys,
    lookedUp: source === undefined ? present.lookedUp : policy.lookedUpWith(source),
    isReporting: (keyId) => reportOnly || keys.get(keyId)?.report_only === 1,
  };
  if (removed.size === 0 && added.size === 0) {
    return { before, after: { scenario: changed, reviewer: before.reviewer } };
  }
  const ranges = new ChangedRanges(policy.ranges, removed, added);
  const isKnowledgeSame = removed.size === 0 && !hasDenial(added);
  const reviewer = isKnowledgeSame ? before.reviewer : reviewerWithout(removed);
  return { before, after: { scenario: { ...changed, ranges }, reviewer } };
}
