import { MAX_IMPORT_LINES } from '#shared/api/routes-policy';
import { yieldToEventLoop } from '../runtime/yield-to-event-loop';
import { Refusal } from '../policy/refusal';

const LINES_PER_STEP = 4_096;

/**
 * Beginnings of files that are no list of lines. Text read in the wrong encoding leaves its byte order mark or replacement
 * characters.
 */
const NO_LISTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:\uFFFE|\uFFFD\uFFFD|\u00FF\u00FE|\u00FE\u00FF)/, 'UTF-16 text; save it as UTF-8'],
  [/^PK\u0003\u0004/, 'an Excel workbook or another archive; save the sheet as CSV'],
  // UTF-16 without a byte order mark has NUL bytes beside its characters.
  [/^[\s\S]{0,1000}?\0/, 'UTF-16 text or no text at all; save it as UTF-8'],
  // An IPv6 address in brackets and the heading of a section are not JSON.
  [/^\s*(?:\{|\[(?![0-9a-f]*[.:][0-9a-f.:]*\])\s*["{[\]\d-])/i, 'JSON'],
  [/^\s*<(?:!doctype html|html|head|body)\b/i, 'an HTML page'],
  [/^\s*<[!?a-z]/i, 'XML or HTML'],
];

/** Yields the lines of a text with any line ends, without an empty last one. */
export function* splitLines(text: string): Generator<string, void, undefined> {
  for (let start = text.startsWith('\uFEFF') ? 1 : 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end === -1 ? undefined : end);
    start = end === -1 ? text.length : end + 1;
    if (!line.includes('\r')) {
      yield line;
      continue;
    }
    const parts = line.split('\r', MAX_IMPORT_LINES + 2);
    if (parts.at(-1) === '') parts.pop();
    yield* parts;
  }
}

/**
 * Returns the number of lines, counted in steps so that calls are answered meanwhile.
 * @throws Refusal `invalid_request` if the text is no list at all, or `limit_reached`; both name `text`.
 */
export async function requireLines(text: string): Promise<number> {
  const begin = text.slice(0, 2_000).replace(/^\uFEFF/, '');
  const found = NO_LISTS.find(([pattern]) => pattern.test(begin));
  if (found !== undefined) {
    const detail = `text: is ${found[1]}. An import takes lines of cidr[,label[,expiresAt]]; nothing was added.`;
    throw new Refusal('invalid_request', detail, { field: 'text' });
  }
  const lines = splitLines(text);
  let count = 0;
  while (lines.next().done !== true) {
    count += 1;
    if (count % LINES_PER_STEP === 0) await yieldToEventLoop();
    if (count > MAX_IMPORT_LINES) {
      const detail = `text: has more than ${MAX_IMPORT_LINES} lines; import it in parts. Nothing was added.`;
      throw new Refusal('limit_reached', detail, { field: 'text' });
    }
  }
  return count;
}
