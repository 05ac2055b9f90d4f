/**
 * A second, slow reading of docs/behaviour.md 2, made to be checked against and not to be used. It shares no code and no method
 * with shared/ip: grammars as regular expressions (those for IPv6 are the nine lines of RFC 3986 section 3.2.2), addresses as
 * strings of `0` and `1`, a network as the string of its prefix bits.
 */

/** A network: `bits` are its prefix bits, so a longer string is a narrower network and containment is `startsWith`. */
export interface BitNetwork {
  readonly family: 4 | 6;
  readonly bits: string;
}

export interface BitReading {
  readonly networks: readonly BitNetwork[];
  readonly isWide: boolean;
}

const DEC_OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])';
const IPV4 = `${DEC_OCTET}(?:\\.${DEC_OCTET}){3}`;
const H16 = '[0-9A-Fa-f]{1,4}';
const LS32 = `(?:${H16}:${H16}|${IPV4})`;
const IPV6 = [
  `(?:${H16}:){6}${LS32}`,
  `::(?:${H16}:){5}${LS32}`,
  `(?:${H16})?::(?:${H16}:){4}${LS32}`,
  `(?:(?:${H16}:){0,1}${H16})?::(?:${H16}:){3}${LS32}`,
  `(?:(?:${H16}:){0,2}${H16})?::(?:${H16}:){2}${LS32}`,
  `(?:(?:${H16}:){0,3}${H16})?::${H16}:${LS32}`,
  `(?:(?:${H16}:){0,4}${H16})?::${LS32}`,
  `(?:(?:${H16}:){0,5}${H16})?::${H16}`,
  `(?:(?:${H16}:){0,6}${H16})?::`,
].join('|');

const IPV4_ONLY = new RegExp(`^${IPV4}$`);
const IPV6_ONLY = new RegExp(`^(?:${IPV6})$`);
const SLASH = new RegExp(`^([^/]+)/(0|[1-9][0-9]{0,2}|${IPV4})$`);
const LEFT_OCTETS = new RegExp(`^${DEC_OCTET}(?:\\.${DEC_OCTET}){0,3}$`);
const WILDCARD = new RegExp(`^(?=(?:[^.]+\\.){3}[^.]+$)((?:${DEC_OCTET}\\.)*)\\*(?:\\.\\*)*$`);
const AROUND = /^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g;
const MAPPED = '0'.repeat(80) + '1'.repeat(16);
const TRANSLATED = `00000000011001001111111110011011${'0'.repeat(64)}`;
const isIpv4 = (bits: string): boolean => bits.startsWith(MAPPED) || bits.startsWith(TRANSLATED);

const binary = (number: number, width: number): string => number.toString(2).padStart(width, '0');
const octetBits = (text: string): string =>
  text
    .split('.')
    .map((octet) => binary(Number(octet), 8))
    .join('');

function ipv6Bits(text: string): string {
  const hextets = text.replace(/[0-9.]+\.[0-9]+$/, (dotted) =>
    (octetBits(dotted).match(/.{16}/g) ?? []).map((bits) => parseInt(bits, 2).toString(16)).join(':'),
  );
  const [left = [], right = []] = hextets
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const between = hextets.includes('::') ? 8 - left.length - right.length : 0;
  return [...left, ...Array<string>(between).fill('0'), ...right]
    .map((group) => binary(parseInt(group, 16), 16))
    .join('');
}

/** All bits of the one address that `text` is. */
export function oracleAddress(text: string): BitNetwork | undefined {
  if (IPV4_ONLY.test(text)) return { family: 4, bits: octetBits(text) };
  if (!IPV6_ONLY.test(text)) return undefined;
  const bits = ipv6Bits(text);
  return isIpv4(bits) ? { family: 4, bits: bits.slice(96) } : { family: 6, bits };
}

