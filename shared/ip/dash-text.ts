import { t } from '../i18n/t';
import { type IpAddress, isMappedValue, standsForIpv4 } from './address';
import type { Cidr } from './cidr';
import { cidrsCovering } from './cover';
import { failure, type IpTextFailure, quoted } from './error';
import { explainName, explainOneAddress } from './explain-address';
import { readAddress } from './parse-address';
import { isMappedText, mappedNote, type RangeTextResult } from './range-text';
import { trimAsciiWhiteSpace } from './scan';

/** Parses `first-last`, both included: the smallest set of networks that covers it exactly. */
export function readDash(typed: string): RangeTextResult {
  const dash = typed.indexOf('-');
  const before = trimAsciiWhiteSpace(typed.slice(0, dash));
  const after = trimAsciiWhiteSpace(typed.slice(dash + 1));
  const first = readAddress(before);
  const last = readAddress(after);
  if (first === undefined || last === undefined) return explainDash(typed, before, after, first);

  if (first.family !== last.family) {
    return failure('mixed_families', () =>
      t('ip.mixedFamilies', {
        first: quoted(before),
        firstFamily: first.family,
        last: quoted(after),
        lastFamily: last.family,
      }),
    );
  }
  if (first.value > last.value) {
    return failure('reversed_range', () =>
      t('ip.reversedRange', { text: quoted(typed), turned: quoted(`${after}-${before}`) }),
    );
  }
  const cidrs = cidrsCovering(first, last);
  // Such a part would be a second spelling of an IPv4 network that matches nobody, because its callers are IPv4 addresses.
  const isIpv4Part = ({ base, prefixLength }: Cidr): boolean => prefixLength >= 96 && standsForIpv4(base);
  const ipv4Part = first.family === 6 ? cidrs.find(isIpv4Part) : undefined;
  if (ipv4Part !== undefined) {
    const network = isMappedValue(ipv4Part.base) ? '::ffff:0:0/96' : '64:ff9b::/96';
    return failure('mapped_in_range', () => t('ip.mappedInRange', { text: quoted(typed), network }));
  }
  const isMapped = isMappedText(before, first) || isMappedText(after, last);
  return { ok: true, cidrs, notes: isMapped ? [mappedNote(typed, cidrs)] : [] };
}

function explainDash(
  typed: string,
  before: string,
  after: string,
  first: IpAddress | undefined,
): IpTextFailure {
  // A host name may have dashes itself; only text that is no address can be the start of such a name.
  const named = first === undefined ? explainName(typed) : undefined;
  if (named !== undefined) return named;
  if (before === '' || after === '') {
    return failure('incomplete_range', () => t('ip.incompleteRange', { text: quoted(typed) }));
  }
  if (first !== undefined && after.includes('-') && !after.startsWith('-')) {
    return failure('repeated_dash', () => t('ip.repeatedDash', { text: quoted(typed) }));
  }
  for (const side of [before, after]) {
    if (/[/*]/.test(side)) {
      return failure('range_of_ranges', () =>
        t('ip.rangeOfRanges', { side: quoted(side), text: quoted(typed) }),
      );
    }
  }
  if (first?.family === 4 && /^[0-9]{1,3}(\.[0-9]{1,3}){0,2}$/.test(after)) {
    const octets = after.split('.');
    const whole = [...before.split('.').slice(0, 4 - octets.length), ...octets].join('.');
    return failure('short_range_end', () =>
      t('ip.shortRangeEnd', {
        end: quoted(after),
        text: quoted(typed),
        whole: quoted(`${before}-${whole}`),
      }),
    );
  }
  return explainOneAddress(first === undefined ? before : after);
}
