import { opensReview } from '../enforcement/verdict';
import type { Clock } from '../clock';
import type { ServiceLog } from '../service-log';
import type { Writer } from '../storage/writer';
import type { AttemptFacts } from './attempt-facts';
import { writeFirstSight } from './first-sight';
import { UsageCounter } from './usage';

/** A row of the log whose window is still open. */
interface Fold {
  readonly facts: AttemptFacts;
  readonly firstAt: number;
  /** Known once the row is on disk. */
  attemptId: string | undefined;
  reviewId: string | null;
  /** Settles when the row is on disk, or could not be written. */
  readonly durable: Promise<void>;
  /** Calls since the last flush. */
  repeats: number;
  lastAt: number;
}

interface Waiting {
  readonly fold: Fold;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface RecorderOptions {
  readonly writer: Writer;
  readonly clock: Clock;
  readonly log: ServiceLog;
  readonly foldWindowMs: number;
  /** How often repeats reach the disk; the contract says within a second. */
  readonly flushIntervalMs?: number;
  /** Open folds kept in memory; beyond it the oldest are closed early, which costs a row more, never a sight less. */
  readonly maxFolds?: number;
}

const FLUSH_INTERVAL_MS = 500;
const MAX_FOLDS = 200_000;

/**
 * Writes the log. The first sight of an (address, key, verdict, reason) is on disk before `record` resolves; first
 * sights that arrive together share one transaction. Repeats within the fold window only count in memory and reach
 * the disk with the next flush.
 */
export class Recorder {
  readonly #options: Required<RecorderOptions>;
  readonly #folds = new Map<string, Fold>();
  readonly #dirty = new Set<Fold>();
  readonly #usage = new UsageCounter();
  #waiting: Waiting[] = [];
  #commitScheduled = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: RecorderOptions) {
    this.#options = { flushIntervalMs: FLUSH_INTERVAL_MS, maxFolds: MAX_FOLDS, ...options };
  }

  start(): void {
    this.#timer = setTimeout(() => void this.#tick(), this.#options.flushIntervalMs);
    this.#timer.unref();
  }

  /** Writes what is still in memory and ends. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.flush();
  }

  /**
   * Logs one call. Answers the review that the call belongs to, if it asks an administrator.
   * @throws when the first sight could not be written: the caller must not let the call in.
   */
  async record(facts: AttemptFacts): Promise<{ readonly reviewId: string | null }> {
    const now = this.#options.clock.now();
    const fold = this.#openFold(facts, now);
    if (fold !== undefined) {
      fold.repeats += 1;
      fold.lastAt = now;
      this.#dirty.add(fold);
      await fold.durable;
    }
    const logged = fold ?? (await this.#firstSight(facts, now));
    // Not before: a call that could not be logged is not let in.
    this.#usage.count(facts, now);
    return logged;
  }

  /** Brings every repeat counted so far to the disk. */
  async flush(): Promise<void> {
    // A fold whose first row is still on its way keeps its repeats for the next flush.
    const folds = [...this.#dirty].filter((fold) => fold.attemptId !== undefined);
    for (const fold of folds) this.#dirty.delete(fold);
    const usage = this.#usage.take();
    if (folds.length === 0 && usage.isEmpty) return;
    // Counts are taken before the write and given back if it fails: nothing is lost, nothing counted twice.
    const counts = folds.map((fold) => ({ fold, repeats: fold.repeats, lastAt: fold.lastAt }));
    for (const fold of folds) fold.repeats = 0;
    try {
      await this.#options.writer.write(async (write) => {
        for (const { fold, repeats, lastAt } of counts) {
          const accountId = fold.facts.policy.id;
          if (fold.attemptId === undefined || repeats === 0) continue;
          const { tx } = write;
          await tx.attempts.addRepeats(
            accountId,
            fold.attemptId,
            repeats,
            lastAt,
            await write.nextSeq(accountId),
          );
          if (fold.reviewId !== null) {
            await tx.reviews.raiseCount(
              accountId,
              fold.reviewId,
              repeats,
              lastAt,
              await write.nextSeq(accountId),
            );
          }
        }
        await usage.write(write);
      });
    } catch (error) {
      for (const { fold, repeats } of counts) {
        fold.repeats += repeats;
        this.#dirty.add(fold);
      }
      this.#usage.giveBack(usage);
      throw error;
    }
  }

  /** The fold that this call belongs to, unless its window is over or its question was answered meanwhile. */
  #openFold(facts: AttemptFacts, now: number): Fold | undefined {
    const fold = this.#folds.get(foldKey(facts));
    if (fold === undefined || now >= fold.firstAt + this.#options.foldWindowMs) return undefined;
    if (fold.attemptId !== undefined && opensReview(facts.reason)) {
      const standing = facts.policy.standingReview(facts.ip, facts.keyId);
      if (standing === undefined || standing.id !== fold.reviewId) return undefined;
    }
    return fold;
  }

  async #firstSight(facts: AttemptFacts, now: number): Promise<Fold> {
    const { promise, resolve, reject } = withResolvers();
    const fold: Fold = {
      facts,
      firstAt: now,
      attemptId: undefined,
      reviewId: null,
      durable: promise,
      repeats: 0,
      lastAt: now,
    };
    this.#makeRoom();
    const key = foldKey(facts);
    // Deleted first, so that the map's order stays the order of age.
    this.#folds.delete(key);
    this.#folds.set(key, fold);
    this.#waiting.push({ fold, resolve, reject });
    if (!this.#commitScheduled) {
      this.#commitScheduled = true;
      setImmediate(() => void this.#commitWaiting());
    }
    await promise;
    return fold;
  }

  /** Writes all first sights that are waiting in one transaction; those that arrive meanwhile share the next. */
  async #commitWaiting(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#commitScheduled = false;
    try {
      await this.#options.writer.write(async (write) => {
        const opened = new Map<string, string>();
        for (const { fold } of batch) {
          const { attemptId, reviewId } = await writeFirstSight(write, fold.facts, fold.firstAt, opened);
          write.afterCommit(() => {
            fold.attemptId = attemptId;
            fold.reviewId = reviewId;
          });
        }
      });
      for (const { resolve } of batch) resolve();
    } catch (error) {
      this.#options.log.write('error', 'log.write_failed', { error });
      for (const { fold, reject } of batch) {
        if (this.#folds.get(foldKey(fold.facts)) === fold) this.#folds.delete(foldKey(fold.facts));
        this.#dirty.delete(fold);
        reject(error);
      }
    }
  }

  #makeRoom(): void {
    for (const [key, fold] of this.#folds) {
      if (this.#folds.size < this.#options.maxFolds) return;
      // Its repeats, if any, are in `#dirty` and still reach the disk.
      if (fold.attemptId !== undefined) this.#folds.delete(key);
    }
  }

  #forgetClosedFolds(): void {
    const closedBefore = this.#options.clock.now() - this.#options.foldWindowMs;
    for (const [key, fold] of this.#folds) {
      if (fold.firstAt > closedBefore) return;
      this.#folds.delete(key);
    }
  }

  async #tick(): Promise<void> {
    try {
      await this.flush();
      this.#forgetClosedFolds();
    } catch (error) {
      this.#options.log.write('error', 'log.flush_failed', { error });
    }
    if (!this.#stopped) this.start();
  }
}

const foldKey = ({ policy, keyId, ip, verdict, reason }: AttemptFacts): string =>
  `${policy.id} ${keyId} ${ip} ${verdict} ${reason}`;

const withResolvers = () => {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
};
