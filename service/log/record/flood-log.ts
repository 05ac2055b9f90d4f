import type { Reason } from '#shared/domain/entities';
import { cidrOf, type Cidr, type IpAddress, type SubnetPrefixLengths } from '#shared/ip/index';
import type { AttemptFacts } from '../../gate/call-log';
import type { CountedRow } from './aggregate';

/** From then on the addresses of a key are logged by their networks, until its hour is over. */
export const FLOOD_ADDRESSES = 20_000;
export const FLOOD_MS = 3_600_000;

/** The networks of a flood, and the wider ones of those that come when it has very many already. */
const NETWORKS = { ipv4PrefixLength: 16, ipv6PrefixLength: 32 } as const;
const WIDE_NETWORKS = { ipv4PrefixLength: 8, ipv6PrefixLength: 12 } as const;
/** As many as IPv4 has of them. Wide ones come on top: some thousand at most. */
const MAX_NETWORKS = 65_536;

/** A row of the log that stands for a network in a flood. There may be tens of thousands, so it holds little. */
export class FloodRow implements CountedRow {
  readonly accountId: string;
  attemptId: string | undefined;
  readonly reviewId = null;
  repeats = 0;
  lastAt: number;
  /** Settles when the row is on disk, or could not be written; undefined once it is there. */
  durable: Promise<void> | undefined;

  constructor(accountId: string, at: number) {
    this.accountId = accountId;
    this.lastAt = at;
  }
}

/** Where a call of a flood is logged. */
export interface FloodNetwork {
  readonly network: Cidr;
  /** The row of the network; undefined where the call is the first of it. */
  readonly row: FloodRow | undefined;
}

/** Also for addresses that carry an IPv4 one: a row of each would be as many rows as they like. */
const networkAround = (address: IpAddress, lengths: SubnetPrefixLengths): Cidr =>
  cidrOf(address, address.family === 4 ? lengths.ipv4PrefixLength : lengths.ipv6PrefixLength);

/** Where the rows of one key, family, width and reason are found. */
const placeOf = ({ family, base, prefixLength }: Cidr): number => {
  const number = Number(base >> BigInt((family === 4 ? 32 : 128) - prefixLength));
  // Numbers of both families and widths are apart; nearly all are small ones, which take no room of their own.
  if (family === 6 && prefixLength === NETWORKS.ipv6PrefixLength) return -1 - number;
  if (family === 6) return 2 * MAX_NETWORKS + number;
  return prefixLength === NETWORKS.ipv4PrefixLength ? number : MAX_NETWORKS + number;
};

const SKETCH_BITS = 2 ** 20;

/** Counts many different addresses within one per cent up to ten million, in 128 KiB: by how many bits of a table they hit. */
export class AddressSketch {
  readonly #table = new Uint32Array(SKETCH_BITS / 32);
  /** Nobody outside can foretell which addresses hit the same bit. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32);
  #hit = 0;

  /** 0 for an address that was added before; for others how many it stands for, with those that hit a bit which was hit before. */
  add(ip: string): number {
    const bit = this.#hash(ip) % SKETCH_BITS;
    const mask = 1 << (bit & 31);
    const word = this.#table[bit >> 5] ?? 0;
    if ((word & mask) !== 0) return 0;
    this.#table[bit >> 5] = word | mask;
    const standsFor = SKETCH_BITS / (SKETCH_BITS - this.#hit);
    this.#hit += 1;
    return standsFor;
  }

  /** FNV-1a, and a last mix, so that its low bits depend on all of the text. */
  #hash(text: string): number {
    let hash = this.#seed;
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
    return (hash ^ (hash >>> 13)) >>> 0;
  }
}

/** What is known of the addresses that a key was used from within an hour. */
class KeyHour {
  readonly endsAt: number;
  /** Every address, until there are too many. */
  #addresses: Set<string> | AddressSketch = new Set<string>();
  readonly #rows = new Map<Reason, Map<number, FloodRow>>();
  #size = 0;

  constructor(endsAt: number) {
    this.endsAt = endsAt;
  }

  get size(): number {
    return this.#size;
  }

  get isFlood(): boolean {
    return this.#addresses instanceof AddressSketch;
  }

