import type { Review } from '#shared/domain/entities';

let countryNames: Intl.DisplayNames | undefined;

/** `Germany` for `DE`; the code itself where it names no country. */
function countryName(code: string): string {
  countryNames ??= new Intl.DisplayNames('en', { type: 'region' });
  try {
    return countryNames.of(code) ?? code;
  } catch {
    return code;
  }
}

/** Country and network as far as they are known: `Germany · AS3320 Deutsche Telekom AG`; null where nothing is. */
export function placeWords(place: Pick<Review, 'country' | 'asn' | 'asName'>): string | null {
  const network =
    place.asn === null
      ? place.asName
      : place.asName === null
        ? `AS${place.asn}`
        : `AS${place.asn} ${place.asName}`;
  const parts = [place.country === null ? null : countryName(place.country), network];
  const known = parts.filter((part) => part !== null);
  return known.length === 0 ? null : known.join(' · ');
}
