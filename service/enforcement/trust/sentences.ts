import { plainLine } from '#shared/domain/plain-text';
import type { TrustFacts } from './facts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Returns `1 network`, `3 networks`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? singular : plural}`;
}

/** Returns a duration in the largest unit that fits, rounded down: `2 hours`, or `less than a minute`. */
export function spanText(spanMs: number): string {
  if (spanMs < MINUTE_MS) return 'less than a minute';
  if (spanMs < HOUR_MS) return counted(Math.floor(spanMs / MINUTE_MS), 'minute');
  if (spanMs < DAY_MS) return counted(Math.floor(spanMs / HOUR_MS), 'hour');
  return counted(Math.floor(spanMs / DAY_MS), 'day');
}

/** Returns `3 days ago`. A time in the future, by another machine's clock, is `just now`. */
export function agoText(at: number, now: number): string {
  return now - at < MINUTE_MS ? 'just now' : `${spanText(now - at)} ago`;
}

/** Returns the day of a time in UTC: `2026-01-31`. */
export function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

// Creating it costs more than a whole review.
const COUNTRY_NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

/** Returns the English name of a country, or the text itself if it is no code. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (COUNTRY_NAMES.of(code) ?? code) : cleanText(code);
}

/** Returns `AS12479 Orange Espagne`, or the bare number if the name is unknown. */
export function networkName(asn: number, asName: string | null): string {
  const name = asName === null ? '' : cleanText(asName);
  return name === '' ? `AS${asn}` : `AS${asn} ${name}`;
}

/** Returns the name of the address's network. */
export function networkOf({ place: { asn, asName } }: TrustFacts): string {
  return asn === null
    ? asName === null
      ? 'an unnamed network'
      : cleanText(asName)
    : networkName(asn, asName);
}

const MAX_QUOTED_LENGTH = 80;

function cleanText(text: string): string {
  return plainLine(text, MAX_QUOTED_LENGTH).replaceAll('"', "'");
}

export function quoted(text: string): string {
  return `"${cleanText(text)}"`;
}
