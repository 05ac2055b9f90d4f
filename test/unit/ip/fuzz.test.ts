import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { firstAddress, parseAddress, parseRangeText, type RangeTextResult } from '#shared/ip/index';

import { rangeSpelling } from './arbitraries.ts';
import { type BitNetwork, oracleRange } from './oracle.ts';

const ALPHABET = Array.from('0123456789abcdefx.:/*- %[]');

const bitNetworks = (result: RangeTextResult): readonly BitNetwork[] | undefined => {
  const cidrs = result.ok ? result.cidrs : result.error.cidrs;
  return cidrs?.map((cidr) => ({
    family: cidr.family,
    bits: firstAddress(cidr)
      .value.toString(2)
      .padStart(cidr.family === 4 ? 32 : 128, '0')
      .slice(0, cidr.prefixLength),
  }));
};

/** Whether the parser and the slow reading agree about `text`; true when both take it. */
const agree = (text: string): boolean => {
  const expected = oracleRange(text);
  const result = parseRangeText(text);
  const confirmed = parseRangeText(text, { allowWide: true });
  expect(bitNetworks(result)).toEqual(expected?.networks);
  expect(bitNetworks(confirmed)).toEqual(expected?.networks);
  expect(confirmed.ok).toBe(expected !== undefined);
  expect(result.ok).toBe(expected?.isWide === false);
  if (!result.ok) expect(result.error.code === 'too_wide').toBe(expected?.isWide === true);
  return expected !== undefined;
};

/** Runs the property, and fails when hardly any text meant something: then it would prove nothing. */
const assertAgreement = (texts: fc.Arbitrary<string>, numRuns: number, leastTaken: number): void => {
  let taken = 0;
  fc.assert(
    fc.property(texts, (text) => {
      if (agree(text)) taken += 1;
    }),
    { numRuns },
  );
  expect(taken).toBeGreaterThan(leastTaken);
};

/** A range text with a few characters put in, taken out, or replaced. */
const damaged = fc
  .tuple(
    rangeSpelling,
    fc.array(
      fc.record({
        position: fc.nat(120),
        removed: fc.nat(2),
        inserted: fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 2 }),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  )
  .map(([text, edits]) =>
    edits.reduce((current, { position, removed, inserted }) => {
      const at = position % (current.length + 1);
      return current.slice(0, at) + inserted + current.slice(at + removed);
    }, text),
  );

/** Short pieces in random order: near misses of the short forms. */
const pieces = fc.string({
  unit: fc.constantFrom(
    '0',
    '1',
    '10',
    '255',
    '256',
    '01',
    '.',
    '.',
    '*',
    '.*',
    '/',
    '/8',
    '/24',
    '-',
    ' ',
    ':',
    '::',
    'ffff',
    '::ffff:',
    '1.2.3.4',
    '/255.0.0.0',
    '\n',
  ),
  maxLength: 10,
});

describe('parseRangeText against the slow reading', () => {
  it('agrees on every form', () => {
    assertAgreement(rangeSpelling, 3000, 2500);
  });

  it('agrees on damaged ranges: junk before, after or inside never becomes something else', () => {
    assertAgreement(damaged, 10_000, 1000);
  });

  it('agrees on pieces in random order', () => {
    assertAgreement(pieces, 10_000, 100);
  });

  it('agrees on junk', () => {
    assertAgreement(fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 20 }), 8000, 0);
  });
});

describe('any string', () => {
  it('never makes a parser throw, and every refusal is one printable sentence', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 40 }), damaged),
        (text) => {
          for (const result of [parseAddress(text), parseRangeText(text)]) {
            if (result.ok) continue;
            expect(result.error.message).toMatch(/^[“A-Z].*\.$/u);
            expect(result.error.message).not.toMatch(/\p{C}|undefined|NaN/u);
          }
        },
      ),
      { numRuns: 4000 },
    );
  });

  it('is refused when it has lone surrogates', () => {
    expect(parseRangeText('10.0.0.1\ud800').ok).toBe(false);
    expect(parseAddress('\udc00').ok).toBe(false);
  });
});
