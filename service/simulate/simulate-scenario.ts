import { compareDeciding, decidingRange } from '#shared/domain/deciding-range';
import type { Mode } from '#shared/domain/entities';
import { hostCidrOf, type Cidr, type IpAddress } from '#shared/ip/index';
import type { MatchRange, RangeMatcher } from '../enforcement/matcher';
import type { KeyRow } from '../storage/repositories/keys';
import type { AccountPolicy, ReadonlyRanges } from '../policy/policy';

/** The read-only part of `RangeMatcher`. */
type RangeLookup = Pick<RangeMatcher, 'match' | 'within'>;

/** The part of a policy that decides a replayed call. */
export interface Scenario {
  readonly id: string;
  readonly mode: Mode;
  readonly keys: ReadonlyMap<string, KeyRow>;
  readonly ranges: RangeLookup;
  readonly lookedUp: AccountPolicy['lookedUp'];
  isReporting(keyId: string): boolean;
}

/** Returns the scenario of the current policy. */
export function presentScenario(policy: AccountPolicy, mode: Mode): Scenario {
  return {
    id: policy.id,
    mode,
    keys: policy.keys,
    ranges: policy.ranges,
    lookedUp: policy.lookedUp,
    isReporting: (keyId) => policy.isReporting(keyId),
  };
}

/** A list of ranges with some removed and some added. The base is neither copied nor changed. */
export class ChangedRanges implements RangeLookup {
  readonly #base: ReadonlyRanges;
  readonly #removed: ReadonlySet<string>;
  readonly #added: RangeLookup;

  constructor(base: ReadonlyRanges, removedIds: ReadonlySet<string>, added: RangeLookup) {
    this.#base = base;
    this.#removed = removedIds;
    this.#added = added;
  }

  match(address: IpAddress, keyId: string, now: number): MatchRange | undefined {
    const found = [this.#baseMatch(address, keyId, now), this.#added.match(address, keyId, now)];
    return found.filter((range) => range !== undefined).sort(compareDeciding)[0];
  }

  *within(cidr: Cidr): Generator<MatchRange, void, undefined> {
    for (const range of this.#base.within(cidr)) if (!this.#removed.has(range.id)) yield range;
    yield* this.#added.within(cidr);
  }

  #baseMatch(address: IpAddress, keyId: string, now: number): MatchRange | undefined {
    const found = this.#base.match(address, keyId, now);
    // The other ranges decide as before, unless the deciding one is removed.
    if (found === undefined || !this.#removed.has(found.id)) return found;
    const host = hostCidrOf(address);
    const left = this.#base.covering(host).filter(({ id }) => !this.#removed.has(id));
    return decidingRange(left, host, keyId, now);
  }
}
