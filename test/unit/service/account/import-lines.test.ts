import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readImportLines, type ImportLine } from '#service/import/import-lines';
import { splitLines } from '#service/import/import-text';
import { formatCidr } from '#shared/ip/index';

const read = (text: string): ImportLine[] => [...readImportLines(splitLines(text))];

/** A reading as short text: what the line means, or the code of why it means nothing. */
const short = ({ line, fields }: ImportLine): unknown[] =>
  'code' in fields
    ? [line, fields.code]
    : [line, fields.cidrs.map(formatCidr).join(' '), fields.label, fields.expiresAt];

describe('the lines of an import', () => {
  it.each<[string, string, unknown[]]>([
    ['an address alone', '203.0.113.9', [1, '203.0.113.9/32', '', null]],
    ['an address and a label', '203.0.113.9,Office', [1, '203.0.113.9/32', 'Office', null]],
    [
      'all three columns',
      '10/8, Head office ,2030-01-31T00:00:00Z',
      [1, '10.0.0.0/8', 'Head office', Date.UTC(2030, 0, 31)],
    ],
    ['no label, but an expiry', '10/8,,2030-01-31T00:00:00Z', [1, '10.0.0.0/8', '', Date.UTC(2030, 0, 31)]],
    ['a quoted label', '10.0.0.1,"Office, 2nd floor"', [1, '10.0.0.1/32', 'Office, 2nd floor', null]],
    [
      'a quote in a quoted label',
      '10.0.0.1,"The ""old"" office"',
      [1, '10.0.0.1/32', 'The "old" office', null],
    ],
    ['everything quoted', '"10.0.0.1", "A" , ""', [1, '10.0.0.1/32', 'A', null]],
    ['white space around', '  10.0.0.1 , A\t', [1, '10.0.0.1/32', 'A', null]],
    ['a comment behind the range', '10.0.0.1 # the "office", perhaps', [1, '10.0.0.1/32', '', null]],
    ['a # in a label', '10.0.0.1,Room #5', [1, '10.0.0.1/32', 'Room #5', null]],
    ['a # in a quoted label', '10.0.0.1,"# 5"', [1, '10.0.0.1/32', '# 5', null]],
    ['empty columns at the end', '10.0.0.1,A,,,', [1, '10.0.0.1/32', 'A', null]],
    ['a dash', '10.0.0.1-10.0.0.3', [1, '10.0.0.1/32 10.0.0.2/31', '', null]],
    ['a wildcard', '192.168.1.*', [1, '192.168.1.0/24', '', null]],
    ['a mask', '203.0.113.0/255.255.255.0', [1, '203.0.113.0/24', '', null]],
    ['IPv6', '2001:DB8::/32,V6', [1, '2001:db8::/32', 'V6', null]],
    ['an IPv4-mapped address', '::ffff:203.0.113.9', [1, '203.0.113.9/32', '', null]],
    ['host bits', '10.1.2.3/24', [1, '10.1.2.0/24', '', null]],
    ['no range', 'office', [1, 'invalid_cidr']],
    ['an empty range', ',Office', [1, 'invalid_cidr']],
    ['leading zeros', '010.0.0.1', [1, 'invalid_cidr']],
    ['a very wide range', '0.0.0.0/0', [1, 'too_wide']],
    ['a label that is too long', `10.0.0.1,${'x'.repeat(201)}`, [1, 'invalid_label']],
    ['an expiry that is no time', '10.0.0.1,A,tomorrow', [1, 'invalid_expiry']],
    ['an expiry without its zone', '10.0.0.1,A,2030-01-31T00:00:00', [1, 'invalid_expiry']],
    ['commas in a label without quotes', '10.0.0.1,Office, 2nd floor, left', [1, 'invalid_line']],
    ['a quote that is never closed', '10.0.0.1,"Office', [1, 'invalid_line']],
    ['a quote amid a label', '10.0.0.1,the "office"', [1, 'invalid_line']],
    ['another range in place of the label', '20.1.2.3, 20.4.5.6', [1, 'several_ranges']],
    ['a list with commas', '20.1.2.3,20.4.5.6,20.7.8.9', [1, 'several_ranges']],
    ['a list in the label', '20.1.2.3,20.4.5.6 20.7.8.9', [1, 'several_ranges']],
    ['a list in quotes', '"20.1.2.3","20.4.5.6"', [1, 'several_ranges']],
    ['a list with semicolons', '20.1.2.3; 20.4.5.6', [1, 'several_ranges']],
    ['a list with tabs', '20.1.2.3\t20.4.5.6', [1, 'several_ranges']],
    ['a list with spaces', '20.1.2.3 20.4.5.6 20.7.8.9', [1, 'several_ranges']],
    ['a list of IPv6', '2001:db8::1,2001:db8::2', [1, 'several_ranges']],
    ['a mask beside the address', '203.0.113.0,255.255.255.0', [1, 'several_ranges']],
    ['a mask behind a space', '203.0.113.0 255.255.255.0', [1, 'several_ranges']],
    ['the last address beside the first', '203.0.113.0,203.0.113.255', [1, 'several_ranges']],
    ['a range in place of the expiry', '20.1.2.3,Office,20.4.5.6', [1, 'several_ranges']],
    ['a range in a fourth column', '20.1.2.3,Office,2030-01-31T00:00:00Z,20.4.5.6', [1, 'several_ranges']],
    ['a network in place of the label', '20.1.2.3,10/8', [1, 'several_ranges']],
    ['a prefix length in place of the label', '203.0.113.0,24', [1, 'invalid_label']],
    ['a prefix length with its slash', '203.0.113.7,/24', [1, 'invalid_label']],
    ['a number that is no prefix length', '203.0.113.7,24', [1, '203.0.113.7/32', '24', null]],
    ['the number of the address itself', '203.0.113.7,32', [1, '203.0.113.7/32', '32', null]],
    ['a year in place of the label', '203.0.113.0,2030', [1, '203.0.113.0/32', '2030', null]],
    ['a rule of nginx', 'allow 203.0.113.9;', [1, 'invalid_cidr']],
    ['a semicolon behind', '203.0.113.9;', [1, 'invalid_cidr']],
    ['a label behind a semicolon', '203.0.113.9;Office', [1, 'invalid_cidr']],
    ['a label behind a tab', '203.0.113.9\tOffice', [1, 'invalid_cidr']],
    ['a list of Markdown', '* 203.0.113.9', [1, 'invalid_cidr']],
    ['single quotes', "'203.0.113.9'", [1, 'invalid_cidr']],
    ['a line of a list of JSON', '"203.0.113.9",', [1, '203.0.113.9/32', '', null]],
    ['a label with spaces in its quotes', '10.0.0.1," A "', [1, '10.0.0.1/32', 'A', null]],
    ['something behind the quotes', '10.0.0.1,"A" b', [1, 'invalid_line']],
    ['a line without end', `10.0.0.1,${'x'.repeat(2_000)}`, [1, 'invalid_line']],
  ])('%s', (_what, text, expected) => {
    expect(read(text).map(short)).toEqual([expected]);
  });

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('end with %s, and are counted as an editor counts', (_what, end) => {
    const text = ['cidr,label,expiresAt', '', '# servers', '10.0.0.1', '   ', '10.0.0.2'].join(end) + end;
    expect(read(text).map(short)).toEqual([
      [4, '10.0.0.1/32', '', null],
      [6, '10.0.0.2/32', '', null],
    ]);
  });

  it.each([
    'cidr',
    'CIDR,Label',
    'ip,label',
    'IP Address,Description,Expires',
    '"cidr","label","expiresAt"',
    '\uFEFFcidr,label,expiresAt',
    '# x\ncidr',
  ])('may have the header %j', (header) => {
    expect(read(`${header}\n10.0.0.1`)).toHaveLength(1);
  });

  it('have their header first, or it is a line like any other', () => {
    expect(read('10.0.0.1\ncidr,label').map(short)).toEqual([
      [1, '10.0.0.1/32', '', null],
      [2, 'invalid_cidr'],
    ]);
  });

  it('may have a header of other columns, which is no range', () => {
    expect(read('ip,country\n10.0.0.1').map(short)).toEqual([
      [1, 'invalid_line'],
      [2, '10.0.0.1/32', '', null],
    ]);
  });

  const detailOf = (text: string): string | undefined => {
    const fields = read(text)[0]?.fields;
    return fields !== undefined && 'detail' in fields ? fields.detail : undefined;
  };

  it.each([
    ['20.1.2.3, 20.4.5.6', 'one range a line, or 20.1.2.3-20.4.5.6 if'],
    ['20.4.5.6, 20.1.2.3', 'one range a line.'],
    ['203.0.113.0,255.255.255.0', 'or 203.0.113.0/255.255.255.0 if'],
    ['203.0.113.0 255.255.255.0', 'or 203.0.113.0/255.255.255.0 if'],
    ['20.1.2.3,Office,20.4.5.6', 'where the expiry should be'],
    ['10.0.0.0,24', 'write 10.0.0.0/24 if it is'],
    ['allow 203.0.113.9;', 'write 203.0.113.9 alone'],
    ['203.0.113.9;Office', 'write 203.0.113.9 alone, and a label behind a comma'],
    ['* 203.0.113.9', 'write 203.0.113.9 alone'],
    ['0.0.0.0/0', 'which an import does not add'],
  ])('%j is told what to do instead', (text, expected) => {
    expect(detailOf(text)).toContain(expected);
  });

  const notesOf = (text: string): (readonly [string, string])[] => {
    const fields = read(text)[0]?.fields;
    return fields !== undefined && 'notes' in fields
      ? fields.notes.map(({ code, message }) => [code, message] as const)
      : [];
  };

  it('say what they mean that is not what they show', () => {
    expect(notesOf('10.1.2.3/24')).toEqual([
      ['host_bits_cleared', expect.stringContaining('10.1.2.0/24') as string],
    ]);
    expect(notesOf('::ffff:10.1.2.3')).toEqual([['mapped_to_ipv4', expect.any(String) as string]]);
    expect(notesOf('10.1.2.3,Office (was 10.4.5.6)')).toEqual([
      ['range_in_label', expect.stringContaining('“10.4.5.6”') as string],
    ]);
    for (const label of ['Office', 'Room 1.2', 'v1.2.3', '12:30', 'a::b c']) {
      expect(notesOf(`10.1.2.3,${label}`)).toEqual(label === 'a::b c' ? [expect.anything()] : []);
    }
  });

  it('name the column that is wrong', () => {
    const details = read('x\n10.0.0.1,A,soon\n10.0.0.1,' + 'y'.repeat(300)).map(({ fields }) =>
      'detail' in fields ? fields.detail : '',
    );
    expect(details[0]).toMatch(/^cidr: /);
    expect(details[1]).toMatch(/^expiresAt: /);
    expect(details[2]).toMatch(/^label: .*300.*200/);
  });

  it('never spoil their neighbours, whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary-ascii', maxLength: 60 }).filter((line) => !/[\r\n]/.test(line))),
        (rubbish) => {
          const text = rubbish.flatMap((line, index) => [line, `10.0.${index & 255}.1,Good`]).join('\n');
          const good = read(text).filter(({ line }) => line % 2 === 0);
          expect(good).toHaveLength(rubbish.length);
          expect(good.every(({ fields }) => 'label' in fields && fields.label === 'Good')).toBe(true);
        },
      ),
    );
  });
});
