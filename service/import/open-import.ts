import {
  MAX_IMPORT_BYTES,
  MAX_IMPORT_COLUMNS,
  MAX_IMPORT_LINES,
  type Recognized,
} from '#shared/api/routes-import';
import type { RouteRequest } from '#shared/api/route-types';
import { sentence, type ReasonValues } from '#shared/domain/sentence';
import { Refusal } from '../policy/refusal';
import { decodeBase64, decodeText } from '../readers/decode-text';
import type { RangeDocument } from '../readers/document';
import { readRanges } from '../readers/read-ranges';
import { yieldToEventLoop } from '../runtime/yield-to-event-loop';

/** A list that is to be imported. */
export interface OpenedImport {
  readonly document: RangeDocument;
  readonly recognized: Recognized;
  readonly lines: number;
}

/** Longer than any name of a column. */
const MAX_NAME_LENGTH = 100;

/** Counts lines in steps, so that calls are answered meanwhile. */
async function countLines(document: RangeDocument): Promise<number> {
  let last = 0;
  for (const { line } of document.rows()) {
    last = line;
    if (last > MAX_IMPORT_LINES) break;
    await yieldToEventLoop();
  }
  return last;
}

/**
 * Recognizes the list of a request.
 * @throws Refusal `invalid_request` if it is no list at all, or `limit_reached`; both name its field.
 */
export async function openImport(
  { text, data }: Pick<RouteRequest<'importRanges'>['body'], 'text' | 'data'>,
  now: number,
): Promise<OpenedImport> {
  const field = data === undefined ? 'text' : 'data';
  const refuse = (code: 'invalid_request' | 'limit_reached', reason: ReasonValues): Refusal =>
    new Refusal(code, sentence('importRefused', reason), { field });
  const decoded =
    data === undefined ? (text ?? '') : await decodeText(await decodeBase64(data), MAX_IMPORT_BYTES);
  if (typeof decoded === 'object') throw refuse('invalid_request', decoded.refused);
  const document = readRanges(decoded, { nowMs: now });
  if ('refused' in document) throw refuse('invalid_request', document.refused);
  const lines = await countLines(document);
  if (lines > MAX_IMPORT_LINES) {
    throw refuse('limit_reached', { reason: 'tooManyLines', limit: MAX_IMPORT_LINES });
  }
  const { format, unit } = document;
  const columns = document.columns
    .slice(0, MAX_IMPORT_COLUMNS)
    .map((column) => ({ ...column, name: column.name && column.name.slice(0, MAX_NAME_LENGTH) }));
  return { document, recognized: { format, unit, columns }, lines };
}
