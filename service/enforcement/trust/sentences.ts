import { plainLine } from '#shared/domain/plain-text';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/durations';
import { countOf, networkName } from '#shared/words';
import type { TrustFacts } from './facts';

/** A span of time in the largest unit that fits, rounded down: `2 hours`. Below a minute it is `less than a minute`. */
export function spanText(spanMs: number): string {
  if (spanMs < MINUTE_MS) return 'less than a minute';
  if (spanMs < HOUR_MS) return countOf(Math.floor(spanMs / MINUTE_MS), 'minute');
  if (spanMs < DAY_MS) return countOf(Math.floor(spanMs / HOUR_MS), 'hour');
  return countOf(Math.floor(spanMs / DAY_MS), 'day');
}

/** Returns `3 days ago`. A time in the future, by another machine's clock, is `just now`. */
export function agoText(at: number, now: number): string {
  return now - at < MINUTE_MS ? 'just now' : `${spanText(now - at)} ago`;
}

/** Returns the day of a time in UTC: `2026-01-31`. */
export function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The network of the address in question. */
export function networkOf({ geolocation: { asn, asName } }: TrustFacts): string {
  return networkName(asn, asName) ?? 'an unnamed network';
}

const MAX_QUOTED_LENGTH = 80;

/** Text from outside in quotation marks. */
export function quoted(text: string): string {
  return `"${plainLine(text, MAX_QUOTED_LENGTH).replaceAll('"', "'")}"`;
}
