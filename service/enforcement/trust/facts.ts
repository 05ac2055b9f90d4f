import type { Cidr, IpAddress } from '#shared/ip/index';

/** Where a key was let in from: one network, one user agent. Times are milliseconds since the epoch. */
export interface KeyUse {
  /** The IPv4 /16 or IPv6 /48 around the address that was used. */
  readonly prefix: Cidr;
  /** ISO 3166 alpha-2, null where not known. */
  readonly country: string | null;
  readonly asn: number | null;
  readonly userAgent: string | null;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly uses: number;
}

/** Something that an administrator keeps out. */
export interface Denial {
  readonly cidr: Cidr;
  /** A range with the effect `deny`, or a question that was answered with "deny" (also one still on its way). */
  readonly kind: 'range' | 'review';
  /** When it was denied; null where that is not known. */
  readonly at: number | null;
}

/** An unknown address on the key that was refused, and that no administrator has authorized since. */
export interface UnansweredAddress {
  /** When it was first seen. */
  readonly at: number;
  readonly country: string | null;
  readonly asn: number | null;
}

/** Everything that the trust review looks at. What is not known is null, and counts neither for nor against. */
export interface TrustFacts {
  readonly address: IpAddress;
  /** The moment of the call, in milliseconds since the epoch; every time below is compared with it. */
  readonly now: number;
  readonly place: {
    readonly country: string | null;
    readonly asn: number | null;
    readonly asName: string | null;
  };
  readonly userAgent: string | null;
  readonly key: { readonly createdAt: number; readonly lastUsedAt: number | null };
  /** Where this key was let in from, through authorizing ranges that still stand. In any order. */
  readonly uses: readonly KeyUse[];
  /** What is kept out near the address: the address itself, or something in its /24 (IPv4) or /64 (IPv6). */
  readonly denials: readonly Denial[];
  readonly blocklisted: { readonly list: string; readonly entry: string } | null;
  /** True for the address of a trusted proxy, which stands for whoever the proxy has not named. */
  readonly isProxy: boolean;
  /** Distinct unknown addresses on this key in the last hour, this one not counted. */
  readonly recentUnknownAddresses: number;
  /**
   * Distinct unknown addresses on this key in the last seven days whose question is pending, denied or expired, this
   * one left out. It is what remembers a spray too slow for the hour. A few hundred are enough.
   */
  readonly unanswered: readonly UnansweredAddress[];
  /** The last allowed call with this key. */
  readonly lastAllowed: { readonly country: string | null; readonly at: number } | null;
}
