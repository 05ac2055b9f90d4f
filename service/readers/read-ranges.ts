import type { RangeFormat } from '#shared/domain/range-format';
import type { ReasonValues } from '#shared/domain/sentence';
import type { RangeDocument, RangeEntry, ReadingOptions, Refused } from './document';
import { apacheReader } from './apache';
import { ipsetReader } from './ipset';
import { jsonLinesReader } from './json/json-lines';
import { jsonReader } from './json/json';
import type { Head, Reader } from './line-reader';
import { linesReader } from './lines';
import { mikrotikReader } from './mikrotik';
import { nginxReader } from './nginx';
import { tableReader } from './table';
import { torReader } from './tor';
import { splitLines } from './text-lines';

/** Enough of a text to recognize it. */
const HEAD_LENGTH = 64 * 1024;
const HEAD_LINES = 200;

/** In the order in which they are asked. */
const READERS: readonly Reader[] = [
  jsonLinesReader,
  jsonReader,
  torReader,
  mikrotikReader,
  ipsetReader,
  apacheReader,
  nginxReader,
  tableReader,
  linesReader,
];

/**
 * Beginnings of files that are no lists. Text read in the wrong encoding leaves its byte order mark or replacement
 * characters.
 */
const NO_LISTS: readonly (readonly [RegExp, ReasonValues])[] = [
  [/^(?:\uFFFE|\uFFFD\uFFFD|\u00FF\u00FE|\u00FE\u00FF)/, { reason: 'utf16' }],
  [/^PK\u0003\u0004/, { reason: 'archive' }],
  [/^[\s\S]{0,1000}?\0/, { reason: 'noText' }],
  [/^\s*<(?:!doctype|html|head|body)\b/i, { reason: 'html' }],
  [/^\s*<[?!]/, { reason: 'xml' }],
];

function headOf(text: string): Head {
  const lines: string[] = [];
  for (const raw of splitLines(text.slice(0, HEAD_LENGTH))) {
    const line = raw.trim();
    if (line !== '' && lines.push(line) === HEAD_LINES) break;
  }
  return { text: text.slice(0, HEAD_LENGTH), lines };
}

/**
 * Reads a list of ranges by what is in it, whatever its name says.
 * @param format the only format that is taken; any by default.
 */
export function readRanges(
  text: string,
  options: ReadingOptions,
  format?: RangeFormat,
): RangeDocument | Refused {
  const head = headOf(text);
  const found = NO_LISTS.find(([pattern]) => pattern.test(head.text));
  if (found !== undefined) return { refused: found[1] };
  const reader = READERS.find((each) => each.recognizes(head)) ?? linesReader;
  const document = reader.open(text, head, options);
  return 'refused' in document || format === undefined || format === document.format
    ? document
    : { refused: { reason: 'notInFormat', format } };
}

/** Yields the entries of a document: ranges, and rows that cannot be read. */
export function* entriesOf(document: RangeDocument): Generator<RangeEntry, void, undefined> {
  for (const row of document.rows()) {
    const entry = row.read();
    if (entry !== undefined) yield entry;
  }
}
