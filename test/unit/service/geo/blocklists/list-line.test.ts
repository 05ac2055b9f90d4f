import { describe, expect, it } from 'vitest';
import { readListLine } from '#service/geo/blocklists/list-line';
import { formatAddress } from '#shared/ip/index';

/** `first-last` of what the line means, or its kind. */
const meaning = (line: string, isFirst = false): string => {
  const result = readListLine(line, isFirst);
  if (result.kind !== 'span') return result.kind;
  const [first, last] = [result.span.first, result.span.last].map((value) =>
    formatAddress({ family: result.family, value }),
  );
  return `${first}-${last}`;
};

describe('a line of a blocklist', () => {
  it.each([
    ['an address', '203.0.113.9', '203.0.113.9-203.0.113.9'],
    ['an address with Windows line end', '203.0.113.9\r', '203.0.113.9-203.0.113.9'],
    ['an IPv6 address', '2001:DB8::1', '2001:db8::1-2001:db8::1'],
    ['a mapped address', '::ffff:203.0.113.9', '203.0.113.9-203.0.113.9'],
    ['a network', '  203.0.113.0/24  ', '203.0.113.0-203.0.113.255'],
    ['host bits', '203.0.113.77/24', '203.0.113.0-203.0.113.255'],
    ['a mask', '203.0.113.0/255.255.255.0', '203.0.113.0-203.0.113.255'],
    ['an IPv6 network', '2001:db8::/32', '2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['Spamhaus DROP', '1.10.16.0/20 ; SBL256894', '1.10.16.0-1.10.31.255'],
    ['Spamhaus DROP, tight', '1.10.16.0/20;SBL256894', '1.10.16.0-1.10.31.255'],
    ['a comment behind', '203.0.113.9 # seen today', '203.0.113.9-203.0.113.9'],
    ['a dash', '203.0.113.10-203.0.113.20', '203.0.113.10-203.0.113.20'],
    ['a dash with spaces', '203.0.113.10 - 203.0.113.20', '203.0.113.10-203.0.113.20'],
    [
      'a dash with columns behind',
      '203.0.113.10 - 203.0.113.20 , 000 , someone',
      '203.0.113.10-203.0.113.20',
    ],
    ['an IPv6 dash', '2001:db8::1-2001:db8::ff', '2001:db8::1-2001:db8::ff'],
    ['a dash before words', '203.0.113.9 - seen 2026-11-24', '203.0.113.9-203.0.113.9'],
    ['further columns', '203.0.113.9\tscanner\t42', '203.0.113.9-203.0.113.9'],
    ['a date behind', '203.0.113.9 2026-11-24', '203.0.113.9-203.0.113.9'],
    ['CSV', '203.0.113.9,2026-11-24,"a, b"', '203.0.113.9-203.0.113.9'],
    ['quoted CSV', '"203.0.113.0/24","DE"', '203.0.113.0-203.0.113.255'],
    ['CSV with semicolons', '203.0.113.9;2026-11-24', '203.0.113.9-203.0.113.9'],
    ['Spamhaus JSON', '{"cidr":"1.10.16.0/20","sblid":"SBL256894","rir":"apnic"}', '1.10.16.0-1.10.31.255'],
    ['JSON with an address', '{"ip":"203.0.113.9"}', '203.0.113.9-203.0.113.9'],
    ['Tor', 'ExitAddress 203.0.113.9 2026-11-24 08:05:11', '203.0.113.9-203.0.113.9'],
    ['DShield', '203.0.112.0\t203.0.113.255\t23\t1042\tNAME\tDE', '203.0.112.0-203.0.113.255'],
    ['two addresses that are no network', '203.0.113.1 203.0.113.9 24', '203.0.113.1-203.0.113.1'],
    ['the widest', '10.0.0.0/8', '10.0.0.0-10.255.255.255'],
    ['the widest of IPv6', '2001::/16', '2001::-2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ])('%s', (_, line, expected) => {
    expect(meaning(line)).toBe(expected);
  });

  it.each([
    '',
    '   ',
    '# a comment',
    '; Spamhaus DROP List 2026/11/24',
    '   # 203.0.113.9',
    '// a comment',
    '{"type":"metadata","timestamp":1764000000,"size":1}',
    'ExitNode 0011BD2485AD45D984EC4159C88FC066E5E3300E',
    'Published 2026-11-24 07:30:15',
    'LastStatus 2026-11-24 08:00:00',
    '@type tordnsel 1.0',
    'Downloaded 2026-11-24 08:02:00',
  ])('%j says nothing', (line) => {
    expect(meaning(line)).toBe('nothing');
  });

  it('with column names is a header only before all entries', () => {
    for (const header of ['ip,country', '"cidr","asn"', 'IP Address,Reason', 'network']) {
      expect([header, meaning(header, true)]).toEqual([header, 'nothing']);
      expect([header, meaning(header)]).toEqual([header, 'bad']);
    }
    expect(meaning('ipsum.example', true)).toBe('bad');
  });

  it.each([
    ['<html>', /“<html>”/],
    ['evil.example.com', /evil\.example\.com/],
    ['203.0.113.256', /256/],
    ['010.0.0.1', /leading zero/],
    ['203.0.113.20-203.0.113.10', /reversed/],
    ['203.0.113.0/33', /33/],
    ['{"cidr":', /JSON/],
    ['{"domain":"example.com"}', /cidr/],
    ['{"cidr":"nonsense"}', /nonsense/],
    ['0.0.0.0/0', /wider than a \/8/],
    ['::/0', /wider than a \/16/],
    ['::/1', /wider than a \/16/],
    ['10.0.0.0/7', /wider than a \/8/],
    ['2000::/15', /wider than a \/16/],
    ['0.0.0.0-255.255.255.255', /wider than a \/8/],
    ['9.255.255.255-11.0.0.0', /wider than a \/8/],
    ['{"cidr":"0.0.0.0/0"}', /wider than a \/8/],
    ['0.0.0.0 255.255.255.255 0', /wider than a \/8/],
  ])('%j is refused, with the reason', (line, reason) => {
    const result = readListLine(line, false);
    expect(result).toEqual({ kind: 'bad', reason: expect.stringMatching(reason) as unknown });
  });
});
