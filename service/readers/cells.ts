/** A cell in quotes, in which a quote is written twice, or one without quotes. */
const CELL: Readonly<Record<string, RegExp>> = Object.fromEntries(
  ['\t', ';', ',', '|'].map((separator) => [
    separator,
    // White space before a quote is no part of the cell; a tab may be the separator itself.
    new RegExp(
      `[^\\S\\t]*"([^"]*(?:""[^"]*)*)"[^\\S\\t]*(?:[${separator}]|$)|([^"${separator}]*)(?:[${separator}]|$)`,
      'y',
    ),
  ]),
);

/** Characters between cells, the most telling first. */

export const QUOTES_DO_NOT_FIT =
  'The quotes do not fit: put the whole label in quotes, and write a quote in it twice.';

/**
 * Splits a line at a separator, or at white space if there is none. Returns undefined if the quotes do not fit. Lines are
 * split one by one, so that a quote that is never closed spoils only its own line.
 */
export function cellsOf(line: string, separator: string | undefined): string[] | undefined {
  if (separator === undefined) {
    return line
      .replace(/(?<=[\d:a-f*])\s+-\s+(?=[\d:a-f])/gi, '-')
      .split(/\s+/)
      .filter((cell) => cell !== '');
  }
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const pattern = CELL[separator];
  if (pattern === undefined) return undefined;
  const cells: string[] = [];
  pattern.lastIndex = 0;
  for (let isLast = false; !isLast;) {
    const match = pattern.exec(line);
    if (match === null) return undefined;
    cells.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? '').trim());
    isLast = !match[0].endsWith(separator);
  }
  return cells;
}

/**
 * Returns the first separator of a line that is not in quotes. A quote that is written twice ends one text in quotes and begins
 * the next: a second way to read it would double the time with each such quote.
 */
export function separatorIn(line: string): string | undefined {
  return /^(?:"[^"]*"|[^"\t;,|])*([\t;,|])/.exec(line)?.[1];
}

/** Returns the text that most of the items are; undefined if there is none. */
export function mostFrequent(items: Iterable<string | undefined>): string | undefined {
  const counts = new Map<string, number>();
  for (const item of items) if (item !== undefined) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
