import type { TrustFacts, UnansweredAddress } from './facts';
import { WINDOWS_MS } from './weights';

/**
 * How many unanswered unknown addresses of the last seven days come from networks that the key is not used from.
 *
 * Only these count as a slow spray: the owner's own functions and phones, waiting for an answer in networks that are in
 * use, would otherwise get each other refused.
 */
export function strangersThisWeek({ now, unanswered, uses }: TrustFacts): number {
  const networks = new Set(uses.map(({ asn }) => asn));
  const countries = new Set(uses.map(({ country }) => country));
  /** Where the network is not known, its country has to do; where neither is, it is strange. */
  const isStrange = ({ asn, country }: UnansweredAddress): boolean => {
    if (asn !== null) return !networks.has(asn);
    return country === null || !countries.has(country);
  };
  return unanswered.filter((address) => address.at >= now - WINDOWS_MS.unanswered && isStrange(address))
    .length;
}
