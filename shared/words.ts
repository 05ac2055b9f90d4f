import { plainLine } from './domain/plain-text';
import { perLocale } from './i18n/language';

/** Words for numbers, countries and networks, so that the same fact reads the same in both programs. */

const numberFormat = perLocale((locale) => new Intl.NumberFormat(locale));

/** Returns `12,345`, in French `12 345`. */
export function formatCount(count: number | bigint): string {
  return numberFormat().format(count);
}

const LONGEST_NAME = 80;

const countryNames = perLocale(
  (locale) => new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' }),
);

/** Returns `Germany` or `Allemagne` for `DE`, or the text itself as one plain line if it is no country's code. */
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return plainLine(code, LONGEST_NAME);
  return countryNames().of(code) ?? code;
}

/** Returns `AS3320 Deutsche Telekom AG`, or the part of it that is known; undefined if nothing is. */
export function networkName(asn: number | null, asName: string | null): string | undefined {
  const name = asName === null ? '' : plainLine(asName, LONGEST_NAME);
  const parts = [asn === null ? '' : `AS${asn}`, name].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join(' ');
}
