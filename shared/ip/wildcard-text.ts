import { failure, type IpTextFailure, quoted } from './error';
import { explainExtraText, explainName, explainOctets } from './explain-address';
import { oneNetwork, type RangeTextResult } from './range-text';
import { scanIpv4 } from './scan';

const OCTETS = 4;

/** Parses an IPv4 network whose last octets are wildcards: `192.168.1.*`, `10.*.*.*`, and `*` alone for everything. */
export function readWildcard(typed: string): RangeTextResult {
  const octets = typed === '*' ? ['*', '*', '*', '*'] : typed.split('.');
  const firstWildcard = octets.indexOf('*');
  const areTheRestWildcards =
    firstWildcard >= 0 && octets.slice(firstWildcard).every((octet) => octet === '*');
  if (octets.length === OCTETS && areTheRestWildcards) {
    const fixed = octets.slice(0, firstWildcard).join('.');
    const value = firstWildcard === 0 ? 0 : scanIpv4(fixed, 0, fixed.length, firstWildcard);
    if (value >= 0) {
      const address = { family: 4, value: BigInt(value) << BigInt(8 * (OCTETS - firstWildcard)) } as const;
      return oneNetwork(typed, address, 8 * firstWildcard);
    }
  }
  return explainWildcard(typed, octets);
}

function explainWildcard(typed: string, octets: readonly string[]): IpTextFailure {
  const named = explainName(typed) ?? explainExtraText(typed);
  if (named !== undefined) return named;
  if (typed.includes(':')) {
    return failure(
      'wildcard_ipv6',
      `${quoted(typed)} has a wildcard, which only IPv4 may have; write an IPv6 network with its prefix length, such as 2001:db8::/32.`,
    );
  }
  const partly = octets.find((octet) => octet.includes('*') && octet !== '*');
  if (partly !== undefined) {
    return failure(
      'wildcard_position',
      `${quoted(partly)} in ${quoted(typed)} is no wildcard; a * stands for a whole octet, such as 192.168.1.*.`,
    );
  }
  const fixed = octets.slice(0, octets.indexOf('*'));
  const rest = octets.slice(fixed.length).find((octet) => octet !== '*');
  if (rest !== undefined) {
    return failure(
      'wildcard_position',
      `${quoted(rest)} in ${quoted(typed)} comes after a wildcard; only the last octets may be wildcards, such as 192.168.*.*.`,
    );
  }
  const problem = fixed.length > 0 ? explainOctets(typed, fixed) : undefined;
  if (problem !== undefined) return problem;
  if (octets.length > OCTETS) {
    return failure(
      'too_many_octets',
      `${quoted(typed)} has ${octets.length} octets; an IPv4 address has four.`,
    );
  }
  const full = [...octets, '*', '*', '*'].slice(0, OCTETS).join('.');
  return failure(
    'wildcard_short',
    `${quoted(typed)} has ${octets.length} of 4 octets; write ${quoted(full)}.`,
  );
}
