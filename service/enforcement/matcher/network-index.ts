import { Cells, WORDS_PER_CELL } from './cells';
import { NOTHING_FOUND, type Finding } from './finding';
import { PrefixTrie } from './prefix-trie';
import type { RangeStore } from './range-store';

/**
 * With many networks the first 16 bits of an address lead at once to a root of their own. There are 65,536 of them, of
 * four words each, in four blocks of a whole page: 1 MiB.
 */
const DIRECT_BITS = 16;
const DIRECT_SHIFT = 2;
const DIRECT_PER_BLOCK_BITS = 14;
const DIRECT_BLOCKS = 1 << (DIRECT_BITS - DIRECT_PER_BLOCK_BITS);
const WORDS_PER_DIRECT_BLOCK = 1 << (DIRECT_PER_BLOCK_BITS + DIRECT_SHIFT);

/** The networks of one address family, with what to find them by. */
export class NetworkIndex {
  readonly #ranges: RangeStore;
  readonly #directFrom: number;
  #cells = new Cells();
  #trie: PrefixTrie;
  #root = this.#cells.heap.allocate(WORDS_PER_CELL);
  /** The blocks of the roots for the first 16 bits; then the root has the networks that are shorter than that. */
  #direct: Int32Array | undefined;
  #count = 0;

  /**
   * @param directFrom with how many ranges the first 16 bits get roots of their own. It only helps where these bits tell
   * the networks apart, so for IPv4. Changing over takes some microseconds a range, once.
   */
  constructor(ranges: RangeStore, directFrom: number) {
    this.#ranges = ranges;
    this.#directFrom = directFrom;
    this.#trie = new PrefixTrie(this.#cells, ranges);
  }

  get byteLength(): number {
    return this.#cells.heap.byteLength;
  }

  /** The longest range for the address that holds for this key at this time. */
  match(address: Int32Array, keyId: string, now: number): Finding {
    if (this.#direct !== undefined) {
      const finding = this.#trie.match(directRoot(this.#direct, address), address, keyId, now);
      if (finding !== NOTHING_FOUND) return finding;
    }
    return this.#trie.match(this.#root, address, keyId, now);
  }

  /** Adds a range that the store has. */
  add(record: number): void {
    this.#count += 1;
    if (this.#count >= this.#directFrom && this.#direct === undefined) this.#makeDirect();
    this.#trie.add(this.#rootOfRecord(record), record);
  }

  /** Takes a range out that was added; the store must still have it. */
  remove(record: number): void {
    this.#trie.remove(this.#rootOfRecord(record), record);
    this.#count -= 1;
    if (this.#count === 0) this.#clear();
  }

  /** The first records of the networks that hold all of the given one, itself included, the longest first. */
  covering(network: Int32Array, length: number): number[] {
    const root = this.#rootOf(network, length);
    const heads = this.#trie.covering(this.#root, network, length);
    if (root !== this.#root) heads.push(...this.#trie.covering(root, network, length));
    return heads.reverse();
  }

  /**
   * The first records of the networks that lie within the given one, itself included, by address, of two the wider
   * first. Nothing may be added or removed during the walk.
   */
  *within(network: Int32Array, length: number): Generator<number, void, undefined> {
    if (this.#direct === undefined || length >= DIRECT_BITS) {
      yield* this.#trie.within(this.#rootOf(network, length), network, length);
      return;
    }
    const shorter = this.#trie.within(this.#root, network, length);
    let next = shorter.next();
    const first = directBits(network[0] as number);
    const last = first + (1 << (DIRECT_BITS - length)) - 1;
    const start = new Int32Array(4);
    for (let value = first; value <= last; value += 1) {
      while (next.done !== true && directBits(this.#ranges.networkWord(next.value, 0)) <= value) {
        yield next.value;
        next = shorter.next();
      }
      start[0] = value << (32 - DIRECT_BITS);
      yield* this.#trie.within(directRoot(this.#direct, start), start, DIRECT_BITS);
    }
  }

  #rootOfRecord(record: number): number {
    const direct = this.#direct;
    if (direct === undefined || this.#ranges.lengthOf(record) < DIRECT_BITS) return this.#root;
    return directRootOf(direct, this.#ranges.networkWord(record, 0));
  }

  #rootOf(network: Int32Array, length: number): number {
    const direct = this.#direct;
    return direct === undefined || length < DIRECT_BITS ? this.#root : directRoot(direct, network);
  }

  #makeDirect(): void {
    const records: number[] = [];
    for (const head of this.within(new Int32Array(4), 0)) {
      for (let record = head; record !== 0; record = this.#ranges.next(record)) records.push(record);
    }
    this.#clear();
    const { heap } = this.#cells;
    this.#direct = Int32Array.from({ length: DIRECT_BLOCKS }, () => heap.allocate(WORDS_PER_DIRECT_BLOCK));
    for (const record of records) {
      this.#ranges.setNext(record, 0);
      this.#trie.add(this.#rootOfRecord(record), record);
    }
  }

  #clear(): void {
    this.#cells = new Cells();
    this.#trie = new PrefixTrie(this.#cells, this.#ranges);
    this.#root = this.#cells.heap.allocate(WORDS_PER_CELL);
    this.#direct = undefined;
  }
}

const directBits = (firstWord: number): number => firstWord >>> (32 - DIRECT_BITS);

const directRootOf = (direct: Int32Array, firstWord: number): number => {
  const value = directBits(firstWord);
  const place = value & ((1 << DIRECT_PER_BLOCK_BITS) - 1);
  return (direct[value >>> DIRECT_PER_BLOCK_BITS] as number) + (place << DIRECT_SHIFT);
};

const directRoot = (direct: Int32Array, address: Int32Array): number =>
  directRootOf(direct, address[0] as number);
