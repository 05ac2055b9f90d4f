import type { Reason, Verdict } from '#shared/domain/entities';
import type { IpAddress } from '#shared/ip/index';

/** The API key that the headers of a call hold. */
export type SentKey =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly apiKey: string }
  /** The headers hold keys that differ, so nobody can tell which one the API behind the proxy will use. */
  | { readonly kind: 'ambiguous' };

/** Who calls. */
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
  /** What was called; read only where it is logged. */
  original(): OriginalRequest;
}

/** The call as its proxy tells of it; null where it does not. */
export interface OriginalRequest {
  readonly method: string | null;
  readonly path: string | null;
  readonly userAgent: string | null;
}

/** What became of a call. */
export interface CallVerdict {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly ip: string;
  readonly keyId: string | null;
  /** The range that decided, or the grant that was added. */
  readonly rangeId: string | null;
  readonly reviewId: string | null;
}
