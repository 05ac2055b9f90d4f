import type { EntryFields, EntryProblem, RangeDocument, RangeRow, ReadingOptions, Refused } from './document';
import { isRange } from './range-text';
import { splitLines } from './text-lines';

/** Longer than any line that says something. */
const MAX_LINE_LENGTH = 4_096;
const MAX_SHOWN_LENGTH = 200;

export type Reading = EntryFields | EntryProblem | undefined;

/** Reads one format. It recognizes a text by the lines with content at its beginning. */
export interface Reader {
  recognizes(head: Head): boolean;
  open(text: string, head: Head, options: ReadingOptions): RangeDocument | Refused;
}

/** The beginning of a text. */
export interface Head {
  readonly text: string;
  /** Trimmed, without blank lines. */
  readonly lines: readonly string[];
}

/**
 * Returns true if lines of a format are no fewer than lines that begin with a range by themselves: one line of a format does
 * not make a list of ranges unreadable.
 */
export function hasMost({ lines }: Head, isOfFormat: (line: string) => boolean): boolean {
  const own = lines.filter(isOfFormat).length;
  return own > 0 && own >= lines.filter((line) => isRange(/^[^\s,;|]*/.exec(line)?.[0] ?? '')).length;
}

/** Makes a row of one or a few lines. One that is too long is not read, because reading may take more than its length in time. */
export function lineRow(line: number, text: string, read: () => Reading): RangeRow {
  return row(line, text, () => (isTooLong(text) ? tooLong(text.length) : read()));
}

export function isTooLong(line: string): boolean {
  return line.length > MAX_LINE_LENGTH;
}

export function row(line: number, text: string, read: () => Reading): RangeRow {
  return {
    line,
    read: () => {
      const reading = read();
      const shown = text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
      return reading && { line, text: shown, reading };
    },
  };
}

/** Makes a document whose rows are the lines of the text, each read by itself. */
export function linesDocument(
  text: string,
  head: Pick<RangeDocument, 'format' | 'columns' | 'mayDeny'>,
  readLine: (line: string) => Reading,
): RangeDocument {
  function* rows(): Generator<RangeRow, void, undefined> {
    let number = 0;
    for (const raw of splitLines(text)) {
      number += 1;
      const line = raw.trim();
      yield lineRow(number, line, () => (line === '' ? undefined : readLine(line)));
    }
  }
  return { ...head, unit: 'line', rows };
}

function tooLong(length: number): EntryProblem {
  return {
    code: 'invalid_line',
    detail: `The line has ${length} characters, more than ${MAX_LINE_LENGTH}.`,
  };
}
