import type { Cidr } from '#shared/ip/index';
import type { RangeMatcher } from '../enforcement/matcher';
import type { MatchRange } from '../enforcement/matcher/match-range';

/** What becomes of a network that an import wants authorized for all keys. */
export type Fate =
  /** It says something new. An expired range of the same text has to make room for it. */
  | { readonly kind: 'new'; readonly expired: MatchRange | undefined }
  /** The very range is in the list, unexpired. */
  | { readonly kind: 'duplicate'; readonly by: MatchRange }
  /** A wider range lets all of its addresses in already, for at least as long. */
  | { readonly kind: 'covered'; readonly by: MatchRange };

const isExpired = ({ expiresAt }: MatchRange, now: number): boolean => expiresAt !== null && expiresAt <= now;

const lastsAsLong = (range: MatchRange, expiresAt: number | null): boolean =>
  range.expiresAt === null || (expiresAt !== null && range.expiresAt >= expiresAt);

/** The longest first; of two of equal length the one that denies, as it decides. */
const byStrength = (a: MatchRange, b: MatchRange): number =>
  b.cidr.prefixLength - a.cidr.prefixLength || Number(b.effect === 'deny') - Number(a.effect === 'deny');

/**
 * Whether the network says anything that the lists do not say yet. A denial between it and the wider range, be it for
 * one key, means that adding it changes something; so it is not covered then.
 *
 * @param expiresAt when the wanted range would end; milliseconds, null for never.
 */
export const fateOf = (
  cidr: Cidr,
  expiresAt: number | null,
  lists: readonly RangeMatcher[],
  now: number,
): Fate => {
  const holding = lists.flatMap((list) => list.covering(cidr)).sort(byStrength);
  const same = holding.find(
    (range) =>
      range.cidr.prefixLength === cidr.prefixLength && range.effect === 'authorize' && range.keyId === null,
  );
  if (same !== undefined && !isExpired(same, now)) return { kind: 'duplicate', by: same };
  const asNew: Fate = { kind: 'new', expired: same };
  for (const range of holding) {
    if (isExpired(range, now)) continue;
    if (range.effect === 'deny') return asNew;
    if (range.keyId === null && lastsAsLong(range, expiresAt)) return { kind: 'covered', by: range };
  }
  return asNew;
};
