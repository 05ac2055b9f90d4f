import type { Reason, Verdict } from '#shared/domain/entities';
import type { IpAddress } from '#shared/ip/index';
import type { TrustReview } from '../enforcement/trust/trust-review';
import type { AccountPolicy } from '../policy/policy';
import type { KnownSecret } from '../policy/policy-directory';
import type { Call, CallVerdict, OriginalRequest } from './call';

/** A decided call that is to be logged. */
export interface AttemptFacts extends OriginalRequest {
  readonly policy: AccountPolicy;
  readonly keyId: string;
  readonly address: IpAddress;
  /** `address` as canonical text; `ipSort` is its order-preserving form for the index. */
  readonly ip: string;
  readonly ipSort: string;
  readonly verdict: Verdict;
  readonly reason: Reason;
  /** The reason why the call would have been blocked, if it is reported. */
  readonly wouldBe: Reason | null;
  readonly rangeId: string | null;
  /** Undefined where the trust review was not asked. */
  readonly trust: TrustReview | undefined;
}

/** The outcome of logging a call. */
export type Logged =
  | {
      readonly kind: 'logged';
      /** The review that counts the call; null where there is none. */
      readonly reviewId: string | null;
      /** The range that decided, or the grant that the call added; null where there is neither. */
      readonly rangeId: string | null;
    }
  /** The policy has changed since the verdict, which would not be given again. Nothing was written. */
  | { readonly kind: 'overtaken' };

export type LoggedCall = Extract<Logged, { kind: 'logged' }>;

/** The fields that identify a row of the log within an aggregation window. */
export type AggregateKey = Pick<AttemptFacts, 'policy' | 'keyId' | 'ip' | 'verdict' | 'reason' | 'wouldBe'>;

export type CountedCall = AggregateKey & Pick<AttemptFacts, 'address' | 'rangeId'>;

/** A verdict that repeats (same secret and address) get without being evaluated again, for as long as it holds. */
export interface CachedVerdict {
  readonly verdict: CallVerdict;
  readonly secret: KnownSecret;
  readonly policyVersion: number;
  /** Milliseconds since the epoch of the evaluation. The verdict does not hold before it, because the clock may be put back. */
  readonly since: number;
  /** Milliseconds since the epoch at which the verdict ends by itself. */
  readonly until: number;
}

/** The log as the gate sees it. Times are milliseconds since the epoch. */
export interface CallLog {
  /**
   * Logs one call, with the grant or the review that comes with it.
   * @param isGivenUp true once the call has been logged by `recordAway` instead, so that it must not count here.
   * @throws when the call could not be written: the caller must not let it in.
   */
  record(facts: AttemptFacts, isGivenUp?: () => boolean): Promise<Logged>;
  /**
   * Logs one call on the local disk, while the database is away. It adds no grant; its review is opened when the database is back.
   * @throws when the call could not be written: the caller must not let it in.
   */
  recordAway(facts: AttemptFacts): Promise<LoggedCall>;
  /** Counts a call whose row is on disk and open. Returns undefined, and counts nothing, where the call needs `record`. */
  repeat(facts: AggregateKey & Pick<AttemptFacts, 'rangeId'>, now: number): LoggedCall | undefined;
  /** Counts a call of a flood if the row of its network is on disk. Returns undefined where the call needs `record`. */
  countInFlood(facts: CountedCall, call: Pick<Call, 'original'>, now: number): LoggedCall | undefined;
  /** Returns the cached verdict on a repeat, and counts the call; undefined where no verdict holds. */
  cachedVerdict(secret: KnownSecret, ip: string, now: number): CallVerdict | undefined;
  /** Caches the verdict for repeats while their row is open. */
  cacheVerdict(facts: AggregateKey, cached: CachedVerdict): void;
  /** Returns true if the call repeats one whose row is open. */
  isRepeat(facts: AggregateKey): boolean;
}