  /** Takes note of the address. Answers how many are new by it while there is a flood, else undefined. */
  see(ip: string, mostAddresses: number): number | undefined {
    if (this.#addresses instanceof AddressSketch) return this.#addresses.add(ip);
    if (this.#addresses.size < mostAddresses || this.#addresses.has(ip)) {
      this.#addresses.add(ip);
      return undefined;
    }
    const sketch = new AddressSketch();
    for (const known of this.#addresses) sketch.add(known);
    this.#addresses = sketch;
    return sketch.add(ip);
  }

  find(reason: Reason, address: IpAddress, mostNetworks: number): FloodNetwork {
    const rows = this.#rows.get(reason);
    const network = networkAround(address, NETWORKS);
    const row = rows?.get(placeOf(network));
    if (row !== undefined || this.#size < mostNetworks) return { network, row };
    const wide = networkAround(address, WIDE_NETWORKS);
    return { network: wide, row: rows?.get(placeOf(wide)) };
  }

  add(reason: Reason, network: Cidr, row: FloodRow): void {
    let rows = this.#rows.get(reason);
    if (rows === undefined) {
      rows = new Map<number, FloodRow>();
      this.#rows.set(reason, rows);
    }
    rows.set(placeOf(network), row);
    this.#size += 1;
  }

  delete(reason: Reason, network: Cidr): void {
    if (this.#rows.get(reason)?.delete(placeOf(network)) === true) this.#size -= 1;
  }
}

export interface FloodLogOptions {
  /** Told once when a key is used from too many addresses. */
  readonly onFlood: (keyId: string) => void;
  readonly mostAddresses?: number;
  readonly mostNetworks?: number;
}

/**
 * Knows which keys are used from too many addresses to log each of them, and the rows that stand for networks in their place.
 * Whoever holds a key fills neither memory nor the disk by it.
 */
export class FloodLog {
  readonly #options: Required<FloodLogOptions>;
  readonly #hours = new Map<string, KeyHour>();

  constructor(options: FloodLogOptions) {
    this.#options = { mostAddresses: FLOOD_ADDRESSES, mostNetworks: MAX_NETWORKS, ...options };
  }

  /** Rows that stand for networks. */
  get size(): number {
    let size = 0;
    for (const hour of this.#hours.values()) size += hour.size;
    return size;
  }

  /** Returns true if nothing is known of any key. */
  get isEmpty(): boolean {
    return this.#hours.size === 0;
  }

  /** Whether the key's further addresses are logged by their networks. */
  isFlood(keyId: string, now: number): boolean {
    const hour = this.#hours.get(keyId);
    return hour?.isFlood === true && now < hour.endsAt;
  }

  /**
   * Takes note of a call that repeats none. Answers how many addresses of the key are new by it, in a flood: 0 where it has called
   * within the hour, 1 or so where not. Undefined outside of one.
   */
  see({ keyId, ip }: Pick<AttemptFacts, 'keyId' | 'ip'>, now: number): number | undefined {
    let hour = this.#hours.get(keyId);
    if (hour === undefined || now >= hour.endsAt) {
      hour = new KeyHour(now + FLOOD_MS);
      this.#hours.set(keyId, hour);
    }
    const wasFlood = hour.isFlood;
    const newAddresses = hour.see(ip, this.#options.mostAddresses);
    if (newAddresses !== undefined && !wasFlood) this.#options.onFlood(keyId);
    return newAddresses;
  }

  /** Where a call of a flood is logged. */
  find({ keyId, address, reason }: Pick<AttemptFacts, 'keyId' | 'address' | 'reason'>): FloodNetwork {
    const hour = this.#hours.get(keyId);
    if (hour === undefined) throw new Error(`there is no flood of the key ${keyId}`);
    return hour.find(reason, address, this.#options.mostNetworks);
  }

  add({ keyId, reason }: AttemptFacts, network: Cidr, row: FloodRow): void {
    this.#hours.get(keyId)?.add(reason, network, row);
  }

  /** Takes out a row that could not be written. */
  delete({ keyId, reason }: AttemptFacts, network: Cidr): void {
    this.#hours.get(keyId)?.delete(reason, network);
  }

  forgetOver(now: number): void {
    for (const [keyId, hour] of this.#hours) if (now >= hour.endsAt) this.#hours.delete(keyId);
  }
}
