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

export interface FloodRecorderOptions {
  readonly bounds: Omit<FloodLogOptions, 'onFlood'>;
  readonly log: ServiceLog;
  readonly usage: Pick<UsageCounter, 'count'>;
  /** Writes the row of a network; resolves when it is on disk, after `onWritten`. */
  readonly writeRow: (
    facts: AttemptFacts,
    at: number,
    network: Cidr,
    onWritten: (sight: FirstSeenOutcome) => void,
  ) => Promise<void>;
  /** Told of each row that has calls to write. */
  readonly onRepeat: (row: CountedRow) => void;
  /** Told of each call. */
  readonly onCounted: () => void;
}

const FLOOD_DETAIL =
  'The key is used from very many addresses. Until the hour is over the log has their networks instead of them.';

/** Also in a flood: the call brings a grant or a review, of which there are only so many, and the log says from where. */
const needsOwnRow = ({ policy, keyId, ip, reason }: AggregateKey): boolean =>
  grantSourceOf(reason) !== undefined ||
  (opensReview(reason) && policy.countingReview(ip, keyId) === undefined);

/** Logs the calls of a flood: towards the rows of their networks, and towards the reviews that count their addresses. */
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

  /** Rows that stand for networks. */
  get size(): number {
    return this.#floods.size;
  }

  /** Returns true if nothing is known of any key's hour. */
  get isEmpty(): boolean {
    return this.#floods.isEmpty;
  }

  /** Returns true if reviews have counted calls that are not on the disk yet. */
  get hasCounts(): boolean {
    return !this.#reviewCalls.isEmpty;
  }

  forgetOver(now: number): void {
    this.#floods.forgetOver(now);
  }

  /**
   * Takes note of a call that repeats none. In a flood it is logged by its network, whose row is on disk before the call is
   * answered; undefined where it needs a row of its own.
   */
  record(facts: AttemptFacts, now: number): Promise<LoggedCall> | undefined {
    const newAddresses = this.#floods.see(facts, now);
    if (newAddresses === undefined || needsOwnRow(facts)) return undefined;
    return this.#record(facts, newAddresses, now);
  }

  /**
   * The same at once where the row of the network is on disk; undefined where not. A flood consists of such calls, and an
   * asynchronous way takes longer and leaves half a kilobyte to the garbage collector.
   */
  count(facts: CountedCall, call: Pick<Call, 'original'>, now: number): LoggedCall | undefined {
    if (!this.#floods.isFlood(facts.keyId, now) || needsOwnRow(facts)) return undefined;
    const { row } = this.#floods.find(facts);
    if (row?.attemptId === undefined) return undefined;
    const newAddresses = this.#floods.see(facts, now) ?? 0;
    this.#repeat(row, now);
    return this.#counted(facts, () => call.original(), newAddresses, now);
  }

  /** Brings what reviews count to the disk. What could not be written is kept for the next time. */
  async flush(writer: Writer): Promise<void> {
    if (this.#reviewCalls.isEmpty) return;
    const calls = this.#reviewCalls;
    this.#reviewCalls = new ReviewCalls();
    try {
      await writer.write((write) => calls.write(write));
    } catch (error) {
      this.#reviewCalls.addOlder(calls);
      throw error;
    }
  }

  async #record(facts: AttemptFacts, newAddresses: number, now: number): Promise<LoggedCall> {
    const { network, row } = this.#floods.find(facts);
    if (row === undefined) await this.#firstOf(network, facts, now);
    else {
      await row.durable;
      this.#repeat(row, now);
    }
    return this.#counted(facts, () => facts, newAddresses, now);
  }

  #firstOf(network: Cidr, facts: AttemptFacts, now: number): Promise<void> {
    const row = new FloodRow(facts.policy.id, now);
    this.#floods.add(facts, network, row);
    row.durable = this.#options.writeRow(facts, now, network, (sight) => {
      if (sight.kind === 'written') row.attemptId = sight.attemptId;
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
