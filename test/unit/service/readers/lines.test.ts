import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEntries, meanings } from '#test/support/service/read-entries';

const JANUARY = '2030-01-31T00:00:00.000Z';

describe('a line with a range', () => {
  it.each([
    ['an address alone', '203.0.113.9', '203.0.113.9/32'],
    ['an address and a label', '203.0.113.9,Office', '203.0.113.9/32 “Office”'],
    [
      'all three columns',
      '10/8, Head office ,2030-01-31T00:00:00Z',
      `10.0.0.0/8 “Head office” until ${JANUARY}`,
    ],
    ['an expiry with an offset', '10/8,A,2030-01-31T01:00:00+01:00', `10.0.0.0/8 “A” until ${JANUARY}`],
    ['an expiry that is a day', '10/8,A,2030-01-31', `10.0.0.0/8 “A” until ${JANUARY}`],
    ['no label, but an expiry', '10/8,,2030-01-31T00:00:00Z', `10.0.0.0/8 until ${JANUARY}`],
    ['a quoted label', '10.0.0.1,"Office, 2nd floor"', '10.0.0.1/32 “Office, 2nd floor”'],
    ['a quote in a quoted label', '10.0.0.1,"The ""old"" office"', '10.0.0.1/32 “The "old" office”'],
    ['everything quoted', '"10.0.0.1", "A" , ""', '10.0.0.1/32 “A”'],
    ['white space around', '  10.0.0.1 , A\t', '10.0.0.1/32 “A”'],
    ['a comment behind the range', '10.0.0.1 # the "office", perhaps', '10.0.0.1/32 “the "office", perhaps”'],
    ['a # in a label', '10.0.0.1,Room #5', '10.0.0.1/32 “Room #5”'],
    ['a # in a label behind a space', '10.0.0.1 Room #5', '10.0.0.1/32 “Room #5”'],
    ['a # in a quoted label', '10.0.0.1,"# 5"', '10.0.0.1/32 “# 5”'],
    ['empty columns at the end', '10.0.0.1,A,,,', '10.0.0.1/32 “A”'],
    ['a dash', '10.0.0.1-10.0.0.3', '10.0.0.1/32 10.0.0.2/31'],
    ['a dash with spaces', '10.0.0.1 - 10.0.0.3', '10.0.0.1/32 10.0.0.2/31'],
    ['a dash before words', '203.0.113.9 - Office', '203.0.113.9/32 “Office”'],
    ['a wildcard', '192.168.1.*', '192.168.1.0/24'],
    ['a mask', '203.0.113.0/255.255.255.0', '203.0.113.0/24'],
    ['IPv6', '2001:DB8::/32,V6', '2001:db8::/32 “V6”'],
    ['an IPv4-mapped address', '::ffff:203.0.113.9', '203.0.113.9/32'],
    ['host bits', '10.1.2.3/24', '10.1.2.0/24'],
    ['a semicolon behind', '203.0.113.9;', '203.0.113.9/32'],
    ['a label behind a semicolon', '203.0.113.9;Office', '203.0.113.9/32 “Office”'],
    ['a label behind a tab', '203.0.113.9\tOffice, left', '203.0.113.9/32 “Office, left”'],
    ['a label behind a bar', '203.0.113.9 | Office', '203.0.113.9/32 “Office”'],
    ['a label behind a space', '203.0.113.9 Office, left', '203.0.113.9/32 “Office, left”'],
    ['a label behind slashes', '203.0.113.9 // Office', '203.0.113.9/32 “Office”'],
    ['a comma in a label', '10.0.0.1,Office, 2nd floor, left', '10.0.0.1/32 “Office, 2nd floor, left”'],
    ['an effect', '203.0.113.9,deny', '203.0.113.9/32 deny'],
    ['the range in another column', 'Office,203.0.113.9', '203.0.113.9/32 “Office”'],
    ['a list with commas', '20.1.2.3,20.4.5.6,20.7.8.9', '20.1.2.3/32 20.4.5.6/32 20.7.8.9/32'],
    ['two addresses', '20.1.2.3, 20.4.5.6', '20.1.2.3/32 20.4.5.6/32'],
    ['a list in quotes', '"20.1.2.3","20.4.5.6"', '20.1.2.3/32 20.4.5.6/32'],
    ['a list with semicolons', '20.1.2.3; 20.4.5.6', '20.1.2.3/32 20.4.5.6/32'],
    ['a list with tabs', '20.1.2.3\t20.4.5.6', '20.1.2.3/32 20.4.5.6/32'],
    ['a list with spaces', '20.1.2.3 20.4.5.6 20.7.8.9', '20.1.2.3/32 20.4.5.6/32 20.7.8.9/32'],
    ['a list of IPv6', '2001:db8::1,2001:db8::2', '2001:db8::1/128 2001:db8::2/128'],
    ['an address beside a network', '20.1.2.3,10/8', '20.1.2.3/32 10.0.0.0/8'],
    ['a mask beside the address', '203.0.113.0,255.255.255.0', '203.0.113.0/24'],
    ['a mask behind a space', '203.0.113.0 255.255.255.0', '203.0.113.0/24'],
    ['a mask and a label', '203.0.113.0,255.255.255.0,Office', '203.0.113.0/24 “Office”'],
    ['the last address beside the first', '203.0.113.0,203.0.113.255', '203.0.113.0/24'],
    ['a prefix length with its slash', '203.0.113.0,/24,Office', '203.0.113.0/24 “Office”'],
    ['a number that is no prefix length', '203.0.113.7,24', '203.0.113.7/32 “24”'],
    ['the number of the address itself', '203.0.113.7,32', '203.0.113.7/32 “32”'],
    ['a year in place of the label', '203.0.113.0,2030', '203.0.113.0/32 “2030”'],
    ['no range', 'office', 'invalid_cidr'],
    ['an empty range', ',Office', 'invalid_cidr'],
    ['leading zeros', '010.0.0.1', 'invalid_cidr'],
    ['a list of Markdown', '* 203.0.113.9', '203.0.113.9/32'],
    ['a list of YAML', '- 203.0.113.9 # Office', '203.0.113.9/32 “Office”'],
    ['words before the range', 'see 203.0.113.9 for', 'invalid_cidr'],
    ['single quotes', "'203.0.113.9'", 'invalid_cidr'],
    ['everything', '0.0.0.0/0', '0.0.0.0/0'],
    ['a label that is too long', `10.0.0.1,${'x'.repeat(201)}`, 'invalid_label'],
    ['a prefix length in place of the label', '203.0.113.0,24', 'invalid_label'],
    ['a prefix length behind a space', '203.0.113.0 24', 'invalid_label'],
    ['an expiry that is no time', '10.0.0.1,A,tomorrow', 'invalid_expiry'],
    ['an expiry without its zone', '10.0.0.1,A,2030-01-31T00:00:00', 'invalid_expiry'],
    ['an expiry among other columns', '10.0.0.1,A,2030-01-31T00:00:00Z,B', 'invalid_line'],
    ['a quote that is never closed', '10.0.0.1,"Office', 'invalid_line'],
    ['a quote amid a label', '10.0.0.1,the "office"', 'invalid_line'],
    ['something behind the quotes', '10.0.0.1,"A" b', 'invalid_line'],
    ['a list in the label', '20.1.2.3,Office,20.4.5.6', 'several_ranges'],
    ['another range and a label', '20.1.2.3,20.4.5.6,Office', 'several_ranges'],
    ['a mask among addresses', '203.0.113.0,255.255.255.0,203.0.113.1', 'several_ranges'],
    ['a line without end', `10.0.0.1,${'x'.repeat(5_000)}`, 'invalid_line'],
    ['a letter that was lost', '20.1.2.3,B\uFFFDro', '20.1.2.3/32 “B\uFFFDro”'],
  ])('has %s', (_what, text, expected) => {
    expect(meanings(text)).toEqual([`1 ${expected}`]);
  });

  it.each(['# x', '; Spamhaus DROP List', '// x', '   # 203.0.113.9', '', '  '])('is none: %j', (line) => {
    expect(meanings(`${line}\n203.0.113.9`)).toEqual(['2 203.0.113.9/32']);
  });

  it.each(['\n', '\r\n', '\r'])('ends with %j, and is counted as an editor counts', (end) => {
    const text = ['cidr', '', '# servers', '10.0.0.1', '   ', '10.0.0.2'].join(end) + end;
    expect(meanings(text)).toEqual(['4 10.0.0.1/32', '6 10.0.0.2/32']);
  });

  it('is not read as the ends of a span that other lines do not have', () => {
    expect(meanings('10.0.0.0,10.0.0.255\n10.0.1.0,10.0.3.255')).toEqual([
      '1 10.0.0.0/24',
      '2 several_ranges',
    ]);
  });

  it('has a column of effects if each of its cells is one', () => {
    expect(meanings('203.0.113.9,deny\n203.0.113.10,allow\n203.0.113.11,')).toEqual([
      '1 203.0.113.9/32 deny',
      '2 203.0.113.10/32 authorize',
      '3 203.0.113.11/32',
    ]);
    expect(meanings('203.0.113.9,deny\n203.0.113.10,Office')).toEqual([
      '1 203.0.113.9/32 “deny”',
      '2 203.0.113.10/32 “Office”',
    ]);
  });

  it('says what it means that is not what it shows', () => {
    const notesOf = (text: string): unknown[] =>
      readEntries(text).flatMap(({ reading }) =>
        'notes' in reading ? reading.notes.map(({ code }) => code) : [],
      );
    expect(notesOf('10.1.2.3/24')).toEqual(['host_bits_cleared']);
    expect(notesOf('::ffff:10.1.2.3')).toEqual(['mapped_to_ipv4']);
    expect(notesOf('10.1.2.3,Office (was 10.4.5.6)')).toEqual(['range_in_label']);
    for (const label of ['Office', 'Room 1.2', 'v1.2.3', '12:30'])
      expect(notesOf(`10.1.2.3,${label}`)).toEqual([]);
  });

  it.each([
    ['10.0.0.0,10.0.0.255\n20.1.2.3,20.4.5.6', 'one range a line, or 20.1.2.3-20.4.5.6 if'],
    ['20.1.2.3,Office,20.4.5.6', 'one range a line.'],
    ['10.0.0.0,24', 'write 10.0.0.0/24 if it is'],
    ["'203.0.113.9'", 'write 203.0.113.9 alone'],
  ])('%j is told what to do instead', (text, expected) => {
    const { reading } = readEntries(text).at(-1) ?? {};
    expect(reading).toMatchObject({ detail: expect.stringContaining(expected) as string });
  });

  it('never spoils its neighbours, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'binary-ascii', maxLength: 60 }).filter((line) => !/[\r\n\0]/.test(line)),
          {
            maxLength: 8,
          },
        ),
        (rubbish) => {
          const good = Array.from({ length: 12 }, (_, index) => `10.0.${index}.1,Good`);
          const text = [...good, ...rubbish.flatMap((line, index) => [line, `10.1.${index}.1,Good`])].join(
            '\n',
          );
          const read = meanings(text).filter((meaning) => /^\d+ 10\.[01]\.\d+\.1\/32 “Good”$/.test(meaning));
          expect(read.length).toBeGreaterThanOrEqual(good.length + rubbish.length);
        },
      ),
    );
  });
});
