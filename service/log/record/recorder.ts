import { MINUTE_MS, SECOND_MS } from '#shared/durations';
import type {
  AttemptFacts,
  CachedVerdict,
  CallLog,
  CountedCall,
  AggregateKey,
  Logged,
  LoggedCall,
} from '../../gate/call-log';
import type { Clock } from '../../runtime/clock';
import { createWorkLoop, type WorkLoop } from '../../runtime/work-loop';
import { createIdFactory, type IdFactory } from '../../runtime/ids';
import { oncePerMinute } from '../../service-log';
import type { KnownSecret } from '../../policy/policy-directory';
import type { Call, CallVerdict } from '../../gate/call';
import { newAggregate, spooledAggregate, type Aggregate } from './aggregate';
import type { Spool } from '../../storage/spool';
import type { FloodLogOptions } from './flood-log';
import { FloodRecorder } from './flood-recorder';
import { FirstSeenQueue, type FirstSeenQueueOptions } from './first-seen-queue';
import { HabitCounter } from './habit-counter';
import { OpenAggregates } from './open-aggregates';
import { RepeatCounter } from './repeat-counter';
import { UsageCounter } from './usage';
import { findCached } from './verdict-cache';

export interface RecorderOptions extends FirstSeenQueueOptions {
  readonly clock: Clock;
  readonly foldWindowMs: number;
  readonly flushAfterMs?: number;
  readonly usageEveryMs?: number;
  /** Limit of open aggregates in memory. Beyond it the oldest are closed early, which costs additional rows but loses no call. */
  readonly maxAggregates?: number;
  /** Takes calls while the database is away; undefined where there is no other place for them. */
  readonly spool?: Pick<Spool, 'append'> | undefined;
  /** Limits of addresses and networks of a key within an hour; see {@link FloodLog}. */
  readonly floods?: Omit<FloodLogOptions, 'onFlood'>;
}

/** Repeats are on disk within a second (docs/behaviour.md 1.9.2); the rest of it is left for the write itself. */
const FLUSH_AFTER_MS = 700;
/** Uses are written less often than repeats, because each flush sends every busy range to every console again. */
const USAGE_EVERY_MS = 5 * SECOND_MS;
/** Closed aggregates are forgotten this often while no flush does it. */
const FORGET_EVERY_MS = MINUTE_MS;
const MAX_AGGREGATES = 200_000;

const FULL_DETAIL =
  'The key is used from so many networks that no more are authorized by themselves; calls from others are blocked and asked about.';

/**
 * Writes the log. The first call of a row is on disk before `record` resolves; first calls that arrive together share one
 * transaction. Repeats within the aggregation window are counted in memory until the next flush.
 */
export class Recorder implements CallLog {
  readonly #options: Required<RecorderOptions>;
  readonly #aggregates: OpenAggregates;
  readonly #floods: FloodRecorder;
  readonly #repeats = new RepeatCounter();
  readonly #firstSeen: FirstSeenQueue;
  readonly #usage = new UsageCounter();
  readonly #habits = new HabitCounter();
  #usageFlushedAt = -Infinity;
  readonly #newId: IdFactory;
  readonly #flushLoop: WorkLoop;
  readonly #forgetLoop: WorkLoop;

