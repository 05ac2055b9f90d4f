import type { ColumnRole } from '#shared/domain/range-format';
import { cellsOf, QUOTES_DO_NOT_FIT, separatorIn } from './cells';
import type { RangeRow, ReadingOptions } from './document';
import { labelNotes, labelProblem, madeLabel, readEffect, readExpiry, rolesOf } from './fields';
import { isTooLong, lineRow, type Head, type Reader, type Reading } from './line-reader';
import { explainRange, isRange, readRangeCell, severalRanges } from './range-text';
import { splitLines } from './text-lines';

interface Table {
  readonly separator: string;
  readonly names: readonly string[];
  readonly roles: Partial<Record<ColumnRole, number>>;
  /** False for DShield's list, which may have its columns explained in a comment. */
  readonly hasHeading: boolean;
  /** True for an export of this service, in which an apostrophe stands before what would be a formula in a spreadsheet. */
  readonly isOurs: boolean;
}

const COMMENT_LINE = /^(?:#|;|\/\/)/;
/** Lines over which a cell in quotes may go. */
const MAX_CELL_LINES = 20;
const BEFORE_FORMULA = /((?:^|;)[\s"']*)'(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;
const DSHIELD_NAMES = ['Start', 'End', 'Netmask', 'Attacks', 'Name', 'Country', 'Email'];
const DSHIELD_LINE = /^(?:\d+\.){3}0\t(?:\d+\.){3}255\t\d{1,2}(?:\t|$)/;

function headingOf(cells: readonly string[], rows: readonly string[][]): Table['roles'] | undefined {
  const isWords = cells.every((cell) => cell === '' || (/\p{L}/u.test(cell) && !isRange(cell)));
  if (cells.length < 2 || !isWords) return undefined;
  const roles = rolesOf(cells);
  if (roles.range !== undefined) return roles;
  const range = cells.findIndex(
    (_, index) => rows.filter((each) => isRange(each[index] ?? '')).length * 2 > rows.length,
  );
  return range === -1 || rows.length < 2 ? undefined : { ...roles, range };
}

function tableOf({ lines }: Head): Table | undefined {
  const [first, ...others] = lines.filter((line) => !COMMENT_LINE.test(line));
  if (first === undefined) return undefined;
  if (DSHIELD_LINE.test(first)) {
    return {
      separator: '\t',
      names: DSHIELD_NAMES,
      roles: rolesOf(DSHIELD_NAMES),
      hasHeading: false,
      isOurs: false,
    };
  }
  const separator = separatorIn(first);
  if (separator === undefined) return undefined;
  const names = cellsOf(first, separator);
  const roles =
    names &&
    headingOf(
      names,
      others.map((line) => cellsOf(line, separator) ?? []),
    );
  return (
    roles && {
      separator,
      names,
      roles,
      hasHeading: true,
      isOurs: names.slice(0, 4).join() === 'cidr,effect,label,keyId',
    }
  );
}

/** Yields the rows of a table with the number of their first line. A cell in quotes may have line ends in it. */
function* rowsOf(
  text: string,
  separator: string,
): Generator<readonly [line: number, row: string], void, undefined> {
  const lines = splitLines(text);
  const waiting: string[] = [];
  let number = 0;
  for (;;) {
    const line = waiting.shift() ?? lines.next().value;
    if (line === undefined) return;
    number += 1;
    let whole = line;
    if (line.includes('"') && !isTooLong(line) && cellsOf(line, separator) === undefined) {
      const more: string[] = [];
      while (!isTooLong(whole) && cellsOf(whole, separator) === undefined && more.length < MAX_CELL_LINES) {
        const next = waiting[more.length] ?? lines.next().value;
        if (next === undefined) break;
        if (waiting.length === more.length) waiting.push(next);
        more.push(next);
        whole = [line, ...more].join('\n');
      }
      // A quote that is never closed spoils only its own line.
      if (isTooLong(whole) || cellsOf(whole, separator) === undefined) whole = line;
      else waiting.splice(0, more.length);
    }
    yield [number, whole.trim()];
    number += whole === line ? 0 : whole.split('\n').length - 1;
  }
}

/** Returns the text of the range, which may be in two columns. */
function rangeText(cell: string, last: string, length: string): string {
  if (cell === '' || /[/*-]/.test(cell)) return cell;
  if (last !== '') return `${cell}-${last}`;
  return length === '' ? cell : `${cell}/${length.replace('/', '')}`;
}

function readRow(
  line: string,
  { separator, names, roles, isOurs }: Table,
  { onlyRanges = false }: ReadingOptions,
): Reading {
  const cells = cellsOf(line, separator);
  if (cells === undefined) return { code: 'invalid_line', detail: QUOTES_DO_NOT_FIT };
  const cell = (role: ColumnRole): string => cells[roles[role] ?? -1] ?? '';
  if (cells.slice(names.length).some((each) => each !== '')) {
    const detail = `There are more columns than the first line names; put a text with ${JSON.stringify(separator)} in quotes.`;
    return { code: 'invalid_line', detail };
  }
  const text = rangeText(cell('range'), cell('last'), cell('length'));
  const parsed = readRangeCell(text);
  if (!parsed.ok) return explainRange(text, parsed.error);
  const effect = readEffect(cell('effect'));
  if (typeof effect === 'object') return effect;
  const { cidrs, notes } = parsed;
  if (onlyRanges) return { cidrs, label: '', effect, notes };
  if (isRange(cell('label'))) return severalRanges(cell('label'));
  const written = isOurs ? cell('label').replaceAll(BEFORE_FORMULA, '$1') : cell('label');
  const label = written.includes('\n') ? madeLabel(written) : written;
  const expiresAtMs = readExpiry(cell('expiresAt'));
  if (typeof expiresAtMs === 'object') return expiresAtMs;
  const key = cell('key') === '' ? undefined : cell('key');
  return (
    labelProblem(label) ?? { cidrs, label, effect, key, expiresAtMs, notes: [...notes, ...labelNotes(label)] }
  );
}

/** CSV, or any other table, whose first line names the columns. */
export const tableReader: Reader = {
  recognizes: (head) => tableOf(head) !== undefined,
  open: (text, head, options) => {
    const table = tableOf(head);
    if (table === undefined) return { refused: { reason: 'noColumns' } };
    const { separator, names, roles } = table;
    function* rows(): Generator<RangeRow, void, undefined> {
      let isHeading = table?.hasHeading;
      for (const [line, content] of rowsOf(text, separator)) {
        if (content === '' || COMMENT_LINE.test(content)) continue;
        if (!isHeading && table !== undefined)
          yield lineRow(line, content, () => readRow(content, table, options));
        isHeading = false;
      }
    }
    const roleAt = new Map(Object.entries(roles).map(([role, index]) => [index, role as ColumnRole]));
    const columns = names.map((name, index) => ({
      number: index + 1,
      name,
      role: roleAt.get(index) ?? 'ignored',
    }));
    return {
      format: names.slice(0, 3).join() === DSHIELD_NAMES.slice(0, 3).join() ? 'dshield' : 'csv',
      unit: 'line',
      columns,
      mayDeny: roles.effect !== undefined,
      rows,
    };
  },
};
