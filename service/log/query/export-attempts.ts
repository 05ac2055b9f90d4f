import { exportHead, exportLines } from '#shared/domain/attempt-export';
import type { ExportFormat } from '#shared/domain/export-format';
import type { AttemptScansRepository } from '../../storage/repositories/attempt-scans';
import { attemptOf } from '../../storage/repositories/attempts';
import type { AttemptFilter } from '../../storage/repositories/attempt-filter';
import { startWalk } from './log-walk';

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
  const head = exportHead(format);
  if (head !== '') yield head;
  const walk = await startWalk(scans, { accountId, filter, order: 'oldest' });
  for (;;) {
    const text = await walk.next(async (found) => exportLines(format, (await found.rows()).map(attemptOf)));
    if (text === undefined) return;
    if (text !== '') yield text;
  }
}
