import type { RangeFormat } from '#shared/domain/range-format';
import { parseRangeText } from '#shared/ip/index';
import { cellsOf, mostFrequent, QUOTES_DO_NOT_FIT, separatorIn } from './cells';
import type { EntryFields, EntryProblem, RangeColumn, ReadingOptions } from './document';
import { effectOf, labelNotes, labelProblem, madeLabel, readExpiry, roleOf, timeOf } from './fields';
import { linesDocument, type Head, type Reader, type Reading } from './line-reader';
import {
  explainRange,
  isHost,
  isRange,
  mayBeEnds,
  networkBetween,
  networkWithMask,
  readRange,
  severalRanges,
} from './range-text';

/** The roles of the columns of a text without headings, as far as its beginning shows them. */
interface Layout {
  readonly format: RangeFormat;
  /** Undefined for white space. */
  readonly separator: string | undefined;
  readonly range: number;
  readonly effect: number | undefined;
  /** True if a network's first and last address stand beside each other in some line. */
  readonly hasEnds: boolean;
}

interface ReadRange {
  readonly cidrs: EntryFields['cidrs'];
  readonly notes: EntryFields['notes'];
  /** The cells that say something else. */
  readonly rest: readonly string[];
}

const COMMENT_LINE = /^(?:#|;|\/\/)/;
/** Of a list in Markdown or YAML. */
const BULLET = /^[-*•]\s+/;
const MARK_BEFORE_LABEL = /^(?:[-–—:]|\/\/)\s*/;

/** A `#` starts a comment only before the first separator, because labels may contain it. */
function splitComment(line: string): readonly [content: string, comment: string] {
  const content = line.replace(BULLET, '');
  const at = content.search(/[#,;|\t"]/);
  return content[at] === '#' ? [content.slice(0, at).trimEnd(), content.slice(at + 1).trim()] : [content, ''];
}

function separatorOf(content: string, layout: Pick<Layout, 'separator'>): string | undefined {
  const { separator } = layout;
  return separator !== undefined && content.includes(separator) ? separator : separatorIn(content);
}

function cellsIn(line: string, layout: Pick<Layout, 'separator'>): string[] {
  const [content] = splitComment(line);
  return cellsOf(content, separatorOf(content, layout)) ?? [];
}

function isAll(cells: readonly string[], holds: (cell: string) => boolean): boolean {
  const filled = cells.filter((cell) => cell !== '');
  return filled.length > 0 && filled.every(holds);
}

function layoutOf({ lines }: Head): Layout {
  const content = lines.filter((line) => !COMMENT_LINE.test(line));
  const separator = mostFrequent(content.map((line) => separatorIn(splitComment(line)[0])));
  const samples = content.map((line) => cellsIn(line, { separator })).filter((cells) => cells.some(isRange));
  const width = Math.max(1, ...samples.map((cells) => cells.length));
  const columns = Array.from({ length: width }, (_, index) => samples.map((cells) => cells[index] ?? ''));
  // Words before a range may say that it is not meant.
  const first = columns.findIndex((cells) => cells.filter(isRange).length * 2 >= Math.max(1, samples.length));
  const range = separator === undefined ? 0 : Math.max(0, first);
  const effect = columns.findIndex(
    (cells, index) => index !== range && isAll(cells, (cell) => effectOf(cell) !== undefined),
  );
  const hasEnds = samples.some(
    (cells) => networkBetween(cells[range] ?? '', cells[range + 1] ?? '') !== undefined,
  );
  const isGeofeed =
    separator === ',' &&
    width >= 3 &&
    isAll(columns[1] ?? [], (cell) => /^[A-Z]{2}$/.test(cell)) &&
    (columns[2] ?? []).every((cell) => cell === '' || /^[A-Z]{2}-[A-Z\d]{1,3}$/.test(cell));
  const isMap = separator === undefined && width === 2 && effect === 1;
  const format = isGeofeed ? 'geofeed' : isMap ? 'haproxy' : 'lines';
  return { format, separator, range, effect: effect === -1 ? undefined : effect, hasEnds };
}

function columnsOf({ separator, range, effect, format }: Layout): RangeColumn[] {
  if (separator === undefined && effect === undefined) return [];
  const column = (index: number, role: RangeColumn['role']): RangeColumn => ({
    number: index + 1,
    name: null,
    role,
  });
  const label = [0, 1, 2].find((index) => index !== range && index !== effect) ?? 1;
  return [
    column(range, 'range'),
    ...(effect === undefined ? [] : [column(effect, 'effect')]),
    ...(format === 'haproxy' ? [] : [column(label, 'label')]),
  ].sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
}

/** Reads the range of a line, which may go on in the next cell: a mask, a prefix length, the last address. */
function readRangeOf(
  cells: readonly string[],
  layout: Layout,
  onlyRanges: boolean,
): ReadRange | EntryProblem {
  const { range } = layout;
  const [cell = '', next = ''] = cells.slice(range);
  const without = (count: number): string[] =>
    cells.filter((_, index) => index < range || index >= range + count);
  if (/^\/\d{1,3}$/.test(next) && !cell.includes('/')) {
    const network = readRange(cell + next);
    return network.ok ? { ...network, rest: without(2) } : explainRange(cell + next, network.error);
  }
  const parsed = readRange(cell);
  if (!parsed.ok || !isRange(cell)) {
    return parsed.ok
      ? { code: 'invalid_cidr', detail: `cidr: ${cell} is no range.` }
      : explainRange(cell, parsed.error);
  }
  const others = without(1).filter(isRange);
  if (others.length === 0) return { ...parsed, rest: without(1) };
  const network = networkWithMask(cell, next) ?? networkBetween(cell, next);
  if (network !== undefined && (others.length === 1 || onlyRanges)) return { ...network, rest: without(2) };
  const isAmbiguous = network !== undefined || (layout.hasEnds && mayBeEnds(cell, next));
  if (!isAmbiguous && isAll(cells, isRange)) {
    const all = cells.flatMap((each) => (each === '' ? [] : [readRange(each)])).filter((each) => each.ok);
    return { cidrs: all.flatMap(({ cidrs }) => cidrs), notes: all.flatMap(({ notes }) => notes), rest: [] };
  }
  if (onlyRanges && !isAmbiguous) return { ...parsed, rest: [] };
  return severalRanges(others[0] ?? next, mayBeEnds(cell, next) ? `${cell}-${next}` : undefined);
}

/** A number beside a network's first address is a prefix length rather than a label. */
function misplacedLength(cell: string, label: string): EntryProblem | undefined {
  if (!/^\d{1,3}$/.test(label)) return undefined;
  const network = parseRangeText(`${cell}/${label}`, { allowWide: true });
  if (!network.ok || network.notes.length > 0 || network.cidrs.every(isHost)) return undefined;
  const detail = `label: “${label}” may be a prefix length; write ${cell}/${label} if it is, or a label that is no number.`;
  return { code: 'invalid_label', detail };
}

/** Tells label and expiry apart in the cells that are left. */
function readRest(
  rest: readonly string[],
  separator: string | undefined,
  format: RangeFormat,
): { label: string; expiresAtMs?: number | undefined } | EntryProblem {
  const filled = rest.slice(0, rest.findLastIndex((cell) => cell !== '') + 1);
  if (separator === undefined) return { label: filled.join(' ').replace(MARK_BEFORE_LABEL, '') };
  if (format === 'geofeed') return { label: madeLabel(filled.filter((cell) => cell !== '').join(', ')) };
  const [label = '', expiry = ''] = filled;
  if (filled.length > 2) {
    if (!filled.some((cell) => timeOf(cell) !== undefined)) return { label: filled.join(', ') };
    return {
      code: 'invalid_line',
      detail: 'There are more columns than range, label and expiresAt; a first line can name the columns.',
    };
  }
  const expiresAtMs = readExpiry(expiry);
  if (typeof expiresAtMs === 'object') return expiresAtMs;
  return { label, expiresAtMs };
}

function readLine(line: string, layout: Layout, { onlyRanges = false }: ReadingOptions): Reading {
  if (COMMENT_LINE.test(line)) return undefined;
  const [content, comment] = splitComment(line);
  let separator = separatorOf(content, layout);
  let cells = cellsOf(content, separator);
  if (cells === undefined) return { code: 'invalid_line', detail: QUOTES_DO_NOT_FIT };
  if (separator !== undefined && !isRange(cells[layout.range] ?? '')) {
    // A text behind a space may have separators in it.
    const words = cellsOf(content, undefined) ?? [];
    if (layout.range === 0 && isRange(words[0] ?? '')) [separator, cells] = [undefined, words];
  }
  const effect = layout.effect === undefined ? undefined : effectOf(cells[layout.effect] ?? '');
  const found = readRangeOf(cells, layout, onlyRanges);
  if ('code' in found) return found;
  const { cidrs, notes } = found;
  if (onlyRanges) return { cidrs, label: '', effect, notes };
  const rest = effect === undefined ? found.rest : found.rest.filter((cell) => effectOf(cell) !== effect);
  const terms = readRest(rest, separator, layout.format);
  if ('code' in terms) return terms;
  const label =
    comment === '' ? terms.label : terms.label === '' ? madeLabel(comment) : `${terms.label} #${comment}`;
  const problem = misplacedLength(cells[layout.range] ?? '', label) ?? labelProblem(label);
  if (problem !== undefined) return problem;
  return { cidrs, label, effect, expiresAtMs: terms.expiresAtMs, notes: [...notes, ...labelNotes(label)] };
}

/** A range a line, with a label and an expiry behind it; also what no other reader recognizes. */
export const linesReader: Reader = {
  recognizes: () => true,
  open: (text, head, options) => {
    const layout = layoutOf(head);
    const heading = head.lines.find((line) => !COMMENT_LINE.test(line));
    const { format, effect } = layout;
    return linesDocument(
      text,
      { format, columns: columnsOf(layout), mayDeny: effect !== undefined },
      (line) =>
        line === heading && roleOf(line).role === 'range' ? undefined : readLine(line, layout, options),
    );
  },
};
