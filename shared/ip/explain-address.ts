import { failure, type IpTextFailure, quoted } from './error';
import { scanIpv4, scanIpv6 } from './scan';

/** Returns the reason why the parsers refused `text` as one address. This file affects only the message. */
export function explainAddress(text: string): IpTextFailure {
  return (
    explainWhole(text) ??
    (text.includes(':') ? explainIpv6(text) : explainIpv4(text)) ??
    failure('not_an_address', `${quoted(text)} is not an IP address.`)
  );
}

/** For texts that cannot be a network, so that no network is proposed. */
export function explainOneAddress(text: string): IpTextFailure {
  const problem = explainAddress(text);
  const { code } = problem.error;
  if (code === 'short_without_prefix') {
    return failure(code, `${quoted(text)} has fewer than four octets; write all four.`);
  }
  if (code === 'single_number' && Number(text) <= 255) {
    return failure(code, `${quoted(text)} is one number; write four octets with dots between.`);
  }
  return problem;
}

/** For the text before a slash, in which IPv4 may lack octets on the right. */
export function explainNetworkAddress(text: string): IpTextFailure {
  return (
    explainWhole(text) ??
    (text.includes(':') ? explainIpv6(text) : explainOctets(text, text.split('.'))) ??
    failure('not_an_address', `${quoted(text)} is not an IP address.`)
  );
}

/** Returns the reason why `text`, without a colon, is not four octets; undefined if it is. */
export function explainIpv4(text: string): IpTextFailure | undefined {
  if (/^(0|[1-9][0-9]*)$/.test(text)) return singleNumber(text);
  const octets = text.split('.');
  const problem = explainOctets(text, octets);
  if (problem !== undefined || octets.length === 4) return problem;
  const padded = [...octets, '0', '0', '0'].slice(0, 4).join('.');
  return failure(
    'short_without_prefix',
    `${quoted(text)} has ${octets.length} of 4 octets; write all four, or a network with its prefix length, such as ${padded}/${octets.length * 8}.`,
  );
}

/** Returns the fault of one to four octets; undefined if there is none. */
export function explainOctets(text: string, octets: readonly string[]): IpTextFailure | undefined {
  for (const octet of octets) {
    if (octet === '') {
      return failure(
        'missing_octet',
        `${quoted(text)} has an empty octet: a dot needs a number from 0 to 255 on both sides.`,
      );
    }
    if (/^0x/i.test(octet) || /^[0-9a-f]*[a-f][0-9a-f]*$/i.test(octet)) {
      return failure(
        'hex',
        `${quoted(octet)} in ${quoted(text)} is hexadecimal; write the octets of an IPv4 address as decimal numbers from 0 to 255.`,
      );
    }
    const strange = /[^0-9]/u.exec(octet);
    if (strange !== null) return unexpectedCharacter(strange[0], text);
  }
  const padded = octets.find((octet) => octet.length > 1 && octet.startsWith('0'));
  if (padded !== undefined) return leadingZero(padded, text);
  if (octets.length > 4) {
    return failure(
      'too_many_octets',
      `${quoted(text)} has ${octets.length} octets; an IPv4 address has four, such as ${quoted(octets.slice(0, 4).join('.'))}.`,
    );
  }
  const tooBig = octets.find((octet) => Number(octet) > 255);
  return tooBig === undefined
    ? undefined
    : failure(
        'octet_out_of_range',
        `${quoted(tooBig)} in ${quoted(text)} is more than 255, the highest value of an octet.`,
      );
}

export function leadingZero(number: string, text: string): IpTextFailure {
  return failure(
    'leading_zero',
    `${quoted(number)} in ${quoted(text)} has a leading zero, which some programs read as octal; write ${quoted(number.replace(/^0+(?=.)/, ''))} if that is meant.`,
  );
}

function singleNumber(text: string): IpTextFailure {
  return failure(
    'single_number',
    `${quoted(text)} is one number, which programs read in different ways; ${singleNumberHint(Number(text))}.`,
  );
}

function singleNumberHint(value: number): string {
  if (value <= 255) return `write four octets, or ${value}.0.0.0/8 for the network`;
  if (value > 0xffff_ffff) return 'write four octets with dots between';
  const dotted = [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
  return `write ${dotted} if that is meant`;
}

/** Returns faults that do not depend on IPv4 or IPv6. */
function explainWhole(text: string): IpTextFailure | undefined {
  if (text === '') return failure('empty', 'There is no address; write one, such as 203.0.113.9.');
  const outside = explainName(text) ?? explainDashLike(text) ?? explainExtraText(text);
  if (outside !== undefined) return outside;

  const bracketed = /^\[([^\]]*)\](:[0-9]*)?$/.exec(text);
  if (bracketed !== null) {
    return failure(
      'brackets',
      `${quoted(text)} is written as in a URL; write ${quoted(bracketed[1] ?? '')} without brackets and port.`,
    );
  }
  const percent = text.indexOf('%');
  if (percent > 0 && isAddress(text.slice(0, percent))) {
    return failure(
      'zone_id',
      `${quoted(text.slice(percent))} is a zone id, which has a meaning on one machine only; write ${quoted(text.slice(0, percent))}.`,
    );
  }
  const colon = text.indexOf(':');
  if (/^:[0-9]+$/.test(text.slice(colon)) && scanIpv4(text, 0, colon, 4) >= 0) {
    return failure(
      'port',
      `${quoted(text.slice(colon))} after the address is a port; write ${quoted(text.slice(0, colon))} alone.`,
    );
  }
  // The check of octets has its own message for 0x10.
  const strange = /[^0-9a-f.:x]/iu.exec(text);
  return strange === null ? undefined : unexpectedCharacter(strange[0], text);
}

