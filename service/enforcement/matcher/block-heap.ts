const PAGE_BITS = 16;
const PAGE_WORDS = 1 << PAGE_BITS;
/** How many blocks the first page of a size starts with, so that an account with few ranges costs little. */
const FIRST_BLOCKS = 8;
const NO_WORDS = new Int32Array(0);

/** The page of an address, and the place within the page; both are part of a lookup's innermost loop. */
export const pageOf = (address: number): number => address >>> PAGE_BITS;
export const placeOf = (address: number): number => address & (PAGE_WORDS - 1);

interface Page {
  /** The size of its blocks. */
  readonly blockWords: number;
  used: number;
  /** How many words of it have ever been in use. */
  touched: number;
  /** The place of the first freed block + 1, whose first word names the next; 0 for none. */
  freed: number;
}

interface Size {
  /** The pages that have room; allocated from the last one. */
  readonly open: number[];
  pageCount: number;
  /** An empty page that is kept: one block that comes and goes must not cost a page each time. */
  spare: number | undefined;
}

/**
 * Blocks of 32-bit words, by address. They live in pages of 256 KiB, each for blocks of one size: however many there
 * are, growing never moves more than one page, so nothing ever waits for a copy of everything. Freed blocks are used
 * again, and pages that have become empty are given back. In a heap of one block size that is a power of two, addresses
 * are the dense multiples of it.
 */
export class BlockHeap {
  /** The words of each page, for readers. A page may be replaced whenever a block is allocated or freed. */
  readonly pages: Int32Array[] = [];
  readonly #pages: Page[] = [];
  readonly #sizes: (Size | undefined)[] = [];
  readonly #unowned: number[] = [];

  /** A block whose words are all zero. Its address is above zero. */
  allocate(blockWords: number): number {
    const size = (this.#sizes[blockWords] ??= { open: [], pageCount: 0, spare: undefined });
    const number = size.open.at(-1) ?? this.#addPage(size, blockWords);
    const page = this.#pages[number] as Page;
    const place = this.#takePlace(number, page, size);
    page.used += 1;
    if (!hasRoom(page)) size.open.pop();
    return (number << PAGE_BITS) | place;
  }

  /** Gives a block back, of which the caller knows the size. */
  free(address: number, blockWords: number): void {
    const number = pageOf(address);
    const place = placeOf(address);
    const page = this.#pages[number] as Page;
    const size = this.#sizes[blockWords] as Size;
    if (!hasRoom(page)) size.open.push(number);
    const words = this.pages[number] as Int32Array;
    words.fill(0, place, place + blockWords);
    words[place] = page.freed;
    page.freed = place + 1;
    page.used -= 1;
    if (page.used === 0) this.#giveBack(number, size);
  }

  /** How many bytes all pages take. */
  get byteLength(): number {
    return this.pages.reduce((sum, words) => sum + words.byteLength, 0);
  }

  #addPage(size: Size, blockWords: number): number {
    const number = this.#unowned.pop() ?? this.pages.length;
    this.pages[number] = NO_WORDS;
    // Address 0 means nothing, so the first block of the first page is never given out.
    const reserved = number === 0 ? 1 : 0;
    this.#pages[number] = { blockWords, used: reserved, touched: reserved * blockWords, freed: 0 };
    size.open.push(number);
    size.pageCount += 1;
    return number;
  }

  #takePlace(number: number, page: Page, size: Size): number {
    const { blockWords, freed, touched } = page;
    if (freed > 0) {
      const words = this.pages[number] as Int32Array;
      page.freed = words[freed - 1] as number;
      words[freed - 1] = 0;
      return freed - 1;
    }
    page.touched = touched + blockWords;
    const words = this.pages[number] as Int32Array;
    if (page.touched > words.length) {
      const first = Math.max(FIRST_BLOCKS * blockWords, words.length * 2);
      const enlarged = new Int32Array(size.pageCount === 1 ? Math.min(first, PAGE_WORDS) : PAGE_WORDS);
      enlarged.set(words);
      this.pages[number] = enlarged;
    }
    return touched;
  }

  /** Keeps the last page that became empty while its size has others; the only page of a size is quickly made again. */
  #giveBack(number: number, size: Size): void {
    const { spare } = size;
    if (spare !== undefined && spare !== number && this.#pages[spare]?.used === 0) this.#release(spare, size);
    size.spare = number;
    if (size.pageCount === 1) this.#release(number, size);
  }

  #release(number: number, size: Size): void {
    this.pages[number] = NO_WORDS;
    size.open.splice(size.open.indexOf(number), 1);
    size.pageCount -= 1;
    size.spare = undefined;
    this.#unowned.push(number);
  }
}

const hasRoom = (page: Page): boolean => page.freed > 0 || page.touched + page.blockWords <= PAGE_WORDS;
