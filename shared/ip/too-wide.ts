import { addressBits, type IpFamily } from './address';
import { addressCount, type Cidr } from './cidr';

/** The shortest prefix lengths, in bits, that need no confirmation (docs/behaviour.md 2.4). */
export const WIDEST_PREFIX_LENGTHS: Readonly<Record<IpFamily, number>> = { 4: 8, 6: 24 };

function isMore(addresses: bigint, family: IpFamily): boolean {
  return addresses > 1n << BigInt(addressBits(family) - WIDEST_PREFIX_LENGTHS[family]);
}

/** Adds up the addresses of networks, which may be as many as the widest network holds that needs no confirmation. */
export class AddressSum {
  #addresses: Readonly<Record<IpFamily, bigint>> = { 4: 0n, 6: 0n };

  /** Adds the networks. Returns false, and adds none, if they would be too many. */
  take(cidrs: Iterable<Cidr>): boolean {
    const sum = { ...this.#addresses };
    for (const cidr of cidrs) sum[cidr.family] += addressCount(cidr);
    if (isMore(sum[4], 4) || isMore(sum[6], 6)) return false;
    this.#addresses = sum;
    return true;
  }
}

/** Returns true if disjoint networks need confirmation. */
export function isTooWide(cidrs: Iterable<Cidr>): boolean {
  return !new AddressSum().take(cidrs);
}
