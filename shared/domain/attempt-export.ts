import { csvLines } from '../csv';
import type { Attempt } from './entities';
import type { ExportFormat } from './export-format';

const COLUMNS = [
  'id',
  'firstAt',
  'lastAt',
  'count',
  'ip',
  'keyId',
  'keyName',
  'verdict',
  'reason',
  'wouldBe',
  'method',
  'path',
  'userAgent',
  'country',
  'asn',
  'asName',
  'rangeId',
  'reviewId',
] as const satisfies readonly (keyof Attempt)[];

/** Returns what stands before the attempts of an export. A CSV without attempts has its header, too. */
export function exportHead(format: ExportFormat): string {
  return format === 'csv' ? csvLines([COLUMNS]) : '';
}

/** Returns attempts as lines of an export: the console writes what the service does. */
export function exportLines(format: ExportFormat, attempts: readonly Attempt[]): string {
  return format === 'csv'
    ? csvLines(attempts.map((attempt) => COLUMNS.map((column) => attempt[column])))
    : attempts.map((attempt) => `${JSON.stringify(attempt)}\n`).join('');
}