/** Names instead of addresses. `text` may be a range of any form. */
export function explainName(text: string): IpTextFailure | undefined {
  const scheme = /^[a-z][a-z0-9+.]*:\/\//i.exec(text);
  if (scheme !== null) {
    return failure(
      'url',
      `${quoted(text)} is a URL; leave out ${quoted(scheme[0])} and the path, and write the address alone.`,
    );
  }
  const host = text.split(/[:/]/, 1)[0] ?? '';
  if (!isHostName(host)) return undefined;
  return failure('host_name', `${quoted(host)} is a host name; write the IP address that it stands for.`);
}

/** More than one thing in one text: a list, a comment, a label. `text` may be a range of any form. */
export function explainExtraText(text: string): IpTextFailure | undefined {
  const separator = /[\s,;|#]/u.exec(text)?.[0];
  if (separator === undefined) return undefined;
  const named = separator.trim() === '' ? `White space (${quoted(separator)})` : quoted(separator);
  return failure(
    'extra_text',
    `${named} has no place in ${quoted(text)}; write one address or range by itself, without anything else.`,
  );
}

/** Returns true if the last label begins with a letter, as no address does. */
function isHostName(text: string): boolean {
  if (/^localhost$/i.test(text)) return true;
  const labels = text.split('.');
  return (
    labels.length > 1 &&
    /^[a-z][a-z0-9-]+$/i.test(labels.at(-1) ?? '') &&
    labels.every((label) => /^[a-z0-9_-]+$/i.test(label)) &&
    labels.some((label) => /[g-wyz]/i.test(label))
  );
}

function explainIpv6(text: string): IpTextFailure | undefined {
  if (text.includes(':::') || text.indexOf('::') !== text.lastIndexOf('::')) {
    return failure(
      'repeated_double_colon',
      `${quoted(text)} leaves out groups of zeros in more than one place; write :: at most once.`,
    );
  }
  if (/^:(?!:)|(?<!:):$/.test(text)) {
    return failure(
      'missing_group',
      `${quoted(text)} begins or ends with a single colon; a group of hexadecimal digits is missing there.`,
    );
  }
  const groups = text.split(':').filter((group) => group !== '');
  for (const group of groups) {
    const problem = group.includes('.') ? explainDottedGroup(group, text) : explainGroup(group, text);
    if (problem !== undefined) return problem;
  }
  const count = groups.reduce((sum, group) => sum + (group.includes('.') ? 2 : 1), 0);
  if (text.includes('::') ? count > 7 : count !== 8) {
    return failure(
      'group_count',
      `${quoted(text)} has ${count} groups; an IPv6 address has eight, or fewer with one :: for the groups of zeros.`,
    );
  }
  return undefined;
}

function explainDottedGroup(group: string, text: string): IpTextFailure | undefined {
  if (!text.endsWith(group)) return unexpectedCharacter('.', text);
  const problem = explainIpv4(group);
  // The hint must not be a network, because only four whole octets can end an IPv6 address.
  return problem?.error.code === 'short_without_prefix'
    ? failure(
        'missing_octet',
        `${quoted(group)} in ${quoted(text)} has fewer than four octets; write all four.`,
      )
    : problem;
}

function explainGroup(group: string, text: string): IpTextFailure | undefined {
  const strange = /[^0-9a-f]/iu.exec(group);
  if (strange !== null) return unexpectedCharacter(strange[0], text);
  if (group.length <= 4) return undefined;
  return failure(
    'group_too_long',
    `${quoted(group)} in ${quoted(text)} has more than four hexadecimal digits; separate groups with a colon.`,
  );
}

/** A word processor or a web page replaces the hyphen by such a dash. */
function explainDashLike(text: string): IpTextFailure | undefined {
  const dash = /[\u2010-\u2015\u2212]/u.exec(text);
  if (dash === null) return undefined;
  return failure(
    'unexpected_character',
    `${quoted(dash[0])} in ${quoted(text)} is not a hyphen; write - between two addresses.`,
  );
}

function unexpectedCharacter(character: string, text: string): IpTextFailure {
  return failure(
    'unexpected_character',
    `${quoted(character)} in ${quoted(text)} has no place in an IP address.`,
  );
}

function isAddress(text: string): boolean {
  return scanIpv4(text, 0, text.length, 4) >= 0 || scanIpv6(text, 0, text.length) !== undefined;
}
