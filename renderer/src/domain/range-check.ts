import { decidingRangeOf, hasExpired } from '#shared/domain/deciding-range';
import { coveringRange } from '#shared/domain/covering-range';
import type { Range } from '#shared/domain/entities';
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
  /** Wider ranges that decide the same for good, with no other effect in between. */
  readonly coveredBy: readonly Range[];
  /** Narrower ranges with the same effect inside it. */
  readonly covers: readonly Range[];
  /** Denials that take precedence for every address of it, so that it lets nobody in. */
  readonly voidedBy: readonly Range[];
  /** Other ranges with another effect inside or around it. The most specific range decides. */
  readonly opposed: readonly Range[];
}

interface WantedTerms {
  readonly effect: Range['effect'];
  readonly keyId: string | null;
}

/** Compares a new range with the existing ranges. */
export function relate(
  { cidrs }: RangeMeaning,
  { effect, keyId }: WantedTerms,
  ranges: Iterable<Range>,
  nowMs: number,
): RangeRelations {
  const near = [...ranges].flatMap((range) => {
    const known = decidingRangeOf(range);
    if (known === undefined || hasExpired(known, nowMs)) return [];
    const isAround = cidrs.every((wanted) => cidrContainsCidr(known.cidr, wanted));
    const isInside = cidrs.some((wanted) => cidrContainsCidr(wanted, known.cidr));
    return isAround || isInside || cidrs.some((wanted) => cidrContainsCidr(known.cidr, wanted))
      ? [{ range, known, isAround, isInside }]
      : [];
  });
  const isSame = (each: (typeof near)[number]): boolean => each.range.effect === effect;
  const isDuplicate = (each: (typeof near)[number]): boolean =>
    isSame(each) && each.isAround && each.isInside && each.range.keyId === keyId;
  const covering = cidrs.map((cidr) => {
    const wanted = { id: '', cidr, effect, keyId, createdAt: Number.POSITIVE_INFINITY, expiresAt: null };
    const deciding = near.flatMap((each) => (isDuplicate(each) ? [] : [each.known]));
    return coveringRange(wanted, deciding, nowMs)?.id;
  });
  const isCovering = new Set(covering.includes(undefined) ? [] : covering);
  const denials = near.filter(
    (each) =>
      effect === 'authorize' &&
      !isSame(each) &&
      each.isInside &&
      (each.range.keyId === null || each.range.keyId === keyId),
  );
  const isVoid = cidrs.every((cidr) =>
    isFilledBy(
      cidr,
      denials.map(({ known }) => known.cidr),
    ),
  );
  const voiding = new Set(isVoid ? denials : []);
  const rangesOf = (fits: (each: (typeof near)[number]) => boolean): readonly Range[] =>
    near.filter(fits).map(({ range }) => range);
  return {
    duplicates: rangesOf(isDuplicate),
    coveredBy: rangesOf(({ known }) => isCovering.has(known.id)),
    covers: rangesOf(
      (each) =>
        isSame(each) &&
        each.isInside &&
        !isDuplicate(each) &&
        !isCovering.has(each.known.id) &&
        (keyId === null || each.range.keyId === keyId),
    ),
    voidedBy: rangesOf((each) => voiding.has(each)),
    opposed: rangesOf((each) => !isSame(each) && !voiding.has(each) && (each.isInside || each.isAround)),
  };
}

/** Returns true if the networks have every address of this one. */
function isFilledBy(cidr: Cidr, networks: readonly Cidr[]): boolean {
  const inside = networks.filter((network) => cidrContainsCidr(cidr, network));
  const outermost = inside.filter(
    (network, index) =>
      !inside.some(
        (other, at) =>
          at !== index &&
          cidrContainsCidr(other, network) &&
          (other.prefixLength < network.prefixLength || at < index),
      ),
  );
  return outermost.reduce((sum, network) => sum + addressCount(network), 0n) === addressCount(cidr);
}

/** Returns true if the range contains the address. */
export function holds(meaning: RangeMeaning, ip: string): boolean {
  const read = parseAddress(ip);
  return read.ok && meaning.cidrs.some((cidr) => cidrContains(cidr, read.address));
}
