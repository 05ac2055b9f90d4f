import type { Reason, Verdict } from '#shared/domain/entities';

/** What became of a call. Repeats of a call get the same object again. */
export interface GateAnswer {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly ip: string;
  readonly keyId: string | null;
  /** The range that decided, or the grant that was added. */
  readonly rangeId: string | null;
  readonly reviewId: string | null;
  /** Kept here by whoever sends the answer: what it has made of it, so that for a repeat it need not be made again. */
  prepared: object | undefined;
}
