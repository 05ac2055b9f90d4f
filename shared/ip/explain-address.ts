import { t } from '../i18n/t';
import { failure, type IpTextFailure, quoted } from './error';
import { scanIpv4, scanIpv6 } from './scan';

/** Returns the reason why the parsers refused `text` as one address. This file affects only the message. */
export function explainAddress(text: string): IpTextFailure {
  return (
    explainWhole(text) ??
    (text.includes(':') ? explainIpv6(text) : explainIpv4(text)) ??
    failure('not_an_address', () => t('ip.notAnAddress', { text: quoted(text) }))
  );
}

/** For texts that cannot be a network, so that no network is proposed. */
export function explainOneAddress(text: string): IpTextFailure {
  const problem = explainAddress(text);
  const { code } = problem.error;
  if (code === 'short_without_prefix') {
    return failure(code, () => t('ip.shortAddress', { text: quoted(text) }));
  }
  if (code === 'single_number' && Number(text) <= 255) {
    return failure(code, () => t('ip.singleNumber', { text: quoted(text) }));
  }
  return problem;
}

/** For the text before a slash, in which IPv4 may lack octets on the right. */
export function explainNetworkAddress(text: string): IpTextFailure {
  return (
    explainWhole(text) ??
    (text.includes(':') ? explainIpv6(text) : explainOctets(text, text.split('.'))) ??
    failure('not_an_address', () => t('ip.notAnAddress', { text: quoted(text) }))
  );
}

/** Returns the reason why `text`, without a colon, is not four octets; undefined if it is. */
export function explainIpv4(text: string): IpTextFailure | undefined {
  if (/^(0|[1-9][0-9]*)$/.test(text)) return singleNumber(text);
  const octets = text.split('.');
  const problem = explainOctets(text, octets);
  if (problem !== undefined || octets.length === 4) return problem;
  const padded = [...octets, '0', '0', '0'].slice(0, 4).join('.');
  return failure('short_without_prefix', () =>
    t('ip.shortWithoutPrefix', {
      text: quoted(text),
      number: octets.length,
      network: `${padded}/${octets.length * 8}`,
    }),
  );
}

/** Returns the fault of one to four octets; undefined if there is none. */
export function explainOctets(text: string, octets: readonly string[]): IpTextFailure | undefined {
  for (const octet of octets) {
    if (octet === '') {
      return failure('missing_octet', () => t('ip.missingOctet', { text: quoted(text) }));
    }
    if (/^0x/i.test(octet) || /^[0-9a-f]*[a-f][0-9a-f]*$/i.test(octet)) {
      return failure('hex', () => t('ip.hex', { octet: quoted(octet), text: quoted(text) }));
    }
    const strange = /[^0-9]/u.exec(octet);
    if (strange !== null) return unexpectedCharacter(strange[0], text);
  }
  const padded = octets.find((octet) => octet.length > 1 && octet.startsWith('0'));
  if (padded !== undefined) return leadingZero(padded, text);
  if (octets.length > 4) {
    return failure('too_many_octets', () =>
      t('ip.tooManyOctets', {
        text: quoted(text),
        number: octets.length,
        address: quoted(octets.slice(0, 4).join('.')),
      }),
    );
  }
  const tooBig = octets.find((octet) => Number(octet) > 255);
  return tooBig === undefined
    ? undefined
    : failure('octet_out_of_range', () =>
        t('ip.octetTooHigh', { octet: quoted(tooBig), text: quoted(text) }),
      );
}

export function leadingZero(number: string, text: string): IpTextFailure {
  return failure('leading_zero', () =>
    t('ip.leadingZero', {
      number: quoted(number),
      text: quoted(text),
      without: quoted(number.replace(/^0+(?=.)/, '')),
    }),
  );
}

function singleNumber(text: string): IpTextFailure {
  return failure('single_number', () => singleNumberMessage(quoted(text), Number(text)));
}

