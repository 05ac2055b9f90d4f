import { compareDeciding, hasExpired } from '#shared/domain/deciding-range';
import type { Cidr } from '#shared/ip/index';
import type { MatchRange } from '../enforcement/matcher';

/** A list that knows which of its ranges hold every address of a network. */
export interface CoveringList {
  covering(cidr: Cidr): MatchRange[];
}

/** What denials have to do with a network that is to be authorized for all keys. */
interface Denials {
  /** The denial of the very network, which is stronger than its authorization. */
  readonly voidedBy?: MatchRange | undefined;
  /** The wider denial that has held for the network so far. */
  readonly opens?: MatchRange | undefined;
}

/** A network that the lists say already. */
export interface KnownOutcome extends Denials {
  /**
   * `duplicate`: the very range is there, unexpired. `covered`: a wider range lets all of its addresses in, for at least as
   * long.
   */
  readonly kind: 'duplicate' | 'covered';
  readonly by: MatchRange;
}

/** What becomes of a network that an import wants authorized for all keys. */
export type LineOutcome =
  | KnownOutcome
  /** It says something new. An expired range of the same text has to make room for it. */
  | (Denials & { readonly kind: 'new'; readonly expired: MatchRange | undefined });

const lastsAsLong = (range: MatchRange, expiresAt: number | null): boolean =>
  range.expiresAt === null || (expiresAt !== null && range.expiresAt >= expiresAt);

/**
 * Whether the network says anything that the lists do not say yet. A denial between it and the wider range, be it for
 * one key, means that adding it changes something; so it is not covered then.
 *
 * @param expiresAt when the wanted range would end; milliseconds, null for never.
 */
export const outcomeOf = (
  cidr: Cidr,
  expiresAt: number | null,
  lists: readonly CoveringList[],
  now: number,
): LineOutcome => {
  const holding = lists.flatMap((list) => list.covering(cidr)).sort(compareDeciding);
  const isEqual = (range: MatchRange): boolean => range.cidr.prefixLength === cidr.prefixLength;
  const same = holding.filter(
    (range) => isEqual(range) && range.effect === 'authorize' && range.keyId === null,
  );
  const live = holding.filter((range) => !hasExpired(range, now));
  const denials = live.filter((range) => isEqual(range) && range.effect === 'deny');
  // One key's denial leaves the others something that the line lets in.
  const voidedBy = denials.find(({ keyId }) => keyId === null) ?? denials[0];
  const duplicate = same.find((range) => !hasExpired(range, now));
  if (duplicate !== undefined) return { kind: 'duplicate', by: duplicate, voidedBy };
  const next = live.find((range) =>
    range.effect === 'deny' ? !isEqual(range) : range.keyId === null && lastsAsLong(range, expiresAt),
  );
  if (next?.effect === 'authorize' && voidedBy === undefined) return { kind: 'covered', by: next };
  // What nobody gets in by opens nothing.
  const opens = next?.effect === 'deny' && voidedBy?.keyId !== null ? next : undefined;
  return { kind: 'new', expired: same[0], voidedBy, opens };
};
