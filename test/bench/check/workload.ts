import { cidrOf, formatAddress, type Cidr, type IpAddress } from '#shared/ip/index';
import type { MatchRange } from '#service/enforcement/matcher';
import { randomFrom, type Random } from '#demo/traffic/random';

/** How long the ranges are, each as likely as the next: hosts and /24 lead, as in lists that grew by grants. */
const IPV4_LENGTHS = [
  32, 32, 32, 32, 32, 32, 32, 32, 24, 24, 24, 24, 24, 24, 28, 28, 27, 22, 20, 16,
] as const;
const IPV6_LENGTHS = [128, 128, 128, 64, 64, 64, 64, 56, 48, 48] as const;
const PROVIDERS = 256;

export type Families = 'IPv4' | 'IPv4 and IPv6';

/** IPv4 all over the unicast space; IPv6, a fifth of all, within some providers' /32. */
class AddressSpace {
  readonly #random: Random;
  readonly #families: Families;
  readonly #providers: readonly bigint[];

  constructor(random: Random, families: Families) {
    this.#random = random;
    this.#families = families;
    const providers = randomFrom(String(PROVIDERS));
    this.#providers = Array.from(
      { length: PROVIDERS },
      () => 0x2a00_0000n + BigInt(providers.below(2 ** 18)),
    );
  }

  address(): IpAddress {
    if (this.#families === 'IPv4 and IPv6' && this.#random.below(5) === 0) {
      // Few subnets of a site are in use, so that ranges lie within one another as they do in the world.
      const provider = this.#random.pick(this.#providers);
      const value = (provider << 96n) | (this.#bits(14) << 80n) | (this.#bits(4) << 64n) | this.#bits(64);
      return { family: 6, value };
    }
    return { family: 4, value: 0x0100_0000n + BigInt(this.#random.below(0xdf00_0000)) };
  }

  inside(cidr: Cidr): IpAddress {
    const hostBits = (cidr.family === 4 ? 32 : 128) - cidr.prefixLength;
    return { family: cidr.family, value: cidr.base | this.#bits(hostBits) };
  }

  #bits(count: number): bigint {
    let value = 0n;
    for (let left = count; left > 0; left -= 32) {
      const width = Math.min(left, 32);
      value = (value << BigInt(width)) | BigInt(this.#random.below(2 ** width));
    }
    return value;
  }
}

export interface Workload {
  readonly ranges: readonly MatchRange[];
  readonly addresses: readonly string[];
}

/** Distinct ranges, one in ten of them a denial; the same for the same arguments. */
export const createRanges = (rangeCount: number, families: Families): MatchRange[] => {
  const random = randomFrom(String(rangeCount));
  const space = new AddressSpace(random, families);
  const ranges: MatchRange[] = [];
  const seen = new Set<string>();
  while (ranges.length < rangeCount) {
    const address = space.address();
    const cidr = cidrOf(address, random.pick(address.family === 4 ? IPV4_LENGTHS : IPV6_LENGTHS));
    const key = `${cidr.base}/${cidr.prefixLength}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const effect = random.below(10) === 0 ? 'deny' : 'authorize';
    ranges.push({ id: `range-${ranges.length}`, cidr, effect, keyId: null, createdAt: 0, expiresAt: null });
  }
  return ranges;
};

/** Addresses to ask for, as text: half of them lie in a range, half are anywhere. */
export const createAddresses = (
  ranges: readonly MatchRange[],
  addressCount: number,
  families: Families,
): string[] => {
  const random = randomFrom(String(addressCount + ranges.length));
  const space = new AddressSpace(random, families);
  return Array.from({ length: addressCount }, () =>
    formatAddress(random.below(2) === 0 ? space.inside(random.pick(ranges).cidr) : space.address()),
  );
};

/** In which order the addresses are asked for, as places in the list. */
export const askingOrder = (kind: 'evenly' | 'as traffic', addressCount: number): Uint32Array => {
  const random = randomFrom(String(addressCount));
  const order = Uint32Array.from({ length: addressCount }, (_, place) => place);
  if (kind === 'evenly') {
    for (let place = addressCount - 1; place > 0; place -= 1) {
      const other = random.below(place + 1);
      [order[place], order[other]] = [order[other] as number, order[place] as number];
    }
    return order;
  }
  // Zipf's law: the first caller asks twice as often as the second, three times as often as the third.
  return order.map(() => Math.floor(addressCount ** (random.below(2 ** 30) / 2 ** 30)) - 1);
};
