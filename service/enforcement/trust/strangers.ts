import type { TrustFacts, UnansweredAddress } from './facts';
import { WINDOWS_MS } from './weights';

/**
 * Counts the unanswered unknown addresses of the last seven days from networks that the key is not used from. Only these
 * count as a slow spray, because otherwise the owner's own functions and phones, which wait for an answer in used networks,
 * would get each other refused.
 */
export function strangersThisWeek({ now, unanswered, uses }: TrustFacts): number {
  const networks = new Set(uses.map(({ asn }) => asn));
  const countries = new Set(uses.map(({ country }) => country));
  /** The country stands in for an unknown network; an address without either is strange. */
  const isStrange = ({ asn, country }: UnansweredAddress): boolean => {
    if (asn !== null) return !networks.has(asn);
    return country === null || !countries.has(country);
  };
  return unanswered.filter((address) => address.at >= now - WINDOWS_MS.unanswered && isStrange(address))
    .length;
}
