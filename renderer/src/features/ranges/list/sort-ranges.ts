import { cidrOfRange } from '#shared/domain/deciding-range';
import type { Range } from '#shared/domain/entities';
import { perLocale } from '#shared/i18n/language';
import { addressBits, compareCidrs } from '#shared/ip/index';
import type { RangeSort } from '../../../stores/ranges-list';
import { sourceWords } from './range-facts';

const collator = perLocale((locale) => new Intl.Collator(locale, { numeric: true }));

/** Orders by address. Narrower ranges come below the wider ones that contain them. */
function byAddress(a: Range, b: Range): number {
  const [cidrA, cidrB] = [cidrOfRange(a), cidrOfRange(b)];
  if (cidrA === undefined || cidrB === undefined) return a.cidr < b.cidr ? -1 : 1;
  return compareCidrs(cidrA, cidrB) || (a.id < b.id ? -1 : 1);
}

type Fact = string | number;

/** A range without an end sorts as the last to end, and an unused range as the first used. */
function factOf(by: Exclude<RangeSort, 'range'>, keyNameOf: (keyId: string | null) => string) {
  return (range: Range): Fact => {
    switch (by) {
      case 'size': {
        const cidr = cidrOfRange(range);
        return cidr === undefined ? -1 : addressBits(cidr.family) - cidr.prefixLength;
      }
      case 'label':
        return range.label;
      case 'source':
        return sourceWords(range);
      case 'key':
        // All keys come first.
        return range.keyId === null ? '' : keyNameOf(range.keyId);
      case 'added':
        return Date.parse(range.createdAt);
      case 'author':
        return range.createdBy;
      case 'expires':
        return range.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(range.expiresAt);
      case 'lastUsed':
        return range.lastUsedAt === null ? Number.NEGATIVE_INFINITY : Date.parse(range.lastUsedAt);
      case 'uses':
        return range.uses;
    }
  };
}

function compareFacts(a: Fact, b: Fact): number {
  if (typeof a === 'string' && typeof b === 'string') return collator().compare(a, b);
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Sorts by one fact, and ranges in which it is the same by address. */
export function sortRanges(
  ranges: readonly Range[],
  { by, isDescending }: { readonly by: RangeSort; readonly isDescending: boolean },
  keyNameOf: (keyId: string | null) => string,
): readonly Range[] {
  const sign = isDescending ? -1 : 1;
  if (by === 'range') return [...ranges].sort((a, b) => sign * byAddress(a, b));
  const read = factOf(by, keyNameOf);
  return ranges
    .map((range) => ({ range, fact: read(range) }))
    .sort((a, b) => sign * compareFacts(a.fact, b.fact) || byAddress(a.range, b.range))
    .map(({ range }) => range);
}
