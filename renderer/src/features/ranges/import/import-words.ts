import type { ImportFilter, ImportResult } from '#shared/api/routes-import';
import type { RouteResponse } from '#shared/api/route-types';
import { language } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import { parseRangeText } from '#shared/ip/index';
import type { Failure } from '#shared/ipc/failure';
import { refusalWords } from '#shared/ipc/refusal-words';
import { explainFailure } from '../../../domain/failures';
import { listed } from '../../../domain/range-words';
import { capital, formatDateTime } from '../../../ui/format';

export type Imported = RouteResponse<'importRanges'>;

export type Shown = 'all' | ImportFilter;

const FILTERS: readonly ImportFilter[] = ['added', 'duplicate', 'covered', 'invalid', 'noted'];

/** Choices above a preview, with the number of lines for each. */
export function filterChoices(
  imported: Imported,
): readonly { readonly value: Shown; readonly label: string }[] {
  const all = imported.results.length + imported.omitted;
  return [
    { value: 'all', label: t('ranges.filter_all', { number: all }) },
    ...FILTERS.map((value) => ({ value, label: t(`ranges.filter_${value}`, { number: imported[value] }) })),
  ];
}

export function isShown(value: string): value is Shown {
  return value === 'all' || FILTERS.some((each) => each === value);
}

export function outcomeWords({ status, effect }: ImportResult, isDone: boolean): string {
  if (status === 'added' && effect !== 'authorize') {
    return t(isDone ? 'imports.after_added_deny' : 'imports.before_added_deny');
  }
  return isDone ? t(`ranges.after_${status}`) : t(`ranges.before_${status}`);
}

/** The service names the column first: `label: has 300 characters, more than 200.` */
function inWords(detail: string): string {
  const [, column, problem = ''] = /^(cidr|label|expiresAt|key|effect): (.*)$/s.exec(detail) ?? [];
  if (column === 'label') return t('ranges.labelProblem', { problem });
  if (column === 'expiresAt') return t('ranges.expiryProblem', { problem });
  if (column === 'key') return t('imports.keyProblem', { problem });
  if (column === 'effect') return t('imports.effectProblem', { problem });
  return capital(column === undefined ? detail : problem);
}

/** Says why the first cell of the line is no range; undefined if it is one. In English the service has said it already. */
function ownReason(text: string): string | undefined {
  if (language() === 'en') return undefined;
  const [first = ''] = text.split(/[,;\t]/);
  const read = parseRangeText(first, { allowWide: true });
  return read.ok ? undefined : read.error.message;
}

function problemWords(code: string, detail: string, text: string): string {
  if (code === 'too_wide') return t('imports.tooWide');
  return (code === 'invalid_cidr' ? ownReason(text) : undefined) ?? refusalWords(code, inWords(detail));
}

export function remarksOf({ status, code = status, detail, text, notes }: ImportResult): string {
  return [
    ...(detail === undefined ? [] : [problemWords(code, detail, text)]),
    ...notes.map((note) => refusalWords(note.code, capital(note.message))),
  ].join(' ');
}

const NETWORKS_SHOWN = 2;

/** Returns the networks of a line: `198.51.100.0/24`, `10.0.0.1/32, 10.0.0.2/31 and 5 more`. */
export function meaningWords({ cidrs }: ImportResult): string {
  return listed(cidrs, NETWORKS_SHOWN, ', ');
}

/** Joins what a line says of its ranges: that it denies, its label, its key and its expiry. */
export function termsWords(
  { label, effect, keyId, expiresAt }: ImportResult,
  keyName: (id: string) => string,
): string {
  return [
    effect === 'authorize' ? '' : t('imports.effect_deny'),
    label,
    keyId === null ? '' : t('imports.ofKey', { name: keyName(keyId) }),
    expiresAt === null ? '' : t('ranges.until', { moment: formatDateTime(expiresAt) }),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

const REMOVALS_SHOWN = 5;

/** Names the ranges that go. */
export function removalWords({ removed, removals }: Imported): string {
  const names = removals.map(({ cidr, label }) => (label === '' ? cidr : `${cidr} (${label})`));
  const list = names.slice(0, REMOVALS_SHOWN).join(', ');
  const hidden = removed - Math.min(names.length, REMOVALS_SHOWN);
  const ranges = hidden > 0 ? t('words.andMore', { list, number: hidden }) : list;
  return t('imports.removals', { count: removed, ranges });
}

export function doneWords(imported: Imported): string {
  const known = imported.duplicate + imported.covered;
  return [
    t('ranges.linesAdded', { count: imported.added }),
    ...(known === 0 ? [] : [t('ranges.linesThere', { count: known })]),
    ...(imported.removed === 0 ? [] : [t('imports.removed', { count: imported.removed })]),
    ...(imported.invalid === 0 ? [] : [t('ranges.linesUnread', { count: imported.invalid })]),
  ].join(' ');
}

/** Returns the lines that were not simply added, and the number of further ones. */
export function leftOver(imported: Imported): {
  readonly lines: readonly ImportResult[];
  readonly hidden: number;
} {
  const lines = imported.results.filter(({ status, notes }) => status !== 'added' || notes.length > 0);
  const notAdded = imported.duplicate + imported.covered + imported.invalid;
  return { lines, hidden: Math.max(0, notAdded - lines.filter(({ status }) => status !== 'added').length) };
}

/** Explains why a list was not read or added. An import without a response may have been applied in part. */
export function importFailureWords(failure: Failure, wasDryRun: boolean, nowMs: number): string {
  if (failure.kind === 'unreachable' && !wasDryRun) {
    return t('ranges.partAdded');
  }
  return explainFailure(failure, nowMs).message;
}
