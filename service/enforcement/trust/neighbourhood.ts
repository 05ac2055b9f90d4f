import { cidrContains, cidrOf, firstAddress } from '#shared/ip/index';
import type { KeyUse, TrustFacts } from './facts';
import { tradeOf } from './hosting-networks';
import { WINDOWS_MS } from './weights';

/** How close the address is to those that the key was let in from lately. */
export interface Neighbourhood {
  readonly kind:
    /** The same IPv4 /16 or IPv6 /48. */
    | 'adjacent'
    /** The same IPv6 /40 of an access provider. */
    | 'near'
    /** The same /16 or /48, but of another network. */
    | 'foreign';
  /** The uses that are so close; never empty. */
  readonly uses: readonly [KeyUse, ...KeyUse[]];
}

/** An access provider gives about one of these to a region of its customers. */
const REGIONAL_IPV6_PREFIX_LENGTH = 40;

/** Whether a use may be of the address's network. Where one of the two is not known it may: data has holes. */
function maybeSameNetwork({ place }: TrustFacts, { asn }: KeyUse): boolean {
  return place.asn === null || asn === null || place.asn === asn;
}

function isNear({ address, place }: TrustFacts, { asn, prefix }: KeyUse): boolean {
  return (
    address.family === 6 &&
    prefix.family === 6 &&
    asn !== null &&
    asn === place.asn &&
    tradeOf(asn, place.asName) === undefined &&
    cidrContains(cidrOf(firstAddress(prefix), REGIONAL_IPV6_PREFIX_LENGTH), address)
  );
}

function some(kind: Neighbourhood['kind'], [first, ...rest]: readonly KeyUse[]): Neighbourhood | undefined {
  return first === undefined ? undefined : { kind, uses: [first, ...rest] };
}

/** The closest that there is within the last 30 days; undefined where nothing is close. */
export function neighbourhoodOf(facts: TrustFacts): Neighbourhood | undefined {
  const since = facts.now - WINDOWS_MS.adjacentPrefix;
  const recent = facts.uses.filter(({ lastAt }) => lastAt >= since);
  const inPrefix = recent.filter(({ prefix }) => cidrContains(prefix, facts.address));
  return (
    some(
      'adjacent',
      inPrefix.filter((use) => maybeSameNetwork(facts, use)),
    ) ??
    some(
      'near',
      recent.filter((use) => isNear(facts, use)),
    ) ??
    some('foreign', inPrefix)
  );
}
