import { appliesTo, compareDeciding, type DecidingRange } from '#shared/domain/deciding-range';
import type { Effect } from '#shared/domain/entities';
import { addressBits, cidrContainsCidr, type Cidr, type IpAddress, type IpFamily } from '#shared/ip/index';

/** A range in the service, whose effect is always a known one. */
export interface MatchRange extends DecidingRange {
  readonly effect: Effect;
}

/** Returns true if any of the ranges denies, expired or not. */
export function hasDenial(ranges: Pick<RangeMatcher, 'longestFirst'>): boolean {
  for (const { effect } of ranges.longestFirst()) if (effect === 'deny') return true;
  return false;
}

/** The networks of one family and prefix length. */
interface PrefixTable {
  readonly family: IpFamily;
  readonly prefixLength: number;
  readonly hostBits: bigint;
  /** The ranges of each network, in the order of `compareDeciding`. */
  readonly networks: Map<number | string, readonly MatchRange[]>;
}

/**
 * Returns the table's key for the network around an address. IPv6 keys are text, because V8 hashes only the last 64 bits of
 * a bigint, so that `::1` of many networks would collide.
 */
function keyOf({ family, hostBits }: PrefixTable, value: bigint): number | string {
  const prefix = value >> hostBits;
  return family === 4 ? Number(prefix) : prefix.toString(32);
}

function rangesAt(table: PrefixTable, value: bigint): readonly MatchRange[] {
  return table.networks.get(keyOf(table, value)) ?? [];
}

/** Returns the ranges of the table within the network. It looks up each possible network, or filters a smaller table. */
function rangesWithin(table: PrefixTable, cidr: Cidr): MatchRange[] {
  const count = 2 ** (table.prefixLength - cidr.prefixLength);
  if (count > table.networks.size) {
    const ranges = [...table.networks.values()].flat();
    return ranges.filter((range) => cidrContainsCidr(cidr, range.cidr));
  }
  return Array.from({ length: count }, (_, index) => cidr.base + (BigInt(index) << table.hostBits)).flatMap(
    (base) => rangesAt(table, base),
  );
}

/**
 * Finds the range that decides about an address and a key (docs/behaviour.md 1.2). It has a hash table for each prefix
 * length in use and asks the longest first. The cost of an edit does not depend on the number of ranges.
 */
export class RangeMatcher {
  readonly #ranges = new Map<string, MatchRange>();
  /** By family; the longest prefixes come first. */
  readonly #tables: Readonly<Record<IpFamily, PrefixTable[]>> = { 4: [], 6: [] };

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
    const table = this.#tableFor(range.cidr);
    const { base } = range.cidr;
    // V8 gives an array that grows by spreading room for many more elements, and `concat` the exact size.
    table.networks.set(keyOf(table, base), rangesAt(table, base).concat(range).sort(compareDeciding));
  }

  delete(rangeId: string): void {
    const range = this.#ranges.get(rangeId);
    if (range === undefined) return;
    this.#ranges.delete(rangeId);
    const { family, base } = range.cidr;
    const table = this.#tableFor(range.cidr);
    const left = rangesAt(table, base).filter(({ id }) => id !== rangeId);
    if (left.length > 0) table.networks.set(keyOf(table, base), left);
    else table.networks.delete(keyOf(table, base));
    // An empty table would cost every call a lookup.
    if (table.networks.size === 0) this.#tables[family].splice(this.#tables[family].indexOf(table), 1);
  }

  /** Returns the range that decides about the address and key; `now` is milliseconds since the epoch. */
  match({ family, value }: IpAddress, keyId: string, now: number): MatchRange | undefined {
    for (const table of this.#tables[family]) {
      for (const range of rangesAt(table, value)) if (appliesTo(range, keyId, now)) return range;
    }
    return undefined;
  }

  /**
   * Returns the ranges that contain the whole network, in the order of `compareDeciding`, including expired ones and those
   * of a single key.
   */
  covering({ family, base, prefixLength }: Cidr): MatchRange[] {
    const tables = this.#tables[family].filter((table) => table.prefixLength <= prefixLength);
    return tables.flatMap((table) => rangesAt(table, base));
  }

  /** Returns the ranges within the network in no particular order, including expired ones and those of a single key. */
  within(cidr: Cidr): Iterable<MatchRange> {
    const tables = this.#tables[cidr.family].filter(({ prefixLength }) => prefixLength >= cidr.prefixLength);
    return tables.flatMap((table) => rangesWithin(table, cidr));
  }

  /** Yields all ranges in the order of `compareDeciding` within each family, including expired ones. */
  *longestFirst(): Generator<MatchRange, void, undefined> {
    for (const family of [4, 6] as const) {
      for (const table of this.#tables[family]) for (const ranges of table.networks.values()) yield* ranges;
    }
  }

  #tableFor({ family, prefixLength }: Cidr): PrefixTable {
    const tables = this.#tables[family];
    const known = tables.find((table) => table.prefixLength === prefixLength);
    if (known !== undefined) return known;
    const hostBits = BigInt(addressBits(family) - prefixLength);
    const table: PrefixTable = { family, prefixLength, hostBits, networks: new Map() };
    tables.push(table);
    tables.sort((a, b) => b.prefixLength - a.prefixLength);
    return table;
  }
}
