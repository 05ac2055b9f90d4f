import { stringify } from 'csv-stringify/sync';
import { withoutHidden } from '#shared/domain/plain-text';

/**
 * Where a spreadsheet would find a formula: at the beginning of a cell, and behind a semicolon, because in many countries
 * that is what it splits a line at, and then what encloses a cell for us encloses nothing for it. Spaces and quotes before
 * it are no protection, and the wide forms of East Asian keyboards count as well.
 */
const FORMULA = /(^|;)([\s"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/**
 * What a stranger wrote as a cell that nothing runs: an apostrophe stands before what would begin a formula. Tabs and line
 * ends, at which cells and lines may be split too, are spaces.
 */
const safeCell = (text: string): string => withoutHidden(text).replaceAll(FORMULA, "$1$2'");

/** Rows as CSV (RFC 4180). Every CSV of the service is made here. */
export function csvLines(rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify(
    rows.map((row) => row.map((cell) => (typeof cell === 'string' ? safeCell(cell) : cell))),
    // A program that splits at semicolons as well leaves one in quotes alone.
    { record_delimiter: '\r\n', quoted_match: ';' },
  );
}
