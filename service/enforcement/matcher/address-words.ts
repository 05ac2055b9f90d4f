import { parseAddress, type IpAddress, type IpFamily } from '#shared/ip/index';
import { scanIpv4 } from '#shared/ip/scan';

const COLON = 0x3a;
const GROUPS = 8;

/** The value of each character code as a hex digit, or -1. */
const HEX_DIGITS = Int8Array.from({ length: 128 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase());
  return digit;
});

const word = (value: bigint, shift: bigint): number => Number(BigInt.asIntN(32, value >> shift));

/**
 * One address as 32-bit words, most significant first: IPv4 fills the first word, IPv6 all four. It is filled again
 * for each address, because a new number of 128 bits for each call to the service is what took most of its time.
 */
export class AddressWords {
  family: IpFamily = 4;
  readonly words = new Int32Array(4);
  readonly #groups = new Uint16Array(GROUPS);

  /**
   * Reads the text of one address, exactly as `parseAddress` does: an IPv6 address that stands for an IPv4 one is the IPv4
   * address.
   * @returns false, with the content undefined, when the text is no address.
   */
  read(text: string): boolean {
    const ipv4 = scanIpv4(text, 0, text.length, 4);
    if (ipv4 >= 0) {
      this.family = 4;
      this.words[0] = ipv4;
      return true;
    }
    if (this.#readHexGroups(text)) return true;
    // Dotted endings, and everything that is no address at all: rare enough for the reader that knows every form.
    const parsed = parseAddress(text);
    if (parsed.ok) this.take(parsed.address);
    return parsed.ok;
  }

  take({ family, value }: IpAddress): void {
    const { words } = this;
    this.family = family;
    if (family === 4) {
      words[0] = Number(value);
      return;
    }
    words[0] = word(value, 96n);
    words[1] = word(value, 64n);
    words[2] = word(value, 32n);
    words[3] = word(value, 0n);
  }

  /** The same address as the rest of the program knows it. */
  toAddress(): IpAddress {
    const [a = 0, b = 0, c = 0, d = 0] = this.words;
    if (this.family === 4) return { family: 4, value: BigInt(a >>> 0) };
    const high = (BigInt(a >>> 0) << 32n) | BigInt(b >>> 0);
    const low = (BigInt(c >>> 0) << 32n) | BigInt(d >>> 0);
    return { family: 6, value: (high << 64n) | low };
  }

  /** Reads IPv6 text of hex groups alone; false for any other form, which may be an address all the same. */
  #readHexGroups(text: string): boolean {
    const groups = this.#groups;
    const end = text.length;
    let count = 0;
    let gap = -1;
    let position = 0;
    if (text.charCodeAt(0) === COLON) {
      if (text.charCodeAt(1) !== COLON) return false;
      gap = 0;
      position = 2;
    }
    while (position < end) {
      const start = position;
      let group = 0;
      while (position < end) {
        const code = text.charCodeAt(position);
        const digit = code < 128 ? (HEX_DIGITS[code] as number) : -1;
        if (digit < 0) break;
        group = (group << 4) | digit;
        position += 1;
      }
      const digits = position - start;
      if (digits === 0 || digits > 4 || count === GROUPS) return false;
      groups[count] = group;
      count += 1;
      if (position === end) break;
      if (text.charCodeAt(position) !== COLON) return false;
      position += 1;
      if (position === end) return false;
      if (text.charCodeAt(position) === COLON) {
        if (gap >= 0) return false;
        gap = count;
        position += 1;
      }
    }
    if (gap < 0 ? count !== GROUPS : count === GROUPS) return false;
    if (gap >= 0) {
      const tail = count - gap;
      groups.copyWithin(GROUPS - tail, gap, count);
      groups.fill(0, gap, GROUPS - tail);
    }
    this.#takeGroups();
    return true;
  }

  #takeGroups(): void {
    const { words } = this;
    const groups = this.#groups;
    const pair = (index: number): number => ((groups[index] as number) << 16) | (groups[index + 1] as number);
    const [a, b, c, d] = [pair(0), pair(2), pair(4), pair(6)];
    const isMapped = a === 0 && b === 0 && c === 0xffff;
    const isTranslated = a === 0x0064_ff9b && b === 0 && c === 0;
    if (isMapped || isTranslated) {
      this.family = 4;
      words[0] = d;
      return;
    }
    this.family = 6;
    words[0] = a;
    words[1] = b;
    words[2] = c;
    words[3] = d;
  }
}
