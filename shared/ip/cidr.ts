import { addressBits, carriesIpv4, type IpAddress, type IpFamily } from './address';

/**
 * A network in CIDR notation (RFC 4632): all addresses that share the first `prefixLength` bits of `base`.
 * The host bits of `base` are zero; make values with {@link cidrOf}, which sees to that.
 */
export interface Cidr {
  readonly family: IpFamily;
  readonly base: bigint;
  readonly prefixLength: number;
}

/** Which network to take around an address, for each family, in bits. */
export interface SubnetPrefixLengths {
  readonly ipv4PrefixLength: number;
  readonly ipv6PrefixLength: number;
}

function hostBits(family: IpFamily, prefixLength: number): bigint {
  return BigInt(addressBits(family) - prefixLength);
}

/**
 * The network of `prefixLength` bits that holds `address`: the host bits are cleared.
 *
 * @throws RangeError when `prefixLength` is no whole number from 0 to 32 (IPv4) or 128 (IPv6).
 */
export function cidrOf(address: IpAddress, prefixLength: number): Cidr {
  const { family, value } = address;
  if (!Number.isInteger(prefixLength) || prefixLength < 0 || prefixLength > addressBits(family)) {
    throw new RangeError(`Not a prefix length of IPv${family}: ${prefixLength}`);
  }
  const shift = hostBits(family, prefixLength);
  return { family, base: (value >> shift) << shift, prefixLength };
}

/**
 * The network around an address, with the prefix length (in bits) given for its family. An IPv6 address that carries an
 * IPv4 one stands alone, whatever the prefix length: `2001::/32` or `64:ff9b:1::/48` hold all of IPv4.
 *
 * @throws RangeError when the prefix length for the address's family is out of bounds.
 */
export function subnetAround(address: IpAddress, prefixLengths: SubnetPrefixLengths): Cidr {
  if (carriesIpv4(address)) return hostCidrOf(address);
  return cidrOf(
    address,
    address.family === 4 ? prefixLengths.ipv4PrefixLength : prefixLengths.ipv6PrefixLength,
  );
}

/** The network of this one address. */
export function hostCidrOf(address: IpAddress): Cidr {
  return cidrOf(address, addressBits(address.family));
}

/** Whether the address is in the network. An address of the other family never is. */
export function cidrContains(cidr: Cidr, address: IpAddress): boolean {
  if (cidr.family !== address.family) return false;
  const shift = hostBits(cidr.family, cidr.prefixLength);
  return cidr.base >> shift === address.value >> shift;
}

/** Returns true if the address is in one of the networks. */
export function anyContains(cidrs: readonly Cidr[], address: IpAddress): boolean {
  return cidrs.some((cidr) => cidrContains(cidr, address));
}

/** Whether every address of `inner` is in `outer`; a network contains itself. */
export function cidrContainsCidr(outer: Cidr, inner: Cidr): boolean {
  if (outer.family !== inner.family || outer.prefixLength > inner.prefixLength) return false;
  const shift = hostBits(outer.family, outer.prefixLength);
  return outer.base >> shift === inner.base >> shift;
}

/** Whether some address is in both. Two networks overlap only when one contains the other. */
export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return cidrContainsCidr(a, b) || cidrContainsCidr(b, a);
}

/** The lowest address of the network. */
export function firstAddress(cidr: Cidr): IpAddress {
  return { family: cidr.family, value: cidr.base };
}

/** The highest address of the network. */
export function lastAddress(cidr: Cidr): IpAddress {
  return { family: cidr.family, value: cidr.base + addressCount(cidr) - 1n };
}

/** How many addresses the network holds, first and last included. */
export function addressCount(cidr: Cidr): bigint {
  return 1n << hostBits(cidr.family, cidr.prefixLength);
}

/**
 * A total order for sorting: IPv4 before IPv6, then by first address, then the wider network first.
 * Negative, zero or positive; zero only for the same network.
 */
export function compareCidrs(a: Cidr, b: Cidr): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.base !== b.base) return a.base < b.base ? -1 : 1;
  return a.prefixLength - b.prefixLength;
}
