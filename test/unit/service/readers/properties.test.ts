import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RangeEntry } from '#service/readers/document';
import { entriesOf, readRanges } from '#service/readers/read-ranges';
import { formatCidr, parseRangeText } from '#shared/ip/index';
import { NOW } from '#test/support/service/read-entries';

const FOLDER = 'test/fixtures/ranges';
const FILES = readdirSync(FOLDER).map((file) => readFileSync(`${FOLDER}/${file}`, 'utf8'));

const entriesIn = (text: string): readonly RangeEntry[] => {
  const document = readRanges(text, { nowMs: NOW });
  return 'refused' in document ? [] : [...entriesOf(document)];
};

const cidrsOf = (text: string): string | undefined => {
  const parsed = parseRangeText(text, { allowWide: true });
  return parsed.ok ? parsed.cidrs.map(formatCidr).join(' ') : undefined;
};

/** Every range that the words of a text can mean: each by itself, and each with one of the next few as its mask or its end. */
function meant(text: string): ReadonlySet<string> {
  const words = [...text.matchAll(/[\da-f.:*/-]+/gi)].map(([word]) => word.replace(/^-|-$/g, ''));
  const found = words.flatMap((word, index) => [
    cidrsOf(word),
    // Apache's short form of a network.
    cidrsOf(`${word.replace(/\.$/, '')}/${word.replace(/\.$/, '').split('.').length * 8}`),
    ...words
      .slice(index + 1, index + 8)
      .flatMap((next) => [cidrsOf(`${word}-${next}`), cidrsOf(`${word}/${next.replace('/', '')}`)]),
  ]);
  return new Set(found.flatMap((cidrs) => cidrs?.split(' ') ?? []));
}

const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 34 })).map(([ip, length]) => `${ip}/${length}`),
  fc.constantFrom('10', '10.1', '255.255.255.0', '192.0.2.*', '/24', '24', '*', 'all'),
);
const sign = fc.constantFrom(
  ...[
    ' ',
    ',',
    ', ',
    ';',
    '\t',
    '|',
    '"',
    '-',
    ' - ',
    '#',
    '//',
    '{',
    '}',
    '[',
    ']',
    ':',
    '\n',
    '\r\n',
    '\\\n',
    '=',
  ],
);
const word = fc.constantFrom(
  ...[
    'allow ',
    'deny ',
    'Require ip ',
    'Require not ip ',
    'geo $x {\n',
    'add set ',
    'add address=',
    'list=a ',
    'ExitAddress ',
  ],
  ...[
    'cidr,label\n',
    'start,end\n',
    'ip;mask\n',
    '"cidr":',
    '"ip":"',
    '{"prefixes":[',
    'comment "x"',
    'nomatch',
    'Office',
  ],
);
const anyText = fc
  .array(fc.oneof(address, sign, word, fc.string({ maxLength: 4 })), { maxLength: 40 })
  .map((parts) => parts.join(''));

/** A file with a piece of it replaced. */
const damaged = fc
  .tuple(fc.constantFrom(...FILES), fc.nat(), fc.nat(40), fc.oneof(address, sign, word, fc.constant('')))
  .map(([text, at, length, piece]) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + piece + text.slice(start + length);
  });

describe('any text', () => {
  it('is read without a crash, and never to a range that is not in it', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, damaged), (text) => {
        const possible = meant(text);
        for (const { reading } of entriesIn(text)) {
          if ('code' in reading) expect(reading.detail).not.toBe('');
          else expect(reading.cidrs.map(formatCidr).filter((cidr) => !possible.has(cidr))).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('denies nothing where it says that it cannot', () => {
    const effect = fc.constantFrom('deny', 'block', 'authorize', 'allow', 'effect', 'action', '0', '1');
    const text = fc
      .array(fc.oneof(effect, address, fc.constantFrom(',', ' ', '\n', '\n', ';', '\t')), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, anyText, damaged), (each) => {
        const document = readRanges(each, { nowMs: NOW });
        if ('refused' in document || document.mayDeny) return;
        for (const { reading } of entriesOf(document)) expect(reading).not.toMatchObject({ effect: 'deny' });
      }),
      { numRuns: 500 },
    );
  });

  it('is read to at least one range wherever it has a reading', () => {
    for (const text of FILES) {
      for (const { reading } of entriesIn(text))
        if ('cidrs' in reading) expect(reading.cidrs).not.toEqual([]);
    }
  });

  it('of JSON may be nested as deep as it likes', () => {
    expect(() => entriesIn(`${'['.repeat(50_000)}"10.0.0.1"${']'.repeat(50_000)}`)).not.toThrow();
  });
});
