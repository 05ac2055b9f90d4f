import { opensReview } from '../../enforcement/verdict';
import type { AggregateKey } from '../../gate/call-log';
import type { Aggregate } from './aggregate';
import { AggregateTable } from './aggregate-table';

interface OpenAggregatesOptions {
  readonly foldWindowMs: number;
  readonly maxAggregates: number;
  /** Called with an aggregate whose row is not on disk and never will be. */
  readonly onDropped: (aggregate: Aggregate) => void;
}

/** The aggregates that further calls may count towards. */
export class OpenAggregates {
  readonly #options: OpenAggregatesOptions;
  readonly #table = new AggregateTable();

  constructor(options: OpenAggregatesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#table.size;
  }

  of(keyId: string, ip: string): readonly Aggregate[] | undefined {
    return this.#table.of(keyId, ip);
  }

  /** Returns the open aggregate of the call in the database, unless its review was answered meanwhile. */
  inDatabase(facts: AggregateKey, now: number): Aggregate | undefined {
    const aggregate = this.#open(facts, now);
    if (aggregate === undefined || aggregate.spooledAs !== undefined) return undefined;
    if (aggregate.attemptId !== undefined && opensReview(facts.reason)) {
      const counting = facts.policy.countingReview(facts.ip, facts.keyId);
      if (counting === undefined || counting.id !== aggregate.reviewId) return undefined;
    }
    return aggregate;
  }

  /** Returns the open aggregate of the call in the spool. */
  inSpool(facts: AggregateKey, now: number): Aggregate | undefined {
    const aggregate = this.#open(facts, now);
    return aggregate?.spooledAs === undefined ? undefined : aggregate;
  }

  /** Returns the aggregate of the call, however old, whose row is not on disk yet. */
  unwritten(facts: AggregateKey): Aggregate | undefined {
    const aggregate = this.#table.get(facts);
    return aggregate?.attemptId === undefined ? aggregate : undefined;
  }

  add(aggregate: Aggregate): void {
    this.#makeRoom();
    this.#table.add(aggregate);
    aggregate.durable.catch(() => this.drop(aggregate));
  }

  /** Forgets an aggregate whose row was not written. */
  drop(aggregate: Aggregate): void {
    this.#table.delete(aggregate);
    this.#options.onDropped(aggregate);
  }

  forgetClosed(now: number): void {
    const closedBefore = now - this.#options.foldWindowMs;
    this.#table.deleteWhile((aggregate) => aggregate.firstAt <= closedBefore);
  }

  #open(facts: AggregateKey, now: number): Aggregate | undefined {
    const aggregate = this.#table.get(facts);
    if (aggregate === undefined || now >= aggregate.firstAt + this.#options.foldWindowMs) return undefined;
    // In another history the row may be lost.
    return aggregate.history === facts.policy.history ? aggregate : undefined;
  }

  /** Closes the oldest aggregates while there are too many. Their repeats are counted elsewhere and still reach the disk. */
  #makeRoom(): void {
    this.#table.deleteWhile(
      ({ attemptId }) => this.#table.size >= this.#options.maxAggregates && attemptId !== undefined,
    );
  }
}
