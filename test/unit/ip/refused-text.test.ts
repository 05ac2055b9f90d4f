import { afterEach, describe, expect, it } from 'vitest';

import {
  IP_TEXT_ERROR_CODES,
  type IpTextError,
  type IpTextErrorCode,
  MAX_IP_TEXT_LENGTH,
  parseAddress,
  parseRangeText,
} from '#shared/ip/index';
import { setLanguage } from '#shared/i18n/language';

/** Refused text, its code, what the message must name, and (where there is one) what it must offer instead. */
const REFUSED: [string, IpTextErrorCode, string, string?][] = [
  ['010.0.0.1', 'leading_zero', '“010”', '“10”'],
  ['10.0.0.01', 'leading_zero', '“01”', '“1”'],
  ['10.0.0.00', 'leading_zero', '“00”', '“0”'],
  ['010', 'leading_zero', '“010”'],
  ['010/8', 'leading_zero', '“010”'],
  ['10.0.0.0/08', 'leading_zero', '“08”', '“8”'],
  ['2001:db8::/032', 'leading_zero', '“032”', '“32”'],
  ['10.0.0.0/255.0.0.00', 'leading_zero', '“00”'],
  ['::ffff:203.0.113.09', 'leading_zero', '“09”'],
  ['10.0.0.1-10.0.0.09', 'leading_zero', '“09”'],
  ['10.01.*.*', 'leading_zero', '“01”'],
  ['0x7f.0.0.1', 'hex', '“0x7f”', 'decimal'],
  ['0x7f000001', 'hex', '“0x7f000001”'],
  ['0X7F.1', 'hex', '“0X7F”'],
  ['c0a80101', 'hex', '“c0a80101”'],
  ['10.0.0.a', 'hex', '“a”'],
  ['0xa/8', 'hex', '“0xa”'],
  ['0x0a.*.*.*', 'hex', '“0x0a”'],
  ['3232235777', 'single_number', '“3232235777”', '192.168.1.1'],
  ['2130706433', 'single_number', '“2130706433”', '127.0.0.1'],
  ['99999999999', 'single_number', '“99999999999”'],
  ['10', 'single_number', '“10”', '10.0.0.0/8'],
  ['0', 'single_number', '“0”'],
  ['10.1', 'short_without_prefix', '“10.1”', '10.1.0.0/16'],
  ['192.168.1', 'short_without_prefix', '“192.168.1”', '192.168.1.0/24'],
  ['10.1-10.2', 'short_without_prefix', '“10.1”'],
  ['10..0.1', 'missing_octet', '“10..0.1”'],
  ['10.0.0.', 'missing_octet', '“10.0.0.”'],
  ['.0.0.1', 'missing_octet', '“.0.0.1”'],
  ['10./8', 'missing_octet', '“10.”'],
  ['::ffff:1.2.3', 'missing_octet', '“1.2.3”'],
  ['256.0.0.1', 'octet_out_of_range', '“256”'],
  ['10.0.0.999', 'octet_out_of_range', '“999”'],
  ['300/8', 'octet_out_of_range', '“300”'],
  ['300.*.*.*', 'octet_out_of_range', '“300”'],
  ['::ffff:1.2.3.256', 'octet_out_of_range', '“256”'],
  ['10.0.0.0/255.256.0.0', 'octet_out_of_range', '“256”'],
  ['10.0.0.1.5', 'too_many_octets', '“10.0.0.1.5”'],
  ['10.0.0.0.0/8', 'too_many_octets', '“10.0.0.0.0”'],
  ['10.0.0.0.*', 'too_many_octets', '“10.0.0.0.*”'],
  ['10.0.0.0/33', 'prefix_out_of_range', '“/33”', '0 to 32'],
  ['10.0.0.0/-1', 'prefix_out_of_range', '“/-1”', '0 to 32'],
  ['10.0.0.0/1000000', 'prefix_out_of_range', '“/1000000”'],
  ['10/64', 'prefix_out_of_range', '“/64”'],
  ['2001:db8::/129', 'prefix_out_of_range', '“/129”', '0 to 128'],
  ['::ffff:203.0.113.0/129', 'prefix_out_of_range', '“/129”'],
  ['10.0.0.0/', 'prefix_not_a_number', '“/”'],
  ['10.0.0.0/x', 'prefix_not_a_number', '“/x”'],
  ['10.0.0.0/+8', 'prefix_not_a_number', '“/+8”'],
  ['10.0.0.0/0x8', 'prefix_not_a_number', '“/0x8”'],
  ['10.0.0.0/*', 'prefix_not_a_number', '“/*”'],
  ['10.0.0.0/8/8', 'repeated_slash', '“10.0.0.0/8/8”'],
  ['203.0.113.0/255.0.255.0', 'invalid_mask', '“255.0.255.0”', '/24'],
  ['203.0.112.0/0.0.15.255', 'invalid_mask', '“0.0.15.255”', '/20'],
  ['203.0.113.0/255.255', 'invalid_mask', '“255.255”', '255.255.255.0'],
  ['203.0.113.0/ffff::', 'invalid_mask', '“ffff::”'],
  ['2001:db8::/255.255.0.0', 'invalid_mask', '“255.255.0.0”'],
  ['2001:db8::/ffff:ffff::', 'invalid_mask', '“ffff:ffff::”'],
  ['::ffff:203.0.113.0/255.255.255.0', 'invalid_mask', '“255.255.255.0”'],
  ['::ffff:203.0.113.0/95', 'mapped_prefix_too_short', '“/95”', '96'],
  ['::ffff:203.0.113.0/24', 'mapped_prefix_too_short', '“/24”'],
  ['::ffff:0:0/0', 'mapped_prefix_too_short', '“/0”'],
  ['64:ff9b::/64', 'mapped_prefix_too_short', '“/64”', '64:ff9b::/96'],
  ['fe80::1%eth0', 'zone_id', '“%eth0”', '“fe80::1”'],
  ['fe80::1%25en-0', 'zone_id', '“%25en”', '“fe80::1”'],
  ['fe80::1%eth0/64', 'zone_id', '“%eth0”'],
  ['fe80::1%1-fe80::2%1', 'zone_id', '“%1”'],
  ['10.0.0.1%1', 'zone_id', '“%1”'],
  ['[2001:db8::1]', 'brackets', '“[2001:db8::1]”', '“2001:db8::1”'],
  ['[2001:db8::1]:443', 'brackets', '“[2001:db8::1]:443”', '“2001:db8::1”'],
  ['10.0.0.1:80', 'port', '“:80”', '“10.0.0.1”'],
  ['http://10.0.0.1/', 'url', '“http://”'],
  ['example.com', 'host_name', '“example.com”'],
  ['my-host.example.com', 'host_name', '“my-host.example.com”'],
  ['example.com/24', 'host_name', '“example.com”'],
  ['localhost:8080', 'host_name', '“localhost”'],
  ['10.0.0.1-example.org', 'host_name', '“example.org”'],
  ['10.0.0.1 10.0.0.2', 'extra_text', '“10.0.0.1 10.0.0.2”'],
  ['10.0.0.1\n10.0.0.2', 'extra_text', '“<U+000A>”'],
  ['10.0.0.1,10.0.0.2', 'extra_text', '“,”'],
  ['10.0.0.1; drop', 'extra_text', '“;”'],
  ['10.0.0.1/32 # office', 'extra_text', '“10.0.0.1/32 # office”'],
  ['10.0.0.1 /24', 'extra_text', '“10.0.0.1 /24”'],
  ['10.0.0.1/ 24', 'extra_text', '“10.0.0.1/ 24”'],
  ['10.0. 0.1', 'extra_text', '“10.0. 0.1”'],
  ['10.0.0.1\u00a0', 'extra_text', '<U+00A0>'],
  ['10.0.*.* office', 'extra_text', '“10.0.*.* office”'],
  ['10.0.0.1 - 10.0.0.5 office', 'extra_text', '“10.0.0.5 office”'],
  ['10.0.0.1q', 'unexpected_character', '“q”'],
  ['q10.0.0.1', 'unexpected_character', '“q”'],
  ['"10.0.0.1"', 'unexpected_character', '“"”'],
  ['10.0.0.1!', 'unexpected_character', '“!”'],
  ['10.0.0.1x', 'unexpected_character', '“x”'],
  ['2001:db8::x', 'unexpected_character', '“x”'],
  ['1.2.3.4::', 'unexpected_character', '“.”'],
  ['1.2.3.4:', 'missing_group', '“1.2.3.4:”'],
  ['::1.2.3.4:5', 'unexpected_character', '“.”'],
  ['10.0.0.1 – 10.0.0.5', 'unexpected_character', '“–”', 'write -'],
  ['\uff11\uff10.0.0.1', 'unexpected_character', '“\uff11”'],
  ['10.0.0.\u0661', 'unexpected_character', '“\u0661”'],
  ['10.0.0.1\0', 'unexpected_character', '“<U+0000>”'],
  ['/24', 'not_an_address', '“/24”'],
  ['1:2:3:4:5:6:7', 'group_count', '“1:2:3:4:5:6:7”'],
  ['1:2:3:4:5:6:7:8:9', 'group_count', '“1:2:3:4:5:6:7:8:9”'],
  ['1:2:3:4::5:6:7:8', 'group_count', '“1:2:3:4::5:6:7:8”'],
  ['1:2:3:4:5:6:7:1.2.3.4', 'group_count', '“1:2:3:4:5:6:7:1.2.3.4”'],
  ['1:2:3/48', 'group_count', '“1:2:3”'],
  ['2001:db8::12345', 'group_too_long', '“12345”'],
  ['2001:00db8::', 'group_too_long', '“00db8”'],
  ['1::2::3', 'repeated_double_colon', '“1::2::3”'],
  [':::', 'repeated_double_colon', '“:::”'],
  [':1:2:3:4:5:6:7', 'missing_group', '“:1:2:3:4:5:6:7”'],
  ['1:2:3:4:5:6:7:', 'missing_group', '“1:2:3:4:5:6:7:”'],
  [':', 'missing_group', '“:”'],
  ['10.*.1.*', 'wildcard_position', '“1”', '192.168.*.*'],
  ['*.0.0.1', 'wildcard_position', '“0”'],
  ['192.168.1.1*', 'wildcard_position', '“1*”', '192.168.1.*'],
  ['**', 'wildcard_position', '“**”'],
  ['10.*', 'wildcard_short', '“10.*”', '“10.*.*.*”'],
  ['*.*', 'wildcard_short', '“*.*”', '“*.*.*.*”'],
  ['2001:db8::*', 'wildcard_ipv6', '“2001:db8::*”', '2001:db8::/32'],
  ['10.*.*.*/8', 'wildcard_with_prefix', '“10.*.*.*/8”'],
  ['*/0', 'wildcard_with_prefix', '“*/0”'],
  ['10.0.0.1-', 'incomplete_range', '“10.0.0.1-”'],
  ['-10.0.0.1', 'incomplete_range', '“-10.0.0.1”'],
  ['-', 'incomplete_range', '“-”'],
  ['10.0.0.1-10.0.0.2-10.0.0.3', 'repeated_dash', '“10.0.0.1-10.0.0.2-10.0.0.3”'],
  ['10.0.0.0/24-10.0.1.0/24', 'range_of_ranges', '“10.0.0.0/24”'],
  ['10.0.0.0-10.*.*.*', 'range_of_ranges', '“10.*.*.*”'],
  ['203.0.113.10-20', 'short_range_end', '“20”', '“203.0.113.10-203.0.113.20”'],
  ['10.0.0.1-1.20', 'short_range_end', '“1.20”', '“10.0.0.1-10.0.1.20”'],
  [
    '203.0.113.20-203.0.113.10',
    'reversed_range',
    '“203.0.113.20-203.0.113.10”',
    '“203.0.113.10-203.0.113.20”',
  ],
  ['2001:db8::2 - 2001:db8::1', 'reversed_range', '“2001:db8::2 - 2001:db8::1”'],
  ['10.0.0.1-2001:db8::1', 'mixed_families', '“2001:db8::1”'],
  ['::1-::ffff:10.0.0.1', 'mixed_families', '“::ffff:10.0.0.1”'],
  ['::fffe:0:1-::1:0:0:0', 'mapped_in_range', '“::fffe:0:1-::1:0:0:0”', '::ffff:0:0/96'],
  ['64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff-64:ff9b::1:0:0', 'mapped_in_range', '64:ff9b::/96'],
  ['0.0.0.0/0', 'too_wide', '“0.0.0.0/0”', 'confirm'],
  ['', 'empty', 'no range', '203.0.113.9'],
  [' \t\n', 'empty', 'no range'],
  ['-10.0.0.1'.repeat(99), 'too_long', '891 characters'],
];

