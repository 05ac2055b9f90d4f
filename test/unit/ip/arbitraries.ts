import fc from 'fast-check';

import { type Cidr, cidrOf, type IpAddress } from '#shared/ip/index';

/** Property runs: enough to find things, few enough for two cores. */
export const RUNS = { numRuns: 800 };
export const FUZZ_RUNS = { numRuns: 12_000 };

const MAPPED_BLOCK = 0xffffn;
const TRANSLATED_BLOCK = 0x0064_ff9bn << 64n;

const standsForIpv4 = (value: bigint): boolean =>
  value >> 32n === MAPPED_BLOCK || value >> 32n === TRANSLATED_BLOCK;

/** Bits of an address with runs of zeros and ones, so that edges of networks and `::` are met often. */
const chunkyValue = (bits: number): fc.Arbitrary<bigint> =>
  fc
    .array(fc.oneof(fc.constant(0), fc.constant(0xffff), fc.integer({ min: 0, max: 0xffff })), {
      minLength: bits / 16,
      maxLength: bits / 16,
    })
    .map((groups) => groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n));

export const ipv4Address: fc.Arbitrary<IpAddress> = chunkyValue(32).map((value) => ({ family: 4, value }));

/** None that stand for IPv4 addresses. */
export const ipv6Address: fc.Arbitrary<IpAddress> = chunkyValue(128)
  .filter((value) => !standsForIpv4(value))
  .map((value) => ({ family: 6, value }));

export const ipAddress = fc.oneof(ipv4Address, ipv6Address);

export const prefixLengthOf = (address: IpAddress): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: address.family === 4 ? 32 : 128 });

export const cidr: fc.Arbitrary<Cidr> = ipAddress
  .chain((address) => prefixLengthOf(address).map((prefixLength) => cidrOf(address, prefixLength)))
  .filter(({ family, base }) => family === 4 || !standsForIpv4(base));

/** Two addresses of one family, the lower first; often near each other. */
export const span: fc.Arbitrary<readonly [IpAddress, IpAddress]> = fc
  .tuple(ipAddress, ipAddress, fc.bigInt({ min: 0n, max: 5000n }), fc.boolean())
  .map(([a, b, distance, isNear]) => {
    const highest = (1n << (a.family === 4 ? 32n : 128n)) - 1n;
    if (isNear || a.family !== b.family) {
      const value = a.value + distance > highest ? highest : a.value + distance;
      return [a, { family: a.family, value }];
    }
    return a.value <= b.value ? [a, b] : [b, a];
  });

export const dottedText = (value: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => ((value >> shift) & 0xffn).toString()).join('.');

export const hextets = (value: bigint): number[] =>
  [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => Number((value >> shift) & 0xffffn));

/** One of the many ways to write 128 bits: case, padding, where `::` is, a dotted tail. */
export const ipv6Spelling = (value: bigint): fc.Arbitrary<string> =>
  fc
    .record({
      upper: fc.boolean(),
      padding: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 8, maxLength: 8 }),
      hasDottedTail: fc.boolean(),
      gap: fc.nat(100),
      gapLength: fc.integer({ min: 0, max: 8 }),
    })
    .map(({ upper, padding, hasDottedTail, gap, gapLength }) => {
      const groups = hextets(value).map((group, index) =>
        group.toString(16).padStart(padding[index] ?? 1, '0'),
      );
      const units = hasDottedTail ? [...groups.slice(0, 6), dottedText(value & 0xffff_ffffn)] : groups;
      const text = withGap(units, gap, gapLength);
      return upper ? text.toUpperCase() : text;
    });

/** Replaces some run of zero groups, if there is one, by `::`. */
function withGap(units: readonly string[], choice: number, wantedLength: number): string {
  const starts = units.flatMap((unit, index) => (/^0+$/.test(unit) ? [index] : []));
  const start = starts[choice % Math.max(starts.length, 1)];
  if (start === undefined || wantedLength === 0) return units.join(':');
  let end = start;
  while (end < units.length && end - start < wantedLength && /^0+$/.test(units[end] ?? '')) end += 1;
  return `${units.slice(0, start).join(':')}::${units.slice(end).join(':')}`;
}

/** Some way to write an address; IPv4 ones also as the IPv6 addresses that stand for them. */
export const addressSpelling = (address: IpAddress): fc.Arbitrary<string> =>
  address.family === 6
    ? ipv6Spelling(address.value)
    : fc.oneof(fc.constant(dottedText(address.value)), mappedSpelling(address));

export const mappedSpelling = (address: IpAddress): fc.Arbitrary<string> =>
  fc
    .constantFrom(MAPPED_BLOCK, TRANSLATED_BLOCK)
    .chain((block) => ipv6Spelling((block << 32n) | address.value));

const whiteSpace = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r', '\v', '\f'), maxLength: 3 });

/** The text with white space around it that must not matter. */
export const surrounded = (text: string): fc.Arbitrary<string> =>
  fc.tuple(whiteSpace, whiteSpace).map(([before, after]) => before + text + after);

/** A text that means some range: each form of docs/behaviour.md 2.1. */
export const rangeSpelling: fc.Arbitrary<string> = fc
  .oneof(
    ipAddress.chain(addressSpelling),
    ipAddress.chain((address) =>
      fc.tuple(addressSpelling(address), prefixLengthOf(address)).map(([text, length]) => {
        const isMapped = address.family === 4 && text.includes(':');
        return `${text}/${isMapped ? length + 96 : length}`;
      }),
    ),
    fc
      .tuple(ipv4Address, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 32 }), fc.boolean())
      .map(([address, octets, length, isMask]) => {
        const left = dottedText(address.value).split('.').slice(0, octets).join('.');
        return `${left}/${isMask ? dottedText(maskOf(length)) : length}`;
      }),
    fc.tuple(ipv4Address, fc.integer({ min: 0, max: 3 })).map(([address, octets]) => {
      const left = dottedText(address.value).split('.').slice(0, octets);
      return [...left, '*', '*', '*', '*'].slice(0, 4).join('.');
    }),
    span.chain(([first, last]) =>
      fc
        .tuple(addressSpelling(first), addressSpelling(last), whiteSpace, whiteSpace)
        .map(([left, right, before, after]) => `${left}${before}-${after}${right}`),
    ),
  )
  .chain((text) => fc.oneof(fc.constant(text), surrounded(text)));

export const maskOf = (length: number): bigint => ((1n << BigInt(length)) - 1n) << BigInt(32 - length);
