import { cidrOf, formatCidr, type IpAddress } from '#shared/ip/index';
import type { Place } from '../gate/place';
import type { WriteContext } from '../storage/writer';

/** "Near" for the trust review: the IPv4 /16, the IPv6 /48 around an address. */
export const NEIGHBOURHOOD = { ipv4PrefixLength: 16, ipv6PrefixLength: 48 } as const;

/** Different user agents remembered for a key and range; a caller that sends a new one each time gets no further. */
const MAX_AGENTS = 50;

/** A call that a range lets in. */
export interface SightedCall {
  readonly policy: { readonly id: string };
  readonly keyId: string;
  readonly address: IpAddress;
  readonly userAgent: string | null;
}

/** Remembers where a key was let in from, for later trust reviews. */
export const writeSighting = async (
  write: WriteContext,
  facts: SightedCall,
  place: Place,
  rangeId: string,
  at: number,
): Promise<void> => {
  const { sightings, ranges } = write.tx;
  // Removed while the call was on its way: it vouches for nothing any more.
  if ((await ranges.get(facts.policy.id, rangeId)) === undefined) return;
  const { family } = facts.address;
  const length = family === 4 ? NEIGHBOURHOOD.ipv4PrefixLength : NEIGHBOURHOOD.ipv6PrefixLength;
  const where = {
    account_id: facts.policy.id,
    key_id: facts.keyId,
    range_id: rangeId,
    prefix: formatCidr(cidrOf(facts.address, length)),
  };
  const agent = facts.userAgent ?? '';
  if (await sightings.raise({ ...where, agent }, at)) return;
  const known = await sightings.countAgents(facts.policy.id, facts.keyId, rangeId);
  await sightings.add({
    ...where,
    agent: known < MAX_AGENTS ? agent : '',
    country: place.country,
    asn: place.asn,
    as_name: place.asName,
    first_at: at,
    last_at: at,
    uses: 1,
  });
};
