import { plainLine } from '#shared/domain/plain-text';

/**
 * Words for people, from values that strangers can choose: names of networks, of keys, of accounts. What comes out is
 * one line without anything that could end a header, fake a line of a text or turn its direction round.
 */

const countryNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** "Germany (DE)"; the code alone where nobody knows it; "not known" without one. */
export const countryWords = (code: string | null): string => {
  if (code === null) return 'not known';
  const line = plainLine(code, 20);
  const name = /^[A-Z]{2}$/.test(line) ? countryNames.of(line) : undefined;
  return name === undefined ? line : `${name} (${line})`;
};

/** "AS64500 Example Networks", as much of it as is known. */
export const networkWords = (asn: number | null, asName: string | null): string => {
  const name = asName === null ? '' : plainLine(asName, 80);
  if (asn === null) return name === '' ? 'not known' : name;
  return name === '' ? `AS${asn}` : `AS${asn} ${name}`;
};

const WHEN = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** "Tue, 24 Nov 2026, 11:02:03 UTC". */
export const timeWords = (at: number | string): string =>
  `${WHEN.format(typeof at === 'number' ? at : Date.parse(at))} UTC`;

const NUMBER = new Intl.NumberFormat('en');

/** "1 call", "1,234 calls". */
export const countWords = (count: number, one: string, many = `${one}s`): string =>
  `${NUMBER.format(count)} ${count === 1 ? one : many}`;
