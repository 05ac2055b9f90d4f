import { MAX_LABEL_LENGTH } from '#shared/api/route-contract';
import { timeSchema } from '#shared/domain/entities';
import { hiddenTextProblem } from '#shared/domain/plain-text';
import { quoted } from '#shared/ip/error';
import {
  addressBits,
  parseRangeText,
  type Cidr,
  type IpTextError,
  type RangeTextNote,
} from '#shared/ip/index';
import { epochMsOf } from '../runtime/clock';

/** Reason why a line is not taken. `detail` is a sentence that names the column. */
export interface LineProblem {
  readonly code:
    | 'invalid_cidr'
    | 'too_wide'
    | 'several_ranges'
    | 'invalid_label'
    | 'invalid_expiry'
    | 'invalid_line'
    | 'limit_reached';
  readonly detail: string;
}

/** Note about a line that was understood. */
export interface LineNote {
  readonly code: RangeTextNote['code'] | 'range_in_label';
  readonly message: string;
}

/** Contents of a valid line. */
export interface LineFields {
  readonly cidrs: readonly Cidr[];
  readonly label: string;
  /** Milliseconds since the epoch; null if the range does not expire. */
  readonly expiresAt: number | null;
  readonly notes: readonly LineNote[];
}

/** A line with content. Blank lines, comments and the header are left out. */
export interface ImportLine {
  /** Counts from 1, as editors do. */
  readonly line: number;
  readonly text: string;
  readonly fields: LineFields | LineProblem;
}

/** Headings of the columns, in lower case and without spaces. */
const HEADINGS: readonly ReadonlySet<string>[] = [
  new Set(['cidr', 'ip', 'ips', 'ipaddress', 'address', 'network', 'range', 'iprange', 'subnet']),
  new Set(['label', 'name', 'description', 'comment', 'note', 'notes']),
  new Set(['expiresat', 'expires', 'expiry', 'expiration']),
];
const FOREIGN_HEADER: LineProblem = {
  code: 'invalid_line',
  detail:
    'The line looks like a header; an import takes the columns cidr, label and expiresAt, in this order.',
};
/** Longer than any valid line. */
const MAX_LINE_LENGTH = 1_000;

