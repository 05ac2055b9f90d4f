import type { Reason, Verdict } from '#shared/domain/entities';
import type { IpAddress } from '#shared/ip/index';
import type { TrustReview } from '../enforcement/trust/trust-review';
import type { AccountPolicy } from '../account/policy';

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
