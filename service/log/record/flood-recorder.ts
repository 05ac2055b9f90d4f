import type { AttemptFacts, CountedCall, AggregateKey, LoggedCall } from '../../gate/call-log';
import type { Cidr } from '#shared/ip/index';
import { grantSourceOf, opensReview } from '../../enforcement/verdict';
import type { Call, OriginalRequest } from '../../gate/call';
import type { ServiceLog } from '../../service-log';
import type { Writer } from '../../storage/writer';
import type { FirstSeenOutcome } from './first-seen';
import { FloodLog, FloodRow, type FloodLogOptions } from './flood-log';
import type { CountedRow } from './aggregate';
import { callerOf, ReviewCalls } from './review-calls';
import type { UsageCounter } from './usage';

interface FloodRecorderOptions {
  readonly bounds: Omit<FloodLogOptions, 'onFlood'>;
  readonly log: ServiceLog;
  readonly usage: Pick<UsageCounter, 'count'>;
  /** Resolves when the row of the network is on disk, after `onWritten`. */
  readonly writeRow: (
    facts: AttemptFacts,
    at: number,
    network: Cidr,
    onWritten: (outcome: FirstSeenOutcome) => void,
  ) => Promise<void>;
  /** Called for each row that has calls to write. */
  readonly onRepeat: (row: CountedRow) => void;
  /** Called for each call. */
  readonly onCounted: () => void;
}

const FLOOD_DETAIL =
  'The key is used from very many addresses. Until the hour is over the log has their networks instead of them.';

/**
 * Calls that bring a grant or a review get their own row even in a flood. Their number is limited, and the log has to name
 * the address.
 */
function needsOwnRow({ policy, keyId, ip, reason }: AggregateKey): boolean {
  return (
    grantSourceOf(reason) !== undefined ||
    (opensReview(reason) && policy.countingReview(ip, keyId) === undefined)
  );
}

/** Logs the calls of a flood: they count towards the rows of their networks and towards their reviews. */
export class FloodRecorder {
  readonly #options: FloodRecorderOptions;
  readonly #floods: FloodLog;
  #reviewCalls = new ReviewCalls();

  constructor(options: FloodRecorderOptions) {
    this.#options = options;
    this.#floods = new FloodLog({
      ...options.bounds,
      onFlood: (keyId) => options.log.write('warn', 'log.flood', { keyId, detail: FLOOD_DETAIL }),
    });
  }

  get size(): number {
    return this.#floods.size;
  }

  get isEmpty(): boolean {
    return this.#floods.isEmpty;
  }

  /** Returns true if reviews have counted calls that are not on disk yet. */
  get hasCounts(): boolean {
    return !this.#reviewCalls.isEmpty;
  }

  forgetOver(now: number): void {
    this.#floods.forgetOver(now);
  }

  /**
   * Logs a call that repeats none, if its key is in a flood; the row of its network is on disk before the promise resolves.
   * Returns undefined where the call needs a row of its own.
   */
  record(facts: AttemptFacts, now: number, isGivenUp: () => boolean): Promise<LoggedCall> | undefined {
    const newAddresses = this.#floods.see(facts, now);
    if (newAddresses === undefined || needsOwnRow(facts)) return undefined;
    return this.#record(facts, newAddresses, now, isGivenUp);
  }

  /**
   * Counts a call of a flood synchronously if the row of its network is on disk, else returns undefined. Most calls of a
   * flood take this path, which makes no promise.
   */
  count(facts: CountedCall, call: Pick<Call, 'original'>, now: number): LoggedCall | undefined {
    if (!this.#floods.isFlood(facts, now) || needsOwnRow(facts)) return undefined;
    const { row } = this.#floods.find(facts);
    if (row?.attemptId === undefined) return undefined;
    const newAddresses = this.#floods.see(facts, now) ?? 0;
    this.#repeat(row, now);
    return this.#counted(facts, () => call.original(), newAddresses, now);
  }

  /** Writes what reviews have counted. Counts that could not be written are kept for the next flush. */
  async flush(writer: Writer): Promise<void> {
    if (this.#reviewCalls.isEmpty) return;
    const calls = this.#reviewCalls;
    this.#reviewCalls = new ReviewCalls();
    try {
      await writer.write((write) => calls.write(write), 'later');
    } catch (error) {
      this.#reviewCalls.addOlder(calls);
      throw error;
    }
  }

  async #record(
    facts: AttemptFacts,
    newAddresses: number,
    now: number,
    isGivenUp: () => boolean,
  ): Promise<LoggedCall> {
    const { network, row } = this.#floods.find(facts);
    if (row === undefined) await this.#firstOf(network, facts, now);
    else await row.durable;
    if (isGivenUp()) return { kind: 'logged', reviewId: null, rangeId: facts.rangeId };
    if (row !== undefined) this.#repeat(row, now);
    return this.#counted(facts, () => facts, newAddresses, now);
  }

  #firstOf(network: Cidr, facts: AttemptFacts, now: number): Promise<void> {
    const row = new FloodRow(facts.policy.id, now);
    this.#floods.add(facts, network, row);
    row.durable = this.#options.writeRow(facts, now, network, (outcome) => {
      if (outcome.kind === 'written') row.attemptId = outcome.attemptId;
      row.durable = undefined;
    });
    row.durable.catch(() => this.#floods.delete(facts, network));
    return row.durable;
  }

  #repeat(row: FloodRow, now: number): void {
    row.repeats += 1;
    row.lastAt = Math.max(row.lastAt, now);
    this.#options.onRepeat(row);
  }

  #counted(
    facts: CountedCall,
    original: () => OriginalRequest,
    newAddresses: number,
    now: number,
  ): LoggedCall {
    const { policy, ip, keyId, reason, rangeId } = facts;
    const review = opensReview(reason) ? policy.countingReview(ip, keyId) : undefined;
    if (review !== undefined) {
      this.#reviewCalls.add(review.id, policy.id, callerOf(ip, original(), now), now, newAddresses);
    }
    this.#options.usage.count(facts, rangeId, now);
    this.#options.onCounted();
    return { kind: 'logged', reviewId: review?.id ?? null, rangeId };
  }
}
