import ipaddr from 'ipaddr.js';

import { t } from '../i18n/t';
import { addressBits, addressOfIpv6Value, isMappedValue, standsForIpv4 } from './address';
import { failure, type IpTextFailure, quoted } from './error';
import {
  explainExtraText,
  explainIpv4,
  explainName,
  explainNetworkAddress,
  leadingZero,
} from './explain-address';
import { oneNetwork, type RangeTextResult } from './range-text';
import { scanIpv4, scanIpv6, scanPrefixLength } from './scan';

/** Parses a network with a slash: an address, or the left octets of an IPv4 one, and a prefix length or an IPv4 mask. */
export function readNetwork(typed: string): RangeTextResult {
  const slash = typed.indexOf('/');
  const before = typed.slice(0, slash);
  const after = typed.slice(slash + 1);

  const ipv4 = scanLeftOctets(before);
  if (ipv4 >= 0) {
    const prefixLength = scanIpv4PrefixLength(after);
    if (prefixLength < 0) return explainAfterSlash(typed, after, 4);
    if (prefixLength > 32) return prefixOutOfRange(typed, after, 4);
    return oneNetwork(typed, { family: 4, value: BigInt(ipv4) }, prefixLength);
  }

  const ipv6 = scanIpv6(before, 0, before.length);
  if (ipv6 !== undefined) {
    const prefixLength = scanPrefixLength(after);
    if (prefixLength < 0) return explainAfterSlash(typed, after, 6);
    if (prefixLength > 128) return prefixOutOfRange(typed, after, 6);
    const address = addressOfIpv6Value(ipv6);
    if (!standsForIpv4(ipv6)) return oneNetwork(typed, address, prefixLength);
    if (prefixLength < 96) return mappedPrefixTooShort(typed, prefixLength, isMappedValue(ipv6));
    return oneNetwork(typed, address, prefixLength - 96);
  }

  return explainBeforeSlash(typed, before);
}

/**
 * Returns the value of one to four octets, with zeros for those missing on the right, or -1. So `10.1` is 10.1.0.0, as in
 * route tables, and not 10.0.0.1 as in inet_aton.
 */
function scanLeftOctets(text: string): number {
  const octetCount = text.split('.', 5).length;
  if (octetCount > 4) return -1;
  const value = scanIpv4(text, 0, text.length, octetCount);
  return value < 0 ? -1 : value * 256 ** (4 - octetCount);
}

/** Returns the prefix length of `24` or `255.255.255.0`, or -1. A prefix length over 32 is returned unchanged. */
function scanIpv4PrefixLength(text: string): number {
  const prefixLength = scanPrefixLength(text);
  if (prefixLength >= 0) return prefixLength;
  const mask = scanIpv4(text, 0, text.length, 4);
  return mask < 0 ? -1 : (maskPrefixLength(mask) ?? -1);
}

function maskPrefixLength(mask: number): number | null {
  const octets = [24, 16, 8, 0].map((shift) => (mask >>> shift) & 0xff);
  return new ipaddr.IPv4(octets).prefixLengthFromSubnetMask();
}

function explainBeforeSlash(typed: string, before: string): IpTextFailure {
  const named = explainName(typed) ?? explainExtraText(typed);
  if (named !== undefined) return named;
  if (before === '')
    return failure('not_an_address', () => t('ip.nothingBeforeSlash', { text: quoted(typed) }));
  if (before.includes('*')) {
    return failure('wildcard_with_prefix', () => t('ip.wildcardWithPrefix', { text: quoted(typed) }));
  }
  return explainNetworkAddress(before);
}

function explainAfterSlash(typed: string, after: string, family: 4 | 6): IpTextFailure {
  const extra = explainExtraText(typed);
  if (extra !== undefined) return extra;
  if (after.includes('/')) {
    return failure('repeated_slash', () => t('ip.repeatedSlash', { text: quoted(typed) }));
  }
  if (/^-?[0-9]+$/.test(after)) {
    return /^0[0-9]/.test(after) ? leadingZero(after, typed) : prefixOutOfRange(typed, after, family);
  }
  if (after.includes('.') || after.includes(':')) return explainMask(typed, after, family);
  return failure('prefix_not_a_number', () =>
    t('ip.notAPrefix', {
      prefix: quoted(`/${after}`),
      text: quoted(typed),
      highest: addressBits(family),
    }),
  );
}

function prefixOutOfRange(typed: string, after: string, family: 4 | 6): IpTextFailure {
  return failure('prefix_out_of_range', () =>
    t('ip.prefixOutOfRange', {
      prefix: quoted(`/${after}`),
      text: quoted(typed),
      family,
      highest: addressBits(family),
    }),
  );
}

function mappedPrefixTooShort(typed: string, prefixLength: number, isMapped: boolean): IpTextFailure {
  const network = isMapped ? '::ffff:0:0/96' : '64:ff9b::/96';
  return failure('mapped_prefix_too_short', () =>
    t('ip.mappedPrefixTooShort', { prefix: quoted(`/${prefixLength}`), text: quoted(typed), network }),
  );
}

function explainMask(typed: string, mask: string, family: 4 | 6): IpTextFailure {
  if (family === 6 || mask.includes(':')) {
    return failure('invalid_mask', () => t('ip.maskOfIpv6', { mask: quoted(mask), text: quoted(typed) }));
  }
  const value = scanIpv4(mask, 0, mask.length, 4);
  if (value >= 0) {
    // The mask of an access list on a router has its bits inverted.
    const inverted = maskPrefixLength(~value >>> 0);
    return failure('invalid_mask', () => {
      const words = { mask: quoted(mask), text: quoted(typed) };
      return inverted === null
        ? t('ip.maskWithGap', words)
        : t('ip.maskInverted', { ...words, prefix: `/${inverted}` });
    });
  }
  const problem = explainIpv4(mask);
  if (problem !== undefined && problem.error.code !== 'short_without_prefix') return problem;
  return failure('invalid_mask', () => t('ip.maskIncomplete', { mask: quoted(mask), text: quoted(typed) }));
}
