import type { Attempt } from '#shared/domain/entities';
import type { AttemptScansRepository } from '../../storage/repositories/attempt-scans';
import { attemptOf } from '../../storage/repositories/attempts';
import type { AttemptFilter } from '../../storage/repositories/attempt-filter';
import { csvLines } from './csv';
import { startWalk } from './log-walk';

type ExportFormat = 'csv' | 'ndjson';

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
  'method',
  'path',
  'userAgent',
  'country',
  'asn',
  'asName',
  'rangeId',
  'reviewId',
] as const satisfies readonly (keyof Attempt)[];

const textOf: Readonly<Record<ExportFormat, (attempts: readonly Attempt[]) => string>> = {
  csv: (attempts) => csvLines(attempts.map((attempt) => COLUMNS.map((column) => attempt[column]))),
  ndjson: (attempts) => attempts.map((attempt) => `${JSON.stringify(attempt)}\n`).join(''),
};

/**
 * Yields the attempts that match the filter as text, oldest first. Each piece is read from the database when its reader
 * asks for it. Attempts that are added meanwhile may be missing.
 */
export async function* exportAttempts(
  scans: AttemptScansRepository,
  accountId: string,
  filter: AttemptFilter,
  format: ExportFormat,
): AsyncGenerator<string, void, undefined> {
  // A CSV without attempts has its header, too.
  if (format === 'csv') yield csvLines([COLUMNS]);
  const walk = await startWalk(scans, { accountId, filter, order: 'oldest' });
  for (;;) {
    const text = await walk.next(async (found) => textOf[format]((await found.rows()).map(attemptOf)));
    if (text === undefined) return;
    if (text !== '') yield text;
  }
}
