import { DAY_MS, MINUTE_MS, SECOND_MS } from '#shared/durations';
import type { ServiceContext } from '../policy/context';
import type { ServiceLog } from '../service-log';
import { createWorkLoop } from '../runtime/work-loop';
import { FLOOD_MS } from '../log/record/flood-log';
import { createAttemptsSweeper } from './sweep-attempts';
import {
  expireReviews,
  expireSurplusReviews,
  pruneOperations,
  pruneRanges,
  pruneTombstones,
} from './sweep-policy';

/** Attempts of an account. Bounded, so that a flood from millions of addresses does not fill the disk. */
const MAX_ATTEMPTS = 2_000_000;

/** Pending reviews of an account (docs/behaviour.md 1.7.6). They are in memory. */
const MAX_PENDING = 100_000;

/** docs/behaviour.md 4.14.4 promises at least 30 days. */
const OPERATIONS_KEPT_MS = 40 * DAY_MS;

/** The pause is a hundredth of the retention time, within these bounds. */
const SWEEPS_PER_RETENTION = 100;
const SHORTEST_PAUSE_MS = SECOND_MS;
const LONGEST_PAUSE_MS = MINUTE_MS;
const JITTER = 0.2;

/** Longer than a call waits until its first row is written. */
const WRITE_PATIENCE_MS = 30 * SECOND_MS;

interface RetentionOptions {
  readonly context: ServiceContext;
  readonly log: ServiceLog;
  /** Retention time of attempts and pending reviews after their last call, and of expired ranges and removals. */
  readonly retentionMs: number;
  readonly foldWindowMs: number;
  /** Per account. */
  readonly maxAttempts?: number;
  /** Per account. */
  readonly maxPending?: number;
}

export interface Retention {
  start(): void;
  /** Resolves when everything that is due is done. */
  sweep(): Promise<void>;
  /** Resolves after the current step. */
  stop(): Promise<void>;
}

/**
 * Bounds the stored data (docs/behaviour.md 1.13). Reviews and audit events are never deleted; quiet pending reviews expire.
 */
export function createRetention({
  context,
  log,
  retentionMs,
  foldWindowMs,
  maxAttempts = MAX_ATTEMPTS,
  maxPending = MAX_PENDING,
}: RetentionOptions): Retention {
  const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, retentionMs / SWEEPS_PER_RETENTION));
  let stopping = false;
  const isStopping = (): boolean => stopping;
  const attemptsSweeper = createAttemptsSweeper({ context, maxAttempts, isStopping });

  const sweepAccount = async (accountId: string): Promise<void> => {
    const now = context.clock.now();
    const keepFrom = now - retentionMs;
    const openFrom = now - foldWindowMs - WRITE_PATIENCE_MS;
    const networksOpenFrom = now - FLOOD_MS - WRITE_PATIENCE_MS;
    const quietSince = Math.min(keepFrom, openFrom);
    const reviews =
      (await expireReviews(context, accountId, quietSince, isStopping)) +
      (await expireSurplusReviews(context, accountId, maxPending, isStopping));
    const ranges = await pruneRanges(context, accountId, keepFrom, isStopping);
    await pruneTombstones(context, accountId, keepFrom, isStopping);
    const attempts = await attemptsSweeper.sweep(accountId, { keepFrom, openFrom, networksOpenFrom });
    if (attempts + reviews + ranges > 0) {
      log.write('info', 'retention.swept', { accountId, attempts, reviews, ranges });
    }
  };

  const sweep = async (): Promise<void> => {
    for (const { id } of context.directory.accounts()) {
      if (!stopping) await sweepAccount(id);
    }
    await pruneOperations(context, context.clock.now() - OPERATIONS_KEPT_MS, isStopping);
  };

  const loop = createWorkLoop({
    pauseMs,
    jitter: JITTER,
    work: sweep,
    onError: (error) => log.write('error', 'retention.failed', { error }),
  });

  return {
    start: () => loop.start(),
    sweep: () => loop.run(),
    stop: async () => {
      stopping = true;
      await loop.stop();
    },
  };
}
