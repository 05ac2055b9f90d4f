import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLines } from '#shared/csv';

/**
 * As spreadsheets read, which refuse nothing: what stands behind a closing quote still belongs to the cell, and the end of
 * the text closes a quote that is open.
 */
const cellsOf = (text: string, delimiter: string): string[] => {
  const cells: string[] = [];
  let rest = text;
  while (rest !== '') {
    const quoted = /^"((?:[^"]|"")*)(?:"|$)/.exec(rest);
    const behind = rest.slice(quoted?.[0].length ?? 0);
    const end = behind.search(new RegExp(`[${delimiter}\r\n]`));
    const plain = end === -1 ? behind : behind.slice(0, end);
    cells.push((quoted?.[1]?.replaceAll('""', '"') ?? '') + plain);
    rest = end === -1 ? '' : behind.slice(end + 1);
  }
  return cells;
};

/** Cells as one that takes no notice of quotes would see them. */
const rawCellsOf = (text: string): string[] =>
  text.split(/[;\t\r\n]/).map((cell) => cell.replace(/^[\s"]+/, ''));

const FORMULA = /^[\s"]*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/** Text that likes to become a formula. */
const aCell = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from('=+-@;,\t\r\n" \'a1(\uff1d\u202e\u200b')) }),
  fc.string({ unit: 'binary' }),
);

describe('a CSV', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['  =1+1', "  '=1+1"],
    ['"=1+1"', `"'=1+1"`],
    ['\t=1+1', " '=1+1"],
    ['\r=1+1', " '=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@cmd', "'@cmd"],
    ['\uff1d1', "'\uff1d1"],
    ['a;=HYPERLINK("http://x")', `a;'=HYPERLINK("http://x")`],
    ['a; ""=1', `a; ""'=1`],
    ['a\n=1', 'a =1'],
    ['turned\u202eround', 'turned round'],
    ['/v1/list?a=b', '/v1/list?a=b'],
    ['Mozilla/5.0 (X11; Linux x86_64)', 'Mozilla/5.0 (X11; Linux x86_64)'],
    ['text/html;q=0.9', 'text/html;q=0.9'],
  ])('has %j as %j', (cell, safe) => {
    expect(parse(csvLines([[cell, 'next']]))).toEqual([[safe, 'next']]);
  });

  it('has numbers and what is not known as they are, and semicolons in quotes', () => {
    expect(csvLines([[12, null, 'x']])).toBe('12,,x\r\n');
    expect(csvLines([['a;b', 'c']])).toBe('"a;b",c\r\n');
  });

  it('has no cell that a spreadsheet would run, whichever separator it takes', () => {
    fc.assert(
      fc.property(fc.array(fc.array(aCell, { minLength: 1, maxLength: 4 }), { maxLength: 4 }), (rows) => {
        const text = csvLines(rows);
        for (const delimiter of [',', ';', '\t']) {
          for (const cell of cellsOf(text, delimiter)) expect(cell).not.toMatch(FORMULA);
        }
        for (const cell of rawCellsOf(text)) expect(cell).not.toMatch(FORMULA);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps its rows and columns, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(aCell, aCell), { minLength: 1, maxLength: 4 }), (rows) => {
        const read = parse(csvLines(rows));
        expect(read.map((row) => row.length)).toEqual(rows.map(() => 2));
      }),
    );
  });
});
