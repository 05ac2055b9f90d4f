import { compareDeciding, hasExpired } from '#shared/domain/deciding-range';
import type { Effect } from '#shared/domain/entities';
import type { Cidr } from '#shared/ip/index';
import type { MatchRange } from '../enforcement/matcher';

/** Ranges that can be asked which of them contain a network. */
export interface CoveringList {
  covering(cidr: Cidr): MatchRange[];
}

/** The terms on which a network is to be added. */
export interface RangeTerms {
  readonly effect: Effect;
  /** The one key for which it is to hold; null for all keys. */
  readonly keyId: string | null;
  /** Milliseconds since the epoch; null if it does not expire. */
  readonly expiresAt: number | null;
}

/** Denials that affect a network which is to be authorized. */
interface Denials {
  /** The denial of the very network. It is stronger than the authorization. */
  readonly voidedBy?: MatchRange | undefined;
  /** The wider denial that decided about the network so far. */
  readonly opens?: MatchRange | undefined;
}

/** A network that the lists contain already. */
export interface KnownOutcome extends Denials {
  /**
   * `duplicate`: the very range exists, unexpired. `covered`: a wider range says the same of all of its addresses for at
   * least as long.
   */
  readonly kind: 'duplicate' | 'covered';
  readonly by: MatchRange;
}

/** Outcome of one network that is to be added. */
export type ListOutcome =
  | KnownOutcome
  /** Not in the lists. Expired ranges of the same text have to make room for it. */
  | (Denials & { readonly kind: 'new'; readonly expired: readonly MatchRange[] });

function lastsAsLong(range: MatchRange, expiresAt: number | null): boolean {
  return range.expiresAt === null || (expiresAt !== null && range.expiresAt >= expiresAt);
}

/**
 * Compares a network with the lists. It is not covered if a range of the other effect, even for one key, lies between it and
 * the wider range, because adding it then changes something.
 * @param isLeaving true for a range that goes unless a line says it again. Nothing is covered by it.
 */
export function listOutcomeOf(
  cidr: Cidr,
  { effect, keyId, expiresAt }: RangeTerms,
  lists: readonly CoveringList[],
  now: number,
  isLeaving: (range: MatchRange) => boolean = () => false,
): ListOutcome {
  const holding = lists.flatMap((list) => list.covering(cidr)).sort(compareDeciding);
  const isEqual = (range: MatchRange): boolean => range.cidr.prefixLength === cidr.prefixLength;
  const holdsForAll = (range: MatchRange): boolean => range.keyId === null || range.keyId === keyId;
  const same = holding.filter((range) => isEqual(range) && range.effect === effect && range.keyId === keyId);
  const live = holding.filter((range) => !hasExpired(range, now) && (keyId === null || holdsForAll(range)));
  const denials = effect === 'deny' ? [] : live.filter((range) => isEqual(range) && range.effect === 'deny');
  // A denial for one key still leaves a line for all of them an effect for the others.
  const voidedBy = denials.find(holdsForAll) ?? denials[0];
  const duplicates = same.filter((range) => !hasExpired(range, now));
  const duplicate = duplicates.find(isLeaving) ?? duplicates[0];
  if (duplicate !== undefined) return { kind: 'duplicate', by: duplicate, voidedBy };
  const next = live.find((range) =>
    range.effect === effect
      ? holdsForAll(range) && lastsAsLong(range, expiresAt) && !isLeaving(range)
      : !isEqual(range),
  );
  if (next?.effect === effect && voidedBy === undefined) return { kind: 'covered', by: next };
  // A line that lets nobody in opens no denial.
  const isVoid = voidedBy !== undefined && holdsForAll(voidedBy);
  const opens = effect === 'authorize' && next?.effect === 'deny' && !isVoid ? next : undefined;
  return { kind: 'new', expired: same, voidedBy, opens };
}
