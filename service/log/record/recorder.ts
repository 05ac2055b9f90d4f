import type {
  AttemptFacts,
  CachedVerdict,
  CallLog,
  CountedCall,
  AggregateKey,
  Logged,
  LoggedCall,
} from '../../gate/call-log';
import { opensReview } from '../../enforcement/verdict';
import type { Clock } from '../../runtime/clock';
import { createWorkLoop, type WorkLoop } from '../../runtime/work-loop';
import type { KnownSecret } from '../../policy/policy';
import type { Call, CallVerdict } from '../../gate/call';
import type { Aggregate } from './aggregate';
import { AggregateTable } from './aggregate-table';
import type { FloodLogOptions } from './flood-log';
import { FloodRecorder } from './flood-recorder';
import { FirstSeenQueue, type FirstSeenQueueOptions } from './first-seen-queue';
import { RepeatCounter } from './repeat-counter';
import { UsageCounter } from './usage';
import { VerdictCache } from './verdict-cache';

export interface RecorderOptions extends FirstSeenQueueOptions {
  readonly clock: Clock;
  readonly foldWindowMs: number;
  readonly flushAfterMs?: number;
  readonly usageEveryMs?: number;
  /** Open folds kept in memory; beyond it the oldest are closed early, which costs a row more, never a sight less. */
  readonly maxFolds?: number;
  /** Addresses of a key that are logged one by one within an hour, and networks that are then; see {@link FloodLog}. */
  readonly floods?: Omit<FloodLogOptions, 'onFlood'>;
}

/** From a repeat to the flush that brings it to the disk. The contract gives both one second; the flush has what is left. */
const FLUSH_AFTER_MS = 700;
/**
 * From one flush of uses to the next. A busy range would else be new in every console's feed with each flush, and cost as much
 * again as the log.
 */
const USAGE_EVERY_MS = 5_000;
/** From one look for folds whose window is over to the next, while no flush looks for them. */
const FORGET_EVERY_MS = 60_000;
const MAX_FOLDS = 200_000;

const FULL_DETAIL =
  'The key is used from so many networks that no more are authorized by themselves; calls from others are blocked and asked about.';

/**
 * Writes the log. The first sight of an (address, key, verdict, reason) is on disk before `record` resolves; first
 * sights that arrive together share one transaction. Repeats within the fold window only count in memory and reach
 * the disk with the next flush.
 */
export class Recorder implements CallLog {
  readonly #options: Required<RecorderOptions>;
  readonly #folds = new AggregateTable();
  readonly #floods: FloodRecorder;
  readonly #repeats = new RepeatCounter();
  readonly #firstSeen: FirstSeenQueue;
  readonly #verdicts = new VerdictCache(this.#folds);
  readonly #usage = new UsageCounter();
  #usageFlushedAt = -Infinity;
  readonly #flushLoop: WorkLoop;
  readonly #forgetLoop: WorkLoop;

