import { NO_RECORD } from './mmdb';

const WORD_BITS = 32;
const WORDS = 4;

/**
 * The tree of ranges, which are added in ascending order; where two overlap, the later one holds. They are kept as steps:
 * from a step's address on, up to the next step's, all addresses have the step's side.
 */
export class NetworkTree {
  /** The addresses of the steps, in words of 32 bits, the highest first. */
  readonly #words: number[] = [];
  readonly #sides: number[] = [];
  #end: number | bigint = 0;

  /** IPv4 addresses are numbers. */
  add(first: number | bigint, last: number | bigint, side: number): void {
    if (first > this.#end) this.#step(this.#end, NO_RECORD);
    this.#step(first, side);
    this.#end = typeof last === 'number' ? last + 1 : last + 1n;
  }

  /** Returns both sides of each node, those of the root first. */
  sides(): readonly number[] {
    this.#step(this.#end, NO_RECORD);
    const sides: number[] = [];
    const grow = (depth: number, from: number, to: number, before: number): number => {
      const startsHere = from < to && this.#isZeroFrom(depth, from);
      const first = startsHere ? from + 1 : from;
      const inherited = this.#sideBefore(first, from, before);
      if (first === to) return inherited;
      const middle = this.#firstWithBit(depth, first, to);
      const node = sides.push(NO_RECORD, NO_RECORD) / 2 - 1;
      sides[2 * node] = grow(depth + 1, first, middle, inherited);
      sides[2 * node + 1] = grow(depth + 1, middle, to, this.#sideBefore(middle, first, inherited));
      return node;
    };
    grow(0, 0, this.#sides.length, NO_RECORD);
    return sides;
  }

  #step(address: number | bigint, side: number): void {
    this.#sides.push(side);
    if (typeof address === 'number') this.#words.push(0, 0, Math.floor(address / 2 ** 32), address >>> 0);
    else
      this.#words.push(...[96n, 64n, 32n, 0n].map((shift) => Number(BigInt.asUintN(32, address >> shift))));
  }

  #sideBefore(step: number, from: number, before: number): number {
    return step > from ? (this.#sides[step - 1] ?? NO_RECORD) : before;
  }

  #isZeroFrom(depth: number, step: number): boolean {
    const first = depth >>> 5;
    for (let word = first; word < WORDS; word += 1) {
      const value = this.#words[WORDS * step + word] ?? 0;
      if ((word === first ? value << (depth % WORD_BITS) : value) !== 0) return false;
    }
    return true;
  }

  #firstWithBit(depth: number, from: number, to: number): number {
    const word = depth >>> 5;
    const mask = 1 << (WORD_BITS - 1 - (depth % WORD_BITS));
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (((this.#words[WORDS * middle + word] ?? 0) & mask) !== 0) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
