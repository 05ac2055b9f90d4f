import { cidrsOverlap, formatCidr, type Cidr } from '#shared/ip/index';
import type { KeyUse, TrustFacts } from '../facts';
import { tradeOf } from '../hosting-networks';
import { neighbourhoodOf } from '../neighbourhood';
import { reservedNetworkOf } from '../reserved-networks';
import { networkOf, quotable } from '../sentences';
import { evidence, type Signal, type SignalEvidence } from '../signal';
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

const PREFIX_WEIGHTS = {
  adjacent: WEIGHTS.adjacentPrefix,
  near: WEIGHTS.nearPrefix,
  foreign: WEIGHTS.adjacentPrefixOfAnotherNetwork,
} as const;

/** The address is in the same IPv4 /16 or IPv6 /48 as one that this key was admitted from in the last 30 days. */
export const adjacentPrefix: Signal = (facts) => {
  const neighbourhood = neighbourhoodOf(facts);
  if (neighbourhood === undefined) return undefined;
  const { kind, uses } = neighbourhood;
  return evidence('adjacent-prefix', PREFIX_WEIGHTS[kind], kind, {
    prefix: firstPrefix(uses),
    ago: facts.now - lastUse(uses),
  });
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
    const countries = [...new Set(uses.map((use) => use.country ?? ''))].sort().join(' ');
    return evidence('same-network', WEIGHTS.sameNetworkElsewhere, 'networkElsewhere', {
      network: networkOf(facts),
      countries,
    });
  }

  if (tradeOf(asn, asName) !== undefined) {
    return evidence('same-network', WEIGHTS.sameHostingNetwork, 'networkHosting', {
      network: networkOf(facts),
      ago: facts.now - lastUse(here),
    });
  }
  return networkEvidence(facts, WEIGHTS.sameNetwork, networkOf(facts), here);
};

/**
 * Adds the bonus for a key that moves about in the network. A close neighbour is stronger evidence, so the two are not added.
 */
function networkEvidence(
  facts: TrustFacts,
  weight: number,
  network: string,
  uses: readonly KeyUse[],
): SignalEvidence {
  const values = { network, ago: facts.now - lastUse(uses) };
  const kind = neighbourhoodOf(facts)?.kind;
  const isCounted = kind !== 'adjacent' && kind !== 'near' && strangersThisWeek(facts) === 0;
  const recent = uses.filter(({ lastAt }) => lastAt >= facts.now - WINDOWS_MS.networkBreadth);
  const parts = isCounted ? breadthOf(facts, recent) : 0;
  if (parts < COUNTS.movingNetwork) return evidence('same-network', weight, 'network', values);
  const bonus = parts >= COUNTS.wideNetwork ? WEIGHTS.wideNetworkBonus : WEIGHTS.movingNetworkBonus;
  return evidence('same-network', weight + bonus, 'networkWide', { ...values, parts });
}

/** Private addresses have no network number and no country; the private network stands for both. */
const samePrivateNetwork: Signal = (facts) => {
  const network = reservedNetworkOf(facts.address);
  if (network?.canCall !== true) return undefined;
  const uses = usedWithin(facts, WINDOWS_MS.sameNetwork).filter(({ prefix }) =>
    cidrsOverlap(network.cidr, prefix),
  );
  if (uses.length === 0) return undefined;
  return networkEvidence(facts, WEIGHTS.samePrivateNetwork, network.text, uses);
};

/**
 * The key is used from this region of the network. A neighbour says more, so the two are not added: together they would let
 * in a stranger who sends nothing that the key is known by.
 */
export const sameRegion: Signal = (facts) => {
  const { asn, asName, region } = facts.geolocation;
  if (asn === null || region === undefined || neighbourhoodOf(facts) !== undefined) return undefined;
  const uses = usedWithin(facts, WINDOWS_MS.sameRegion).filter(
    (use) => use.asn === asn && use.region === region,
  );
  if (uses.length === 0) return undefined;
  const values = { network: networkOf(facts), region: quotable(region), ago: facts.now - lastUse(uses) };
  return tradeOf(asn, asName) === undefined
    ? evidence('same-region', WEIGHTS.sameProviderRegion, 'region', values)
    : evidence('same-region', WEIGHTS.sameCloudRegion, 'regionHosting', values);
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
  return evidence('same-country', WEIGHTS.sameCountry, 'country', {
    country,
    ago: facts.now - lastUse(uses),
  });
};
