import { formatAddress } from '#shared/ip/index';

/** How the addresses of a flood lie. */
export type Spread = 'one /64' | 'IPv6' | 'IPv4';

const NETWORK = 0x2001_0db8_0000_0001n << 64n;
const GLOBAL_IPV6 = 1n << 125n;
/** 2^32 divided by the golden ratio, odd: its multiples go through all numbers of 32 bits, far apart from each other. */
const STRIDE = 2_654_435_769;
const LAST_UNICAST = 0xdfff_ffff;

const scattered = (n: number): number => Math.imul(n + 1, STRIDE) >>> 0;

/** The `n`th address of a flood; all are different. */
export const floodAddress = (spread: Spread, n: number): string => {
  if (spread === 'one /64') {
    return formatAddress({ family: 6, value: NETWORK | (BigInt(scattered(n)) << 24n) | BigInt(n & 0xff) });
  }
  if (spread === 'IPv6') {
    // Nearly each in a /32 of its own, within 2000::/3.
    const value = GLOBAL_IPV6 | (BigInt(scattered(n)) << 93n) | 1n;
    return formatAddress({ family: 6, value });
  }
  const value = scattered(n);
  return formatAddress({ family: 4, value: BigInt(value > LAST_UNICAST ? value - 0x4000_0000 : value) });
};
