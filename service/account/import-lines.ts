import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { MAX_LABEL_LENGTH } from '#shared/api/route-contract';
import { timeSchema } from '#shared/domain/entities';
import { hiddenTextProblem } from '#shared/domain/plain-text';
import { parseRangeText, type Cidr } from '#shared/ip/index';
import { epochMsOf } from '../clock';

/** Why a line of an import is not taken; `detail` is a sentence that names the column. */
export interface LineProblem {
  readonly code:
    'invalid_cidr' | 'too_wide' | 'invalid_label' | 'invalid_expiry' | 'invalid_line' | 'limit_reached';
  readonly detail: string;
}

/** What a line asks for. */
export interface LineWish {
  readonly cidrs: readonly Cidr[];
  readonly label: string;
  /** Milliseconds since the epoch; null for a range that does not expire. */
  readonly expiresAt: number | null;
}

/** A line that means something or should: blank ones, comments and the header are left out. */
export interface ImportLine {
  /** From 1, as an editor counts. */
  readonly line: number;
  readonly text: string;
  readonly wish: LineWish | LineProblem;
}

const COLUMNS = ['cidr', 'label', 'expiresat'];
const BYTE_ORDER_MARK = /^\uFEFF/;
/** Longer than any line that means something, with room to spare. */
const MAX_LINE_LENGTH = 1_000;

const csvRecord = z.tuple([z.array(z.string())]);

/** The lines of a text, whatever ends them; the empty rest after the last end is none. */
export const splitLines = (text: string): string[] => {
  const lines = text.replace(BYTE_ORDER_MARK, '').split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/**
 * The line without its comment. A `#` before the first comma starts one, because no range has it; in a label it is a
 * character like any other.
 */
const withoutComment = (line: string): string => {
  const end = line.search(/[#,"]/);
  return end !== -1 && line[end] === '#' ? line.slice(0, end) : line;
};

/** Each line is read by itself, so that a quote that is never closed spoils its own line and not all that follow. */
const columnsOf = (line: string): string[] | LineProblem => {
  if (!line.includes('"')) return line.split(',').map((column) => column.trim());
  try {
    const [columns] = csvRecord.parse(parse(line, { trim: true, relax_column_count: true }));
    return columns;
  } catch {
    return {
      code: 'invalid_line',
      detail: 'The quotes do not fit: put the whole label in quotes, and write a quote in it twice.',
    };
  }
};

const readCidr = (text: string): readonly Cidr[] | LineProblem => {
  const parsed = parseRangeText(text);
  if (parsed.ok) return parsed.cidrs;
  const code = parsed.error.code === 'too_wide' ? 'too_wide' : 'invalid_cidr';
  return { code, detail: `cidr: ${parsed.error.message}` };
};

const readExpiry = (text: string): number | null | LineProblem => {
  if (text === '') return null;
  if (timeSchema.safeParse(text).success) return epochMsOf(text);
  return {
    code: 'invalid_expiry',
    detail: 'expiresAt: must be a time in UTC such as 2030-01-31T00:00:00Z.',
  };
};

const isProblem = (value: object | null | number): value is LineProblem =>
  typeof value === 'object' && value !== null && 'code' in value;

const readWish = (columns: readonly string[]): LineWish | LineProblem => {
  const [cidr = '', label = '', expiry = '', ...more] = columns;
  if (more.some((column) => column !== '')) {
    return {
      code: 'invalid_line',
      detail: 'There are more columns than cidr, label and expiresAt; put a label with commas in quotes.',
    };
  }
  const cidrs = readCidr(cidr);
  if (isProblem(cidrs)) return cidrs;
  if (label.length > MAX_LABEL_LENGTH) {
    return {
      code: 'invalid_label',
      detail: `label: has ${label.length} characters, more than ${MAX_LABEL_LENGTH}.`,
    };
  }
  const hidden = hiddenTextProblem(label);
  if (hidden !== undefined) return { code: 'invalid_label', detail: `label: ${hidden}.` };
  const expiresAt = readExpiry(expiry);
  return isProblem(expiresAt) ? expiresAt : { cidrs, label, expiresAt };
};

const isHeader = (columns: readonly string[]): boolean =>
  columns.length <= COLUMNS.length &&
  columns.every((column, index) => column.toLowerCase() === COLUMNS[index]);

/** Reads lines of `cidr[,label[,expiresAt]]` one by one, as they are asked for. */
export function* readImportLines(lines: readonly string[]): Generator<ImportLine, void, undefined> {
  let first = true;
  for (const [index, raw] of lines.entries()) {
    const text = raw.trim();
    const line = index + 1;
    if (text.length > MAX_LINE_LENGTH) {
      const detail = `The line has ${text.length} characters, more than ${MAX_LINE_LENGTH}.`;
      yield { line, text: `${text.slice(0, 100)}…`, wish: { code: 'invalid_line', detail } };
      first = false;
      continue;
    }
    const meaning = withoutComment(text).trim();
    if (meaning === '') continue;
    const columns = columnsOf(meaning);
    const skip = first && !isProblem(columns) && isHeader(columns);
    first = false;
    if (!skip) yield { line, text, wish: isProblem(columns) ? columns : readWish(columns) };
  }
}
