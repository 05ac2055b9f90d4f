import { AddressWords } from './address-words';
import { BlockHeap, pageOf, placeOf } from './block-heap';
import { findingOf, NOTHING_FOUND, type Finding } from './finding';
import type { MatchRange } from './match-range';

/** Words of a block: the four of the network, then these. */
const FACTS = 4;
const NEXT = 5;
const WORDS_PER_RANGE = 8;
const WORDS_SHIFT = 3;

const LENGTH_MASK = 0xff;
const DENIES = 0x100;
/** It holds for one key or for a time only, so the range itself has to be looked at. */
const IS_LIMITED = 0x200;

/**
 * The ranges under numbers from 1 on (records), with what the trie has to know of them as words. Ranges of the same
 * network are chained, in the order of their adding; the first of a chain stands for all of them.
 */
export class RangeStore {
  readonly #blocks = new BlockHeap();
  readonly #ranges: (MatchRange | undefined)[][] = [];
  readonly #scratch = new AddressWords();

  get byteLength(): number {
    return this.#blocks.byteLength;
  }

  add(range: MatchRange): number {
    const block = this.#blocks.allocate(WORDS_PER_RANGE);
    const { family, base, prefixLength } = range.cidr;
    const scratch = this.#scratch;
    scratch.take({ family, value: base });
    const words = this.#blocks.pages[pageOf(block)] as Int32Array;
    const start = placeOf(block);
    const wordCount = family === 4 ? 1 : 4;
    for (let index = 0; index < wordCount; index += 1) words[start + index] = scratch.words[index] as number;
    const limited = range.keyId !== null || range.expiresAt !== null;
    words[start + FACTS] = prefixLength | (range.effect === 'deny' ? DENIES : 0) | (limited ? IS_LIMITED : 0);
    const page = (this.#ranges[pageOf(block)] ??= []);
    page[start >>> WORDS_SHIFT] = range;
    return block >>> WORDS_SHIFT;
  }

  remove(record: number): void {
    const block = record << WORDS_SHIFT;
    const page = this.#ranges[pageOf(block)] as (MatchRange | undefined)[];
    page[placeOf(block) >>> WORDS_SHIFT] = undefined;
    this.#blocks.free(block, WORDS_PER_RANGE);
  }

  range(record: number): MatchRange {
    const block = record << WORDS_SHIFT;
    return (this.#ranges[pageOf(block)] as MatchRange[])[placeOf(block) >>> WORDS_SHIFT] as MatchRange;
  }

  /** The prefix length of the record's network, in bits. */
  lengthOf(record: number): number {
    return this.#word(record, FACTS) & LENGTH_MASK;
  }

  /** One of the four words of the record's network. */
  networkWord(record: number, index: number): number {
    return this.#word(record, index);
  }

  copyNetwork(record: number, into: Int32Array): void {
    for (let index = 0; index < 4; index += 1) into[index] = this.#word(record, index);
  }

  /** The next record of the same network; 0 behind the last. */
  next(record: number): number {
    return this.#word(record, NEXT);
  }

  setNext(record: number, next: number): void {
    const block = record << WORDS_SHIFT;
    (this.#blocks.pages[pageOf(block)] as Int32Array)[placeOf(block) + NEXT] = next;
  }

  /** Whether the first `length` bits of the record's network are those of `address`. */
  startsLike(record: number, address: Int32Array, length: number): boolean {
    return this.sharedBits(record, address) >= length;
  }

  /** How many bits, from the first on, the record's network shares with `address`; 128 when all are the same. */
  sharedBits(record: number, address: Int32Array): number {
    const block = record << WORDS_SHIFT;
    const words = this.#blocks.pages[pageOf(block)] as Int32Array;
    const start = placeOf(block);
    for (let index = 0; index < 4; index += 1) {
      const difference = (words[start + index] as number) ^ (address[index] as number);
      if (difference !== 0) return index * 32 + Math.clz32(difference);
    }
    return 128;
  }

  /** Whether the chain is one range that holds for every key and at all times: then nobody has to look at it. */
  isPlain(head: number): boolean {
    return this.next(head) === 0 && (this.#word(head, FACTS) & IS_LIMITED) === 0;
  }

  denies(record: number): boolean {
    return (this.#word(record, FACTS) & DENIES) !== 0;
  }

  /** What a chain says; nothing when none of its ranges holds for this key at this time. */
  strongest(head: number, keyId: string, now: number): Finding {
    let authorizing = 0;
    for (let record = head; record !== 0; record = this.next(record)) {
      const facts = this.#word(record, FACTS);
      if ((facts & IS_LIMITED) !== 0 && !holdsFor(this.range(record), keyId, now)) continue;
      if ((facts & DENIES) !== 0) return findingOf(record, true);
      if (authorizing === 0) authorizing = record;
    }
    return authorizing === 0 ? NOTHING_FOUND : findingOf(authorizing, false);
  }

  #word(record: number, word: number): number {
    const block = record << WORDS_SHIFT;
    return (this.#blocks.pages[pageOf(block)] as Int32Array)[placeOf(block) + word] as number;
  }
}

const holdsFor = (range: MatchRange, keyId: string, now: number): boolean =>
  (range.keyId === null || range.keyId === keyId) && (range.expiresAt === null || range.expiresAt > now);
