import type { Reason, Verdict } from '#shared/domain/entities';
import type { IpAddress } from '#shared/ip/index';
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
}
