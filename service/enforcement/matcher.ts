import { formatCidr, type Cidr, type IpAddress } from '#shared/ip/index';
import type { Effect } from '#shared/domain/entities';
import { AddressWords } from './matcher/address-words';
import { effectOf, NOTHING_FOUND, recordOf, type Finding } from './matcher/finding';
import { IdIndex } from './matcher/id-index';
import type { MatchRange } from './matcher/match-range';
import { NetworkIndex } from './matcher/network-index';
import { RangeStore } from './matcher/range-store';
import { RecentEdits } from './matcher/recent-edits';

/** From here on the megabyte is a fair share of the whole, and changing over still takes less than 5 ms. */
const DIRECT_FROM = 2_048;

/**
 * Finds the longest unexpired range for an address and a key (docs/behaviour.md 1.2); of two of equal length the one
 * that denies, else the one that was added first. Adding and removing a range costs the same with ten ranges and with
 * a million, and never more than some microseconds' work at once.
 */
export class RangeMatcher {
  readonly #store = new RangeStore();
  readonly #ipv4: NetworkIndex;
  readonly #ipv6 = new NetworkIndex(this.#store, Number.POSITIVE_INFINITY);
  readonly #ids = new IdIndex();
  readonly #scratch = new AddressWords();
  readonly #edits = new RecentEdits();

  /** @param directFrom with how many IPv4 ranges a megabyte is spent to make them quicker to find. */
  constructor(directFrom: number = DIRECT_FROM) {
    this.#ipv4 = new NetworkIndex(this.#store, directFrom);
  }

  get size(): number {
    return this.#ids.size;
  }

  /** The memory of the index in bytes, without the ranges themselves and their ids. */
  get byteLength(): number {
    return this.#store.byteLength + this.#ipv4.byteLength + this.#ipv6.byteLength;
  }

  /** Grows with each change of the ranges. */
  get edits(): number {
    return this.#edits.count;
  }

  /** Whether another range may decide for the address than after the first so many `edits`, whatever the key and the time. */
  isEdited(address: IpAddress, edits: number): boolean {
    return this.#edits.concern(address, edits);
  }

  get(rangeId: string): MatchRange | undefined {
    const record = this.#ids.get(rangeId);
    return record === undefined ? undefined : this.#store.range(record);
  }

  /** Adds the range, or replaces the one with the same id. */
  set(range: MatchRange): void {
    this.#edits.add(range.cidr);
    this.delete(range.id);
    const record = this.#store.add(range);
    this.#networksOf(range.cidr).add(record);
    this.#ids.add(range.id, record);
  }

  delete(rangeId: string): void {
    const record = this.#ids.get(rangeId);
    if (record === undefined) return;
    const { cidr } = this.#store.range(record);
    this.#edits.add(cidr);
    this.#ids.delete(rangeId);
    this.#networksOf(cidr).remove(record);
    this.#store.remove(record);
  }

  /** The range that decides for the address and key; `now` in milliseconds since the epoch. */
  match(address: IpAddress, keyId: string, now: number): MatchRange | undefined {
    this.#scratch.take(address);
    return this.matchWords(this.#scratch, keyId, now);
  }

  /**
   * The same for an address as text.
   * @throws RangeError when the text is no address: an answer of "no range" could let the call in.
   */
  matchText(ip: string, keyId: string, now: number): MatchRange | undefined {
    return this.matchWords(this.#read(ip), keyId, now);
  }

  /** The same for an address that has been read already. */
  matchWords(address: AddressWords, keyId: string, now: number): MatchRange | undefined {
    const finding = this.#find(address, keyId, now);
    return finding === NOTHING_FOUND ? undefined : this.#store.range(recordOf(finding));
  }

  /**
   * The effect alone of the range that decides: all that a verdict needs, and quicker among very many ranges.
   * @throws RangeError when the text is no address.
   */
  effectForText(ip: string, keyId: string, now: number): Effect | undefined {
    const finding = this.#find(this.#read(ip), keyId, now);
    return finding === NOTHING_FOUND ? undefined : effectOf(finding);
  }

  /** The ranges that hold every address of the network, the longest first; expired ones and those of one key as well. */
  covering(cidr: Cidr): MatchRange[] {
    const ranges: MatchRange[] = [];
    const heads = this.#networksOf(cidr).covering(this.#wordsOf(cidr), cidr.prefixLength);
    for (const head of heads) ranges.push(...this.#chain(head));
    return ranges;
  }

  /**
   * The ranges that lie in the network, by address, of two the wider first; expired ones and those of one key as well.
   * @throws Error when ranges are set or deleted before the walk is over.
   */
  *within(cidr: Cidr): Generator<MatchRange, void, undefined> {
    const edits = this.#edits.count;
    for (const head of this.#networksOf(cidr).within(this.#wordsOf(cidr), cidr.prefixLength)) {
      for (const range of this.#chain(head)) {
        yield range;
        if (this.#edits.count !== edits)
          throw new Error(`ranges changed during a walk over ${formatCidr(cidr)}`);
      }
    }
  }

  #read(ip: string): AddressWords {
    if (!this.#scratch.read(ip)) throw new RangeError(`ip: "${ip.slice(0, 60)}" is no IP address`);
    return this.#scratch;
  }

  #find(address: AddressWords, keyId: string, now: number): Finding {
    return (address.family === 4 ? this.#ipv4 : this.#ipv6).match(address.words, keyId, now);
  }

  *#chain(head: number): Generator<MatchRange, void, undefined> {
    for (let record = head; record !== 0; record = this.#store.next(record)) yield this.#store.range(record);
  }

  #networksOf(cidr: Cidr): NetworkIndex {
    return cidr.family === 4 ? this.#ipv4 : this.#ipv6;
  }

  /** Words of its own: a walk goes on while other addresses are matched. */
  #wordsOf({ family, base }: Cidr): Int32Array {
    const address = new AddressWords();
    address.take({ family, value: base });
    return address.words;
  }
}
