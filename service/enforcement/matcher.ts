import { appliesTo, compareDeciding, type DecidingRange } from '#shared/domain/deciding-range';
import type { Effect } from '#shared/domain/entities';
import { cidrContainsCidr, type Cidr, type IpAddress } from '#shared/ip/index';
import { PrefixTables, type PrefixTable } from './prefix-tables';

/** A range in the service, whose effect is always a known one. */
export interface MatchRange extends DecidingRange {
  readonly effect: Effect;
}

/** Returns true if any of the ranges denies, expired or not. */
export function hasDenial(ranges: Pick<RangeMatcher, 'longestFirst'>): boolean {
  for (const { effect } of ranges.longestFirst()) if (effect === 'deny') return true;
  return false;
}

type RangeTable = PrefixTable<readonly MatchRange[]>;

const NONE: readonly MatchRange[] = [];

function rangesAt(table: RangeTable, address: bigint): readonly MatchRange[] {
  return table.get(address) ?? NONE;
}

/** Returns the ranges of the table within the network. It looks up each possible network, or filters a smaller table. */
function rangesWithin(table: RangeTable, cidr: Cidr): MatchRange[] {
  const count = 2 ** (table.prefixLength - cidr.prefixLength);
  if (count > table.size) {
    const ranges = [...table.values()].flat();
    return ranges.filter((range) => cidrContainsCidr(cidr, range.cidr));
  }
  return Array.from({ length: count }, (_, index) => cidr.base + (BigInt(index) << table.hostBits)).flatMap(
    (base) => rangesAt(table, base),
  );
}

/**
 * Finds the range that decides about an address and a key (docs/behaviour.md 1.2). The longest prefixes are asked first. The
 * cost of an edit does not depend on the number of ranges.
 */
export class RangeMatcher {
  readonly #ranges = new Map<string, MatchRange>();
  /** The ranges of each network, in the order of `compareDeciding`. */
  readonly #networks = new PrefixTables<readonly MatchRange[]>();

  constructor(ranges: Iterable<MatchRange> = []) {
    for (const range of ranges) this.set(range);
  }

  get size(): number {
    return this.#ranges.size;
  }

  get(rangeId: string): MatchRange | undefined {
    return this.#ranges.get(rangeId);
  }

  /** Adds the range, or replaces the one with the same id. */
  set(range: MatchRange): void {
    this.delete(range.id);
    this.#ranges.set(range.id, range);
    // V8 gives an array that grows by spreading room for many more elements, and `concat` the exact size.
    const ranges = (this.#networks.get(range.cidr) ?? NONE).concat(range).sort(compareDeciding);
    this.#networks.set(range.cidr, ranges);
  }

  delete(rangeId: string): void {
    const range = this.#ranges.get(rangeId);
    if (range === undefined) return;
    this.#ranges.delete(rangeId);
    const left = (this.#networks.get(range.cidr) ?? NONE).filter(({ id }) => id !== rangeId);
    if (left.length > 0) this.#networks.set(range.cidr, left);
    else this.#networks.delete(range.cidr);
  }

  /** Returns the range that decides about the address and key; `now` is milliseconds since the epoch. */
  match({ family, value }: IpAddress, keyId: string, now: number): MatchRange | undefined {
    for (const table of this.#networks.longestFirst(family)) {
      for (const range of rangesAt(table, value)) if (appliesTo(range, keyId, now)) return range;
    }
    return undefined;
  }

  /**
   * Returns the ranges that contain the whole network, in the order of `compareDeciding`, including expired ones and those
   * of a single key.
   */
  covering({ family, base, prefixLength }: Cidr): MatchRange[] {
    const tables = this.#networks.longestFirst(family).filter((table) => table.prefixLength <= prefixLength);
    return tables.flatMap((table) => rangesAt(table, base));
  }

  /** Returns the ranges within the network in no particular order, including expired ones and those of a single key. */
  within(cidr: Cidr): Iterable<MatchRange> {
    const tables = this.#networks
      .longestFirst(cidr.family)
      .filter(({ prefixLength }) => prefixLength >= cidr.prefixLength);
    return tables.flatMap((table) => rangesWithin(table, cidr));
  }

  /** Yields all ranges in the order of `compareDeciding` within each family, including expired ones. */
  *longestFirst(): Generator<MatchRange, void, undefined> {
    for (const family of [4, 6] as const) {
      for (const table of this.#networks.longestFirst(family))
        for (const ranges of table.values()) yield* ranges;
    }
  }
}
