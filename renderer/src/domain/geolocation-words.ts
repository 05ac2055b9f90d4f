import type { Review } from '#shared/domain/entities';
import { countryName, networkName } from '#shared/words';

/** Returns as much of `Germany · AS3320 Deutsche Telekom AG` as is known; null if nothing is. */
export function geolocationWords({
  country,
  asn,
  asName,
}: Pick<Review, 'country' | 'asn' | 'asName'>): string | null {
  const parts = [country === null ? undefined : countryName(country), networkName(asn, asName)];
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? null : known.join(' · ');
}
