import { pageOf, placeOf } from './block-heap';
import {
  bitsAt,
  countBits,
  entryOf,
  FANOUT,
  LINK,
  MORE,
  networkEntry,
  STRIDE,
  WORDS_PER_CELL,
  type Cells,
} from './cells';
import { findingOf, NOTHING_FOUND, type Finding } from './finding';
import type { RangeStore } from './range-store';

const LENGTH_MASK = 0xff;
const IS_PLAIN = 0x100;
const DENIES = 0x200;

/** For each value of a node's four bits the networks that hold it, as a set of entries. */
const HOLDING = Int32Array.from({ length: FANOUT }, (_, value) => {
  let set = 0;
  for (let bits = 0; bits < STRIDE; bits += 1) set |= 1 << networkEntry(bits, value >>> (STRIDE - bits));
  return set;
});

/** Nodes below one another, at most: one for each four bits of IPv6. */
const MAX_NODES_ON_A_PATH = 128 / STRIDE;

/**
 * Networks found by the bits of an address, four a step, below a root: a cell that the caller keeps, empty (all zero)
 * while there is nothing below it. Chains of nodes that have one way on are left out, so whoever walks down compares the
 * whole network at the end. A network's cell says enough to decide in most cases without its record.
 */
export class PrefixTrie {
  readonly #cells: Cells;
  readonly #ranges: RangeStore;
  /** The network that an edit is about. Like the arrays below it is in use only while one call runs. */
  readonly #network = new Int32Array(4);
  readonly #pathHeads = new Int32Array(MAX_NODES_ON_A_PATH);
  readonly #pathBlocks = new Int32Array(MAX_NODES_ON_A_PATH);
  readonly #pathHits = new Int32Array(MAX_NODES_ON_A_PATH);

  constructor(cells: Cells, ranges: RangeStore) {
    this.#cells = cells;
    this.#ranges = ranges;
  }

