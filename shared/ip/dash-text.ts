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
    return failure(
      'mixed_families',
      `${quoted(before)} is IPv${first.family} and ${quoted(after)} is IPv${last.family}; write both sides of a range in the same family.`,
    );
  }
  if (first.value > last.value) {
    return failure(
      'reversed_range',
      `${quoted(typed)} is reversed; write the lower address first: ${quoted(`${after}-${before}`)}.`,
    );
  }
  const cidrs = cidrsCovering(first, last);
  // Such a part would be a second spelling of an IPv4 network that matches nobody, because its callers are IPv4 addresses.
  const isIpv4Part = ({ base, prefixLength }: Cidr): boolean => prefixLength >= 96 && standsForIpv4(base);
  const ipv4Part = first.family === 6 ? cidrs.find(isIpv4Part) : undefined;
  if (ipv4Part !== undefined) {
    const network = isMappedValue(ipv4Part.base) ? '::ffff:0:0/96' : '64:ff9b::/96';
    return failure(
      'mapped_in_range',
      `${quoted(typed)} runs over ${network}, which stands for IPv4; write the IPv6 and the IPv4 part separately.`,
    );
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
    return failure(
      'incomplete_range',
      `${quoted(typed)} has no address on one side of the dash; write the first and the last one.`,
    );
  }
  if (first !== undefined && after.includes('-') && !after.startsWith('-')) {
    return failure(
      'repeated_dash',
      `${quoted(typed)} has more than one dash; write the first and the last address, with one dash between.`,
    );
  }
  for (const side of [before, after]) {
    if (/[/*]/.test(side)) {
      return failure(
        'range_of_ranges',
        `${quoted(side)} in ${quoted(typed)} is a range itself; write one address on each side of the dash.`,
      );
    }
  }
  if (first?.family === 4 && /^[0-9]{1,3}(\.[0-9]{1,3}){0,2}$/.test(after)) {
    const octets = after.split('.');
    const whole = [...before.split('.').slice(0, 4 - octets.length), ...octets].join('.');
    return failure(
      'short_range_end',
      `${quoted(after)} in ${quoted(typed)} is not a whole address; write ${quoted(`${before}-${whole}`)} if that is meant.`,
    );
  }
  return explainOneAddress(first === undefined ? before : after);
}
