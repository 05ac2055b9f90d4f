import { t } from '../i18n/t';
import { addressBits, type IpAddress } from './address';
import { type Cidr, cidrOf } from './cidr';
import { type IpTextFailure, quoted } from './error';
import { formatCidr } from './format';

/** A note for the person about a text that was understood. */
export interface RangeTextNote {
  readonly code: 'host_bits_cleared' | 'mapped_to_ipv4';
  /** One sentence with the typed text and its meaning. */
  readonly message: string;
}

/** The meaning of a text: one network, or several (ascending, disjoint) for a dash that is no single network. */
export interface RangeText {
  readonly ok: true;
  readonly cidrs: readonly Cidr[];
  readonly notes: readonly RangeTextNote[];
}

export type RangeTextResult = RangeText | IpTextFailure;

/** Returns the result for a text that means the network of `prefixLength` around `address`. */
export function oneNetwork(typed: string, address: IpAddress, prefixLength: number): RangeText {
  const cidr = cidrOf(address, prefixLength);
  const notes: RangeTextNote[] = [];
  if (isMappedText(typed, address)) notes.push(mappedNote(typed, [cidr]));
  if (cidr.base !== address.value) {
    notes.push({
      code: 'host_bits_cleared',
      get message() {
        return t('ip.hostBitsCleared', { text: quoted(typed), network: formatCidr(cidr) });
      },
    });
  }
  return { ok: true, cidrs: [cidr], notes };
}

export function oneAddress(typed: string, address: IpAddress): RangeText {
  return oneNetwork(typed, address, addressBits(address.family));
}

/** Returns true if an IPv4 address was written as IPv6. */
export function isMappedText(typed: string, address: IpAddress): boolean {
  return address.family === 4 && typed.includes(':');
}

export function mappedNote(typed: string, cidrs: readonly Cidr[]): RangeTextNote {
  return {
    code: 'mapped_to_ipv4',
    get message() {
      return t('ip.mappedToIpv4', { text: quoted(typed), networks: cidrs.map(formatCidr).join(', ') });
    },
  };
}
