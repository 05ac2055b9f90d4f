import type { ReadingOptions } from '../document';
import { linesDocument, type Reader, type Reading } from '../line-reader';
import { severalRanges } from '../range-text';
import { anyRecords, isObject, readRecord } from './record';

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function readLine(line: string, options: ReadingOptions): Reading {
  if (!line.startsWith('{')) return /^(?:#|;|\/\/)/.test(line) ? undefined : NO_JSON;
  const value = parsed(line);
  if (!isObject(value)) return NO_JSON;
  const [first, second] = anyRecords(value);
  // Spamhaus ends its list with a line about the list.
  if (first === undefined) return value.type === 'metadata' ? undefined : NO_RANGE;
  return second === undefined ? readRecord(first, options) : severalRanges(second.text);
}

const NO_JSON = { code: 'invalid_line', detail: 'The line is not an object of JSON.' } as const;
const NO_RANGE = {
  code: 'invalid_cidr',
  detail: 'The JSON of the line has neither “cidr” nor “ip”.',
} as const;

/** An object of JSON a line, as Spamhaus and CrowdSec write. */
export const jsonLinesReader: Reader = {
  recognizes: ({ lines: [first = '', second] }) =>
    isObject(parsed(first)) &&
    (second === undefined ? [...anyRecords(parsed(first))].length === 1 : second.startsWith('{')),
  open: (text, _head, options) =>
    linesDocument(text, { format: 'json-lines', columns: [], mayDeny: true }, (line) =>
      readLine(line, options),
    ),
};
