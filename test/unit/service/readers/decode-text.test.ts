import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeBase64, decodeText } from '#service/readers/decode-text';

const LIST = '20.1.2.3,Büro\n20.4.5.6\n';
const MEBIBYTE = 1024 ** 2;
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

describe('the bytes of a list', () => {
  it.each([
    ['UTF-8', Buffer.from(LIST)],
    ['UTF-8 with its mark', Buffer.from(`\uFEFF${LIST}`)],
    ['UTF-16 with its mark', utf16(`\uFEFF${LIST}`)],
    ['UTF-16 the other way round', utf16(`\uFEFF${LIST}`).swap16()],
    ['UTF-16 without its mark', utf16(LIST)],
    ['UTF-16 the other way round without its mark', utf16(LIST).swap16()],
    ['Windows-1252', Buffer.from(LIST, 'latin1')],
    ['gzip', gzipSync(LIST)],
    ['gzip of UTF-16', gzipSync(utf16(`\uFEFF${LIST}`))],
  ])('are read as %s', async (_what, bytes) => {
    expect(await decodeText(bytes, MEBIBYTE)).toBe(LIST);
  });

  it('are read whole where they are many, with characters of several bytes at every place', async () => {
    // Characters of one, two, three and four bytes.
    const long = `${'aé€😀'.repeat(90_000)}\n`;
    expect(await decodeText(Buffer.from(long), 2 * MEBIBYTE)).toBe(long);
    expect(await decodeText(utf16(`\uFEFF${long}`), 2 * MEBIBYTE)).toBe(long);
    const western = 'aé'.repeat(400_000);
    expect(await decodeText(Buffer.from(western, 'latin1'), 2 * MEBIBYTE)).toBe(western);
  });

  it.each([0, 1, 2, 3, 196_607, 196_608, 196_609, 700_000])('are the same in base64: %i', async (length) => {
    const bytes = Buffer.from(Array.from({ length }, (_, index) => index % 251));
    expect(bytes.equals(await decodeBase64(bytes.toString('base64')))).toBe(true);
    expect(bytes.equals(await decodeBase64(bytes.toString('base64').replace(/=+$/, '')))).toBe(true);
  });

  it('are refused when they are too many, packed or not', async () => {
    const large = Buffer.alloc(MEBIBYTE + 1, '1');
    for (const bytes of [large, gzipSync(large)]) {
      expect(await decodeText(bytes, MEBIBYTE)).toEqual({ refused: { reason: 'tooLarge', megabytes: 1 } });
    }
  });

  it('are refused when they cannot be unpacked', async () => {
    const cut = gzipSync(LIST).subarray(0, 20);
    expect(await decodeText(cut, MEBIBYTE)).toEqual({ refused: { reason: 'badGzip' } });
  });
});