  /** The longest range for the address that holds for this key at this time. */
  match(root: number, address: Int32Array, keyId: string, now: number): Finding {
    const { pages } = this.#cells.heap;
    let page = pages[pageOf(root)] as Int32Array;
    let place = placeOf(root);
    let head = page[place] as number;
    let steps = 0;
    while (head < 0) {
      const block = page[place + LINK] as number;
      const value = bitsAt(address, page[place + MORE] as number);
      const hits = head & (HOLDING[value] as number);
      if (hits !== 0) {
        this.#pathHeads[steps] = head;
        this.#pathBlocks[steps] = block;
        this.#pathHits[steps] = hits;
        steps += 1;
      }
      const entry = 1 << value;
      if ((head & entry) === 0) break;
      page = pages[pageOf(block)] as Int32Array;
      place = placeOf(block) + WORDS_PER_CELL * countBits(head & (entry - 1));
      head = page[place] as number;
    }
    if (head >= 0) {
      const found = this.#matchCell(page, place, address, keyId, now);
      if (found !== NOTHING_FOUND) return found;
    }
    while (steps > 0) {
      steps -= 1;
      const block = this.#pathBlocks[steps] as number;
      page = pages[pageOf(block)] as Int32Array;
      for (let hits = this.#pathHits[steps] as number; hits !== 0;) {
        const entry = 1 << (31 - Math.clz32(hits));
        const before = countBits((this.#pathHeads[steps] as number) & (entry - 1));
        place = placeOf(block) + WORDS_PER_CELL * before;
        const found = this.#matchCell(page, place, address, keyId, now);
        if (found !== NOTHING_FOUND) return found;
        hits ^= entry;
      }
    }
    return NOTHING_FOUND;
  }

  /** Adds a range that the store has. */
  add(root: number, record: number): void {
    const cells = this.#cells;
    const ranges = this.#ranges;
    const network = this.#network;
    ranges.copyNetwork(record, network);
    const length = ranges.lengthOf(record);
    let cell = root;
    const like = this.#mostAlike(cell, network, length);
    if (like === 0) {
      this.#writeNetwork(cell, record);
      return;
    }
    const shared = Math.min(ranges.sharedBits(like, network), length, ranges.lengthOf(like));
    while (cells.isNode(cell) && shared >= cells.word(cell, MORE)) {
      const entry = entryOf(network, length, cells.word(cell, MORE));
      if (!cells.has(cell, entry)) {
        this.#writeNetwork(cells.insert(cell, entry), record);
        return;
      }
      cell = cells.entryCell(cell, entry);
    }
    if (!cells.isNode(cell) && shared === length && ranges.lengthOf(like) === length) {
      this.#append(cells.word(cell, LINK), record);
      this.#writeNetwork(cell, cells.word(cell, LINK));
    } else {
      this.#fork(cell, like, record, shared & -STRIDE);
    }
  }

  /** Takes a range out that was added; the store must still have it. */
  remove(root: number, record: number): void {
    const cells = this.#cells;
    const ranges = this.#ranges;
    const network = this.#network;
    ranges.copyNetwork(record, network);
    const length = ranges.lengthOf(record);
    let parent = 0;
    let entry = 0;
    let cell = root;
    while (cells.isNode(cell)) {
      parent = cell;
      entry = entryOf(network, length, cells.word(cell, MORE));
      cell = cells.entryCell(cell, entry);
    }
    const head = this.#without(cells.word(cell, LINK), record);
    if (head !== 0) this.#writeNetwork(cell, head);
    else if (parent === 0) cells.write(cell, 0, 0, 0);
    else cells.delete(parent, entry);
  }

  /** The first records of the networks that hold all of the given one, itself included, the shortest first. */
  covering(root: number, network: Int32Array, length: number): number[] {
    const cells = this.#cells;
    const heads: number[] = [];
    const take = (cell: number): void => {
      const head = cells.word(cell, LINK);
      if (head === 0) return;
      const ownLength = this.#ranges.lengthOf(head);
      if (ownLength <= length && this.#ranges.startsLike(head, network, ownLength)) heads.push(head);
    };
    let cell = root;
    while (cells.isNode(cell)) {
      const depth = cells.word(cell, MORE);
      if (depth > length) return heads;
      const value = bitsAt(network, depth);
      for (let bits = 0; bits < STRIDE; bits += 1) {
        const entry = networkEntry(bits, value >>> (STRIDE - bits));
        if (cells.has(cell, entry)) take(cells.entryCell(cell, entry));
      }
      if (!cells.has(cell, value)) return heads;
      cell = cells.entryCell(cell, value);
    }
    take(cell);
    return heads;
  }

  /**
   * The first records of the networks that lie within the given one, itself included, by address, of two the wider
   * first. The trie must stay as it is during the walk.
   */
  *within(root: number, network: Int32Array, length: number): Generator<number, void, undefined> {
    const cells = this.#cells;
    let cell = root;
    while (cells.isNode(cell) && cells.word(cell, MORE) + STRIDE <= length) {
      const value = bitsAt(network, cells.word(cell, MORE));
      if (!cells.has(cell, value)) return;
      cell = cells.entryCell(cell, value);
    }
    const any = this.#anyBelow(cell);
    if (any === 0) return;
    if (!cells.isNode(cell)) {
      if (this.#ranges.lengthOf(any) >= length && this.#ranges.startsLike(any, network, length)) yield any;
      return;
    }
    const depth = cells.word(cell, MORE);
    if (!this.#ranges.startsLike(any, network, Math.min(depth, length))) return;
    if (depth >= length) yield* this.#below({ node: cell, from: 0, to: FANOUT - 1, fewestBits: 0 });
    else {
      const from = bitsAt(network, depth);
      const to = from + (1 << (depth + STRIDE - length)) - 1;
      yield* this.#below({ node: cell, from, to, fewestBits: length - depth });
    }
  }

  *#below(part: NodePart): Generator<number, void, undefined> {
    const cells = this.#cells;
    const stack = [part];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (top.from > top.to) {
        stack.pop();
        continue;
      }
      const value = top.from;
      top.from += 1;
      for (let bits = top.fewestBits; bits < STRIDE; bits += 1) {
        const rest = STRIDE - bits;
        const entry = networkEntry(bits, value >>> rest);
        const beginsHere = (value & ((1 << rest) - 1)) === 0;
        if (beginsHere && cells.has(top.node, entry))
          yield cells.word(cells.entryCell(top.node, entry), LINK);
      }
      if (!cells.has(top.node, value)) continue;
      const cell = cells.entryCell(top.node, value);
      if (cells.isNode(cell)) stack.push({ node: cell, from: 0, to: FANOUT - 1, fewestBits: 0 });
      else yield cells.word(cell, LINK);
    }
  }

  /** What a network's cell says: nothing when the network does not hold the address, or not for this key now. */
  #matchCell(page: Int32Array, place: number, address: Int32Array, keyId: string, now: number): Finding {
    const facts = page[place] as number;
    const length = facts & LENGTH_MASK;
    const difference = (page[place + MORE] as number) ^ (address[lastWord(length)] as number);
    // Shifts count modulo 32, so this leaves the bits that the network has in its last word.
    if (length !== 0 && difference >>> -length !== 0) return NOTHING_FOUND;
    const head = page[place + LINK] as number;
    if (length > 32 && !this.#ranges.startsLike(head, address, length)) return NOTHING_FOUND;
    if ((facts & IS_PLAIN) !== 0) return findingOf(head, (facts & DENIES) !== 0);
    return this.#ranges.strongest(head, keyId, now);
  }

  /**
   * A network that shares as many bits with the given one as any other on its way down does; 0 when there is none at
   * all. Nodes are left out on that way, so only a whole network tells which bits the way stands for.
   */
  #mostAlike(root: number, network: Int32Array, length: number): number {
    const cells = this.#cells;
    let cell = root;
    while (cells.isNode(cell) && length >= cells.word(cell, MORE)) {
      const entry = entryOf(network, length, cells.word(cell, MORE));
      if (!cells.has(cell, entry)) break;
      cell = cells.entryCell(cell, entry);
    }
    return this.#anyBelow(cell);
  }

  #anyBelow(cell: number): number {
    const cells = this.#cells;
    let below = cell;
    while (cells.isNode(below)) below = cells.entryCell(below, cells.lastEntry(below));
    return cells.word(below, LINK);
  }

  /** Makes a cell a node of this depth, in which what it was (`like` lies there) and the network of the record part. */
  #fork(cell: number, like: number, record: number, depth: number): void {
    const cells = this.#cells;
    const ranges = this.#ranges;
    const other = new Int32Array(4);
    ranges.copyNetwork(like, other);
    // A node that moves down begins behind this one's bits, however short the network is that stands for it.
    const otherLength = cells.isNode(cell) ? cells.word(cell, MORE) : ranges.lengthOf(like);
    cells.makeNode(cell, depth, entryOf(other, otherLength, depth));
    const entry = entryOf(this.#network, ranges.lengthOf(record), depth);
    this.#writeNetwork(cells.insert(cell, entry), record);
  }

  #append(head: number, record: number): void {
    let last = head;
    for (let next = head; next !== 0; next = this.#ranges.next(next)) last = next;
    this.#ranges.setNext(last, record);
  }

  /** The first record of the chain without this one; 0 when nothing is left of it. */
  #without(head: number, record: number): number {
    const ranges = this.#ranges;
    const after = ranges.next(record);
    if (head === record) return after;
    let before = head;
    while (ranges.next(before) !== record) before = ranges.next(before);
    ranges.setNext(before, after);
    return head;
  }

  #writeNetwork(cell: number, head: number): void {
    const ranges = this.#ranges;
    const length = ranges.lengthOf(head);
    const plain = ranges.isPlain(head) ? IS_PLAIN | (ranges.denies(head) ? DENIES : 0) : 0;
    this.#cells.write(cell, length | plain, head, ranges.networkWord(head, lastWord(length)));
  }
}

/** Values of a node still to be looked at, and how short a network within it may be, in bits. */
interface NodePart {
  readonly node: number;
  from: number;
  readonly to: number;
  readonly fewestBits: number;
}

/** Which word of an address has the last bit of a network of this length; any will do for length 0. */
const lastWord = (length: number): number => ((length + 127) >>> 5) & 3;
