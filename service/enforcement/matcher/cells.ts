import { BlockHeap, pageOf, placeOf } from './block-heap';

/** A node decides over this many bits of the address. */
export const STRIDE = 4;
export const FANOUT = 1 << STRIDE;

/**
 * A cell is a node or a network. Its three words:
 * - HEAD: for a node the entries that it has, as a set of bits with the sign bit on top; for a network its length, and
 *   of a plain one whether it denies;
 * - LINK: a node's block of cells, one for each entry, in order; a network's first record;
 * - MORE: a node's depth in bits; that word of a network's address in which it ends.
 */
export const HEAD = 0;
export const LINK = 1;
export const MORE = 2;
export const WORDS_PER_CELL = 3;

const IS_NODE = 1 << 31;
const ENTRIES_MASK = 0x7fff_ffff;

/** The place of the first network among the entries; before it come the ways on for the 16 values of four bits. */
const NETWORKS = FANOUT;

/**
 * The entry of a network whose last `bits` bits (0 to 3) lie within a node: the one without bits first, then both of one
 * bit, and so on, so that of two that hold an address the later one is the longer.
 */
export const networkEntry = (bits: number, value: number): number => NETWORKS + (1 << bits) - 1 + value;

/** How many bits of a word are set ("Hacker's Delight", 5-1). */
export const countBits = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
};

/** The four bits of an address from `depth` on, a multiple of four. */
export const bitsAt = (address: Int32Array, depth: number): number =>
  ((address[depth >>> 5] as number) >>> (28 - (depth & 31))) & 0xf;

/** The entry of a node of this depth that a network has, or that leads to it; the network is no shorter than that. */
export const entryOf = (network: Int32Array, length: number, depth: number): number => {
  const bits = length - depth;
  if (bits >= STRIDE) return bitsAt(network, depth);
  return networkEntry(bits, bits === 0 ? 0 : bitsAt(network, depth) >>> (STRIDE - bits));
};

/**
 * Cells by address. A node's entries lie side by side, and which of them there are is counted from its bits, so that a
 * step downwards costs one access to memory (a tree bitmap: Eatherton, Varghese, Dittia, "Tree Bitmap: Hardware/Software
 * IP Lookups with Incremental Updates", 2004). A node has two entries or more; with one it becomes that entry.
 */
export class Cells {
  readonly heap = new BlockHeap();

  word(cell: number, word: number): number {
    return (this.heap.pages[pageOf(cell)] as Int32Array)[placeOf(cell) + word] as number;
  }

  isNode(cell: number): boolean {
    return this.word(cell, HEAD) < 0;
  }

  has(node: number, entry: number): boolean {
    return (this.word(node, HEAD) & (1 << entry)) !== 0;
  }

  /** The cell of an entry that the node has. It may move with each change of the node's entries. */
  entryCell(node: number, entry: number): number {
    const before = countBits(this.word(node, HEAD) & ((1 << entry) - 1));
    return this.word(node, LINK) + before * WORDS_PER_CELL;
  }

  /** The last of a node's entries. */
  lastEntry(node: number): number {
    return 31 - Math.clz32(this.word(node, HEAD) & ENTRIES_MASK);
  }

  write(cell: number, head: number, link: number, more: number): void {
    const page = this.heap.pages[pageOf(cell)] as Int32Array;
    const place = placeOf(cell);
    page[place + HEAD] = head;
    page[place + LINK] = link;
    page[place + MORE] = more;
  }

  /** Makes a cell a node of this depth, and what it was its only entry: the caller has to insert another. */
  makeNode(cell: number, depth: number, entry: number): void {
    const block = this.heap.allocate(WORDS_PER_CELL);
    this.#copy(cell, block, WORDS_PER_CELL);
    this.write(cell, IS_NODE | (1 << entry), block, depth);
  }

  /** The cell of a new entry of a node, to be written. */
  insert(node: number, entry: number): number {
    const entries = this.word(node, HEAD) & ENTRIES_MASK;
    const count = countBits(entries);
    const before = countBits(entries & ((1 << entry) - 1)) * WORDS_PER_CELL;
    const from = this.word(node, LINK);
    const to = this.heap.allocate((count + 1) * WORDS_PER_CELL);
    this.#copy(from, to, before);
    this.#copy(from + before, to + before + WORDS_PER_CELL, count * WORDS_PER_CELL - before);
    this.heap.free(from, count * WORDS_PER_CELL);
    this.write(node, this.word(node, HEAD) | (1 << entry), to, this.word(node, MORE));
    return to + before;
  }

  /** Takes an entry out of a node. */
  delete(node: number, entry: number): void {
    const entries = this.word(node, HEAD) & ENTRIES_MASK;
    const count = countBits(entries);
    const before = countBits(entries & ((1 << entry) - 1)) * WORDS_PER_CELL;
    const from = this.word(node, LINK);
    if (count === 2) {
      this.#copy(before === 0 ? from + WORDS_PER_CELL : from, node, WORDS_PER_CELL);
    } else {
      const to = this.heap.allocate((count - 1) * WORDS_PER_CELL);
      this.#copy(from, to, before);
      this.#copy(from + before + WORDS_PER_CELL, to + before, (count - 1) * WORDS_PER_CELL - before);
      this.write(node, this.word(node, HEAD) & ~(1 << entry), to, this.word(node, MORE));
    }
    this.heap.free(from, count * WORDS_PER_CELL);
  }

  #copy(from: number, to: number, wordCount: number): void {
    const source = this.heap.pages[pageOf(from)] as Int32Array;
    const target = this.heap.pages[pageOf(to)] as Int32Array;
    for (let i = 0; i < wordCount; i += 1) target[placeOf(to) + i] = source[placeOf(from) + i] as number;
  }
}
