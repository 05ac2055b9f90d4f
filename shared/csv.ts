import { stringify } from 'csv-stringify/sync';
import { withoutHidden } from './domain/plain-text';

/**
 * The positions at which a spreadsheet would find a formula: the beginning of a cell, and behind a semicolon, because in
 * many countries spreadsheets split lines there and ignore our quotes. Spaces and quotes before a formula are no
 * protection, and the wide forms of East Asian keyboards count as well. An apostrophe that is there already gets another, so
 * that an import can take ours away.
 */
const FORMULA = /(^|;)([\s"']*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/**
 * Returns a stranger's text as a cell that no spreadsheet runs: an apostrophe stands before each possible formula. Tabs and
 * line ends become spaces, because programs may split cells and lines there.
 */
function safeCell(text: string): string {
  return withoutHidden(text).replaceAll(FORMULA, "$1$2'");
}

/** Returns rows as CSV (RFC 4180). All CSV is made here. */
export function csvLines(rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify(
    rows.map((row) => row.map((cell) => (typeof cell === 'string' ? safeCell(cell) : cell))),
    // Quotes also protect semicolons from programs that split lines there.
    { record_delimiter: '\r\n', quoted_match: ';' },
  );
}