/** What `text` means as a range, wide or not, or undefined when it must be refused. */
export function oracleRange(text: string): BitReading | undefined {
  if (text.length > 256) return undefined;
  const networks = readForm(text.replace(AROUND, ''));
  if (networks === undefined) return undefined;
  const hostBits = networks.map(({ family, bits }) => BigInt((family === 4 ? 32 : 128) - bits.length));
  const count = hostBits.reduce((sum, exponent) => sum + 2n ** exponent, 0n);
  return { networks, isWide: count > 2n ** (networks[0]?.family === 4 ? 24n : 104n) };
}

function readForm(text: string): readonly BitNetwork[] | undefined {
  const address = oracleAddress(text);
  if (address !== undefined) return [address];
  const wildcard = WILDCARD.exec(text);
  if (wildcard !== null)
    return [
      { family: 4, bits: octetBits((wildcard[1] ?? '').replace(/\.$/, '')).slice(0, wildcardLength(text)) },
    ];
  if (text === '*') return [{ family: 4, bits: '' }];
  const slash = SLASH.exec(text);
  if (slash !== null) return readSlash(slash[1] ?? '', slash[2] ?? '');
  const sides = text.split('-');
  return sides.length === 2 ? readSides(sides.map((side) => side.replace(AROUND, ''))) : undefined;
}

const wildcardLength = (text: string): number => 8 * text.split('.').filter((octet) => octet !== '*').length;

function readSlash(left: string, right: string): readonly BitNetwork[] | undefined {
  if (LEFT_OCTETS.test(left)) {
    const length = right.includes('.') ? maskLength(octetBits(right)) : Number(right);
    if (length === undefined || length > 32) return undefined;
    return [{ family: 4, bits: octetBits(left).padEnd(32, '0').slice(0, length) }];
  }
  if (!IPV6_ONLY.test(left) || right.includes('.') || Number(right) > 128) return undefined;
  const bits = ipv6Bits(left);
  if (!isIpv4(bits)) return [{ family: 6, bits: bits.slice(0, Number(right)) }];
  return Number(right) < 96 ? undefined : [{ family: 4, bits: bits.slice(96, Number(right)) }];
}

function maskLength(bits: string): number | undefined {
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
}

function readSides(sides: readonly string[]): readonly BitNetwork[] | undefined {
  const [first, last] = sides.map(oracleAddress);
  if (first === undefined || last?.family !== first.family || first.bits > last.bits) return undefined;
  const networks = oracleCover(first.bits, last.bits).map((bits) => ({ family: first.family, bits }));
  return networks.some(({ family, bits }) => family === 6 && isIpv4(bits)) ? undefined : networks;
}

/** The prefixes that cover first..last exactly: those nodes of the binary tree that are whole inside, taken from the root. */
export function oracleCover(first: string, last: string, node = ''): readonly string[] {
  const lowest = node.padEnd(first.length, '0');
  const highest = node.padEnd(first.length, '1');
  if (highest < first || lowest > last) return [];
  if (first <= lowest && highest <= last) return [node];
  return [...oracleCover(first, last, `${node}0`), ...oracleCover(first, last, `${node}1`)];
}

/** The same, bottom up: every address by itself, then twins merged for as long as there are any. For small spans. */
export function oracleCoverByMerging(addresses: readonly string[]): readonly string[] {
  const nodes = new Set(addresses);
  for (;;) {
    const left = [...nodes].find((bits) => bits.endsWith('0') && nodes.has(`${bits.slice(0, -1)}1`));
    if (left === undefined) return [...nodes].sort();
    nodes.delete(left);
    nodes.delete(`${left.slice(0, -1)}1`);
    nodes.add(left.slice(0, -1));
  }
}

/** RFC 5952 section 4, from the rules: no leading zeros, lower case, the first of the longest runs of two or more zeros. */
export function oracleIpv6Text(bits: string): string {
  const groups = (bits.match(/.{16}/g) ?? []).map((group) => parseInt(group, 2).toString(16));
  for (let length = 8; length >= 2; length -= 1) {
    for (let start = 0; start + length <= 8; start += 1) {
      if (groups.slice(start, start + length).every((group) => group === '0')) {
        return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
      }
    }
  }
  return groups.join(':');
}