/** Forms that are ranges or blank, which parseAddress answers in its own way; see its test. */
const isOneAddressForm = (text: string): boolean => !/[-/*]/.test(text) && text.trim() !== '';

const expectOneSentence = ({ message }: IpTextError): void => {
  expect(message).toMatch(/^[“A-Z].*[^.]\.$/);
  expect(message).not.toMatch(/undefined|null|NaN/);
  // Nothing that moves the cursor or hides text gets into a message.
  expect(message).not.toMatch(/\p{C}/u);
};

describe('refused texts', () => {
  it.each(REFUSED)('%j is refused with %s and named', (text, code, named, instead) => {
    const result = parseRangeText(text);
    if (result.ok) expect.unreachable(`${text} was taken`);
    expect(result.error.code).toBe(code);
    expect(result.error.message).toContain(named);
    if (instead !== undefined) expect(result.error.message).toContain(instead);
    expectOneSentence(result.error);
  });

  it.each(REFUSED.filter(([text]) => isOneAddressForm(text)))(
    '%j is refused in the same words where one address is wanted, unless they propose a network',
    (text, code) => {
      const result = parseAddress(text);
      if (result.ok) expect.unreachable(`${text} was taken`);
      expect(result.error.code).toBe(code);
      expect(result.error.message).not.toMatch(/\/\d/);
      const range = parseRangeText(text);
      const isAboutNetworks = !range.ok && /\/\d/.test(range.error.message);
      if (text === text.trim() && !isAboutNetworks) expect(!range.ok && range.error).toEqual(result.error);
      expectOneSentence(result.error);
    },
  );

  it('beside a dash are told nothing of networks, which have no place there', () => {
    for (const text of ['10.1-10.2', '10-20']) {
      const result = parseRangeText(text);
      expect(!result.ok && result.error.message).not.toMatch(/\/\d/);
    }
  });

  it('stay refused when wide ranges are allowed', () => {
    for (const [text, code] of REFUSED) {
      const result = parseRangeText(text, { allowWide: true });
      expect(result.ok, text).toBe(code === 'too_wide');
    }
  });

  it('show every code that there is', () => {
    // `not_one_address` belongs to parseAddress and is shown there.
    const shown = new Set([...REFUSED.map(([, code]) => code), 'not_one_address']);
    expect([...shown].sort()).toEqual([...IP_TEXT_ERROR_CODES].sort());
  });

  it('carry networks only when they are too wide', () => {
    for (const [text, code] of REFUSED) {
      const result = parseRangeText(text);
      expect(!result.ok && result.error.cidrs !== undefined, text).toBe(code === 'too_wide');
    }
  });
});

it('characters that do not show themselves are named by their code', () => {
  // Not in the table: test titles are printed.
  for (const [text, code] of [
    ['10.0.0.1\u202e', 'U+202E'],
    ['\ufeff10.0.0.1', 'U+FEFF'],
    ['10.0.0.1\u200b/32', 'U+200B'],
    ['10.0.0.1\u2028', 'U+2028'],
  ] as const) {
    const result = parseRangeText(text);
    expect(!result.ok && result.error.message).toContain(`<${code}>`);
  }
});

describe('long texts', () => {
  it.each(['1', '10.0.0.1 ', '::', '[', '*.', '1-', '\n'])('a megabyte of %j is refused at once', (part) => {
    const text = part.repeat(1_000_000 / part.length);
    for (const result of [parseRangeText(text), parseAddress(text)]) {
      expect(result).toMatchObject({ ok: false, error: { code: 'too_long' } });
      expect(!result.ok && result.error.message.length).toBeLessThan(300);
    }
  });

  it('the longest texts that mean something are taken, with the white space around them', () => {
    const first = '0000:0000:0000:0000:0000:ffff:203.000.113.9'.replace('000.', '0.');
    const range = `2001:0db8:0000:0000:0000:0000:100.100.100.100 - 2001:0db8:0000:0000:0000:0000:200.200.200.200`;
    expect(parseAddress(first).ok).toBe(true);
    expect(parseRangeText(range.padEnd(MAX_IP_TEXT_LENGTH)).ok).toBe(true);
    expect(parseRangeText(range.padEnd(MAX_IP_TEXT_LENGTH + 1)).ok).toBe(false);
  });

  it('are cut in messages', () => {
    const result = parseRangeText('1.'.repeat(120));
    expect(!result.ok && result.error.message.length).toBeLessThan(300);
  });
});

describe('a reason', () => {
  afterEach(() => setLanguage('en'));

  it('is in the language of whoever reads it, with the text as it was typed', () => {
    const result = parseRangeText('10.0.0.300');
    const message = (): string | false => !result.ok && result.error.message;
    expect(message()).toBe('“300” in “10.0.0.300” is more than 255, the highest value of an octet.');
    setLanguage('fr');
    expect(message()).toBe(
      '«\u00a0300\u00a0» dans «\u00a010.0.0.300\u00a0» dépasse 255, la valeur maximale d’un octet.',
    );
  });
});
