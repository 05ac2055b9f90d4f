import { isMappedValue } from './address';
import { type Cidr, cidrOf } from './cidr';
import { formatCidr } from './format';
import { scanIpv4, scanIpv6, scanPrefixLength } from './scan';

/** `ffff:` eight times without the last colon, and `/128`. */
const MAX_CIDR_LENGTH = 43;

/**
 * Parses the canonical text of a network, as {@link formatCidr} writes it. Any other spelling is undefined, so that one
 * network never has two texts in a database; `parseRangeText` is for typed text. A network in `64:ff9b::/96` is returned as
 * it is and matches no caller.
 */
export function parseCidr(canonicalText: string): Cidr | undefined {
  if (canonicalText.length > MAX_CIDR_LENGTH) return undefined;
  const slash = canonicalText.indexOf('/');
  if (slash < 0) return undefined;
  const prefixLength = scanPrefixLength(canonicalText.slice(slash + 1));
  if (prefixLength < 0) return undefined;

  const ipv4 = scanIpv4(canonicalText, 0, slash, 4);
  let cidr: Cidr;
  if (ipv4 >= 0) {
    if (prefixLength > 32) return undefined;
    cidr = cidrOf({ family: 4, value: BigInt(ipv4) }, prefixLength);
  } else {
    const ipv6 = scanIpv6(canonicalText, 0, slash);
    if (ipv6 === undefined || isMappedValue(ipv6) || prefixLength > 128) return undefined;
    cidr = cidrOf({ family: 6, value: ipv6 }, prefixLength);
  }
  return formatCidr(cidr) === canonicalText ? cidr : undefined;
}
