import type { CachedVerdict, AggregateKey } from '../../gate/call-log';

/** A row of the log with the calls that it has to count. */
export interface CountedRow {
  readonly accountId: string;
  /** Known once the row is on disk. */
  readonly attemptId: string | undefined;
  /** The review that counts its calls too. */
  readonly reviewId: string | null;
  /** Calls since the last flush. */
  repeats: number;
  readonly lastAt: number;
}

/** A row of the log whose window is still open. */
export interface Aggregate extends CountedRow {
  /** No more than what tells it from others: tens of thousands are open in a busy minute. */
  readonly facts: AggregateKey;
  readonly firstAt: number;
  attemptId: string | undefined;
  reviewId: string | null;
  rangeId: string | null;
  /** Set when the policy had changed under the verdict: nothing was written, and its callers ask anew. */
  overtaken: boolean;
  /** Settles when the row is on disk, or could not be written. */
  readonly durable: Promise<void>;
  lastAt: number;
  cached: CachedVerdict | undefined;
}
