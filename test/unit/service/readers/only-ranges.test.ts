import { describe, expect, it } from 'vitest';
import { meanings } from '#test/support/service/read-entries';

const ranges = (text: string): string[] => meanings(text, { onlyRanges: true });

describe('a line of which only the range is wanted', () => {
  it.each([
    ['an address', '203.0.113.9', '203.0.113.9/32'],
    ['a network', '  203.0.113.0/24  ', '203.0.113.0/24'],
    ['Spamhaus DROP, tight', '1.10.16.0/20;SBL256894', '1.10.16.0/20'],
    ['a comment behind', '203.0.113.9 # seen today', '203.0.113.9/32'],
    ['a dash with columns behind', '203.0.113.10 - 203.0.113.11 , 000 , someone', '203.0.113.10/31'],
    ['an IPv6 dash', '2001:db8::2-2001:db8::3', '2001:db8::2/127'],
    ['further columns', '203.0.113.9\tscanner\t42', '203.0.113.9/32'],
    ['a number behind', '203.0.113.0,24', '203.0.113.0/32'],
    ['a date behind', '203.0.113.9 2026-11-24', '203.0.113.9/32'],
    ['a date and more behind', '203.0.113.9,2026-11-24,"a, b"', '203.0.113.9/32'],
    ['a very long text behind', `203.0.113.9,${'x'.repeat(500)}`, '203.0.113.9/32'],
    ['quoted CSV', '"203.0.113.0/24","DE"', '203.0.113.0/24'],
    ['a range in another column', '2026-11-24,203.0.113.9,443', '203.0.113.9/32'],
    ['JSON with an address', '{"ip":"203.0.113.9"}', '203.0.113.9/32'],
    ['a network and its mask', '203.0.113.0 255.255.255.0 x', '203.0.113.0/24'],
    ['two addresses', '203.0.113.1 203.0.113.9', '203.0.113.1/32 203.0.113.9/32'],
    ['two addresses and words', '203.0.113.1 203.0.113.9 24', '203.0.113.1/32'],
    ['no range', 'evil.example.com', 'invalid_cidr'],
  ])('has it with %s', (_what, line, expected) => {
    expect(ranges(line)).toEqual([`1 ${expected}`]);
  });

  it('may stand below names of columns', () => {
    for (const heading of ['ip,country', '"cidr","asn"', 'IP Address,Reason', 'network']) {
      expect(ranges(`${heading}\n203.0.113.9,DE`)).toEqual(['2 203.0.113.9/32']);
    }
  });
});
