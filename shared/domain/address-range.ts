import { firstAddress, lastAddress, parseRangeText, sortableAddress } from '../ip/index';

/** The first and the last address of a range as sortable texts. An address is inside if its own text lies between them. */
export interface AddressRange {
  readonly first: string;
  readonly last: string;
}

/** Returns the addresses that a range text means, or null if it means none. Wide ranges are fine, because this only searches. */
export function addressRangeOf(text: string): AddressRange | null {
  const reading = parseRangeText(text, { allowWide: true });
  if (!reading.ok) return null;
  // Several networks come from a dash; they are ascending, disjoint, and without gaps.
  const first = reading.cidrs[0];
  const last = reading.cidrs.at(-1);
  if (first === undefined || last === undefined) return null;
  return { first: sortableAddress(firstAddress(first)), last: sortableAddress(lastAddress(last)) };
}
