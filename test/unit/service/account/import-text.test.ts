import { describe, expect, it } from 'vitest';
import { requireLines, splitLines } from '#service/import/import-text';
import { Refusal } from '#service/policy/refusal';
import { MAX_IMPORT_LINES } from '#shared/api/routes-policy';

const LIST = '20.1.2.3,Office\n20.4.5.6\n';

/** What becomes of text that a program reads as UTF-8 though it is not. */
const asUtf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

const refusalOf = async (text: string): Promise<Refusal | undefined> => {
  try {
    await requireLines(text);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
};

describe('a text that is to be imported', () => {
  it.each([
    ['JSON', '["20.1.2.3"]', 'JSON'],
    ['JSON over several lines', '\n[\n  {"ip": "20.1.2.3"}\n]', 'JSON'],
    ['an object', '{"ranges": ["20.1.2.3"]}', 'JSON'],
    ['an empty list', '[]', 'JSON'],
    ['JSON behind a mark', '\uFEFF[ "20.1.2.3" ]', 'JSON'],
    ['UTF-16 with its mark', asUtf8(utf16(`\uFEFF${LIST}`)), 'UTF-16'],
    ['UTF-16 the other way round', asUtf8(utf16(`\uFEFF${LIST}`).swap16()), 'UTF-16'],
    ['UTF-16 without its mark', asUtf8(utf16(LIST)), 'UTF-16'],
    ['UTF-16 that begins with an empty line', asUtf8(utf16(`\n${LIST}`)), 'UTF-16'],
    ['UTF-16 as single bytes', utf16(`\uFEFF${LIST}`).toString('latin1'), 'UTF-16'],
    ['UTF-16 whose bytes are swapped', '\uFFFE\u3200', 'UTF-16'],
    ['UTF-16 of which only the mark was wrong', `\uFFFD\uFFFD${LIST}`, 'UTF-16'],
    ['an HTML page', '<!DOCTYPE html>\n<html><body>20.1.2.3</body></html>', 'an HTML page'],
    ['an HTML page without its type', '  <html>', 'an HTML page'],
    ['XML', '<?xml version="1.0"?><list/>', 'XML'],
    ['a workbook', 'PK\u0003\u0004\u0014\u0000', 'Excel'],
  ])('is refused once as %s', async (_what, text, named) => {
    const refusal = await refusalOf(text);
    expect(refusal).toMatchObject({ code: 'invalid_request', details: { field: 'text' } });
    expect(refusal?.message).toContain(`text: is ${named === 'Excel' ? 'an Excel' : named}`);
  });

  it.each([
    ['with the mark of UTF-8', `\uFEFF${LIST}`],
    ['with a letter that was lost', '20.1.2.3,B\uFFFDro\n'],
    ['that begins with an IPv6 address in brackets', '[2001:db8::1]\n20.1.2.3'],
    ['that begins with the heading of a section', '[office]\n20.1.2.3'],
    ['that begins with an empty line', `\n${LIST}`],
    ['of nothing', ''],
  ])('is read line by line %s', async (_what, text) => {
    expect(await refusalOf(text)).toBeUndefined();
  });

  it('is refused with too many lines', async () => {
    expect(await requireLines('\n'.repeat(MAX_IMPORT_LINES))).toBe(MAX_IMPORT_LINES);
    for (const end of ['\n', '\r', '\r\n']) {
      expect(await refusalOf(end.repeat(MAX_IMPORT_LINES + 1))).toMatchObject({ code: 'limit_reached' });
    }
  });

  it.each<[string, string[]]>([
    ['', []],
    ['a', ['a']],
    ['a\nb\r\nc\rd', ['a', 'b', 'c', 'd']],
    ['a\r\n\r\nb\n', ['a', '', 'b']],
    ['a\r\r\nb\r', ['a', '', 'b']],
    ['\n\n', ['', '']],
  ])('has the lines of %j that an editor counts', (text, lines) => {
    expect([...splitLines(text)]).toEqual(lines);
  });
});
