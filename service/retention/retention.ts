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

/**
 * Attempts that an account may have, some gigabyte and a half of SQLite: with it a flood from millions of addresses
 * ends somewhere, long before the disk does.
 */
export const MAX_ATTEMPTS = 2_000_000;

/** Open questions that an account may have: far more than anybody answers, some tens of megabytes in memory. */
export const MAX_PENDING = 100_000;

/** The contract says at least 30 days. */
const OPERATIONS_KEPT_MS = 40 * 86_400_000;

/** Pauses are this fine a part of the retention, within these bounds. */
const SWEEPS_PER_RETENTION = 100;
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const JITTER = 0.2;

/** Longer than a call can wait for its first sight to be written. */
const WRITE_PATIENCE_MS = 30_000;

export interface RetentionOptions {
  readonly context: ServiceContext;
  readonly log: ServiceLog;
  /** How long attempts are kept after their last call, and questions, expired ranges and removals likewise. */
  readonly retentionMs: number;
  readonly foldWindowMs: number;
  /** For each account. */
  readonly maxAttempts?: number;
  /** For each account. */
  readonly maxPending?: number;
}

export interface Retention {
  start(): void;
  /** Does everything that is due now. */
  sweep(): Promise<void>;
  /** Ends after the step that is under way. */
  stop(): Promise<void>;
}

/**
 * Keeps what the service stores within bounds. Attempts go by age, and beyond a number by age and verdict; open
 * questions that have gone quiet expire, but no question is ever deleted, and no event of the audit trail.
 */
export const createRetention = ({
  context,
  log,
  retentionMs,
  foldWindowMs,
  maxAttempts = MAX_ATTEMPTS,
  maxPending = MAX_PENDING,
}: RetentionOptions): Retention => {
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
};
