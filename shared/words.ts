import { plainLine } from './domain/plain-text';
import { perLocale } from './i18n/language';

/** Words for numbers, countries and networks, so that the same fact reads the same in both programs. */

const numberFormat = perLocale((locale) => new Intl.NumberFormat(locale));

/** Returns `12,345`, in French `12 345`. */
export function formatCount(count: number | bigint): string {
  return numberFormat().format(count);
}

/** English alone, for what the service says and rooms whose texts are not in the catalogue: `plural(n, 'it', 'them')`. */
export function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

/** Returns `1 attempt` or `12,345 attempts`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${plural(count, one, many)}`;
}

/** Returns the form that begins a sentence: `One change`, `12 changes`. */
export function countAtStart(count: number, one: string, many?: string): string {
  return count === 1 ? `One ${one}` : countOf(count, one, many);
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
