import { t } from '../i18n/t';
import { formatCidr, parseAddress, subnetAround } from '../ip/index';
import type { Review } from './entities';

/**
 * The prefix lengths that one review stands for: who has one address of an IPv6 /64 has all of them (docs/behaviour.md 1.7.2).
 */
export const REVIEW_REACH = { ipv4PrefixLength: 32, ipv6PrefixLength: 64 } as const;

/**
 * Returns the subject of an address's review: the IPv4 address itself, or the /64 around an IPv6 address.
 *
 * @param ip canonical text of an address.
 * @throws Error if the address cannot be read.
 */
export function reviewSubject(ip: string): string {
  if (!ip.includes(':')) return ip;
  const parsed = parseAddress(ip);
  if (!parsed.ok) throw new Error(`a review has the unreadable address "${ip}"`);
  return formatCidr(subnetAround(parsed.address, REVIEW_REACH));
}

/** The evidence of a review that also counts addresses beyond the limit of its key (docs/behaviour.md 1.7.4). */
export const OVERFLOW_SIGNAL = 'too-many-addresses';

export function isOverflowReview({ evidence }: Pick<Review, 'evidence'>): boolean {
  return evidence.some(({ signal }) => signal === OVERFLOW_SIGNAL);
}

type Counting = Pick<Review, 'ip' | 'addressCount' | 'evidence'>;

/** Returns words for the review's further addresses, `23 more addresses in 2001:db8::/64`; undefined if there are none. */
export function otherAddresses(review: Counting): string | undefined {
  const count = review.addressCount - 1;
  if (count < 1) return undefined;
  return isOverflowReview(review)
    ? t('review.others', { count })
    : t('review.othersIn', { count, network: reviewSubject(review.ip) });
}

/** Returns the review's name for people: `2001:db8::1`, `2001:db8::1 and 23 more addresses in 2001:db8::/64`. */
export function reviewName(review: Counting): string {
  const others = otherAddresses(review);
  return others === undefined ? review.ip : t('review.nameWithOthers', { ip: review.ip, others });
}

/** Returns the address or network under which the log has the review's calls. */
export function callsOfReview(review: Counting): string {
  return review.addressCount > 1 && !isOverflowReview(review) ? reviewSubject(review.ip) : review.ip;
}
