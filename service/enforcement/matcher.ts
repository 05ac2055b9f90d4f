import { appliesTo, compareDeciding, type DecidingRange } from '#shared/domain/deciding-range';
import type { Effect } from '#shared/domain/entities';
import { addressBits, cidrContainsCidr, type Cidr, type IpAddress, type IpFamily } from '#shared/ip/index';

/** A range of the service, which knows every effect. */
export interface MatchRange extends DecidingRange {
  readonly effect: Effect;
}

/** The networks of one family and prefix length. */
interface PrefixTable {
  readonly family: IpFamily;
  readonly prefixLength: number;
  readonly hostBits: bigint;
  /** Each network's ranges, in the order of `compareDeciding`. */
  readonly networks: Map<number | string, readonly MatchRange[]>;
}

/**
 * The key of the network that holds an address. For IPv6 it is text: the hash of a bigint takes in its last 64 bits alone, so
 * `::1` of many networks would share one place.
 */
function keyOf({ family, hostBits }: PrefixTable, value: bigint): number | string {
  const prefix = value >> hostBits;
  return family === 4 ? Number(prefix) : prefix.toString(32);
}

function rangesAt(table: PrefixTable, value: bigint): readonly MatchRange[] {
  return table.networks.get(keyOf(table, value)) ?? [];
}

/** The ranges of the table that lie in the network: each possible one is looked up, unless the table has fewer. */
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
 * Finds the range that decides for an address and a key (docs/behaviour.md 1.2): a hash table for each prefix length in use, asked
 * from the longest on. An edit costs the same with ten ranges and with a million.
 */
export class RangeMatcher {
  readonly #ranges = new Map<string, MatchRange>();
  /** By family, the longest prefixes first. */
  readonly #tables: Readonly<Record<IpFamily, PrefixTable[]>> = { 4: [], 6: [] };

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
    // A list that grows by spreading would keep room for sixteen more.
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
    // An empty table would be asked for nothing.
    if (table.networks.size === 0) this.#tables[family].splice(this.#tables[family].indexOf(table), 1);
  }

  /** The range that decides for the address and key; `now` in milliseconds since the epoch. */
  match({ family, value }: IpAddress, keyId: string, now: number): MatchRange | undefined {
    for (const table of this.#tables[family]) {
      for (const range of rangesAt(table, value)) if (appliesTo(range, keyId, now)) return range;
    }
    return undefined;
  }

  /** The ranges that hold every address of the network, as `compareDeciding` orders them; expired ones and those of one key as well. */
  covering({ family, base, prefixLength }: Cidr): MatchRange[] {
    const tables = this.#tables[family].filter((table) => table.prefixLength <= prefixLength);
    return tables.flatMap((table) => rangesAt(table, base));
  }

  /** The ranges that lie in the network, in no order; expired ones and those of one key as well. */
  within(cidr: Cidr): Iterable<MatchRange> {
    const tables = this.#tables[cidr.family].filter(({ prefixLength }) => prefixLength >= cidr.prefixLength);
    return tables.flatMap((table) => rangesWithin(table, cidr));
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
