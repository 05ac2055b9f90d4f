import type { Reason, Verdict } from '#shared/domain/entities';
import type { IpAddress } from '#shared/ip/index';

export type SentKey =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly apiKey: string }
  /** The headers hold keys that differ, so nobody can tell which one the API behind the proxy will use. */
  | { readonly kind: 'ambiguous' };

export interface Caller {
  readonly address: IpAddress;
  /** `address` as canonical text. */
  readonly ip: string;
  /** True for the address of a trusted proxy, which may stand for anybody. */
  readonly isProxy: boolean;
}

/** One call to the protected API. */
export interface Call {
  readonly key: SentKey;
  readonly caller: Caller;
  /** Reads what else the proxy tells of the call, which only a call with a row of its own needs. */
  original(): OriginalRequest;
}

/** The call as its proxy describes it; null where the proxy does not say. */
export interface OriginalRequest {
  readonly method: string | null;
  readonly path: string | null;
  readonly userAgent: string | null;
  /** What a trusted proxy knows of the TLS client. */
  readonly fingerprint: string | null;
}

/** The verdict on a call, with the ids that belong to it. */
export interface CallVerdict {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly ip: string;
  readonly keyId: string | null;
  /** The range that decided, or the grant that the call added. */
  readonly rangeId: string | null;
  readonly reviewId: string | null;
}
