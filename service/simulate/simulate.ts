import { MAX_SIMULATED_CHANGES, MAX_SIMULATED_REVIEWS } from '#shared/api/routes-policy';
import type { RouteResponse } from '#shared/api/route-types';
import { isNetworkRow } from '#shared/domain/entities';
import { parseAddress, type IpAddress } from '#shared/ip/index';
import { isoTime, type Clock } from '../runtime/clock';
import { modeAt } from '../enforcement/learning';
import { asksTrustReview, decide, type VerdictFacts } from '../enforcement/verdict';
import type { EvaluationContext } from '../gate/evaluate';
import { createTrustReviewer, type TrustReviewer } from '../trust/collect-facts';
import { VERDICT_OF } from '../log/reasons';
import { REPLAY_START, type ReplayCursor } from '../storage/repositories/replay';
import type { SightingRow } from '../storage/repositories/sightings';
import type { Storage } from '../storage/storage';
import type { ServiceContext } from '../policy/context';
import type { AccountPolicy } from '../policy/policy';
import { ChangedRanges, presentScenario, type Scenario } from './simulate-scenario';
import { byCalls, SimulationCounts, TopList, type Pair } from './simulate-counts';
import { readAdded, readRemoved, readSpan, type SimulatedChange } from './simulated-change';

type Result = RouteResponse<'simulate'>;
type Context = ServiceContext & { readonly evaluation: EvaluationContext };

/** Rows of the log in one read. */
const ROWS_PER_READ = 1_000;

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
  return { read: { sightings: { ofKey: sightings }, reviews: read.reviews } };
}

/** One side of the comparison, with the trust reviewer that evaluates its unknown addresses. */
interface Side {
  readonly scenario: Scenario;
  readonly reviewer: TrustReviewer;
}

/** A pair that needs a trust review on at least one side. */
interface OpenPair extends Pair {
  readonly address: IpAddress;
  readonly before: Omit<VerdictFacts, 'trusted'>;
  readonly after: Omit<VerdictFacts, 'trusted'>;
}

/** One replay of the log against two policies. */
class Replay {
  readonly counts = new SimulationCounts(MAX_SIMULATED_CHANGES);
  /** Pairs beyond {@link MAX_SIMULATED_REVIEWS}, counted as not trusted. */
  unjudged = 0;
  readonly #open = new TopList<OpenPair>(MAX_SIMULATED_REVIEWS, byCalls);
  readonly #sides: { readonly before: Side; readonly after: Side };
  readonly #now: number;

  constructor(sides: { readonly before: Side; readonly after: Side }, now: number) {
    this.#sides = sides;
    this.#now = now;
  }

  /** Decides the pair, or keeps it for the trust review. */
  take(pair: Pair): void {
    const parsed = parseAddress(pair.ip);
    if (!parsed.ok) throw new Error(`the log has the unreadable address "${pair.ip}"`);
    const { address } = parsed;
    const [before, after] = [this.#sides.before, this.#sides.after].map((side) =>
      this.#facts(side.scenario, address, pair.keyId),
    ) as [OpenPair['before'], OpenPair['after']];
    if (asksTrustReview(before) || asksTrustReview(after)) {
      this.#giveUp(this.#open.add({ ...pair, address, before, after }));
    } else {
      this.#count({ ...pair, address, before, after }, undefined, undefined);
    }
  }

  /** Runs the trust review for the pairs that need it, the most calls first. */
  async reviewOpen(lastAgent: (pair: Pair) => Promise<string | null>, signal: AbortSignal): Promise<void> {
    const { best, rest } = this.#open.end();
    this.#giveUp(rest);
    for (const pair of best) {
      if (signal.aborted) return;
      const userAgent = await lastAgent(pair);
      const before = await this.#trusted(this.#sides.before, pair, pair.before, userAgent);
      const isShared = this.#sides.before.reviewer === this.#sides.after.reviewer && before !== undefined;
      const after = isShared ? before : await this.#trusted(this.#sides.after, pair, pair.after, userAgent);
      this.#count(pair, before, after);
    }
  }

  #facts(scenario: Scenario, address: IpAddress, keyId: string): OpenPair['before'] {
    const { keys, mode, ranges, lookedUp } = scenario;
    const kind = keys.get(keyId)?.status === 'active' ? 'valid' : 'ended';
    const match = ranges.match(address, keyId, this.#now) ?? lookedUp.match(address, keyId, this.#now);
    return { key: { kind }, mode, match: match?.effect, isReporting: scenario.isReporting(keyId) };
  }

