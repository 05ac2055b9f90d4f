import { MAX_SIMULATED_CHANGES } from '#shared/api/routes-policy';
import type { RouteResponse } from '#shared/api/route-types';
import { isNetworkRow } from '#shared/domain/entities';
import { isoTime, type Clock } from '../runtime/clock';
import { modeAt } from '../enforcement/learning';
import { RangeMatcher } from '../enforcement/matcher';
import type { EvaluationContext } from '../gate/evaluate';
import { VERDICT_OF } from '../log/reasons';
import { REPLAY_START, type ReplayCursor } from '../storage/repositories/replay';
import type { Storage } from '../storage/storage';
import type { ServiceContext } from '../policy/context';
import { Replay, sidesOf } from './replay';
import { changedPairOf } from './changed-pair';
import type { Pair } from './simulate-counts';
import { readAdded, readRemoved, readSpan, type SimulatedChange } from './simulated-change';

type Result = RouteResponse<'simulate'>;
type Context = ServiceContext & { readonly evaluation: EvaluationContext };

/** Rows of the log in one read. */
const ROWS_PER_READ = 1_000;

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
  const difference = {
    mode: request.mode,
    reportOnly: request.reportOnly,
    removed: readRemoved(policy, request.removeRangeIds),
    added: new RangeMatcher(readAdded(policy, request.addRanges, now)),
  };
  const sides = sidesOf(context, clock, policy, presentMode, difference);
  const replay = new Replay(sides, now, { maxChanges: MAX_SIMULATED_CHANGES });
  await context.evaluation.replays(async () => {
    await readLog(storage, accountId, span, replay, signal);
    await replay.reviewOpen(
      ({ ipSort, keyId }) => storage.read.replay.lastRequest(accountId, ipSort, keyId),
      signal,
    );
  });
  const { counts, unjudged } = replay;
  return {
    from: request.from ?? isoTime(span.from),
    to: request.to ?? isoTime(now),
    before: counts.calls.before,
    after: counts.calls.after,
    pairs: counts.pairs,
    changes: counts.changes().map((pair) => changedPairOf(policy, pair)),
    changed: counts.changed,
    unjudged,
  };
}
