import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRanges } from '#service/readers/read-ranges';
import { reasonInWords } from '#shared/domain/sentence';
import { meanings, NOW, readEntries } from '#test/support/service/read-entries';

const FOLDER = 'test/fixtures/ranges';

const textOf = (file: string): string => readFileSync(`${FOLDER}/${file}`, 'utf8');

/** Each file with its format and what its rows mean. */
const FILES: readonly (readonly [file: string, format: string, meanings: readonly string[]])[] = [
  [
    'any.json',
    'json',
    [
      '1 192.0.2.0/29 “Lyon”',
      '2 invalid_cidr',
      '3 198.51.100.9/32 “Oslo”',
      '4 2001:db8::9/128 “Oslo”',
      '5 203.0.113.16/28',
      '6 203.0.113.77/32 “Acme”',
    ],
  ],
  [
    'apache-require.conf',
    'apache',
    [
      '3 192.0.2.0/24 198.51.100.0/24 authorize',
      '4 203.0.113.0/25 authorize',
      '5 192.0.2.7/32 deny',
      '6 invalid_line',
      '11 2001:db8:1::/48 authorize',
    ],
  ],
  [
    'atlas-access-list.json',
    'atlas',
    [
      '1 192.0.2.4/32 “Build server”',
      '2 198.51.100.0/24 “Contractor” until 2030-01-31T00:00:00.000Z',
      '3 invalid_cidr',
    ],
  ],
  [
    'aws-ip-ranges.json',
    'aws',
    [
      '1 192.0.2.0/28 “AMAZON eu-west-1”',
      '2 192.0.2.0/28 “EC2 eu-west-1”',
      '3 198.51.100.16/28 “CLOUDFRONT GLOBAL”',
      '4 2001:db8:1000::/40 “S3 us-east-1”',
    ],
  ],
  [
    'azure-service-tags.json',
    'azure',
    [
      '1 192.0.2.8/30 “ActionGroup”',
      '2 2001:db8:1:5::10/125 “ActionGroup”',
      '3 198.51.100.128/25 “Sql.WestEurope”',
    ],
  ],
  ['dshield-block.txt', 'dshield', ['9 192.0.2.0/24 “EXAMPLE-NET”', '10 198.51.100.0/24 “EXAMPLE-TWO”']],
  ['dshield-without-heading.txt', 'dshield', ['2 192.0.2.0/24 “EXAMPLE-NET”']],
  ['fastly-public-ip-list.json', 'fastly', ['1 192.0.0.0/20', '2 198.51.100.0/22', '3 2001:db8:40::/44']],
  ['firehol-level1.netset', 'lines', ['9 192.0.2.0/24', '10 198.51.100.7/32', '11 203.0.113.64/26']],
  [
    'geofeed.csv',
    'geofeed',
    [
      '2 192.0.2.0/24 “US, US-AL, Alabaster”',
      '3 198.51.100.5/32 “US, US-AL”',
      '4 2001:db8:cafe::/48 “PL, PL-MZ, 02-784”',
    ],
  ],
  [
    'github-meta.json',
    'github',
    [
      '1 192.0.2.0/30 “hooks”',
      '2 2001:db8:a8::/46 “hooks”',
      '3 192.0.2.0/30 “web”',
      '4 198.51.100.4/32 “web”',
      '5 198.51.100.5/32 “api”',
      '6 198.51.100.6/32 “git”',
      '7 203.0.113.0/27 “actions”',
      '8 2001:db8:bb::/64 “actions”',
    ],
  ],
  [
    'google-cloud.json',
    'google',
    ['1 192.0.2.64/26 “Google Cloud africa-south1”', '2 2001:db8:8000::/44 “Google Cloud africa-south1”'],
  ],
  ['google-goog.json', 'google', ['1 198.51.100.0/24', '2 2001:db8:4000::/36']],
  ['haproxy.map', 'haproxy', ['2 192.0.2.0/24 authorize', '3 198.51.100.7/32 deny']],
  [
    'ipset-save.txt',
    'ipset',
    [
      '2 192.0.2.0/24 “Lyon, 2nd floor”',
      '3 198.51.100.7/32 until 2026-01-15T01:00:00.000Z',
      '4 invalid_line',
      '6 2001:db8:bad::/48 deny',
      '8 invalid_line',
    ],
  ],
  [
    'mikrotik-export.rsc',
    'mikrotik',
    [
      '5 192.0.2.0/24 authorize “Lyon \"old\" office”',
      '6 198.51.100.10/31 198.51.100.12/32',
      '7 203.0.113.9/32 deny “scanner” until 2026-01-16T02:00:00.000Z',
      '9 invalid_line',
      '10 invalid_cidr',
      '12 2001:db8:1::/48 authorize',
    ],
  ],
  [
    'nginx-access.conf',
    'nginx',
    ['3 192.0.2.0/24 authorize “Lyon”', '4 2001:db8:1::/48 authorize', '5 198.51.100.7/32 deny'],
  ],
  [
    'nginx-geo.conf',
    'nginx',
    ['3 192.0.2.0/24 “Lyon”', '4 198.51.100.0/24 “partner”', '5 invalid_line', '6 2001:db8:1::/48'],
  ],
  [
    'oracle-public-ip-ranges.json',
    'oracle',
    ['1 192.0.2.128/26 “eu-frankfurt-1 OCI”', '2 198.51.100.64/27 “eu-frankfurt-1 OSN OBJECT_STORAGE”'],
  ],
  ['spamhaus-drop.ndjson', 'json-lines', ['1 192.0.2.0/25', '2 198.51.100.0/22']],
  ['spamhaus-drop.txt', 'lines', ['5 192.0.2.0/25 “SBL256894”', '6 198.51.100.0/22 “SBL434604”']],
  [
    'table-masks.tsv',
    'csv',
    ['2 192.0.2.0/24 authorize “Lyon” key Web shop', '3 198.51.100.0/25 deny “Oslo”', '4 invalid_effect'],
  ],
  ['table-semicolons.csv', 'csv', ['2 192.0.2.0/24 until 2030-01-31T00:00:00.000Z', '3 198.51.100.7/32']],
  [
    'table-spans.csv',
    'csv',
    ['2 192.0.2.0/29 192.0.2.8/31 “Pool”', '3 198.51.100.0/24 “Lyon, 2nd floor”', '5 203.0.113.9/32 “One”'],
  ],
  ['table-unnamed.csv', 'csv', ['2 192.0.2.9/32', '3 198.51.100.0/24']],
  ['tor-exit-addresses.txt', 'tor', ['6 192.0.2.9/32', '7 2001:db8::9/128']],
];

