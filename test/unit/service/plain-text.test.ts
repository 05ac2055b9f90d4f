import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hiddenTextProblem, jsonLine, plainLine, withoutHidden } from '#shared/domain/plain-text';

const HIDDEN = [
  ...['\0', '\t', '\n', '\r', '\u001b', '\u007f', '\u0085', '\u009b', '\u00ad', '\u061c', '\u180e'],
  ...['\u200b', '\u200e', '\u200f', '\u2028', '\u2029', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e'],
  ...['\u2060', '\u2064', '\u2066', '\u2067', '\u2068', '\u2069', '\ufeff', '\u3164', '\ufff9', '\ud800'],
  ...['\udc00', '\u{e0001}', '\u{e0041}', '\u{1d173}'],
];

describe('a character that is not seen', () => {
  it.each(HIDDEN)('%j is refused by its number, and gone from what is shown', (hidden) => {
    const text = `a${hidden}b`;
    const number = hidden.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? '';
    expect(hiddenTextProblem(text)).toEqual({ reason: 'hiddenCharacter', character: `U+${number}` });
    expect(withoutHidden(text)).toBe('a b');
    expect(plainLine(text, 10)).toBe('a b');
    expect(jsonLine(text)).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(jsonLine(text))).toBe(text);
  });

  it.each([' ', '\u00a0', '\u2800', '\u200d', '\u200c\u200d', '\ufe0f'])('alone is no name: %j', (text) => {
    expect(hiddenTextProblem(text)).toEqual({ reason: 'nothingSeen' });
  });
});

describe('what people write', () => {
  it.each([
    '',
    'Office, 2nd floor',
    'Müller & Söhne <b>',
    'نمی‌خواهم',
    'क्‍ष',
    '👩‍👩‍👧 ❤️ 🙂',
    'שלום עולם',
    '事務所',
    'it’s “quoted”',
  ])('%j stays as it is', (text) => {
    expect(hiddenTextProblem(text)).toBeUndefined();
    expect(plainLine(text, 100)).toBe(text);
    expect(jsonLine(text)).toBe(JSON.stringify(text));
  });
});

describe('a line of JSON', () => {
  it('is one line with the same value, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        const line = jsonLine({ [text]: text });
        expect(withoutHidden(line)).toBe(line);
        expect(JSON.parse(line)).toEqual({ [text]: text });
      }),
    );
  });
});
