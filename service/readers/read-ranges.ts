import type { RangeFormat } from '#shared/domain/range-format';
import type { RangeDocument, RangeEntry, ReadingOptions, Refused } from './document';

/**
 * Reads a list of ranges by what is in it, whatever its name says.
 * @param format the only format that is taken; any by default.
 */
export function readRanges(
  text: string,
  options: ReadingOptions,
  format?: RangeFormat,
): RangeDocument | Refused {
  throw new Error(`${text.length} ${options.nowMs} ${format}`);
}

/** Yields the entries of a document: ranges, and rows that cannot be read. */
export function* entriesOf(document: RangeDocument): Generator<RangeEntry, void, undefined> {
  for (const row of document.rows()) {
    const entry = row.read();
    if (entry !== undefined) yield entry;
  }
}
