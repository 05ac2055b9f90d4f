/**
 * The parsers of address text return a value or nothing. explain-address.ts finds the reason of a refusal afterwards, so an
 * unhelpful message can never accept a text. They walk over character codes without copying, because each call to the
 * service parses an address. ipaddr.js does not fit: it accepts hex, octal and one-number forms, and reads `::1.2.3.4` as
 * `::ffff:1.2.3.4`.
 */

const DOT = 0x2e;
const COLON = 0x3a;
const ZERO = 0x30;

/**
 * Parses `text[start, end)` as exactly `octetCount` decimal octets with dots between, without leading zeros. The value is
 * that of the octets: `10.1` with two octets is 0x0a01. Returns -1 for anything else.
 */
export function scanIpv4(text: string, start: number, end: number, octetCount: number): number {
  let value = 0;
  let position = start;
  for (let index = 0; index < octetCount; index += 1) {
    if (index > 0) {
      if (position >= end || text.charCodeAt(position) !== DOT) return -1;
      position += 1;
    }
    const octetStart = position;
    let octet = 0;
    while (position < end) {
      const digit = text.charCodeAt(position) - ZERO;
      if (digit < 0 || digit > 9) break;
      // A digit after a zero would be a leading zero, which many programs read as octal.
      if (octet === 0 && position > octetStart) return -1;
      octet = octet * 10 + digit;
      if (octet > 255) return -1;
      position += 1;
    }
    if (position === octetStart) return -1;
    // A shift would make the first octet a negative number.
    value = value * 256 + octet;
  }
  return position === end ? value : -1;
}

/** The groups of scanIpv6. Shared, because the function is synchronous and not reentrant. */
const groups = new DataView(new ArrayBuffer(16));

/**
 * Parses `text[start, end)` as IPv6 in the forms of RFC 4291 section 2.2: eight groups of one to four hex digits, one `::`
 * for one or more groups of zeros, the last two groups as dotted decimal. No zone, no brackets.
 */
export function scanIpv6(text: string, start: number, end: number): bigint | undefined {
  let count = 0;
  let gap = -1;
  let position = start;

  if (text.charCodeAt(position) === COLON) {
    if (end - start < 2 || text.charCodeAt(position + 1) !== COLON) return undefined;
    gap = 0;
    position += 2;
  }

  while (position < end) {
    const groupStart = position;
    let group = 0;
    let digit = -1;
    while (position < end && (digit = hexDigit(text.charCodeAt(position))) >= 0) {
      if (position - groupStart === 4) return undefined;
      group = group * 16 + digit;
      position += 1;
    }
    if (position < end && text.charCodeAt(position) === DOT) {
      const tail = count <= 6 ? scanIpv4(text, groupStart, end, 4) : -1;
      if (tail < 0) return undefined;
      groups.setUint32(count * 2, tail);
      count += 2;
      break;
    }
    if (position === groupStart || count === 8) return undefined;
    groups.setUint16(count * 2, group);
    count += 1;

    if (position === end) break;
    if (text.charCodeAt(position) !== COLON) return undefined;
    position += 1;
    if (position === end) return undefined;
    if (text.charCodeAt(position) === COLON) {
      if (gap >= 0) return undefined;
      gap = count;
      position += 1;
    }
  }

  if (gap < 0 ? count !== 8 : count > 7) return undefined;
  if (gap >= 0) spreadGap(gap, count);
  return (groups.getBigUint64(0) << 64n) | groups.getBigUint64(8);
}

/** Moves the groups behind the `::` to the end and puts zeros between. */
function spreadGap(gap: number, count: number): void {
  const zeros = 8 - count;
  for (let index = 7; index >= gap; index -= 1) {
    const from = index - zeros;
    groups.setUint16(index * 2, from >= gap ? groups.getUint16(from * 2) : 0);
  }
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  // This bit makes A-F lower case, and turns nothing else into a-f.
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** Parses all of `text` as a decimal number of one to three digits without leading zeros; -1 for anything else. */
export function scanPrefixLength(text: string): number {
  if (text.length === 0 || text.length > 3) return -1;
  let value = 0;
  for (let position = 0; position < text.length; position += 1) {
    const digit = text.charCodeAt(position) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    if (value === 0 && position > 0) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** `trim()` would remove Unicode's white space as well. */
export function trimAsciiWhiteSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isAsciiWhiteSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isAsciiWhiteSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isAsciiWhiteSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
