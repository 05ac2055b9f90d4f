import { cidrContains, cidrOf, firstAddress } from '#shared/ip/index';
import type { KeyUse, TrustFacts } from './facts';
import { tradeOf } from './hosting-networks';
import { WINDOWS_MS } from './weights';

/** The closest kind of nearness between the address and those that the key was recently admitted from. */
interface Neighbourhood {
  readonly kind:
    /** The same IPv4 /16 or IPv6 /48. */
    | 'adjacent'
    /** The same IPv6 /40 of an access provider. */
    | 'near'
    /** The same /16 or /48, but of another network. */
    | 'foreign';
  /** The uses of that kind; never empty. */
  readonly uses: readonly [KeyUse, ...KeyUse[]];
}

/** An access provider gives about one of these to a region of its customers. */
const REGIONAL_IPV6_PREFIX_LENGTH = 40;

/** Unknown networks count as the same, because the data has gaps. */
function maybeSameNetwork({ geolocation }: TrustFacts, { asn }: KeyUse): boolean {
  return geolocation.asn === null || asn === null || geolocation.asn === asn;
}

function isNear({ address, geolocation }: TrustFacts, { asn, prefix }: KeyUse): boolean {
  return (
    address.family === 6 &&
    prefix.family === 6 &&
    asn !== null &&
    asn === geolocation.asn &&
    tradeOf(asn, geolocation.asName) === undefined &&
    cidrContains(cidrOf(firstAddress(prefix), REGIONAL_IPV6_PREFIX_LENGTH), address)
  );
}

function some(kind: Neighbourhood['kind'], [first, ...rest]: readonly KeyUse[]): Neighbourhood | undefined {
  return first === undefined ? undefined : { kind, uses: [first, ...rest] };
}

/** Returns the closest neighbourhood within the last 30 days. */
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
