import { addressBits, type IpAddress } from './address';
import type { Cidr } from './cidr';

/**
 * Returns the smallest set of networks that contains exactly the addresses from `first` to `last`, both included,
 * ascending. At most 62 for IPv4 and 254 for IPv6. Each step takes the widest network that starts here and does not reach
 * past `last`. The result is minimal, because any exact set has a network that starts at the first address that is left,
 * and networks nest or are disjoint.
 * @throws RangeError if the two are of different families or reversed.
 */
export function cidrsCovering(first: IpAddress, last: IpAddress): readonly Cidr[] {
  if (first.family !== last.family) throw new RangeError('Both ends of a span must be of one family.');
  if (first.value > last.value) throw new RangeError('The first address of a span is above its last.');

  const { family } = first;
  const bits = addressBits(family);
  const cidrs: Cidr[] = [];
  let base = first.value;
  while (base <= last.value) {
    let hostBits = 0;
    let size = 1n;
    while (hostBits < bits) {
      const doubled = size << 1n;
      if ((base & (doubled - 1n)) !== 0n || base + doubled - 1n > last.value) break;
      size = doubled;
      hostBits += 1;
    }
    cidrs.push({ family, base, prefixLength: bits - hostBits });
    base += size;
  }
  return cidrs;
}
