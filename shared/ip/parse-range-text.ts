import { t } from '../i18n/t';
import type { Cidr } from './cidr';
import { readDash } from './dash-text';
import { failure, type IpTextFailure, MAX_IP_TEXT_LENGTH, quoted, tooLong } from './error';
import { explainAddress } from './explain-address';
import { formatCidr } from './format';
import { readNetwork } from './network-text';
import { readAddress } from './parse-address';
import { oneAddress, type RangeTextResult } from './range-text';
import { trimAsciiWhiteSpace } from './scan';
import { isTooWide, WIDEST_PREFIX_LENGTHS } from './too-wide';
import { readWildcard } from './wildcard-text';

export interface RangeTextOptions {
  /** A person confirmed a range wider than {@link WIDEST_PREFIX_LENGTHS}. */
  readonly allowWide?: boolean;
}

/**
 * Parses a range of addresses: one address, a network with a prefix length or mask (`10.1.2.0/24`, `10/8`,
 * `203.0.113.0/255.255.255.0`), a wildcard (`192.168.1.*`), or two addresses with a dash between. ASCII white space around
 * the whole and around the dash is accepted, because people paste. A range wider than /8 (IPv4) or /24 (IPv6) fails with
 * `too_wide` and its meaning, unless `allowWide` is set. Never throws. Every refused form has its own code and message.
 */
export function parseRangeText(text: string, options: RangeTextOptions = {}): RangeTextResult {
  if (text.length > MAX_IP_TEXT_LENGTH) return tooLong(text);
  const typed = trimAsciiWhiteSpace(text);
  if (typed === '') {
    return failure('empty', () => t('ip.noRange'));
  }
  const result = readForm(typed);
  if (!result.ok || options.allowWide === true || !isTooWide(result.cidrs)) return result;
  return tooWide(typed, result.cidrs);
}

function readForm(typed: string): RangeTextResult {
  // 10.0.0.0/-1 has a wrong prefix length and no dash.
  if (typed.includes('-') && !typed.includes('/-')) return readDash(typed);
  if (typed.includes('/')) return readNetwork(typed);
  if (typed.includes('*')) return readWildcard(typed);
  const address = readAddress(typed);
  return address === undefined ? explainAddress(typed) : oneAddress(typed, address);
}

function tooWide(typed: string, cidrs: readonly Cidr[]): IpTextFailure {
  const family = cidrs[0]?.family ?? 4;
  const isEverything = cidrs.some((cidr) => cidr.prefixLength === 0);
  return {
    ok: false,
    error: {
      code: 'too_wide',
      get message() {
        const meaning =
          cidrs.length === 1 ? cidrs.map(formatCidr).join() : t('ip.networks', { number: cidrs.length });
        const words = { text: quoted(typed), meaning, family };
        return isEverything
          ? t('ip.everything', words)
          : t('ip.tooWide', { ...words, widest: WIDEST_PREFIX_LENGTHS[family] });
      },
      cidrs,
    },
  };
}
