import type { ImportFilter, ImportResult } from '#shared/api/routes-import';
import type { RouteResponse } from '#shared/api/route-types';
import { t } from '#shared/i18n/t';
import type { Failure } from '#shared/ipc/failure';
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

export function outcomeWords({ status }: ImportResult, isDone: boolean): string {
  return isDone ? t(`ranges.after_${status}`) : t(`ranges.before_${status}`);
}

/** The service names the column first: `label: has 300 characters, more than 200.` */
function inWords(detail: string): string {
  const [, column, problem = ''] = /^(cidr|label|expiresAt): (.*)$/s.exec(detail) ?? [];
  if (column === 'label') return t('ranges.labelProblem', { problem });
  if (column === 'expiresAt') return t('ranges.expiryProblem', { problem });
  return capital(column === undefined ? detail : problem);
}

export function remarksOf({ detail, notes }: ImportResult): string {
  return [
    ...(detail === undefined ? [] : [inWords(detail)]),
    ...notes.map(({ message }) => capital(message)),
  ].join(' ');
}

const NETWORKS_SHOWN = 2;

/** Returns the networks of a line: `198.51.100.0/24`, `10.0.0.1/32, 10.0.0.2/31 and 5 more`. */
export function meaningWords({ cidrs }: ImportResult): string {
  return listed(cidrs, NETWORKS_SHOWN, ', ');
}

/** Joins label and expiry of a line, as far as it has them. */
export function termsWords({ label, expiresAt }: ImportResult): string {
  return [label, expiresAt === null ? '' : t('ranges.until', { moment: formatDateTime(expiresAt) })]
    .filter((part) => part !== '')
    .join(', ');
}

export function doneWords(imported: Imported): string {
  const known = imported.duplicate + imported.covered;
  return [
    t('ranges.linesAdded', { count: imported.added }),
    ...(known === 0 ? [] : [t('ranges.linesThere', { count: known })]),
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
  if (failure.kind === 'invalid' && failure.field === 'text') {
    const [, problem] = /^text: (.*)$/s.exec(failure.message) ?? [];
    return problem === undefined ? failure.message : t('ranges.listProblem', { problem });
  }
  if (failure.kind === 'unreachable' && !wasDryRun) {
    return t('ranges.partAdded');
  }
  return explainFailure(failure, nowMs).message;
}
