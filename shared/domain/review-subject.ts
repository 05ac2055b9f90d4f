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

/** The evidence by which a review says that it counts the addresses which are not asked about one by one. */
export const OVERFLOW_SIGNAL = 'too-many-addresses';

/** Whether the review counts the addresses of its key that are too many to be asked about. */
export const isOverflowReview = ({ evidence }: Pick<Review, 'evidence'>): boolean =>
  evidence.some(({ signal }) => signal === OVERFLOW_SIGNAL);

type Counting = Pick<Review, 'ip' | 'addressCount' | 'evidence'>;

/** The addresses that the review counts beside its own: `23 more addresses in 2001:db8::/64`; undefined where there are none. */
export function otherAddresses(review: Counting): string | undefined {
  const others = review.addressCount - 1;
  if (others < 1) return undefined;
  const counted = `${others.toLocaleString('en')} more ${others === 1 ? 'address' : 'addresses'}`;
  return isOverflowReview(review) ? counted : `${counted} in ${reviewSubject(review.ip)}`;
}

/** How the review is named to people: `2001:db8::1`, `2001:db8::1 and 23 more addresses in 2001:db8::/64`. */
export function reviewName(review: Counting): string {
  const others = otherAddresses(review);
  return others === undefined ? review.ip : `${review.ip} and ${others}`;
}

/** Where in the log the review's calls are: at its address, or in the /64 that it stands for. */
export const callsOfReview = (review: Counting): string =>
  review.addressCount > 1 && !isOverflowReview(review) ? reviewSubject(review.ip) : review.ip;
