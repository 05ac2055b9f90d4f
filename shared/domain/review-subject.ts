import { formatCidr, parseAddress, subnetAround } from '../ip/index';
import type { Review } from './entities';

/** What one open review stands for: whoever has one address of an IPv6 /64 has them all. */
export const REVIEW_REACH = { ipv4PrefixLength: 32, ipv6PrefixLength: 64 } as const;

/**
 * What one open review of a key stands for: an IPv4 address itself, or the /64 around an IPv6 address.
 *
 * @param ip canonical text of an address.
 */
export function reviewSubject(ip: string): string {
  if (!ip.includes(':')) return ip;
  const parsed = parseAddress(ip);
  if (!parsed.ok) throw new Error(`a review has the unreadable address "${ip}"`);
  return formatCidr(subnetAround(parsed.address, REVIEW_REACH));
}

/** How a review is named to people: by its address, or by the network that it stands for once it counts several. */
export function reviewName({ ip, addressCount }: Pick<Review, 'ip' | 'addressCount'>): string {
  return addressCount > 1 ? reviewSubject(ip) : ip;
}
