import type { AttemptScansRepository } from '../../storage/repositories/attempt-scans';
import type { NamedAttemptRow } from '../../storage/repositories/attempts';
import type { Page } from '../../storage/repositories/page';
import { startWalk, type WalkRequest } from './log-walk';

/** Returns one page of the log. The cursor is an id, so that rows that are added meanwhile neither repeat nor hide any. */
export async function listAttempts(
  scans: AttemptScansRepository,
  request: WalkRequest & { readonly limit: number },
): Promise<Page<NamedAttemptRow>> {
  const walk = await startWalk(scans, request);
  // One row more than the page holds shows that there is a next page.
  const wanted = request.limit + 1;
  const rows: NamedAttemptRow[] = [];
  while (rows.length < wanted) {
    const missing = wanted - rows.length;
    const more = await walk.next((found) => found.rows(missing));
    if (more === undefined) break;
    rows.push(...more);
  }
  const items = rows.slice(0, request.limit);
  return { items, nextCursor: rows.length > request.limit ? (items.at(-1)?.id ?? null) : null };
}
