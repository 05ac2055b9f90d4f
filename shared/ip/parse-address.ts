import { t } from '../i18n/t';
import { addressOfIpv6Value, type IpAddress } from './address';
import { failure, type IpTextFailure, MAX_IP_TEXT_LENGTH, quoted, tooLong } from './error';
import { explainOneAddress } from './explain-address';
import { scanIpv4, scanIpv6 } from './scan';

export type AddressResult = { readonly ok: true; readonly address: IpAddress } | IpTextFailure;

/**
 * Parses one address: IPv4 as four decimal octets without leading zeros, IPv6 in the forms of RFC 4291 section 2.2. An
 * IPv4-mapped IPv6 address, however it is spelled, is the IPv4 address. White space, prefix lengths, ports, brackets, zone
 * ids and the forms of inet_aton (hex, octal, fewer than four numbers) are refused. Never throws.
 */
export function parseAddress(text: string): AddressResult {
  const address = readAddress(text);
  if (address !== undefined) return { ok: true, address };
  if (text.length > MAX_IP_TEXT_LENGTH) return tooLong(text);
  if (/^[0-9a-f.:]+\s*[-/]|\*/i.test(text)) {
    return failure('not_one_address', () => t('ip.notOneAddress', { text: quoted(text) }));
  }
  return explainOneAddress(text);
}

/** Returns the address if all of `text` is one. For parsers of longer texts, and for calls that need no reason. */
export function readAddress(text: string): IpAddress | undefined {
  const ipv4 = scanIpv4(text, 0, text.length, 4);
  if (ipv4 >= 0) return { family: 4, value: BigInt(ipv4) };
  const ipv6 = scanIpv6(text, 0, text.length);
  return ipv6 === undefined ? undefined : addressOfIpv6Value(ipv6);
}
