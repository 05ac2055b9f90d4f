import { addressBits, type IpFamily } from '#shared/ip/index';

const WORD_BITS = 32;
const WORD_MASK = 0xffff_ffffn;

/** Returns the number of 32-bit words in an address of the family. */
export function wordsPerAddress(family: IpFamily): number {
  return addressBits(family) / WORD_BITS;
}

/** Writes an address as words, the most significant first, into slot `index` of `words`. */
export function writeWords(words: Uint32Array, index: number, width: number, value: bigint): void {
  if (width === 1) {
    words[index] = Number(value);
    return;
  }
  let rest = value;
  for (let position = (index + 1) * width - 1; position >= index * width; position -= 1) {
    words[position] = Number(rest & WORD_MASK);
    rest >>= BigInt(WORD_BITS);
  }
}

function readWords(words: Uint32Array, index: number, width: number): bigint {
  let value = 0n;
  for (let position = index * width; position < (index + 1) * width; position += 1) {
    value = (value << BigInt(WORD_BITS)) | BigInt(words[position] ?? 0);
  }
  return value;
}

/** Compares the i-th address of `a` with the j-th of `b`. */
export function compareWords(a: Uint32Array, i: number, b: Uint32Array, j: number, width: number): number {
  for (let word = 0; word < width; word += 1) {
    const difference = (a[i * width + word] ?? 0) - (b[j * width + word] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Spans of addresses, first and last included, in flat arrays of words. */
export interface Spans {
  readonly width: number;
  readonly count: number;
  readonly firsts: Uint32Array;
  readonly lasts: Uint32Array;
}

/** A span as numeric addresses, both ends included. */
export interface Span {
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * Sorted spans of one family, none within another (an invariant of SpanSetBuilder). So both ends ascend, and of the spans
 * that begin at or below an address the last one reaches furthest: one binary search decides.
 */
export class SpanSet {
  readonly #spans: Spans;
  readonly #wanted: Uint32Array;

  constructor(spans: Spans) {
    this.#spans = spans;
    this.#wanted = new Uint32Array(spans.width);
  }

  get count(): number {
    return this.#spans.count;
  }

  get memoryBytes(): number {
    return this.#spans.firsts.byteLength + this.#spans.lasts.byteLength;
  }

  /** Returns the span that contains this address. */
  find(value: bigint): Span | undefined {
    const { width, count, firsts, lasts } = this.#spans;
    if (count === 0) return undefined;
    const wanted = this.#wanted;
    writeWords(wanted, 0, width, value);
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareWords(firsts, middle, wanted, 0, width) <= 0) low = middle + 1;
      else high = middle;
    }
    const index = low - 1;
    if (index < 0 || compareWords(lasts, index, wanted, 0, width) < 0) return undefined;
    return { first: readWords(firsts, index, width), last: readWords(lasts, index, width) };
  }
}
