import type { Mode } from '#shared/domain/entities';
import { hostCidrOf, type Cidr, type IpAddress } from '#shared/ip/index';
import { RangeMatcher } from '../enforcement/matcher';
import type { MatchRange } from '../enforcement/matcher/match-range';
import type { KeyRow } from '../storage/repositories/keys';
import type { AccountPolicy } from './policy';

/** What `RangeMatcher` offers to those who only look. */
export type RangeLookup = Pick<RangeMatcher, 'match' | 'within'>;

/** The part of a policy that a replayed call is decided by. */
export interface Scenario {
  readonly id: string;
  readonly mode: Mode;
  readonly keys: ReadonlyMap<string, KeyRow>;
  readonly ranges: RangeLookup;
}

/** The policy as it stands. */
export const presentScenario = (policy: AccountPolicy, mode: Mode): Scenario => ({
  id: policy.id,
  mode,
  keys: policy.keys,
  ranges: policy.ranges,
});

const isLive = ({ expiresAt }: MatchRange, now: number): boolean => expiresAt === null || expiresAt > now;

/** The longer one; of two of equal length the one that denies (docs/behaviour.md 1.2.2). */
const stronger = (a: MatchRange | undefined, b: MatchRange | undefined): MatchRange | undefined => {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.cidr.prefixLength !== b.cidr.prefixLength) return a.cidr.prefixLength > b.cidr.prefixLength ? a : b;
  return b.effect === 'deny' ? b : a;
};

/** A list without some of its ranges and with some more. The list itself is neither copied nor changed. */
export class ChangedRanges implements RangeLookup {
  readonly #base: RangeMatcher;
  readonly #removed: ReadonlySet<string>;
  readonly #added: RangeMatcher;

  constructor(base: RangeMatcher, removedIds: ReadonlySet<string>, added: readonly MatchRange[]) {
    this.#base = base;
    this.#removed = removedIds;
    this.#added = new RangeMatcher();
    for (const range of added) this.#added.set(range);
  }

  match(address: IpAddress, keyId: string, now: number): MatchRange | undefined {
    return stronger(this.#baseMatch(address, keyId, now), this.#added.match(address, keyId, now));
  }

  *within(cidr: Cidr): Generator<MatchRange, void, undefined> {
    for (const range of this.#base.within(cidr)) if (!this.#removed.has(range.id)) yield range;
    yield* this.#added.within(cidr);
  }

  #baseMatch(address: IpAddress, keyId: string, now: number): MatchRange | undefined {
    const found = this.#base.match(address, keyId, now);
    // What is left decides as before, unless the winner itself goes.
    if (found === undefined || !this.#removed.has(found.id)) return found;
    return this.#base
      .covering(hostCidrOf(address))
      .filter((range) => !this.#removed.has(range.id) && isLive(range, now))
      .filter((range) => range.keyId === null || range.keyId === keyId)
      .reduce<MatchRange | undefined>(stronger, undefined);
  }
}
