import { type AddressRange, addressRangeOf } from './address-range';
import type { Attempt, Reason, Verdict } from './entities';
import { lowestIdAt } from './id-time';

/** A filter of the log. Fields combine with "and"; an absent field does not filter. */
export interface AttemptFilter {
  readonly verdict?: Verdict | undefined;
  readonly reason?: Reason | undefined;
  readonly keyId?: string | undefined;
  /** ISO 3166 alpha-2, in capitals; empty for an unknown country. */
  readonly country?: string | undefined;
  /** 0 for an unknown network. */
  readonly asn?: number | undefined;
  /** Empty for an unknown method. */
  readonly method?: string | undefined;
  /** An address or a range, in any form of a range text. An unreadable one matches nothing. */
  readonly ip?: string | undefined;
  /** Searched in path, user agent, key name and address, ignoring case. */
  readonly text?: string | undefined;
  /** Milliseconds since the epoch; the first call, whose time begins the row's id, is at or after it. */
  readonly fromMs?: number | undefined;
  /** Milliseconds since the epoch; the first call is before it. */
  readonly toMs?: number | undefined;
}

/** The texts in which a filter searches. The local store has them too, so that both ways of filtering agree. */
export interface SearchTexts {
  readonly ip: string;
  /** The name of the key and the user agent, a line each. */
  readonly caller: string;
  readonly path: string;
}

export function searchTextsOf({ ip, keyName, userAgent, path }: Attempt): SearchTexts {
  return {
    ip: ip.toLowerCase(),
    caller: `${keyName}\n${userAgent ?? ''}`.toLowerCase(),
    path: (path ?? '').toLowerCase(),
  };
}

/** Returns the text to search for; empty if it does not filter. */
export function searchNeedleOf(text: string | undefined): string {
  return (text ?? '').trim().toLowerCase();
}

export function attemptMatches(filter: AttemptFilter, attempt: Attempt): boolean {
  if (filter.verdict !== undefined && filter.verdict !== attempt.verdict) return false;
  if (filter.reason !== undefined && filter.reason !== attempt.reason) return false;
  if (filter.keyId !== undefined && filter.keyId !== attempt.keyId) return false;
  if (filter.country !== undefined && filter.country !== (attempt.country ?? '')) return false;
  if (filter.asn !== undefined && filter.asn !== (attempt.asn ?? 0)) return false;
  if (filter.method !== undefined && filter.method !== (attempt.method ?? '')) return false;
  if (filter.fromMs !== undefined && attempt.id < lowestIdAt(filter.fromMs)) return false;
  if (filter.toMs !== undefined && attempt.id >= lowestIdAt(filter.toMs)) return false;
  if (filter.ip !== undefined && !isWithin(filter.ip, attempt.ip)) return false;
  const needle = searchNeedleOf(filter.text);
  return needle === '' || Object.values(searchTextsOf(attempt)).some((text: string) => text.includes(needle));
}

function isWithin(rangeText: string, address: string): boolean {
  const range = recentRange(rangeText);
  const own = addressRangeOf(address);
  // A network in a flood is found by its first address, as in the databases (docs/behaviour.md 1.9.3).
  return range !== null && own !== null && range.first <= own.first && own.first <= range.last;
}

/** The last reading is cached, because a list is filtered row by row with the same text. */
let recent: { readonly text: string; readonly range: AddressRange | null } = { text: '', range: null };

function recentRange(text: string): AddressRange | null {
  if (recent.text !== text) recent = { text, range: addressRangeOf(text) };
  return recent.range;
}