/** A column in quotes, in which a quote is written twice, or one without quotes. */
const QUOTED_COLUMN = /\s*"((?:[^"]|"")*)"\s*(?:,|$)|([^",]*)(?:,|$)/y;
/** Separators of a list that is no CSV. */
const SEPARATORS = /[\s,;|"']+/;
/** Characters of a text that consists of ranges. Nearly every label has another one. */
const RANGE_CHARACTERS = /^[0-9a-f.:*/\-\s,;|"']+$/i;
const ADDRESS_LIKE = /\d\.\d+\.\d|::|(?:[0-9a-f]+:){3}/i;

/** A `#` starts a comment only before the first comma, because labels may contain it. */
function withoutComment(line: string): string {
  const end = line.search(/[#,"]/);
  return end !== -1 && line[end] === '#' ? line.slice(0, end) : line;
}

/** Columns are read line by line, so that an unclosed quote spoils only its own line. */
function columnsOf(line: string): string[] | LineProblem {
  if (!line.includes('"')) return line.split(',').map((column) => column.trim());
  const columns: string[] = [];
  QUOTED_COLUMN.lastIndex = 0;
  for (let isLast = false; !isLast;) {
    const match = QUOTED_COLUMN.exec(line);
    if (match === null) {
      const detail = 'The quotes do not fit: put the whole label in quotes, and write a quote in it twice.';
      return { code: 'invalid_line', detail };
    }
    columns.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? '').trim());
    isLast = !match[0].endsWith(',');
  }
  return columns;
}

function isProblem(value: object | null | number | undefined): value is LineProblem {
  return typeof value === 'object' && value !== null && 'code' in value;
}

function isHost({ family, prefixLength }: Cidr): boolean {
  return prefixLength === addressBits(family);
}

function isRange(text: string): boolean {
  return text !== '*' && parseRangeText(text, { allowWide: true }).ok;
}

/** Returns the parts of the text that are ranges by themselves. */
function rangesIn(text: string): string[] {
  return text.split(SEPARATORS).filter(isRange);
}

/** Returns the text of one range that two neighbouring columns may mean: a network and its mask, or both ends of a span. */
function asOne(first: string, second: string): string | undefined {
  const network = `${first}/${second}`;
  if (/[./]/.test(second) && parseRangeText(network).ok) return network;
  const span = `${first}-${second}`;
  return /[-/*]/.test(first + second) || !parseRangeText(span).ok ? undefined : span;
}

function severalRanges(first: string, second: string, where: string): LineProblem {
  const one = asOne(first, second);
  const hint = one === undefined ? '' : `, or ${one} if that is meant`;
  return { code: 'several_ranges', detail: `${quoted(second)} ${where}; write one range a line${hint}.` };
}

/** Explains why the first column is no range, with the spelling that may be meant. */
function explainCidr(text: string, error: IpTextError): LineProblem {
  if (error.code === 'too_wide') {
    const detail = `cidr: ${quoted(text)} is wider than /8 (IPv4) or /24 (IPv6), which an import does not add; write a narrower range, or add it by itself, where it can be confirmed.`;
    return { code: 'too_wide', detail };
  }
  const [first, second] = SEPARATORS.test(text) ? rangesIn(text) : [];
  if (first !== undefined && second !== undefined) {
    return severalRanges(first, second, `is a second range in ${quoted(text)}`);
  }
  if (first !== undefined) {
    const detail = `cidr: ${quoted(text)} has more in it than a range; write ${first} alone, and a label behind a comma.`;
    return { code: 'invalid_cidr', detail };
  }
  return { code: 'invalid_cidr', detail: `cidr: ${error.message}` };
}

/** A range in another column would be lost. The line is then a list, or an address beside its mask or its last address. */
function misplacedRange(cidr: string, column: string, where: string): LineProblem | undefined {
  if (!RANGE_CHARACTERS.test(column) || !/[.:/]/.test(column)) return undefined;
  const parts = isRange(column) ? [column] : column.split(SEPARATORS).filter((part) => part !== '');
  const [first] = parts;
  return first !== undefined && parts.every(isRange) ? severalRanges(cidr, first, where) : undefined;
}

/** A number beside a network's first address, or one with a slash, is a prefix length rather than a label. */
function misplacedPrefixLength(cidr: string, label: string): LineProblem | undefined {
  if (!/^\/?\d{1,3}$/.test(label)) return undefined;
  const text = `${cidr}/${label.replace('/', '')}`;
  const network = parseRangeText(text, { allowWide: true });
  if (!network.ok) return undefined;
  const isFirstAddress = network.notes.length === 0 && !network.cidrs.every(isHost);
  if (!label.startsWith('/') && !isFirstAddress) return undefined;
  const detail = `label: ${quoted(label)} may be a prefix length; write ${text} if it is, or a label that is no number.`;
  return { code: 'invalid_label', detail };
}

function readExpiry(text: string): number | null | LineProblem {
  if (text === '') return null;
  if (timeSchema.safeParse(text).success) return epochMsOf(text);
  return {
    code: 'invalid_expiry',
    detail: 'expiresAt: must be a time in UTC such as 2030-01-31T00:00:00Z.',
  };
}

function labelNotes(label: string): readonly LineNote[] {
  const [inside] = ADDRESS_LIKE.test(label) ? rangesIn(label.replace(/[()[\]]/g, ' ')) : [];
  if (inside === undefined) return [];
  const message = `${quoted(inside)} is a part of the label, which lets nobody in.`;
  return [{ code: 'range_in_label', message }];
}

function readWish(columns: readonly string[]): LineFields | LineProblem {
  const [cidr = '', label = '', expiry = '', ...more] = columns;
  const parsed = parseRangeText(cidr);
  if (!parsed.ok) return explainCidr(cidr, parsed.error);
  const misplaced =
    misplacedRange(cidr, label, 'stands where the label should be') ??
    misplacedRange(cidr, expiry, 'stands where the expiry should be') ??
    misplacedPrefixLength(cidr, label);
  if (misplaced !== undefined) return misplaced;
  if (more.some((column) => column !== '')) {
    const ranges = more.find(isRange);
    if (ranges !== undefined) return severalRanges(cidr, ranges, 'is a second range in the line');
    return {
      code: 'invalid_line',
      detail: 'There are more columns than cidr, label and expiresAt; put a label with commas in quotes.',
    };
  }
  if (label.length > MAX_LABEL_LENGTH) {
    return {
      code: 'invalid_label',
      detail: `label: has ${label.length} characters, more than ${MAX_LABEL_LENGTH}.`,
    };
  }
  const hidden = hiddenTextProblem(label);
  if (hidden !== undefined) return { code: 'invalid_label', detail: `label: ${hidden}.` };
  const expiresAt = readExpiry(expiry);
  if (isProblem(expiresAt)) return expiresAt;
  return { cidrs: parsed.cidrs, label, expiresAt, notes: [...parsed.notes, ...labelNotes(label)] };
}

/** Returns true if a first line of several columns consists of words. */
function isForeignHeader(columns: readonly string[]): boolean {
  return columns.length > 1 && columns.every((column) => /^[a-z][a-z _-]*$/i.test(column));
}

function isHeader(columns: readonly string[]): boolean {
  return (
    columns.length <= HEADINGS.length &&
    columns.every((column, index) => HEADINGS[index]?.has(column.toLowerCase().replace(/[\s_-]/g, '')))
  );
}

/** Reads lines of `cidr[,label[,expiresAt]]` lazily. */
export function* readImportLines(lines: Iterable<string>): Generator<ImportLine, void, undefined> {
  let first = true;
  let line = 0;
  for (const raw of lines) {
    const text = raw.trim();
    line += 1;
    if (text.length > MAX_LINE_LENGTH) {
      const detail = `The line has ${text.length} characters, more than ${MAX_LINE_LENGTH}.`;
      yield { line, text: `${text.slice(0, 100)}…`, fields: { code: 'invalid_line', detail } };
      first = false;
      continue;
    }
    const meaning = withoutComment(text).trim();
    if (meaning === '') continue;
    const columns = columnsOf(meaning);
    const isFirst = first;
    first = false;
    if (isProblem(columns)) yield { line, text, fields: columns };
    else if (isFirst && isHeader(columns)) continue;
    else if (isFirst && isForeignHeader(columns)) yield { line, text, fields: FOREIGN_HEADER };
    else yield { line, text, fields: readWish(columns) };
  }
}
