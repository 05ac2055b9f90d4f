import type { Cidr, IpAddress } from '#shared/ip/index';
import type { KeyHabits, RequestKind } from './habits';

/** A network, prefix and user agent that a key was admitted with. Times are milliseconds since the epoch. */
export interface KeyUse {
  /** The IPv4 /16 or IPv6 /48 around the address that was used. */
  readonly prefix: Cidr;
  /** ISO 3166 alpha-2; null if unknown. */
  readonly country: string | null;
  /** A part of the country, or a region of the cloud; null if unknown. */
  readonly region: string | null;
  readonly asn: number | null;
  readonly userAgent: string | null;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly uses: number;
}

export interface Denial {
  readonly cidr: Cidr;
  /** A range with the effect `deny`, or a review that was denied (also one whose answer is not yet written). */
  readonly kind: 'range' | 'review';
  /** Null if the time is unknown. */
  readonly at: number | null;
}

/** A refused unknown address on the key that no administrator has authorized since. */
export interface UnansweredAddress {
  /** The time at which it was first seen. */
  readonly at: number;
  readonly country: string | null;
  readonly asn: number | null;
}

/** The whole input of the trust review. Unknown facts are null, and count neither for nor against. */
export interface TrustFacts {
  readonly address: IpAddress;
  /** The time of the call, in milliseconds since the epoch; every time below is compared with it. */
  readonly now: number;
  readonly geolocation: {
    readonly country: string | null;
    /** A part of the country, or a region of the cloud; absent if unknown. */
    readonly region?: string;
    readonly asn: number | null;
    readonly asName: string | null;
  };
  readonly userAgent: string | null;
  /** What the call asks for; absent if unknown. */
  readonly request?: RequestKind | undefined;
  /** What the key is used for; absent if unknown. */
  readonly habits?: KeyHabits | undefined;
  /** The key's uses with the TLS client of the call, through authorizing ranges that still exist; absent if there are none. */
  readonly fingerprintUse?: { readonly firstAt: number; readonly lastAt: number } | undefined;
  readonly key: { readonly createdAt: number; readonly lastUsedAt: number | null };
  /** Uses through authorizing ranges that still exist, in any order. */
  readonly uses: readonly KeyUse[];
  /** Denials of the address itself, or of a part of its /24 (IPv4) or /64 (IPv6). */
  readonly denials: readonly Denial[];
  readonly blocklisted: { readonly list: string; readonly entry: string } | null;
  /** True for the address of a trusted proxy, which stands for a caller that the proxy has not named. */
  readonly isProxy: boolean;
  /** Distinct other unknown addresses on this key in the last hour. */
  readonly recentUnknownAddresses: number;
  /**
   * Distinct other unknown addresses on this key in the last seven days whose review is pending, denied or expired. They
   * reveal a spray that is too slow for the hour. A few hundred are enough.
   */
  readonly unanswered: readonly UnansweredAddress[];
  /** The last allowed call with this key. */
  readonly lastAllowed: { readonly country: string | null; readonly at: number } | null;
}
