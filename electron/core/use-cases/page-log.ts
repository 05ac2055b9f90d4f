import { addressRangeOf } from '#shared/domain/address-range';
import { attemptMatches } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import type { LogFilter, LogPage } from '#shared/ipc/log';
import { failed, type Failure, type Outcome, succeeded } from '#shared/ipc/failure';
import type { ApiClient } from '../api/client';
import type { CoreContext } from './context';
import { decodeLogCursor, encodeLogCursor, type LogCursor } from './log-cursor';
import { lowerId, neverFetched, onlineClient } from './paging';

export interface LogPageRequest {
  readonly filter: LogFilter;
  readonly cursor: string | null;
  readonly limit: number;
}

/**
 * Returns a page of the log, newest first. It comes from the local store as far as that is complete, and below that from
 * the service. Offline there are only the local rows.
 */
export async function pageLog(core: CoreContext, request: LogPageRequest): Promise<Outcome<LogPage>> {
  const { filter, limit } = request;
  if (filter.ip !== undefined && addressRangeOf(filter.ip) === null) {
    const message = 'This is neither an address nor a range.';
    return failed({ kind: 'invalid', code: 'invalid_cidr', field: 'ip', message });
  }
  const cursor = decodeLogCursor(request.cursor);
  if (cursor === undefined) {
    const message = 'The log has no such page.';
    return failed({ kind: 'invalid', code: 'invalid_cursor', field: 'cursor', message });
  }
  const { before } = cursor;
  const client = onlineClient(core);
  if (client === null) return offlinePage(core, filter, cursor, limit);
  if (cursor.at === 'service') return servicePage(core, client, filter, before, limit);

  const from = core.replica.logCompleteFrom;
  const rows = from === null ? [] : localRows(core, filter, before, from, limit);
  if (rows.length > limit) return succeeded(localPage(rows, limit));
  // The store is complete from the beginning.
  if (from === '') return succeeded({ items: [...rows], nextCursor: null });

  const below = lowerId(from, before);
  const upToHere = succeeded({
    items: [...rows],
    nextCursor: encodeLogCursor({ at: 'service', before: below }),
  });
  if (rows.length === limit) return upToHere;
  const older = await servicePage(core, client, filter, below, limit - rows.length);
  if (older.ok) {
    return succeeded({ items: [...rows, ...older.value.items], nextCursor: older.value.nextCursor });
  }
  if (rows.length > 0) return upToHere;
  return older.failure.kind === 'unreachable' ? offlinePage(core, filter, cursor, limit) : older;
}

function offlinePage(
  core: CoreContext,
  filter: LogFilter,
  { at, before }: LogCursor,
  limit: number,
): Outcome<LogPage> {
  const unknown = neverFetched(core);
  if (unknown !== null) return unknown;
  const rows = localRows(core, filter, before, null, limit);
  if (at === 'service' && rows.length === 0) {
    // The log goes on below the local rows.
    const message = 'Older rows are with the service, which is not reachable.';
    return failed({ kind: 'unreachable', message });
  }
  return succeeded(localPage(rows, limit));
}

/** Returns one row more than asked for, if there is one. */
function localRows(
  { replica }: CoreContext,
  filter: LogFilter,
  before: string | null,
  from: string | null,
  limit: number,
): readonly Attempt[] {
  return replica.store?.attempts.page(filter, { before, from, limit: limit + 1 }) ?? [];
}

function localPage(rows: readonly Attempt[], limit: number): LogPage {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  const nextCursor = last === undefined ? null : encodeLogCursor({ at: 'store', before: last.id });
  return { items, nextCursor };
}

/**
 * Fetches a page from the service. Without a filter, and right below the local rows, it is stored while there is room, so
 * that the rows are available offline too.
 */
async function servicePage(
  { replica }: CoreContext,
  client: ApiClient,
  filter: LogFilter,
  before: string | null,
  limit: number,
): Promise<Outcome<LogPage>> {
  const { verdict, reason, keyId, ip, text } = filter;
  const query = {
    limit,
    ...(verdict === undefined ? {} : { verdict }),
    ...(reason === undefined ? {} : { reason }),
    ...(keyId === undefined ? {} : { keyId }),
    ...(ip === undefined ? {} : { ip }),
    ...(text === undefined || text.trim() === '' ? {} : { q: text.trim() }),
    ...(before === null ? {} : { cursor: before }),
  };
  const edge = replica.logEdge;
  const answer = await client.call('listAttempts', { query });
  if (!answer.ok) return failed(fieldOf(answer.failure));
  const { items, nextCursor } = answer.value;
  const isWhole = Object.keys(query).every((name) => name === 'limit' || name === 'cursor');
  const isKept = isWhole && before === edge.at && replica.keepOlderAttempts(edge, items, nextCursor === null);
  return succeeded({
    items: items.filter((row) => attemptMatches(filter, row)),
    nextCursor:
      nextCursor === null ? null : encodeLogCursor({ at: isKept ? 'store' : 'service', before: nextCursor }),
  });
}

/** The service calls the text of a filter `q`. */
function fieldOf(failure: Failure): Failure {
  return failure.kind === 'invalid' && failure.field === 'q' ? { ...failure, field: 'text' } : failure;
}