  constructor(options: RecorderOptions) {
    this.#newId = createIdFactory(options.clock);
    this.#options = {
      flushAfterMs: FLUSH_AFTER_MS,
      usageEveryMs: USAGE_EVERY_MS,
      maxAggregates: MAX_AGGREGATES,
      floods: {},
      spool: undefined,
      ...options,
    };
    this.#aggregates = new OpenAggregates({
      ...this.#options,
      onDropped: (aggregate) => this.#repeats.delete(aggregate),
    });
    // What a trouble of the database repeats with every call.
    const repeatedLog = oncePerMinute(options.log);
    this.#firstSeen = new FirstSeenQueue({ ...options, log: repeatedLog });
    this.#floods = new FloodRecorder({
      bounds: this.#options.floods,
      log: options.log,
      usage: this.#usage,
      writeRow: (facts, firstAt, network, onWritten) =>
        // Others count towards the row of their network, so that it is written whatever became of its first call.
        this.#firstSeen.write({
          ...{ id: this.#newId(), facts, firstAt, network, onWritten },
          isGivenUp: () => false,
        }),
      onRepeat: (row) => this.#repeats.add(row),
      onCounted: () => this.#flushSoon(),
    });
    // Neither loop wakes the process while nothing is counted.
    const onError = (error: unknown): void => repeatedLog.write('error', 'log.flush_failed', { error });
    this.#flushLoop = createWorkLoop({ work: () => this.#flushWhatIsDue(), onError });
    this.#forgetLoop = createWorkLoop({
      work: () => {
        this.#forgetClosed();
        if (this.#aggregates.size > 0 || !this.#floods.isEmpty) this.#forgetLoop.wake(FORGET_EVERY_MS);
        return Promise.resolve();
      },
      onError,
    });
  }

  start(): void {
    this.#flushLoop.start();
    this.#forgetLoop.start();
  }

  /** Writes all counts that are still in memory, and stops. */
  async stop(): Promise<void> {
    await this.#forgetLoop.stop();
    await this.#flushLoop.stop();
    await this.flush();
  }

  async record(facts: AttemptFacts, isGivenUp = () => false): Promise<Logged> {
    const now = this.#options.clock.now();
    const aggregate = this.#aggregates.inDatabase(facts, now);
    if (aggregate === undefined) {
      const inFlood = this.#floods.record(facts, now, isGivenUp);
      if (inFlood !== undefined) return inFlood;
    } else {
      await aggregate.durable;
    }
    const logged = aggregate ?? (await this.#writeFirstSeen(facts, now, isGivenUp));
    if (logged.overtaken) return { kind: 'overtaken' };
    if (isGivenUp()) return { kind: 'logged', reviewId: logged.reviewId, rangeId: logged.rangeId };
    // The call is counted only after its row is on disk, because a call that could not be logged is not let in.
    if (aggregate !== undefined) this.#countRepeat(aggregate, now);
    return this.#counted(facts, logged, now);
  }

  async recordAway(facts: AttemptFacts): Promise<LoggedCall> {
    const now = this.#options.clock.now();
    const repeated = this.#aggregates.inSpool(facts, now);
    if (repeated !== undefined) this.#countRepeat(repeated, now);
    const aggregate = repeated ?? this.#spoolFirst(facts, now);
    await aggregate.durable;
    return this.#counted(facts, aggregate, now);
  }

  cachedVerdict(secret: KnownSecret, ip: string, now: number): CallVerdict | undefined {
    const found = findCached(this.#aggregates, secret, ip, now);
    if (found === undefined) return undefined;
    const { aggregate, cached } = found;
    this.#countRepeat(aggregate, now);
    this.#countUse(aggregate.facts, cached.verdict.rangeId, now);
    return cached.verdict;
  }

  cacheVerdict(facts: AggregateKey, cached: CachedVerdict): void {
    const aggregate = this.#aggregates.inDatabase(facts, cached.since);
    if (aggregate === undefined) return;
    const until = Math.min(cached.until, aggregate.firstAt + this.#options.foldWindowMs);
    aggregate.cached = { ...cached, until };
  }

  repeat(facts: AggregateKey & Pick<AttemptFacts, 'rangeId'>, now: number): LoggedCall | undefined {
    const aggregate = this.#aggregates.inDatabase(facts, now);
    if (aggregate?.attemptId === undefined) return undefined;
    this.#countRepeat(aggregate, now);
    return this.#counted(facts, aggregate, now);
  }

  countInFlood(facts: CountedCall, call: Pick<Call, 'original'>, now: number): LoggedCall | undefined {
    return this.#floods.count(facts, call, now);
  }

  /** The range is that of this call, which may differ from that of the row's first call. A grant is known to the row alone. */
  #counted(
    facts: AggregateKey & Pick<AttemptFacts, 'rangeId'>,
    aggregate: Aggregate,
    now: number,
  ): LoggedCall {
    const rangeId = facts.rangeId ?? aggregate.rangeId;
    this.#countUse(facts, rangeId, now);
    return { kind: 'logged', reviewId: aggregate.reviewId, rangeId };
  }

  #countRepeat(aggregate: Aggregate, now: number): void {
    aggregate.repeats += 1;
    aggregate.lastAt = Math.max(aggregate.lastAt, now);
    this.#repeats.add(aggregate);
    this.#flushSoon();
  }

  #countUse(facts: AggregateKey, rangeId: string | null, now: number): void {
    this.#usage.count(facts, rangeId, now);
    this.#flushSoon();
  }

  isRepeat(facts: AggregateKey): boolean {
    return this.#aggregates.inDatabase(facts, this.#options.clock.now()) !== undefined;
  }

  /** Number of first calls that wait for the disk, of open aggregates, and of aggregates with repeats to write. */
  get lengths(): { readonly firstSeen: number; readonly aggregates: number; readonly repeats: number } {
    return {
      firstSeen: this.#firstSeen.length,
      aggregates: this.#aggregates.size + this.#floods.size,
      repeats: this.#repeats.size,
    };
  }

  async flush(): Promise<void> {
    await this.#flushRepeats();
    await this.#usage.flush(this.#options.writer);
    await this.#habits.flush(this.#options.writer);
  }

  async #flushRepeats(): Promise<void> {
    await this.#repeats.flush(this.#options);
    await this.#floods.flush(this.#options.writer);
  }

  get #hasUsage(): boolean {
    return !this.#usage.isEmpty || !this.#habits.isEmpty;
  }

  /** A use after a pause is written with the next flush; more frequent ones are gathered. */
  async #flushUsageIfDue(): Promise<void> {
    const now = performance.now();
    if (now - this.#usageFlushedAt < this.#options.usageEveryMs || !this.#hasUsage) return;
    this.#usageFlushedAt = now;
    await this.#usage.flush(this.#options.writer);
    await this.#habits.flush(this.#options.writer);
  }

  async #writeFirstSeen(facts: AttemptFacts, now: number, isGivenUp: () => boolean): Promise<Aggregate> {
    const { log } = this.#options;
    const rowId = this.#newId();
    const aggregate: Aggregate = {
      ...newAggregate(facts, rowId, now),
      durable: this.#firstSeen.write({
        id: rowId,
        facts,
        firstAt: now,
        network: undefined,
        isGivenUp,
        onWritten: (outcome) => {
          if (outcome.kind === 'overtaken') {
            if (outcome.isFull === true) {
              log.write('warn', 'grants.full', { keyId: facts.keyId, detail: FULL_DETAIL });
            }
            aggregate.overtaken = true;
            this.#aggregates.drop(aggregate);
            return;
          }
          aggregate.attemptId = outcome.attemptId;
          aggregate.reviewId = outcome.reviewId;
          aggregate.rangeId = outcome.rangeId;
          this.#habits.count(facts, outcome.rangeId, now);
        },
      }),
    };
    this.#open(aggregate);
    await aggregate.durable;
    return aggregate;
  }

  #spoolFirst(facts: AttemptFacts, now: number): Aggregate {
    // A write that was too late for this call may still succeed, and must not become a second row.
    const rowId = this.#aggregates.unwritten(facts)?.rowId ?? this.#newId();
    return this.#open(spooledAggregate(this.#options.spool, facts, rowId, now));
  }

  #open(aggregate: Aggregate): Aggregate {
    this.#aggregates.add(aggregate);
    this.#forgetLoop.wake(FORGET_EVERY_MS);
    return aggregate;
  }

  #forgetClosed(): void {
    const now = this.#options.clock.now();
    this.#aggregates.forgetClosed(now);
    this.#floods.forgetOver(now);
  }

  #flushSoon(): void {
    this.#flushLoop.wake(this.#options.flushAfterMs);
  }

  async #flushWhatIsDue(): Promise<void> {
    try {
      await this.#flushRepeats();
      await this.#flushUsageIfDue();
    } finally {
      this.#forgetClosed();
      // Left are failed writes, repeats whose first row is not written yet, and uses that are not due yet.
      if (this.#repeats.size > 0 || this.#floods.hasCounts || this.#hasUsage) this.#flushSoon();
    }
  }
}
