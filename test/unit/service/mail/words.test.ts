import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Html, html } from '#service/mail/html';
import { countryWords, countWords, networkWords, timeWords } from '#service/mail/plain-words';
import { plainLine } from '#shared/domain/plain-text';

describe('plain lines', () => {
  it.each([
    ['a\r\nBcc: b@example.com', 'a Bcc: b@example.com'],
    ['a\u0000b\u001bc', 'a b c'],
    ['  much \t  space  ', 'much space'],
    // Direction marks turn what follows round: "exe.gpj" would read as "jpg.exe".
    ['abc\u202egnp.exe', 'abc gnp.exe'],
    ['a\u2066b\u2069c\u200bd', 'a b c d'],
    ['two\u2028lines', 'two lines'],
    ['lone \ud800 half', 'lone half'],
    ['smile 🙂 stays', 'smile 🙂 stays'],
    ['Müller & Söhne <b>', 'Müller & Söhne <b>'],
  ])('%j becomes %j', (value, expected) => {
    expect(plainLine(value, 100)).toBe(expected);
  });

  it('are cut at a length, between characters', () => {
    expect(plainLine('abcdef', 6)).toBe('abcdef');
    expect(plainLine('abcdefg', 6)).toBe('abcde…');
    expect(plainLine('🙂🙂🙂🙂', 3)).toBe('🙂🙂…');
  });

  it('are one line of what was asked for, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.integer({ min: 1, max: 50 }),
        (value, length) => {
          const line = plainLine(value, length);
          expect(line).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u);
          expect(Array.from(line).length).toBeLessThanOrEqual(length);
          expect(Buffer.from(line).toString()).toBe(line);
        },
      ),
    );
  });
});

describe('words', () => {
  it('for countries, networks, times and counts', () => {
    expect(countryWords('DE')).toBe('Germany (DE)');
    expect(countryWords('nonsense\n')).toBe('nonsense');
    expect(countryWords(null)).toBe('not known');
    expect(networkWords(64500, 'Example')).toBe('AS64500 Example');
    expect(networkWords(64500, null)).toBe('AS64500');
    expect(networkWords(null, 'Example')).toBe('Example');
    expect(networkWords(null, null)).toBe('not known');
    expect(timeWords(Date.UTC(2026, 10, 24, 1, 2, 3))).toBe('Tue, 24 Nov 2026, 01:02:03 UTC');
    expect(timeWords('2026-11-24T23:59:59.900Z')).toBe('Tue, 24 Nov 2026, 23:59:59 UTC');
    expect(countWords(1, 'call')).toBe('1 call');
    expect(countWords(1234, 'address', 'addresses')).toBe('1,234 addresses');
  });
});

describe('the HTML template', () => {
  it('escapes every value, in text and in attributes', () => {
    const value = `<img src=x onerror="a()"> & 'b'`;
    expect(html`<p title="${value}">${value}</p>`.text).toBe(
      '<p title="&lt;img src=x onerror=&quot;a()&quot;&gt; &amp; &#39;b&#39;">' +
        '&lt;img src=x onerror=&quot;a()&quot;&gt; &amp; &#39;b&#39;</p>',
    );
  });

  it('puts templates into templates, leaves out what is missing and joins lists', () => {
    expect(html`${[1, '<', html`<b>x</b>`]}${undefined}${false}`.text).toBe('1&lt;<b>x</b>');
    expect(html`${new Html('<i></i>')}`.text).toBe('<i></i>');
  });
});
