import { plainLine } from '#shared/domain/plain-text';
import { networkName } from '#shared/words';
import type { TrustFacts } from './facts';

/** Returns the day of a time in UTC: `2026-01-31`. */
export function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The network of the address in question; empty if nothing names it. */
export function networkOf({ geolocation: { asn, asName } }: TrustFacts): string {
  return networkName(asn, asName) ?? '';
}

const MAX_QUOTED_LENGTH = 80;

/** Text from outside for quotation marks. */
export function quotable(text: string): string {
  return plainLine(text, MAX_QUOTED_LENGTH).replaceAll('"', "'");
}
