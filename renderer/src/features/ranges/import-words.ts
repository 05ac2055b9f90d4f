import { MAX_IMPORT_BYTES, type ImportFilter, type ImportResult } from '#shared/api/routes-policy';
import type { RouteResponse } from '#shared/api/route-types';
import type { Failure } from '#shared/ipc/failure';
import { countOf, formatCount, plural } from '#shared/words';
import { explainFailure } from '../../domain/failures';
import { SOMETHING_NEW } from '../../domain/reasons';
import { capital, formatDateTime } from '../../ui/format';

export type Imported = RouteResponse<'importRanges'>;

export type Shown = 'all' | ImportFilter;

const FILTER_WORDS: Readonly<Record<ImportFilter, string>> = {
  added: 'New',
  duplicate: 'In the list',
  covered: 'Covered',
  invalid: 'Errors',
  noted: 'Notes',
};

/** Choices above a preview, with the number of lines for each. */
export function filterChoices(
  imported: Imported,
): readonly { readonly value: Shown; readonly label: string }[] {
  const all = imported.results.length + imported.omitted;
  const filters: readonly ImportFilter[] = ['added', 'duplicate', 'covered', 'invalid', 'noted'];
  return [
    { value: 'all', label: `All ${formatCount(all)}` },
    ...filters.map((value) => ({ value, label: `${FILTER_WORDS[value]} ${formatCount(imported[value])}` })),
  ];
}

export function isShown(value: string): value is Shown {
  return value === 'all' || Object.hasOwn(FILTER_WORDS, value);
}

const OUTCOME_WORDS: Readonly<Record<ImportResult['status'], readonly [before: string, after: string]>> = {
  added: ['Will be authorized', 'Authorized'],
  duplicate: ['In the list already', 'In the list already'],
  covered: ['Covered already', 'Covered already'],
  invalid: ['Error', 'Not added'],
  unrecognised: [SOMETHING_NEW, SOMETHING_NEW],
};

export function outcomeWords({ status }: ImportResult, isDone: boolean): string {
  return OUTCOME_WORDS[status][isDone ? 1 : 0];
}

function inWords(detail: string): string {
  return capital(
    detail
      .replace(/^cidr: /, '')
      .replace(/^label: /, 'The label ')
      .replace(/^expiresAt: /, 'The expiry '),
  );
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
  const more = cidrs.length - NETWORKS_SHOWN;
  const shown = cidrs.slice(0, NETWORKS_SHOWN).join(', ');
  return more > 0 ? `${shown} and ${formatCount(more)} more` : shown;
}

/** Joins label and expiry of a line, as far as it has them. */
export function termsWords({ label, expiresAt }: ImportResult): string {
  return [label, expiresAt === null ? '' : `until ${formatDateTime(expiresAt)}`]
    .filter((part) => part !== '')
    .join(', ');
}

export function doneWords(imported: Imported): string {
  const known = imported.duplicate + imported.covered;
  const parts = [
    `${countOf(imported.added, 'line')} added.`,
    ...(known === 0 ? [] : [`${countOf(known, 'line')} authorized already.`]),
    ...(imported.invalid === 0
      ? []
      : [
          `${countOf(imported.invalid, 'line')} could not be read and ${plural(imported.invalid, 'was', 'were')} left out.`,
        ]),
  ];
  return parts.join(' ');
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

export const TOO_LARGE = `The file has more than ${MAX_IMPORT_BYTES / 2 ** 20} MB; import it in parts.`;

/** Explains why a list was not read or added. An import without a response may have been applied in part. */
export function importFailureWords(failure: Failure, wasDryRun: boolean, nowMs: number): string {
  if (failure.kind === 'invalid' && failure.field === 'text') {
    return failure.message.replace(/^text: /, 'The list ');
  }
  if (failure.kind === 'unreachable' && !wasDryRun) {
    return 'The service did not answer to the end, so a part of the list may have been added. Import it again when it answers: what is there already is left as it is.';
  }
  return explainFailure(failure, nowMs).message;
}
