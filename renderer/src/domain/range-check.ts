import { decidingRangeOf, hasExpired } from '#shared/domain/deciding-range';
import type { Range, Review } from '#shared/domain/entities';
import {
  addressCount,
  type Cidr,
  cidrContains,
  cidrContainsCidr,
  firstAddress,
  formatAddress,
  formatCidr,
  lastAddress,
  parseAddress,
  parseRangeText,
} from '#shared/ip/index';

/** The networks that a typed text means. */
export interface RangeMeaning {
  readonly cidrs: readonly Cidr[];
  readonly texts: readonly string[];
  readonly first: string;
  readonly last: string;
  readonly count: bigint;
  /** Remarks on the text, for example that host bits were cleared. */
  readonly notes: readonly string[];
}

export type RangeReading =
  | { readonly kind: 'empty' }
  | { readonly kind: 'invalid'; readonly message: string }
  /** A valid range that is so wide that it has to be confirmed. */
  | { readonly kind: 'wide'; readonly meaning: RangeMeaning }
  | { readonly kind: 'range'; readonly meaning: RangeMeaning };

export function readRange(text: string): RangeReading {
  if (text.trim() === '') return { kind: 'empty' };
  const read = parseRangeText(text);
  if (read.ok) return { kind: 'range', meaning: meaningOf(read.cidrs, read.notes) };
  if (read.error.code !== 'too_wide') return { kind: 'invalid', message: read.error.message };
  const wide = parseRangeText(text, { allowWide: true });
  return wide.ok
    ? { kind: 'wide', meaning: meaningOf(wide.cidrs, wide.notes) }
    : { kind: 'invalid', message: wide.error.message };
}

function meaningOf(cidrs: readonly Cidr[], notes: readonly { readonly message: string }[]): RangeMeaning {
  const [first] = cidrs;
  const last = cidrs.at(-1);
  return {
    cidrs,
    texts: cidrs.map(formatCidr),
    first: first === undefined ? '' : formatAddress(firstAddress(first)),
    last: last === undefined ? '' : formatAddress(lastAddress(last)),
    count: cidrs.reduce((sum, cidr) => sum + addressCount(cidr), 0n),
    notes: notes.map(({ message }) => message),
  };
}

export interface RangeRelations {
  /** Ranges with the same network and effect, for the same key or for all keys. */
  readonly duplicates: readonly Range[];
  /** Wider ranges with the same effect that contain it. */
  readonly coveredBy: readonly Range[];
  /** Narrower ranges with the same effect inside it. */
  readonly covers: readonly Range[];
  /** Ranges with the other effect inside or around it. The most specific range decides. */
  readonly opposed: readonly Range[];
  /** Pending reviews whose calls it would authorize. */
  readonly letsIn: readonly Review[];
}

/** Compares a new range with the existing ranges and the pending reviews. */
export function relate(
  meaning: RangeMeaning,
  wanted: { readonly effect: Range['effect']; readonly keyId: string | null },
  ranges: Iterable<Range>,
  reviews: Iterable<Review>,
  nowMs: number,
): RangeRelations {
  const duplicates: Range[] = [];
  const coveredBy: Range[] = [];
  const covers: Range[] = [];
  const opposed: Range[] = [];
  for (const range of ranges) {
    const known = decidingRangeOf(range);
    if (known === undefined || hasExpired(known, nowMs)) continue;
    const { cidr } = known;
    const around = meaning.cidrs.every((wantedCidr) => cidrContainsCidr(cidr, wantedCidr));
    const inside = meaning.cidrs.some((wantedCidr) => cidrContainsCidr(wantedCidr, cidr));
    if (!around && !inside) continue;
    const holdsForSameKeys = range.keyId === null || range.keyId === wanted.keyId;
    if (range.effect !== wanted.effect) opposed.push(range);
    else if (around && inside && range.keyId === wanted.keyId) duplicates.push(range);
    else if (around && holdsForSameKeys) coveredBy.push(range);
    else if (inside && (wanted.keyId === null || range.keyId === wanted.keyId)) covers.push(range);
  }
  const letsIn =
    wanted.effect === 'authorize'
      ? [...reviews].filter(
          (review) =>
            review.status === 'pending' &&
            (wanted.keyId === null || review.keyId === wanted.keyId) &&
            holds(meaning, review.ip),
        )
      : [];
  return { duplicates, coveredBy, covers, opposed, letsIn };
}

/** Returns true if the range contains the address. */
export function holds(meaning: RangeMeaning, ip: string): boolean {
  const read = parseAddress(ip);
  return read.ok && meaning.cidrs.some((cidr) => cidrContains(cidr, read.address));
}
