import { firstAddress, lastAddress, parseRangeText, sortableAddress } from '../ip/index';

/** The first and last address of a range as sortable text: an address is inside when its own text lies between. */
export interface AddressRange {
  readonly first: string;
  readonly last: string;
}

/**
 * The span of addresses that a range text means, or null when it means none. However wide: this is for looking, and
 * looking at everything does no harm.
 */
export function addressRangeOf(text: string): AddressRange | null {
  const reading = parseRangeText(text, { allowWide: true });
  if (!reading.ok) return null;
  // Several networks come from a dash: ascending, disjoint, and without gaps between.
  const first = reading.cidrs[0];
  const last = reading.cidrs.at(-1);
  if (first === undefined || last === undefined) return null;
  return { first: sortableAddress(firstAddress(first)), last: sortableAddress(lastAddress(last)) };
}
