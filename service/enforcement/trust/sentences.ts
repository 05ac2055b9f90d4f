import { plainLine } from '#shared/domain/plain-text';
import type { TrustFacts } from './facts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `1 network`, `3 networks`. */
export const counted = (count: number, singular: string, plural = `${singular}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? singular : plural}`;

/** A span of time in the largest unit that fits, rounded down: `2 hours`. Below a minute it is `less than a minute`. */
export const spanText = (spanMs: number): string => {
  if (spanMs < MINUTE_MS) return 'less than a minute';
  if (spanMs < HOUR_MS) return counted(Math.floor(spanMs / MINUTE_MS), 'minute');
  if (spanMs < DAY_MS) return counted(Math.floor(spanMs / HOUR_MS), 'hour');
  return counted(Math.floor(spanMs / DAY_MS), 'day');
};

/** How long ago something was: `3 days ago`. What lies in the future by the clocks of several machines is `just now`. */
export const agoText = (at: number, now: number): string =>
  now - at < MINUTE_MS ? 'just now' : `${spanText(now - at)} ago`;

/** The day of a moment, in UTC: `2026-01-31`. */
export const dayText = (at: number): string => new Date(at).toISOString().slice(0, 10);

// Loaded once: making it costs more than a whole review.
const COUNTRY_NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

/** The English name of a country; the text itself where it is no code of one. */
export const countryName = (code: string): string =>
  /^[A-Z]{2}$/.test(code) ? (COUNTRY_NAMES.of(code) ?? code) : cleanText(code);

/** `AS12479 Orange Espagne`, or the bare number where the name is not known. */
export const networkName = (asn: number, asName: string | null): string => {
  const name = asName === null ? '' : cleanText(asName);
  return name === '' ? `AS${asn}` : `AS${asn} ${name}`;
};

/** The network of the address in question. */
export const networkOf = ({ place: { asn, asName } }: TrustFacts): string =>
  asn === null ? (asName === null ? 'an unnamed network' : cleanText(asName)) : networkName(asn, asName);

const MAX_QUOTED_LENGTH = 80;

/** Text from outside, fit to stand in a sentence. */
const cleanText = (text: string): string => plainLine(text, MAX_QUOTED_LENGTH).replaceAll('"', "'");

/** Text from outside in quotation marks. */
export const quoted = (text: string): string => `"${cleanText(text)}"`;
