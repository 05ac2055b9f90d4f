/** The version of the Internet Protocol. */
export type IpFamily = 4 | 6;

/**
 * One address as a number. The first octet or group is the most significant, so numeric order is address order. The parsers
 * of this folder return `::ffff:a.b.c.d` (RFC 4291 section 2.5.5.2) and `64:ff9b::a.b.c.d`, which a translator makes (RFC
 * 6052 section 2.1), as the IPv4 address. Otherwise one caller would have two identities, and a rule for one would miss the
 * other.
 */
export interface IpAddress {
  readonly family: IpFamily;
  readonly value: bigint;
}

export function addressBits(family: IpFamily): 32 | 128 {
  return family === 4 ? 32 : 128;
}

const MAPPED_HIGH_BITS = 0xffffn;
const TRANSLATED_HIGH_BITS = 0x0064_ff9bn << 64n;
const LOW_32_BITS = 0xffff_ffffn;

/** Returns true if a 128-bit value lies in `::ffff:0:0/96`, the IPv4-mapped addresses. */
export function isMappedValue(value: bigint): boolean {
  return value >> 32n === MAPPED_HIGH_BITS;
}

/** Returns true if a 128-bit value lies in `::ffff:0:0/96` or `64:ff9b::/96`, and so stands for an IPv4 address. */
export function standsForIpv4(value: bigint): boolean {
  return isMappedValue(value) || value >> 32n === TRANSLATED_HIGH_BITS;
}

/** Returns the address of a 128-bit value: IPv4 if the value stands for an IPv4 address. */
export function addressOfIpv6Value(value: bigint): IpAddress {
  return standsForIpv4(value) ? { family: 4, value: value & LOW_32_BITS } : { family: 6, value };
}

/** The leading bits of addresses that carry an IPv4 address, and the number of these bits. */
const CARRIERS: readonly (readonly [leadingBits: bigint, length: bigint])[] = [
  [0n, 96n], // ::/96, IPv4-compatible (RFC 4291 section 2.5.5.1)
  [0xffff_0000n, 96n], // ::ffff:0:0:0/96, IPv4-translated (RFC 2765)
  [0x0064_ff9b_0001n, 48n], // 64:ff9b:1::/48, a translator's own prefix (RFC 8215)
  [0x2001_0000n, 32n], // 2001::/32, Teredo (RFC 4380)
  [0x2002n, 16n], // 2002::/16, 6to4 (RFC 3056)
];

/** The interface identifiers of ISATAP (RFC 5214) without their universal/local and group bits. */
const ISATAP_BITS = 0x0000_5efen;
const ISATAP_MASK = 0xfcff_ffffn;

/**
 * Returns true if an IPv6 address has the form of a tunnel or a translator and carries an IPv4 address. Its neighbours may
 * be anybody on the IPv4 internet, so a network around it says nothing about one caller.
 */
export function carriesIpv4({ family, value }: IpAddress): boolean {
  if (family === 4) return false;
  if (((value >> 32n) & ISATAP_MASK) === ISATAP_BITS) return true;
  return CARRIERS.some(([leadingBits, length]) => value >> (128n - length) === leadingBits);
}
