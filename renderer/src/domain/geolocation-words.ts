import type { Review } from '#shared/domain/entities';
import { plainLine } from '#shared/domain/plain-text';
import { t } from '#shared/i18n/t';
import { countryName, networkName } from '#shared/words';

const LONGEST_REGION = 80;

/** A row of the log has no region. */
type Place = Pick<Review, 'country' | 'asn' | 'asName'> & Partial<Pick<Review, 'region'>>;

/** Returns as much of `Germany · region eu-central-1 · AS16509 AMAZON-02` as is known; null if nothing is. */
export function geolocationWords({ country, region = null, asn, asName }: Place): string | null {
  const parts = [
    country === null ? undefined : countryName(country),
    region === null ? undefined : t('words.region', { region: plainLine(region, LONGEST_REGION) }),
    networkName(asn, asName),
  ];
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? null : known.join(' · ');
}
