import { cidrOf, type Cidr, type IpAddress, type SubnetPrefixLengths } from '#shared/ip/index';
import { HOUR_MS } from '#shared/durations';
import type { AttemptFacts } from '../../gate/call-log';
import type { CountedRow } from './aggregate';

/**
 * A key with more addresses than this within an hour is in a flood: its further addresses are logged by network until the
 * hour is over (docs/behaviour.md 1.9.3).
 */
const FLOOD_ADDRESSES = 20_000;
export const FLOOD_MS = HOUR_MS;

/** The sizes of a flood's networks; the wide ones are for networks beyond `MAX_NETWORKS`. */
const NETWORKS = { ipv4PrefixLength: 16, ipv6PrefixLength: 32 } as const;
const WIDE_NETWORKS = { ipv4PrefixLength: 8, ipv6PrefixLength: 12 } as const;
/** The number of IPv4 /16 networks. */
const MAX_NETWORKS = 65_536;

/** A row of the log that stands for a network in a flood. It holds little, because there may be tens of thousands. */
export class FloodRow implements CountedRow {
  readonly accountId: string;
  attemptId: string | undefined;
  readonly spooledAs = undefined;
  readonly reviewId = null;
  repeats = 0;
  lastAt: number;
  /** Settles when the row is on disk, or could not be written. Undefined once the row is there. */
  durable: Promise<void> | undefined;

  constructor(accountId: string, at: number) {
    this.accountId = accountId;
    this.lastAt = at;
  }
}

/** The network of a call in a flood, and its row. */
interface FloodNetwork {
  readonly network: Cidr;
  /** Undefined if the call is the first one of the network. */
  readonly row: FloodRow | undefined;
}

/** Addresses that carry an IPv4 one get no row of their own here, because a caller may choose as many of them as it likes. */
function networkAround(address: IpAddress, lengths: SubnetPrefixLengths): Cidr {
  return cidrOf(address, address.family === 4 ? lengths.ipv4PrefixLength : lengths.ipv6PrefixLength);
}

/** Returns a number that is unique for each network of a key and reason, whatever its family and width. */
function numberOf({ family, base, prefixLength }: Cidr): number {
  const number = Number(base >> BigInt((family === 4 ? 32 : 128) - prefixLength));
  // The four sorts of networks get separate ranges of numbers. Most are small integers, which V8 stores without an object.
  if (family === 6 && prefixLength === NETWORKS.ipv6PrefixLength) return -1 - number;
  if (family === 6) return 2 * MAX_NETWORKS + number;
  return prefixLength === NETWORKS.ipv4PrefixLength ? number : MAX_NETWORKS + number;
}

const SKETCH_BITS = 2 ** 20;

/** Estimates the number of distinct addresses from the number of bits that they hit in a 128 KiB table (linear counting). */
export class AddressSketch {
  readonly #table = new Uint32Array(SKETCH_BITS / 32);
  /** A random seed keeps callers from choosing addresses that hit the same bit. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32);
  #hit = 0;

  /** Returns by how much the address raises the estimate: 0 if its bit was hit before. */
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

  /** FNV-1a with a final mix, so that the low bits depend on the whole text. */
  #hash(text: string): number {
    let hash = this.#seed;
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
    return (hash ^ (hash >>> 13)) >>> 0;
  }
}

type Outcome = Pick<AttemptFacts, 'reason' | 'wouldBe'>;

function outcomeText({ reason, wouldBe }: Outcome): string {
  return wouldBe === null ? reason : `${reason} ${wouldBe}`;
}

/** The addresses of a key within an hour, and the rows of its flood. */
class KeyHour {
  readonly endsAt: number;
  /** The policy's `history` when the hour began. In another one its rows may be lost. */
  readonly history: number;
  /** The exact set; a sketch once there are too many addresses. */
  #addresses: Set<string> | AddressSketch = new Set<string>();
  /** The rows by reason and number of the network. */
  readonly #rows = new Map<string, Map<number, FloodRow>>();
  #size = 0;

  constructor(endsAt: number, history: number) {
    this.endsAt = endsAt;
    this.history = history;
  }

  get size(): number {
    return this.#size;
  }

  get isFlood(): boolean {
    return this.#addresses instanceof AddressSketch;
  }

