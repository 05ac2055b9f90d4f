import { HOUR_MS } from '#shared/durations';
import { leastDistanceKm } from '../country-positions';
import { neighbourhoodOf } from '../neighbourhood';
import { strangersThisWeek } from '../strangers';
import { evidence, type Signal } from '../signal';
import { COUNTS, FASTEST_TRAVEL_KM_PER_HOUR, WEIGHTS } from '../weights';

/**
 * Many unknown addresses on one key, within an hour or from strange networks over a week. The stronger of the two counts.
 */
export const unknownBurst: Signal = (facts) => {
  const { recentUnknownAddresses: lastHour } = facts;
  const week = strangersThisWeek(facts);
  const hourWeight =
    lastHour >= COUNTS.largeBurst ? WEIGHTS.largeBurst : lastHour >= COUNTS.burst ? WEIGHTS.burst : 0;
  const weekWeight = weightOfWeek(week);
  if (hourWeight === 0 && weekWeight === 0) return undefined;
  return hourWeight <= weekWeight
    ? evidence('unknown-burst', hourWeight, 'burst', { count: lastHour })
    : evidence('unknown-burst', weekWeight, 'strangers', { count: week });
};

function weightOfWeek(addresses: number): number {
  if (addresses >= COUNTS.manyUnanswered) return WEIGHTS.manyUnanswered;
  if (addresses >= COUNTS.someUnanswered) return WEIGHTS.someUnanswered;
  return addresses >= COUNTS.fewUnanswered ? WEIGHTS.fewUnanswered : 0;
}

/**
 * Nobody travels from the last call's country so fast. Countries that the key is used from do not count, because it has
 * several callers there. A neighbour of a used address does not count either, because the data on one of the two countries
 * is wrong.
 */
export const impossibleTravel: Signal = (facts) => {
  const { lastAllowed, now, geolocation, uses } = facts;
  if (lastAllowed === null || lastAllowed.country === null || geolocation.country === null) return undefined;
  if (uses.some(({ country }) => country === geolocation.country)) return undefined;
  const closeness = neighbourhoodOf(facts)?.kind;
  if (closeness === 'adjacent' || closeness === 'near') return undefined;
  const leastKm = leastDistanceKm(lastAllowed.country, geolocation.country);
  if (leastKm === undefined) return undefined;
  const hours = Math.max(0, now - lastAllowed.at) / HOUR_MS;
  if (leastKm <= hours * FASTEST_TRAVEL_KM_PER_HOUR) return undefined;
  return evidence('impossible-travel', WEIGHTS.impossibleTravel, 'travel', {
    country: lastAllowed.country,
    ago: now - lastAllowed.at,
    thisCountry: geolocation.country,
    km: leastKm,
  });
};
