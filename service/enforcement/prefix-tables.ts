import { addressBits, type Cidr, type IpFamily } from '#shared/ip/index';

/** The values of the networks of one family and prefix length. A network is named by any of its addresses. */
export class PrefixTable<Value> {
  readonly prefixLength: number;
  readonly hostBits: bigint;
  readonly #isIpv4: boolean;
  readonly #values = new Map<number | string, Value>();

  constructor({ family, prefixLength }: Cidr) {
    this.prefixLength = prefixLength;
    this.hostBits = BigInt(addressBits(family) - prefixLength);
    this.#isIpv4 = family === 4;
  }

  get size(): number {
    return this.#values.size;
  }

  get(address: bigint): Value | undefined {
    return this.#values.get(this.#keyOf(address));
  }

  set(address: bigint, value: Value): void {
    this.#values.set(this.#keyOf(address), value);
  }

  delete(address: bigint): void {
    this.#values.delete(this.#keyOf(address));
  }

  values(): Iterable<Value> {
    return this.#values.values();
  }

  /** IPv6 keys are text, because V8 hashes only the last 64 bits of a bigint, so that `::1` of many networks would collide. */
  #keyOf(address: bigint): number | string {
    const prefix = address >> this.hostBits;
    return this.#isIpv4 ? Number(prefix) : prefix.toString(32);
  }
}

/** Values of networks, with a hash table for each prefix length in use. */
export class PrefixTables<Value> {
  readonly #tables: Readonly<Record<IpFamily, PrefixTable<Value>[]>> = { 4: [], 6: [] };

  /** The number of networks. */
  get size(): number {
    return [...this.#tables[4], ...this.#tables[6]].reduce((sum, { size }) => sum + size, 0);
  }

  /** Returns the tables of the family, those of the longest prefixes first. */
  longestFirst(family: IpFamily): readonly PrefixTable<Value>[] {
    return this.#tables[family];
  }

  get({ family, prefixLength, base }: Cidr): Value | undefined {
    return this.#find(family, prefixLength)?.get(base);
  }

  set(cidr: Cidr, value: Value): void {
    const table = this.#find(cidr.family, cidr.prefixLength) ?? this.#add(cidr);
    table.set(cidr.base, value);
  }

  delete({ family, prefixLength, base }: Cidr): void {
    const table = this.#find(family, prefixLength);
    if (table === undefined) return;
    table.delete(base);
    // An empty table would cost every call a lookup.
    if (table.size === 0) this.#tables[family].splice(this.#tables[family].indexOf(table), 1);
  }

  #find(family: IpFamily, prefixLength: number): PrefixTable<Value> | undefined {
    return this.#tables[family].find((table) => table.prefixLength === prefixLength);
  }

  #add(cidr: Cidr): PrefixTable<Value> {
    const table = new PrefixTable<Value>(cidr);
    const tables = this.#tables[cidr.family];
    tables.push(table);
    tables.sort((a, b) => b.prefixLength - a.prefixLength);
    return table;
  }
}
