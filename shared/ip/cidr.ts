import { addressBits, carriesIpv4, type IpAddress, type IpFamily } from './address';

/**
 * A network in CIDR notation (RFC 4632): all addresses that share the first `prefixLength` bits of `base`. The host bits of
 * `base` are zero; {@link cidrOf} keeps this invariant.
 */
export interface Cidr {
  readonly family: IpFamily;
  readonly base: bigint;
  readonly prefixLength: number;
}

/** The size of the network around an address, for each family, in bits. */
export interface SubnetPrefixLengths {
  readonly ipv4PrefixLength: number;
  readonly ipv6PrefixLength: number;
}

function hostBits(family: IpFamily, prefixLength: number): bigint {
  return BigInt(addressBits(family) - prefixLength);
}

/**
 * Returns the network of `prefixLength` bits that contains `address`, with cleared host bits.
 * @throws RangeError if `prefixLength` is no whole number from 0 to 32 (IPv4) or 128 (IPv6).
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
 * Returns the network around an address, with its family's prefix length in bits. An IPv6 address that carries an IPv4 one
 * stands alone, whatever the prefix length, because `2001::/32` or `64:ff9b:1::/48` contain all of IPv4.
 * @throws RangeError if the prefix length for the address's family is out of bounds.
 */
export function subnetAround(address: IpAddress, prefixLengths: SubnetPrefixLengths): Cidr {
  if (carriesIpv4(address)) return hostCidrOf(address);
  return cidrOf(
    address,
    address.family === 4 ? prefixLengths.ipv4PrefixLength : prefixLengths.ipv6PrefixLength,
  );
}

export function hostCidrOf(address: IpAddress): Cidr {
  return cidrOf(address, addressBits(address.family));
}

/** Returns true if the network contains the address. An address of the other family is never contained. */
export function cidrContains(cidr: Cidr, address: IpAddress): boolean {
  if (cidr.family !== address.family) return false;
  const shift = hostBits(cidr.family, cidr.prefixLength);
  return cidr.base >> shift === address.value >> shift;
}

export function anyContains(cidrs: readonly Cidr[], address: IpAddress): boolean {
  return cidrs.some((cidr) => cidrContains(cidr, address));
}

/** Returns true if every address of `inner` is in `outer`; a network contains itself. */
export function cidrContainsCidr(outer: Cidr, inner: Cidr): boolean {
  if (outer.family !== inner.family || outer.prefixLength > inner.prefixLength) return false;
  const shift = hostBits(outer.family, outer.prefixLength);
  return outer.base >> shift === inner.base >> shift;
}

/** Two networks overlap only if one contains the other. */
export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return cidrContainsCidr(a, b) || cidrContainsCidr(b, a);
}

export function firstAddress(cidr: Cidr): IpAddress {
  return { family: cidr.family, value: cidr.base };
}

export function lastAddress(cidr: Cidr): IpAddress {
  return { family: cidr.family, value: cidr.base + addressCount(cidr) - 1n };
}

export function addressCount(cidr: Cidr): bigint {
  return 1n << hostBits(cidr.family, cidr.prefixLength);
}

/**
 * A total order for sorting: IPv4 before IPv6, then by first address, then the wider network first. Zero only for the same
 * network.
 */
export function compareCidrs(a: Cidr, b: Cidr): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.base !== b.base) return a.base < b.base ? -1 : 1;
  return a.prefixLength - b.prefixLength;
}