  async #trusted(
    { scenario, reviewer }: Side,
    { address, ip, keyId }: OpenPair,
    facts: OpenPair['before'],
    userAgent: string | null,
  ): Promise<boolean | undefined> {
    if (!asksTrustReview(facts)) return undefined;
    return (await reviewer.review({ policy: scenario, keyId, address, ip, userAgent })).trusted;
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

/** Passes each (address, key) of the span to the replay once, with the sum of its calls. */
async function readLog(
  storage: Storage,
  accountId: string,
  { from, to }: { readonly from: number; readonly to: number },
  replay: Replay,
  signal: AbortSignal,
): Promise<void> {
  const { read } = storage;
  // The calls of one address may continue in the next read. They are complete when the next address begins.
  let pairs = new Map<string, Pair>();
  let ipSort = '';
  const finish = (): void => {
    for (const pair of pairs.values()) replay.take(pair);
    pairs = new Map();
  };
  let cursor: ReplayCursor | undefined = REPLAY_START;
  while (cursor !== undefined && !signal.aborted) {
    const end: ReplayCursor | undefined = await read.replay.placeAfter(accountId, cursor, ROWS_PER_READ);
    for (const row of await read.replay.callsBetween(accountId, cursor, end, from, to)) {
      if (row.ipSort !== ipSort) finish();
      ipSort = row.ipSort;
      // No policy lets calls with an ended secret in, and the log does not know the addresses behind a network row.
      if (row.reason === 'revoked_key' || isNetworkRow(row)) {
        replay.counts.addFixed(VERDICT_OF[row.reason], row.calls);
        continue;
      }
      const { ip, keyId, calls, lastAt } = row;
      const known = pairs.get(keyId);
      pairs.set(keyId, {
        ip,
        ipSort,
        keyId,
        calls: calls + (known?.calls ?? 0),
        lastAt: Math.max(lastAt, known?.lastAt ?? 0),
      });
    }
    cursor = end;
  }
  finish();
}

function sidesOf(
  { storage, trustedProxies, evaluation: { geolocations, blocklists } }: Context,
  clock: Clock,
  policy: AccountPolicy,
  presentMode: Scenario['mode'],
  request: SimulatedChange,
): { readonly before: Side; readonly after: Side } {
  const now = clock.now();
  const removed = readRemoved(policy, request.removeRangeIds);
  const added = readAdded(policy, request.addRanges, now);
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
  const { mode = presentMode, reportOnly } = request;
  const changed: Scenario = {
    ...present,
    mode,
    ...(reportOnly !== undefined && {
      isReporting: (keyId) => reportOnly || policy.keys.get(keyId)?.report_only === 1,
    }),
  };
  if (removed.size === 0 && added.length === 0) {
    return { before, after: { scenario: changed, reviewer: before.reviewer } };
  }
  const ranges = new ChangedRanges(policy.ranges, removed, added);
  const isKnowledgeSame = removed.size === 0 && added.every(({ effect }) => effect === 'authorize');
  const reviewer = isKnowledgeSame ? before.reviewer : reviewerWithout(removed);
  return { before, after: { scenario: { ...changed, ranges }, reviewer } };
}

/**
 * Replays the log against a changed policy and returns both outcomes; docs/behaviour.md 4.12 says what that leaves out. It
 * changes nothing.
 * @throws Refusal `invalid_request`, `invalid_cidr` or `too_wide`, naming the field.
 */
export async function simulate(
  context: Context,
  accountId: string,
  request: SimulatedChange,
  signal: AbortSignal,
): Promise<Result> {
  const { directory, learningWindowMs, storage } = context;
  const now = context.clock.now();
  const clock: Clock = { now: () => now };
  const policy = directory.account(accountId);
  const presentMode = modeAt(policy.mode, policy.learning, learningWindowMs, now);
  const span = readSpan(request, now);
  const replay = new Replay(sidesOf(context, clock, policy, presentMode, request), now);
  await context.evaluation.replays(async () => {
    await readLog(storage, accountId, span, replay, signal);
    const lastAgent = ({ ipSort, keyId }: Pair): Promise<string | null> =>
      storage.read.replay.lastAgent(accountId, ipSort, keyId);
    await replay.reviewOpen(lastAgent, signal);
  });
  const { counts, unjudged } = replay;
  return {
    from: request.from ?? isoTime(span.from),
    to: request.to ?? isoTime(now),
    before: counts.calls.before,
    after: counts.calls.after,
    pairs: counts.pairs,
    changes: counts.changes().map(({ ip, keyId, calls, lastAt, before, after }) => ({
      ip,
      keyId,
      keyName: policy.keys.get(keyId)?.name ?? '',
      count: calls,
      lastAt: isoTime(lastAt),
      before,
      after,
    })),
    changed: counts.changed,
    unjudged,
  };
}
