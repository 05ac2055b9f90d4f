import type { AttemptScansRepository } from '../../storage/repositories/attempt-scans';
import type { NamedAttemptRow } from '../../storage/repositories/attempts';
import type { Page } from '../../storage/repositories/page';
import { startWalk, type WalkRequest } from './log-walk';

/**
 * One page of the log. Pages are cut by id: what is added meanwhile is in no page twice, and takes nothing from the
 * pages still to come.
 */
export const listAttempts = async (
  lanes: AttemptScansRepository,
  request: WalkRequest & { readonly limit: number },
): Promise<Page<NamedAttemptRow>> => {
  const walk = await startWalk(lanes, request);
  // One more than the page holds tells whether there is a next one.
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
};
