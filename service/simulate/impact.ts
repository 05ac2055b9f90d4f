import { type Impact, MAX_IMPACT_EXAMPLES } from '#shared/api/impact';
import type { AddressRange } from '#shared/domain/address-range';
import { isNetworkRow } from '#shared/domain/entities';
import { lowestIdAt } from '#shared/domain/id-time';
import { firstAddress, lastAddress, sortableAddress } from '#shared/ip/index';
import { isoTime, type Clock } from '../runtime/clock';
import { yieldToEventLoop } from '../runtime/yield-to-event-loop';
import { modeAt } from '../enforcement/learning';
import { RangeMatcher, type MatchRange } from '../enforcement/matcher';
import type { ServiceContext } from '../policy/context';
import type { ImpactGuard, PolicyImpact } from '../policy/impact';
import { Refusal } from '../policy/refusal';
import type { LetInFilter } from '../storage/repositories/replay';
import type { Storage } from '../storage/storage';
import { changedPairOf } from './changed-pair';
import { Replay, sidesOf, type ReplayContext } from './replay';
import type { Pair } from './simulate-counts';

interface GuardSettings {
  /** Null means that edits are not looked at. */
  readonly impactWindowMs: number | null;
  readonly foldWindowMs: number;
}

type Context = ServiceContext & ReplayContext;

/** Rows of the log in one read, so that no statement takes long. */
const ROWS_PER_READ = 2_000;
/** The most pairs that one look finds; whoever is blocked beyond them is not counted. */
const MAX_PAIRS = 20_000;
/** The most pairs that the trust review is asked about. Others count as not trusted, so that a person is asked. */
const MAX_REVIEWS = 1_000;

/** Ranges whose addresses are sought in the log. An edit of more of them looks at everybody. */
const MAX_SOUGHT = 1_000;

const NO_RANGES = new RangeMatcher();

function* rangesOf({ ranges = NO_RANGES, removed = [] }: PolicyImpact): Generator<MatchRange> {
  yield* ranges.longestFirst();
  yield* removed;
}

/** Returns the addresses that the edit is about; undefined for those of every network. */
function addressesOf(impact: PolicyImpact): AddressRange | undefined {
  const { mode, reportOnly, key, source, ranges = NO_RANGES, removed = [] } = impact;
  if ([mode, reportOnly, key, source].some((part) => part !== undefined)) return undefined;
  if (ranges.size + removed.length > MAX_SOUGHT) return undefined;
  const ends = [...rangesOf(impact)].flatMap(({ cidr }) => [
    sortableAddress(firstAddress(cidr)),
    sortableAddress(lastAddress(cidr)),
  ]);
  const [first, ...others] = ends.sort();
  return first === undefined ? undefined : { first, last: others.at(-1) ?? first };
}

/** Reads who was let in, a bounded number of rows at a time, by the index that has the fewest of them. */
async function* letIn(
  { read: { replay } }: Storage,
  accountId: string,
  filter: LetInFilter,
  oldestId: string,
): AsyncGenerator<Omit<Pair, 'reason'>[]> {
  const { addresses, keyId } = filter;
  if (addresses !== undefined && (await replay.hasFewer(accountId, addresses, ROWS_PER_READ))) {
    yield await replay.letInBetween(accountId, oldestId, undefined, filter);
    return;
  }
  let cursor: string | undefined = oldestId;
  while (cursor !== undefined) {
    const end: string | undefined = await replay.idAfter(accountId, cursor, ROWS_PER_READ, keyId);
    yield await replay.letInBetween(accountId, cursor, end, filter);
    cursor = end;
  }
}

/** Returns whom the edit would block of those who were let in since `from`. Changes nothing. */
async function impactOf(
  context: Context,
  accountId: string,
  impact: PolicyImpact,
  from: number,
  { foldWindowMs }: GuardSettings,
): Promise<Impact> {
  const { directory, learningWindowMs, storage } = context;
  const now = context.clock.now();
  const clock: Clock = { now: () => now };
  const policy = directory.account(accountId);
  const presentMode = modeAt(policy.mode, policy.learning, learningWindowMs, now);
  const { mode, reportOnly, key, source, ranges = NO_RANGES, decided } = impact;
  const removed = new Set<string>();
  for (const { id } of rangesOf(impact)) {
    removed.add(id);
    await yieldToEventLoop();
  }
  const sides = sidesOf(context, clock, policy, presentMode, {
    mode,
    reportOnly,
    key,
    source,
    removed,
    added: ranges,
  });
  const replay = new Replay(sides, now, { maxChanges: MAX_PAIRS, maxReviews: MAX_REVIEWS });
  const filter = { from, keyId: key?.id, addresses: addressesOf(impact) };
  // A row may have had its last call a window after its first one, whose time begins its id.
  const oldestId = lowestIdAt(from - foldWindowMs);
  const pairs = new Map<string, Pair>();
  for await (const rows of letIn(storage, accountId, filter, oldestId)) {
    for (const row of rows) {
      const isDecided = row.ip === decided?.ip && row.keyId === decided.keyId;
      if (isDecided || isNetworkRow(row) || !replay.mayBlock(row)) continue;
      const id = `${row.keyId} ${row.ip}`;
      const known = pairs.get(id);
      const calls = row.calls + (known?.calls ?? 0);
      pairs.set(id, { ...row, calls, lastAt: Math.max(row.lastAt, known?.lastAt ?? 0) });
    }
    if (pairs.size >= MAX_PAIRS) break;
  }
  for (const pair of pairs.values()) replay.take(pair);
  await replay.reviewOpen(({ ipSort, keyId }) => storage.read.replay.lastRequest(accountId, ipSort, keyId));
  const blocked = replay.counts.changes().filter(({ after }) => after.verdict === 'blocked');
  return {
    addresses: new Set(blocked.map(({ ip }) => ip)).size,
    keys: new Set(blocked.map(({ keyId }) => keyId)).size,
    calls: blocked.reduce((sum, { calls }) => sum + calls, 0),
    examples: blocked.slice(0, MAX_IMPACT_EXAMPLES).map((pair) => changedPairOf(policy, pair)),
  };
}

/** Lets in more, or nobody less. */
function isHarmless(impact: PolicyImpact): boolean {
  const { mode, reportOnly, key, source, ranges = NO_RANGES, removed = [] } = impact;
  if (key !== undefined || source !== undefined || ranges.size > 0 || removed.length > 0) return false;
  return mode === undefined ? reportOnly !== false : mode === 'deactivated';
}

export function createImpactGuard(context: Context, settings: GuardSettings): ImpactGuard {
  const { impactWindowMs } = settings;
  if (impactWindowMs === null) return () => Promise.resolve();
  return async (accountId, edit) => {
    if (isHarmless(edit)) return;
    const from = context.clock.now() - impactWindowMs;
    const impact = await impactOf(context, accountId, edit, from, settings);
    const { addresses, examples } = impact;
    if (addresses === 0) return;
    const which = [...new Set(examples.map(({ ip }) => ip))].join(', ');
    throw new Refusal(
      'would_block',
      `This would block ${addresses} ${addresses === 1 ? 'address' : 'addresses'} that ${addresses === 1 ? 'was' : 'were'} let in since ${isoTime(from)}: ` +
        `${which}${addresses > examples.length ? ' and others' : ''}. Send it again with confirmImpact if it is meant.`,
      impact,
    );
  };
}
