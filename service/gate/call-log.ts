import type { Reason, Verdict } from '#shared/domain/entities';
import type { IpAddress } from '#shared/ip/index';
import type { TrustReview } from '../enforcement/trust/trust-review';
import type { AccountPolicy, KnownSecret } from '../policy/policy';
import type { Call, CallVerdict } from './call';

/** One call that was decided. */
export interface AttemptFacts {
  readonly policy: AccountPolicy;
  readonly keyId: string;
  readonly address: IpAddress;
  /** `address` as canonical text, and in the order-preserving form of the index. */
  readonly ip: string;
  readonly ipSort: string;
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly rangeId: string | null;
  readonly method: string | null;
  readonly path: string | null;
  readonly userAgent: string | null;
  /** What the trust review said, where it was asked. */
  readonly trust: TrustReview | undefined;
}

/** What logging a call came to. */
export type Logged =
  | {
      readonly kind: 'logged';
      /** The question that the call belongs to, or null where there is none. */
      readonly reviewId: string | null;
      /** The range that decided, or the grant that the call added; null where neither. */
      readonly rangeId: string | null;
    }
  /** The policy has changed since the verdict, which would not be given again; nothing was written. */
  | { readonly kind: 'overtaken' };

export type LoggedCall = Extract<Logged, { kind: 'logged' }>;

/** What tells one row of the log from another within a window. */
export type AggregateKey = Pick<AttemptFacts, 'policy' | 'keyId' | 'ip' | 'verdict' | 'reason'>;

/** A call as it is counted. */
export type CountedCall = AggregateKey & Pick<AttemptFacts, 'address' | 'rangeId'>;

/** A verdict that calls of the same secret and address get without being judged again, for as long as it holds. */
export interface CachedVerdict {
  readonly verdict: CallVerdict;
  readonly secret: KnownSecret;
  readonly policyVersion: number;
  /** When it was judged, in milliseconds since the epoch: the clock may be put back behind that. */
  readonly since: number;
  /** When it ends by itself, in milliseconds since the epoch. */
  readonly until: number;
}

/** Where the gate logs what it decided, and finds what holds of it; times in milliseconds since the epoch. */
export interface CallLog {
  /**
   * Logs one call, with the grant or the review that comes with it.
   * @throws when it could not be written: the caller must not let the call in.
   */
  record(facts: AttemptFacts): Promise<Logged>;
  /** Counts a call at once if it repeats one that is on disk already; undefined where it has to be recorded. */
  repeat(facts: AggregateKey & Pick<AttemptFacts, 'rangeId'>, now: number): LoggedCall | undefined;
  /** Counts a call of a flood at once where the row of its network is on disk; undefined where it has to be recorded. */
  countInFlood(facts: CountedCall, call: Pick<Call, 'original'>, now: number): LoggedCall | undefined;
  /** The cached verdict that holds for a call, which is counted; undefined where there is none. */
  cachedVerdict(secret: KnownSecret, ip: string, now: number): CallVerdict | undefined;
  /** Keeps the verdict for calls that repeat this one while their row is open. */
  cacheVerdict(facts: AggregateKey, cached: CachedVerdict): void;
  /** Returns true if the call repeats one whose row is open. */
  isRepeat(facts: AggregateKey): boolean;
}
