import type { Verdict } from '#shared/domain/entities';
import type { AggregateKey, AttemptFacts, CachedVerdict } from '../../gate/call-log';
import type { Spool } from '../../storage/spool';
import { spooledCallOf } from './spool-entry';

/** A row of the log whose further calls are counted in memory. */
export interface CountedRow {
  readonly accountId: string;
  /** Undefined until the row is on disk. */
  readonly attemptId: string | undefined;
  /** The verdict of a row that waits in the spool; undefined for one in the database. */
  readonly spooledAs: Verdict | undefined;
  /** The review that counts the same calls. */
  readonly reviewId: string | null;
  /** Calls since the last flush. */
  repeats: number;
  readonly lastAt: number;
}

/** A row of the log whose aggregation window is open. */
export interface Aggregate extends CountedRow {
  /** Only the identifying fields, because tens of thousands of aggregates are open in a busy minute. */
  readonly facts: AggregateKey;
  readonly firstAt: number;
  /** The policy's `history` when the row was written. In another one the row may be lost. */
  readonly history: number;
  /** The id of the row, before it is on disk. */
  readonly rowId: string;
  attemptId: string | undefined;
  reviewId: string | null;
  rangeId: string | null;
  /** True if the policy changed under the verdict: nothing was written, and the call is decided again. */
  overtaken: boolean;
  /** Settles when the row is on disk, or could not be written. */
  readonly durable: Promise<void>;
  lastAt: number;
  cached: CachedVerdict | undefined;
}

/** Returns the aggregate of a first call whose row is not on disk yet. */
export function newAggregate(
  { policy, keyId, ip, verdict, reason, wouldBe, rangeId }: AttemptFacts,
  rowId: string,
  now: number,
): Omit<Aggregate, 'durable'> {
  return {
    facts: { policy, keyId, ip, verdict, reason, wouldBe },
    accountId: policy.id,
    firstAt: now,
    history: policy.history,
    rowId,
    attemptId: undefined,
    spooledAs: undefined,
    reviewId: null,
    rangeId,
    overtaken: false,
    repeats: 0,
    lastAt: now,
    cached: undefined,
  };
}

/** Begins the row of a call in the spool, and returns its aggregate. */
export function spooledAggregate(
  spool: Pick<Spool, 'append'> | undefined,
  facts: AttemptFacts,
  rowId: string,
  now: number,
): Aggregate {
  if (spool === undefined) throw new Error('there is no spool');
  return {
    ...newAggregate(facts, rowId, now),
    attemptId: rowId,
    spooledAs: facts.verdict,
    durable: spool.append([spooledCallOf(facts, rowId, now)]),
  };
}