  /** Counts the address. In a flood it returns by how much the estimate of addresses rises, else undefined. */
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

  find(facts: Outcome & { readonly address: IpAddress }, mostNetworks: number): FloodNetwork {
    const { address } = facts;
    const rows = this.#rows.get(outcomeText(facts));
    const network = networkAround(address, NETWORKS);
    const row = rows?.get(numberOf(network));
    if (row !== undefined || this.#size < mostNetworks) return { network, row };
    const wide = networkAround(address, WIDE_NETWORKS);
    return { network: wide, row: rows?.get(numberOf(wide)) };
  }

  add(facts: Outcome, network: Cidr, row: FloodRow): void {
    const outcome = outcomeText(facts);
    let rows = this.#rows.get(outcome);
    if (rows === undefined) {
      rows = new Map<number, FloodRow>();
      this.#rows.set(outcome, rows);
    }
    rows.set(numberOf(network), row);
    this.#size += 1;
  }

  delete(facts: Outcome, network: Cidr): void {
    if (this.#rows.get(outcomeText(facts))?.delete(numberOf(network)) === true) this.#size -= 1;
  }
}

export interface FloodLogOptions {
  /** Called once when a key enters a flood. */
  readonly onFlood: (keyId: string) => void;
  readonly mostAddresses?: number;
  readonly mostNetworks?: number;
}

/** The keys in a flood, and their rows that stand for networks. It keeps one key from filling memory and disk. */
export class FloodLog {
  readonly #options: Required<FloodLogOptions>;
  readonly #hours = new Map<string, KeyHour>();

  constructor(options: FloodLogOptions) {
    this.#options = { mostAddresses: FLOOD_ADDRESSES, mostNetworks: MAX_NETWORKS, ...options };
  }

  /** Number of rows that stand for networks. */
  get size(): number {
    let size = 0;
    for (const hour of this.#hours.values()) size += hour.size;
    return size;
  }

  get isEmpty(): boolean {
    return this.#hours.size === 0;
  }

  /** Returns true if the key's further addresses are logged by network. */
  isFlood(facts: Pick<AttemptFacts, 'keyId' | 'policy'>, now: number): boolean {
    return this.#currentHour(facts, now)?.isFlood === true;
  }

  /**
   * Counts the address of a call that repeats none. In a flood it returns by how much the estimate of the key's addresses
   * rises (0 for one that called within the hour, about 1 for a new one), else undefined.
   */
  see(facts: Pick<AttemptFacts, 'keyId' | 'ip' | 'policy'>, now: number): number | undefined {
    const { keyId, ip, policy } = facts;
    let hour = this.#currentHour(facts, now);
    if (hour === undefined) {
      hour = new KeyHour(now + FLOOD_MS, policy.history);
      this.#hours.set(keyId, hour);
    }
    const wasFlood = hour.isFlood;
    const newAddresses = hour.see(ip, this.#options.mostAddresses);
    if (newAddresses !== undefined && !wasFlood) this.#options.onFlood(keyId);
    return newAddresses;
  }

  /** Returns the network under which a call of a flood is logged. */
  find(facts: Outcome & Pick<AttemptFacts, 'keyId' | 'address'>): FloodNetwork {
    const hour = this.#hours.get(facts.keyId);
    if (hour === undefined) throw new Error(`there is no flood of the key ${facts.keyId}`);
    return hour.find(facts, this.#options.mostNetworks);
  }

  add(facts: AttemptFacts, network: Cidr, row: FloodRow): void {
    this.#hours.get(facts.keyId)?.add(facts, network, row);
  }

  delete(facts: AttemptFacts, network: Cidr): void {
    this.#hours.get(facts.keyId)?.delete(facts, network);
  }

  #currentHour({ keyId, policy }: Pick<AttemptFacts, 'keyId' | 'policy'>, now: number): KeyHour | undefined {
    const hour = this.#hours.get(keyId);
    return hour !== undefined && now < hour.endsAt && hour.history === policy.history ? hour : undefined;
  }

  forgetOver(now: number): void {
    for (const [keyId, hour] of this.#hours) if (now >= hour.endsAt) this.#hours.delete(keyId);
  }
}
