/** The version number of the Internet Protocol that an address belongs to. */
export type IpFamily = 4 | 6;

/**
 * One address as a number: the first octet or group is the most significant, so numeric order is address order.
 *
 * The readers of this folder never give an IPv4-mapped IPv6 address (`::ffff:a.b.c.d`, RFC 4291 section 2.5.5.2):
 * it is the IPv4 address. Otherwise one caller would have two identities, and a rule for one would miss the other.
 */
export interface IpAddress {
  readonly family: IpFamily;
  readonly value: bigint;
}

/** The number of bits in an address of this family: 32 or 128. */
export function addressBits(family: IpFamily): 32 | 128 {
  return family === 4 ? 32 : 128;
}

const MAPPED_HIGH_BITS = 0xffffn;
const LOW_32_BITS = 0xffff_ffffn;

/** Whether a 128-bit value lies in `::ffff:0:0/96` and so stands for an IPv4 address (RFC 4291 section 2.5.5.2). */
export function isMappedValue(value: bigint): boolean {
  return value >> 32n === MAPPED_HIGH_BITS;
}

/** The address for a 128-bit value as written in IPv6 text: IPv4 when the value is IPv4-mapped. */
export function addressOfIpv6Value(value: bigint): IpAddress {
  return isMappedValue(value) ? { family: 4, value: value & LOW_32_BITS } : { family: 6, value };
}
