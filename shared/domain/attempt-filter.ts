import { type AddressRange, addressRangeOf } from './address-range';
import type { Attempt, Reason, Verdict } from './entities';

/** Which attempts of the log are wanted. Fields combine with "and"; an absent field does not filter. */
export interface AttemptFilter {
  readonly verdict?: Verdict | undefined;
  readonly reason?: Reason | undefined;
  readonly keyId?: string | undefined;
  /** An address or a range, in any spelling of a range text. One that means nothing matches nothing. */
  readonly ip?: string | undefined;
  /** Looked for, without regard to case, in path, user agent, key name and address. */
  readonly text?: string | undefined;
}

/** What `text` is looked for in. A local store keeps it beside the row, so that both ways of filtering agree. */
export const searchTextOf = (attempt: Attempt): string =>
  [attempt.ip, attempt.keyName, attempt.path ?? '', attempt.userAgent ?? ''].join('\n').toLowerCase();

/** `text` as it is looked for; empty when it does not filter. */
export const searchNeedleOf = (text: string | undefined): string => (text ?? '').trim().toLowerCase();

/** Whether the attempt is one of those that the filter lets through. */
export function attemptMatches(filter: AttemptFilter, attempt: Attempt): boolean {
  if (filter.verdict !== undefined && filter.verdict !== attempt.verdict) return false;
  if (filter.reason !== undefined && filter.reason !== attempt.reason) return false;
  if (filter.keyId !== undefined && filter.keyId !== attempt.keyId) return false;
  if (filter.ip !== undefined && !isWithin(filter.ip, attempt.ip)) return false;
  const needle = searchNeedleOf(filter.text);
  return needle === '' || searchTextOf(attempt).includes(needle);
}

function isWithin(rangeText: string, address: string): boolean {
  const range = recentRange(rangeText);
  const own = addressRangeOf(address);
  // A network of a flood is found by its first address, as in the databases.
  return range !== null && own !== null && range.first <= own.first && own.first <= range.last;
}

/** A list is filtered row by row with one and the same text, so the last reading of it is kept. */
let recent: { readonly text: string; readonly range: AddressRange | null } = { text: '', range: null };

function recentRange(text: string): AddressRange | null {
  if (recent.text !== text) recent = { text, range: addressRangeOf(text) };
  return recent.range;
}
