import ipaddr from 'ipaddr.js';

import type { IpAddress } from './address';
import { type Cidr, firstAddress } from './cidr';

/** Returns the canonical text of an address: dotted decimal, or RFC 5952 (lower case, longest run of zeros as `::`). */
export function formatAddress(address: IpAddress): string {
  return address.family === 4 ? formatIpv4(Number(address.value)) : formatIpv6(address.value);
}

/** Returns the canonical text of a network, always with its prefix length: `118.29.251.24/32`, `2001:db8::/32`. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(firstAddress(cidr))}/${cidr.prefixLength}`;
}

function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 0xff}.${(value >>> 8) & 0xff}.${value & 0xff}`;
}

function formatIpv6(value: bigint): string {
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((value >> shift) & 0xffffn));
  return new ipaddr.IPv6(groups).toRFC5952String();
}