const columnsOf = (text: string): string[] => {
  const document = readRanges(text, { nowMs: NOW });
  if ('refused' in document) return [reasonInWords(document.refused)];
  return document.columns.map(({ number, name, role }) => `${number ?? ''} ${name ?? ''} ${role}`);
};

describe('a list as others write it', () => {
  it.each(FILES)('%s is recognized as %s', (file, format, expected) => {
    const text = textOf(file);
    expect(readRanges(text, { nowMs: NOW })).toMatchObject({ format });
    expect(meanings(text)).toEqual(expected);
  });

  it('is among the files above', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(FILES.map(([file]) => file));
  });

  it('is taken in the one format that is asked for, and in no other', () => {
    const text = textOf('aws-ip-ranges.json');
    expect(readRanges(text, { nowMs: NOW }, 'aws')).toMatchObject({ format: 'aws' });
    expect(readRanges(text, { nowMs: NOW }, 'azure')).toEqual({
      refused: { reason: 'notInFormat', format: 'azure' },
    });
  });

  it('says which column is which', () => {
    expect(columnsOf(textOf('table-semicolons.csv'))).toEqual([
      '1 Standort ignored',
      '2 Netz ignored',
      '3 Ansprechpartner ignored',
      '4 Address range',
      '5 Expires expiresAt',
    ]);
    expect(columnsOf(textOf('table-unnamed.csv'))).toEqual(['1 Wer ignored', '2 Wo range', '3 Was ignored']);
    expect(columnsOf(textOf('oracle-public-ip-ranges.json'))).toEqual([
      ' cidr range',
      ' region label',
      ' tags label',
    ]);
    expect(columnsOf('Office,203.0.113.9')).toEqual(['1  label', '2  range']);
    expect(columnsOf('203.0.113.9')).toEqual([]);
  });

  it('says what its publisher says of a range', () => {
    const attributesOf = (file: string): unknown => {
      const [first] = readEntries(textOf(file));
      return first !== undefined && 'attributes' in first.reading && first.reading.attributes;
    };
    expect(attributesOf('aws-ip-ranges.json')).toEqual({
      service: 'AMAZON',
      region: 'eu-west-1',
      networkBorderGroup: 'eu-west-1',
    });
    expect(attributesOf('azure-service-tags.json')).toEqual({ tag: 'ActionGroup', service: 'ActionGroup' });
    expect(attributesOf('github-meta.json')).toEqual({ section: 'hooks' });
  });

  it('may have its columns in any order and any spelling', () => {
    for (const heading of [
      'cidr,label',
      'IP Address,Description',
      '"ip","name"',
      '\uFEFFNetwork,Comment',
      '# x\nrange,note',
    ]) {
      expect(meanings(`${heading}\n10.0.0.1,A`).map((meaning) => meaning.slice(2))).toEqual([
        '10.0.0.1/32 “A”',
      ]);
    }
    expect(meanings('Label,Expires At,Subnet\nA,2030-01-31T00:00:00Z,10/8')).toEqual([
      '2 10.0.0.0/8 “A” until 2030-01-31T00:00:00.000Z',
    ]);
  });

  it('has its heading first, or it is a line like any other', () => {
    expect(meanings('10.0.0.1\ncidr,label')).toEqual(['1 10.0.0.1/32', '2 invalid_cidr']);
  });

  it.each([
    ['more columns than its heading', 'cidr,label\n10.0.0.1,Office, left', 'invalid_line'],
    ['a range for a label', 'cidr,label\n10.0.0.1,10.0.0.2', 'several_ranges'],
    ['an expiry that is no time', 'cidr,expires\n10.0.0.1,soon', 'invalid_expiry'],
    ['an effect that is none', 'cidr,effect\n10.0.0.1,maybe', 'invalid_effect'],
    ['an unclosed quote', 'cidr,label\n10.0.0.1,"Office', 'invalid_line'],
    ['no range', 'cidr,label\n,Office', 'invalid_cidr'],
    ['a wrong end', 'start,end\n10.0.0.9,10.0.0.1', 'invalid_cidr'],
  ])('with %s has an invalid row', (_what, text, code) => {
    expect(meanings(text)).toEqual([`2 ${code}`]);
  });

  it.each([
    ['JSON that is cut', '{"ranges": ["20.1.2.3"', 'badJson'],
    ['an HTML page', '<!DOCTYPE html>\n<html><body>20.1.2.3</body></html>', 'html'],
    ['an HTML page without its type', '  <html>', 'html'],
    ['XML', '<?xml version="1.0"?><list/>', 'xml'],
    ['a workbook', 'PK\u0003\u0004\u0014\u0000', 'archive'],
    ['UTF-16 that was read as UTF-8', Buffer.from('\uFEFF20.1.2.3', 'utf16le').toString('utf8'), 'utf16'],
    [
      'UTF-16 that was read as single bytes',
      Buffer.from('\uFEFF20.1.2.3', 'utf16le').toString('latin1'),
      'utf16',
    ],
  ])('is refused as a whole when it is %s', (_what, text, reason) => {
    expect(readRanges(text, { nowMs: NOW })).toEqual({ refused: { reason } });
  });

  it.each(['[2001:db8::1]\n20.1.2.3', '[office]\n20.1.2.3', '\n20.1.2.3\n'])(
    'is lines when it is %j',
    (text) => {
      expect(readRanges(text, { nowMs: NOW })).toMatchObject({ format: 'lines' });
    },
  );

  it('is not taken for rules of a server because of one line', () => {
    expect(meanings('203.0.113.9\n203.0.113.10\nallow 203.0.113.11;\nRequire ip 203.0.113.12')).toEqual([
      '1 203.0.113.9/32',
      '2 203.0.113.10/32',
      '3 invalid_cidr',
      '4 invalid_cidr',
    ]);
  });

  it('of nothing has nothing', () => {
    for (const text of ['', '\n', '[]', '{}']) expect(meanings(text)).toEqual([]);
  });
});