  constructor(options: RecorderOptions) {
    this.#options = {
      flushAfterMs: FLUSH_AFTER_MS,
      usageEveryMs: USAGE_EVERY_MS,
      maxFolds: MAX_FOLDS,
      floods: {},
      ...options,
    };
    this.#firstSeen = new FirstSeenQueue(options);
    this.#floods = new FloodRecorder({
      bounds: this.#options.floods,
      log: options.log,
      usage: this.#usage,
      writeRow: (facts, firstAt, network, onWritten) =>
        this.#firstSeen.write({ facts, firstAt, network, onWritten }),
      onRepeat: (row) => this.#repeats.add(row),
      onCounted: () => this.#flushSoon(),
    });
    // Where nothing is counted, neither loop wakes the process.
    const onError = (error: unknown): void => options.log.write('error', 'log.flush_failed', { error });
    this.#flushLoop = createWorkLoop({ work: () => this.#flushWhatIsDue(), onError });
    this.#forgetLoop = createWorkLoop({
      work: () => {
        this.#forgetClosedFolds();
        if (this.#folds.size > 0 || !this.#floods.isEmpty) this.#forgetLoop.wake(FORGET_EVERY_MS);
        return Promise.resolve();
      },
      onError,
    });
  }

  start(): void {
    this.#flushLoop.start();
    this.#forgetLoop.start();
  }

  /** Writes what is still in memory and ends. */
  async stop(): Promise<void> {
    await this.#forgetLoop.stop();
    await this.#flushLoop.stop();
    await this.flush();
  }

  /**
   * Logs one call, with the grant or the question that comes with it.
   * @throws when the first sight could not be written: the caller must not let the call in.
   */
  async record(facts: AttemptFacts): Promise<Logged> {
    const now = this.#options.clock.now();
    const fold = this.#openFold(facts, now);
    if (fold === undefined) {
      const inFlood = this.#floods.record(facts, now);
      if (inFlood !== undefined) return inFlood;
    } else {
      this.#countRepeat(fold, now);
      await fold.durable;
    }
    const logged = fold ?? (await this.#firstSight(facts, now));
    if (logged.overtaken) return { kind: 'overtaken' };
    // Not before: a call that could not be logged is not let in.
    return this.#counted(facts, logged, now);
  }

  /** The verdict on a call that repeats one whose verdict holds, which is counted; undefined for any other call. */
  cachedVerdict(secret: KnownSecret, ip: string, now: number): CallVerdict | undefined {
    const found = this.#verdicts.find(secret, ip, now);
    if (found === undefined) return undefined;
    this.#countRepeat(found.fold, now);
    this.#countUse(found.fold.facts, found.verdict.rangeId, now);
    return found.verdict;
  }

  /** Keeps the verdict for calls that repeat this one while their fold is open. */
  cacheVerdict(facts: AggregateKey, cached: CachedVerdict): void {
    const fold = this.#openFold(facts, cached.since);
    if (fold === undefined) return;
    const until = Math.min(cached.until, fold.firstAt + this.#options.foldWindowMs);
    fold.cached = { ...cached, until };
  }

  /** Counts a call at once if it repeats one that is on disk already; undefined where it has to be recorded. */
  repeat(facts: AggregateKey & Pick<AttemptFacts, 'rangeId'>, now: number): LoggedCall | undefined {
    const fold = this.#openFold(facts, now);
    if (fold?.attemptId === undefined) return undefined;
    this.#countRepeat(fold, now);
    return this.#counted(facts, fold, now);
  }

  /** Counts a call of a flood at once where the row of its network is on disk; undefined where it has to be recorded. */
  countInFlood(facts: CountedCall, call: Pick<Call, 'original'>, now: number): LoggedCall | undefined {
    return this.#floods.count(facts, call, now);
  }

  /**
   * The answer to a call that is logged. Its range is the one that decided this call, which need not be the one that
   * decided the first call of the fold; a grant is known to the fold alone.
   */
  #counted(facts: AggregateKey & Pick<AttemptFacts, 'rangeId'>, fold: Aggregate, now: number): LoggedCall {
    const rangeId = facts.rangeId ?? fold.rangeId;
    this.#countUse(facts, rangeId, now);
    return { kind: 'logged', reviewId: fold.reviewId, rangeId };
  }

  #countRepeat(fold: Aggregate, now: number): void {
    fold.repeats += 1;
    fold.lastAt = Math.max(fold.lastAt, now);
    this.#repeats.add(fold);
    this.#flushSoon();
  }

  #countUse(facts: AggregateKey, rangeId: string | null, now: number): void {
    this.#usage.count(facts, rangeId, now);
    this.#flushSoon();
  }

  /** Whether a call with this verdict would only be counted as a repeat. */
  isRepeat(facts: AggregateKey): boolean {
    return this.#openFold(facts, this.#options.clock.now()) !== undefined;
  }

  /** What is in memory: first sights that wait for the disk, open folds, folds with repeats to write. */
  get lengths(): { readonly firstSights: number; readonly folds: number; readonly repeats: number } {
    return {
      firstSights: this.#firstSeen.length,
      folds: this.#folds.size + this.#floods.size,
      repeats: this.#repeats.size,
    };
  }

  /** Brings every repeat and every use counted so far to the disk. */
  async flush(): Promise<void> {
    await this.#flushRepeats();
    await this.#usage.flush(this.#options.writer);
  }

  async #flushRepeats(): Promise<void> {
    await this.#repeats.flush(this.#options.writer);
    await this.#floods.flush(this.#options.writer);
  }

  /** A use that comes after a pause is written with the next flush, others together with those that follow. */
  async #flushUsageIfDue(): Promise<void> {
    const now = performance.now();
    if (now - this.#usageFlushedAt < this.#options.usageEveryMs || this.#usage.isEmpty) return;
    this.#usageFlushedAt = now;
    await this.#usage.flush(this.#options.writer);
  }

  /** The fold that this call belongs to, unless its window is over or its question was answered meanwhile. */
  #openFold(facts: AggregateKey, now: number): Aggregate | undefined {
    const fold = this.#folds.get(facts.keyId, facts.ip, facts.verdict, facts.reason);
    if (fold === undefined || now >= fold.firstAt + this.#options.foldWindowMs) return undefined;
    if (fold.attemptId !== undefined && opensReview(facts.reason)) {
      const counting = facts.policy.countingReview(facts.ip, facts.keyId);
      if (counting === undefined || counting.id !== fold.reviewId) return undefined;
    }
    return fold;
  }

  async #firstSight(facts: AttemptFacts, now: number): Promise<Aggregate> {
    const { log } = this.#options;
    const { policy, keyId, ip, verdict, reason } = facts;
    const fold: Aggregate = {
      facts: { policy, keyId, ip, verdict, reason },
      accountId: policy.id,
      firstAt: now,
      attemptId: undefined,
      reviewId: null,
      rangeId: facts.rangeId,
      overtaken: false,
      durable: this.#firstSeen.write({
        facts,
        firstAt: now,
        network: undefined,
        onWritten: (sight) => {
          if (sight.kind === 'overtaken') {
            if (sight.isFull === true) log.write('warn', 'grants.full', { keyId, detail: FULL_DETAIL });
            fold.overtaken = true;
            this.#forget(fold);
            return;
          }
          fold.attemptId = sight.attemptId;
          fold.reviewId = sight.reviewId;
          fold.rangeId = sight.rangeId;
        },
      }),
      repeats: 0,
      lastAt: now,
      cached: undefined,
    };
    this.#makeRoom();
    this.#folds.add(fold);
    this.#forgetLoop.wake(FORGET_EVERY_MS);
    fold.durable.catch(() => this.#forget(fold));
    await fold.durable;
    return fold;
  }

  #forget(fold: Aggregate): void {
    this.#folds.delete(fold);
    this.#repeats.delete(fold);
  }

  /** Closes the oldest folds while there are too many. Their repeats, if any, are in `#repeats` and still reach the disk. */
  #makeRoom(): void {
    const { maxFolds } = this.#options;
    this.#folds.deleteWhile((fold) => this.#folds.size >= maxFolds && fold.attemptId !== undefined);
  }

  #forgetClosedFolds(): void {
    const closedBefore = this.#options.clock.now() - this.#options.foldWindowMs;
    this.#folds.deleteWhile((fold) => fold.firstAt <= closedBefore);
    this.#floods.forgetOver(this.#options.clock.now());
  }

  /** Sees to it that what was counted is on the disk in time. */
  #flushSoon(): void {
    this.#flushLoop.wake(this.#options.flushAfterMs);
  }

  async #flushWhatIsDue(): Promise<void> {
    try {
      await this.#flushRepeats();
      await this.#flushUsageIfDue();
    } finally {
      this.#forgetClosedFolds();
      // What failed, what waits for its first row, and uses that are not due yet.
      if (this.#repeats.size > 0 || this.#floods.hasCounts || !this.#usage.isEmpty) this.#flushSoon();
    }
  }
}
