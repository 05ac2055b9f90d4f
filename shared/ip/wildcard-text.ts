import { t } from '../i18n/t';
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
    return failure('wildcard_ipv6', () => t('ip.wildcardIpv6', { text: quoted(typed) }));
  }
  const partly = octets.find((octet) => octet.includes('*') && octet !== '*');
  if (partly !== undefined) {
    return failure('wildcard_position', () =>
      t('ip.wildcardPart', { part: quoted(partly), text: quoted(typed) }),
    );
  }
  const fixed = octets.slice(0, octets.indexOf('*'));
  const rest = octets.slice(fixed.length).find((octet) => octet !== '*');
  if (rest !== undefined) {
    return failure('wildcard_position', () =>
      t('ip.wildcardBefore', { part: quoted(rest), text: quoted(typed) }),
    );
  }
  const problem = fixed.length > 0 ? explainOctets(typed, fixed) : undefined;
  if (problem !== undefined) return problem;
  if (octets.length > OCTETS) {
    return failure('too_many_octets', () =>
      t('ip.tooManyOctetsHere', { text: quoted(typed), number: octets.length }),
    );
  }
  const full = [...octets, '*', '*', '*'].slice(0, OCTETS).join('.');
  return failure('wildcard_short', () =>
    t('ip.wildcardShort', { text: quoted(typed), number: octets.length, whole: quoted(full) }),
  );
}
