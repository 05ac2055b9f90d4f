import { plainLine } from './domain/plain-text';

/** Words for numbers, countries and networks, so that the same fact reads the same in both programs. */

const numberFormat = new Intl.NumberFormat('en');

/** Returns `12,345`. */
export function formatCount(count: number | bigint): string {
  return numberFormat.format(count);
}

/** Returns `one` for 1, else `many`: `plural(n, 'it', 'them')`. */
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

// The object is made on first use, because that takes longer than most of what uses it.
let countryNames: Intl.DisplayNames | undefined;

/** Returns `Germany` for `DE`, or the text itself as one plain line if it is no country's code. */
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return plainLine(code, LONGEST_NAME);
  countryNames ??= new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });
  return countryNames.of(code) ?? code;
}

/** Returns `AS3320 Deutsche Telekom AG`, or the part of it that is known; undefined if nothing is. */
export function networkName(asn: number | null, asName: string | null): string | undefined {
  const name = asName === null ? '' : plainLine(asName, LONGEST_NAME);
  const parts = [asn === null ? '' : `AS${asn}`, name].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join(' ');
}
