/** The doorkeeper knows so many texts that were asked about only once. */
const ONCE_ASKED = 16_384;

/** Knows by a number each, in the one place that it leads to, which texts were asked about before. */
class Doorkeeper {
  readonly #numbers = new Uint32Array(ONCE_ASKED);

  /** Whether the text is known, which it is from now on. */
  knows(text: string): boolean {
    let number = 1;
    for (let index = 0; index < text.length; index += 1) {
      number = (Math.imul(number, 31) + text.charCodeAt(index)) | 0;
    }
    number >>>= 0;
    const place = number % ONCE_ASKED;
    if (this.#numbers[place] === number) return true;
    this.#numbers[place] = number;
    return false;
  }
}

/**
 * Remembers the results of a pure function for at least the last `capacity / 2` texts that it was asked about again, and for at
 * most `capacity`: two generations, of which the older is dropped as a whole. Of a text that it is asked about for the first time
 * it remembers that alone: a million that come once drive out none of those that come again, and leave no garbage.
 */
export const memoize = <T extends NonNullable<unknown>>(
  read: (text: string) => T,
  capacity: number,
): ((text: string) => T) => {
  let recent = new Map<string, T>();
  let older = new Map<string, T>();
  const doorkeeper = new Doorkeeper();
  return (text) => {
    const known = recent.get(text);
    if (known !== undefined) return known;
    const old = older.get(text);
    if (old === undefined && !doorkeeper.knows(text)) return read(text);
    const result = old ?? read(text);
    recent.set(text, result);
    if (recent.size * 2 > capacity) {
      older = recent;
      recent = new Map();
    }
    return result;
  };
};
