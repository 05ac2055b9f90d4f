import type { Review } from '#shared/domain/entities';
import { countryName, networkName } from '#shared/words';

/** `Germany · AS3320 Deutsche Telekom AG`, as much of it as is known; null where nothing is. */
export function geolocationWords({
  country,
  asn,
  asName,
}: Pick<Review, 'country' | 'asn' | 'asName'>): string | null {
  const parts = [country === null ? undefined : countryName(country), networkName(asn, asName)];
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? null : known.join(' · ');
}
