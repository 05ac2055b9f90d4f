import { cidrsOverlap, formatCidr, type Cidr } from '#shared/ip/index';
import { countOf, countryName } from '#shared/words';
import type { KeyUse, TrustFacts } from '../facts';
import { tradeOf } from '../hosting-networks';
import { neighbourhoodOf } from '../neighbourhood';
import { reservedNetworkOf } from '../reserved-networks';
import { agoText, networkOf } from '../sentences';
import { evidence, type Signal } from '../signal';
import { strangersThisWeek } from '../strangers';
import { COUNTS, WEIGHTS, WINDOWS_MS } from '../weights';

function usedWithin(facts: TrustFacts, windowMs: number): readonly KeyUse[] {
  return facts.uses.filter(({ lastAt }) => lastAt >= facts.now - windowMs);
}

function lastUse(uses: readonly KeyUse[]): number {
  return Math.max(...uses.map(({ lastAt }) => lastAt));
}

function prefixKey({ family, base, prefixLength }: Cidr): string {
  return `${family}/${base}/${prefixLength}`;
}

/** Counts prefixes of the address's own family, because an IPv6 line says nothing about the IPv4 pools. */
function breadthOf(facts: TrustFacts, uses: readonly KeyUse[]): number {
  return new Set(
    uses
      .filter(({ prefix }) => prefix.family === facts.address.family)
      .map(({ prefix }) => prefixKey(prefix)),
  ).size;
}

/** The address is in the same IPv4 /16 or IPv6 /48 as one that this key was admitted from in the last 30 days. */
export const adjacentPrefix: Signal = (facts) => {
  const neighbourhood = neighbourhoodOf(facts);
  if (neighbourhood === undefined) return undefined;
  const { kind, uses } = neighbourhood;
  const where = firstPrefix(uses);
  const lastText = `last ${agoText(lastUse(uses), facts.now)}`;
  switch (kind) {
    case 'adjacent':
      return evidence(
        'adjacent-prefix',
        WEIGHTS.adjacentPrefix,
        `An address in ${where}, close to this one, is used with this key, ${lastText}.`,
      );
    case 'near':
      return evidence(
        'adjacent-prefix',
        WEIGHTS.nearPrefix,
        `An address in ${where}, of the same region of the provider, is used with this key, ${lastText}.`,
      );
    case 'foreign':
      return evidence(
        'adjacent-prefix',
        WEIGHTS.adjacentPrefixOfAnotherNetwork,
        `An address in ${where} is used with this key, ${lastText}, but it belongs to a different network than this one.`,
      );
  }
};

/** The order of the facts must make no difference, so the texts decide. */
function firstPrefix(uses: readonly KeyUse[]): string {
  return uses.map(({ prefix }) => formatCidr(prefix)).reduce((a, b) => (a < b ? a : b));
}

/** The key was used from the address's network before; a bonus measures how widely it moves in it. */
export const sameNetwork: Signal = (facts) => {
  const { asn, asName, country } = facts.geolocation;
  if (asn === null) return samePrivateNetwork(facts);
  const uses = usedWithin(facts, WINDOWS_MS.sameNetwork).filter((use) => use.asn === asn);
  if (uses.length === 0) return undefined;

  const here = uses.filter((use) => country === null || use.country === null || use.country === country);
  if (here.length === 0) {
    const elsewhere = [...new Set(uses.map((use) => use.country ?? ''))].sort().map(countryName).join(', ');
    return evidence(
      'same-network',
      WEIGHTS.sameNetworkElsewhere,
      `${networkOf(facts)} is used with this key, but so far only from ${elsewhere}.`,
    );
  }

  const lastText = `last ${agoText(lastUse(here), facts.now)}`;
  if (tradeOf(asn, asName) !== undefined) {
    return evidence(
      'same-network',
      WEIGHTS.sameHostingNetwork,
      `${networkOf(facts)} is already used with this key, ${lastText}; it rents out addresses, so that counts for less.`,
    );
  }
  const bonus = breadthBonus(facts, here);
  return evidence(
    'same-network',
    WEIGHTS.sameNetwork + bonus.weight,
    `${networkOf(facts)} is already used with this key${bonus.text}, ${lastText}.`,
  );
};

const NO_BONUS = { weight: 0, text: '' };

/**
 * The bonus for a key that moves about in the network. A close neighbour is stronger evidence, so the two are not added.
 */
function breadthBonus(facts: TrustFacts, uses: readonly KeyUse[]): { weight: number; text: string } {
  const kind = neighbourhoodOf(facts)?.kind;
  if (kind === 'adjacent' || kind === 'near' || strangersThisWeek(facts) > 0) return NO_BONUS;
  const recent = uses.filter(({ lastAt }) => lastAt >= facts.now - WINDOWS_MS.networkBreadth);
  const breadth = breadthOf(facts, recent);
  const text = `, from ${countOf(breadth, 'different part')} of it in the last 30 days`;
  if (breadth >= COUNTS.wideNetwork) return { weight: WEIGHTS.wideNetworkBonus, text };
  if (breadth >= COUNTS.movingNetwork) return { weight: WEIGHTS.movingNetworkBonus, text };
  return NO_BONUS;
}

/** Private addresses have no network number and no country; the private network stands for both. */
const samePrivateNetwork: Signal = (facts) => {
  const network = reservedNetworkOf(facts.address);
  if (network?.canCall !== true) return undefined;
  const uses = usedWithin(facts, WINDOWS_MS.sameNetwork).filter(({ prefix }) =>
    cidrsOverlap(network.cidr, prefix),
  );
  if (uses.length === 0) return undefined;
  const bonus = breadthBonus(facts, uses);
  return evidence(
    'same-network',
    WEIGHTS.samePrivateNetwork + bonus.weight,
    `${network.text} is already used with this key${bonus.text}, last ${agoText(lastUse(uses), facts.now)}.`,
  );
};

/** Returns the address's country, or that of its close neighbours in the same network if the data has none. */
function countryOf(facts: TrustFacts): string | null {
  const { asn, country } = facts.geolocation;
  if (country !== null || asn === null) return country;
  const neighbourhood = neighbourhoodOf(facts);
  if (neighbourhood?.kind !== 'adjacent') return null;
  const [only, ...others] = new Set(
    neighbourhood.uses.flatMap((use) => (use.asn === asn && use.country !== null ? [use.country] : [])),
  );
  return only === undefined || others.length > 0 ? null : only;
}

export const sameCountry: Signal = (facts) => {
  const country = countryOf(facts);
  if (country === null) return undefined;
  const uses = usedWithin(facts, WINDOWS_MS.sameCountry).filter((use) => use.country === country);
  if (uses.length === 0) return undefined;
  return evidence(
    'same-country',
    WEIGHTS.sameCountry,
    `This key is already used from ${countryName(country)}, last ${agoText(lastUse(uses), facts.now)}.`,
  );
};