function singleNumberMessage(text: string, value: number): string {
  if (value <= 255) return t('ip.singleNumberNetwork', { text, network: `${value}.0.0.0/8` });
  if (value > 0xffff_ffff) return t('ip.singleNumberHuge', { text });
  const address = [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
  return t('ip.singleNumberAddress', { text, address });
}

/** Returns faults that do not depend on IPv4 or IPv6. */
function explainWhole(text: string): IpTextFailure | undefined {
  if (text === '') return failure('empty', () => t('ip.noAddress'));
  const outside = explainName(text) ?? explainDashLike(text) ?? explainExtraText(text);
  if (outside !== undefined) return outside;

  const bracketed = /^\[([^\]]*)\](:[0-9]*)?$/.exec(text);
  if (bracketed !== null) {
    return failure('brackets', () =>
      t('ip.brackets', { text: quoted(text), address: quoted(bracketed[1] ?? '') }),
    );
  }
  const percent = text.indexOf('%');
  if (percent > 0 && isAddress(text.slice(0, percent))) {
    return failure('zone_id', () =>
      t('ip.zoneId', { zone: quoted(text.slice(percent)), address: quoted(text.slice(0, percent)) }),
    );
  }
  const colon = text.indexOf(':');
  if (/^:[0-9]+$/.test(text.slice(colon)) && scanIpv4(text, 0, colon, 4) >= 0) {
    return failure('port', () =>
      t('ip.port', { port: quoted(text.slice(colon)), address: quoted(text.slice(0, colon)) }),
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
    return failure('url', () => t('ip.url', { text: quoted(text), scheme: quoted(scheme[0]) }));
  }
  const host = text.split(/[:/]/, 1)[0] ?? '';
  if (!isHostName(host)) return undefined;
  return failure('host_name', () => t('ip.hostName', { text: quoted(host) }));
}

/** More than one thing in one text: a list, a comment, a label. `text` may be a range of any form. */
export function explainExtraText(text: string): IpTextFailure | undefined {
  const separator = /[\s,;|#]/u.exec(text)?.[0];
  if (separator === undefined) return undefined;
  const key = separator.trim() === '' ? 'ip.extraSpace' : 'ip.extraText';
  return failure('extra_text', () => t(key, { separator: quoted(separator), text: quoted(text) }));
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
    return failure('repeated_double_colon', () => t('ip.repeatedDoubleColon', { text: quoted(text) }));
  }
  if (/^:(?!:)|(?<!:):$/.test(text)) {
    return failure('missing_group', () => t('ip.missingGroup', { text: quoted(text) }));
  }
  const groups = text.split(':').filter((group) => group !== '');
  for (const group of groups) {
    const problem = group.includes('.') ? explainDottedGroup(group, text) : explainGroup(group, text);
    if (problem !== undefined) return problem;
  }
  const count = groups.reduce((sum, group) => sum + (group.includes('.') ? 2 : 1), 0);
  if (text.includes('::') ? count > 7 : count !== 8) {
    return failure('group_count', () => t('ip.groupCount', { text: quoted(text), number: count }));
  }
  return undefined;
}

function explainDottedGroup(group: string, text: string): IpTextFailure | undefined {
  if (!text.endsWith(group)) return unexpectedCharacter('.', text);
  const problem = explainIpv4(group);
  // The hint must not be a network, because only four whole octets can end an IPv6 address.
  return problem?.error.code === 'short_without_prefix'
    ? failure('missing_octet', () => t('ip.shortTail', { tail: quoted(group), text: quoted(text) }))
    : problem;
}

function explainGroup(group: string, text: string): IpTextFailure | undefined {
  const strange = /[^0-9a-f]/iu.exec(group);
  if (strange !== null) return unexpectedCharacter(strange[0], text);
  if (group.length <= 4) return undefined;
  return failure('group_too_long', () => t('ip.longGroup', { group: quoted(group), text: quoted(text) }));
}

/** A word processor or a web page replaces the hyphen by such a dash. */
function explainDashLike(text: string): IpTextFailure | undefined {
  const dash = /[\u2010-\u2015\u2212]/u.exec(text);
  if (dash === null) return undefined;
  return failure('unexpected_character', () =>
    t('ip.strangeDash', { dash: quoted(dash[0]), text: quoted(text) }),
  );
}

function unexpectedCharacter(character: string, text: string): IpTextFailure {
  return failure('unexpected_character', () =>
    t('ip.strangeCharacter', { character: quoted(character), text: quoted(text) }),
  );
}

function isAddress(text: string): boolean {
  return scanIpv4(text, 0, text.length, 4) >= 0 || scanIpv6(text, 0, text.length) !== undefined;
}
