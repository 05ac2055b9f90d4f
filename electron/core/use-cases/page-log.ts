import { decodeTime } from 'ulid';
import { addressRangeOf } from '#shared/domain/address-range';
import { attemptMatches } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import type { LogFilter, LogPage } from '#shared/ipc/contract';
import { failed, type Failure, type Outcome, succeeded } from '#shared/ipc/failure';
import type { ApiClient } from '../api/client';
import { isoTime } from '../text';
import type { CoreContext } from './context';
import { decodeLogCursor, encodeLogCursor, type LogCursor } from './log-cursor';

export interface LogPageRequest {
  readonly filter: LogFilter;
  readonly cursor: string | null;
  readonly limit: number;
}

/**
 * A page of the log, newest first. It comes from the local store as far as that is known to be complete, and below that
 * from the service. Offline the local rows are all there is.
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
  const client = onlineClient(core);
  if (client === null) return offlinePage(core, filter, cursor, limit);
  if (cursor.at === 'service') return servicePage(client, filter, cursor, limit);

  const from = core.replica.logCompleteFrom;
  const rows = from === null ? [] : localRows(core, filter, cursor.before, from, limit);
  if (rows.length > limit) return succeeded(localPage(rows, limit));
  // All of the log is here when the store is complete from the beginning.
  if (from === '') return succeeded({ items: [...rows], nextCursor: null });

  const rest: ServiceCursor = { at: 'service', below: lower(from, cursor.before), cursor: null };
  const upToHere = succeeded({ items: [...rows], nextCursor: encodeLogCursor(rest) });
  if (rows.length === limit) return upToHere;
  const older = await servicePage(client, filter, rest, limit - rows.length);
  if (older.ok) {
    return succeeded({ items: [...rows, ...older.value.items], nextCursor: older.value.nextCursor });
  }
  if (rows.length > 0) return upToHere;
  return older.failure.kind === 'unreachable' ? offlinePage(core, filter, cursor, limit) : older;
}

type ServiceCursor = LogCursor & { at: 'service' };

const lower = (a: string | null, b: string | null): string | null =>
  a === null || b === null ? (a ?? b) : a < b ? a : b;

/** The client, unless the service is known not to answer. */
function onlineClient({ replica, connections }: CoreContext): ApiClient | null {
  const session = connections.session();
  const { kind } = replica.connection;
  return session.ok && (kind === 'online' || kind === 'connecting') ? session.value.client : null;
}

function offlinePage(
  core: CoreContext,
  filter: LogFilter,
  cursor: LogCursor,
  limit: number,
): Outcome<LogPage> {
  if (core.replica.lastSyncAt === null) {
    // Nothing was ever fetched: an empty list would be a lie.
    const session = core.connections.session();
    if (!session.ok) return session;
    const { connection } = core.replica;
    const message = 'message' in connection ? connection.message : 'The log has not been fetched yet.';
    return failed({ kind: 'unreachable', message });
  }
  if (cursor.at === 'service' && cursor.cursor !== null) {
    // How far the service had got is its secret; going on from elsewhere would repeat or skip rows.
    return failed({
      kind: 'unreachable',
      message: 'Older rows are with the service, which is not reachable.',
    });
  }
  const before = cursor.at === 'service' ? cursor.below : cursor.before;
  return succeeded(localPage(localRows(core, filter, before, null, limit), limit));
}

/** One row more than asked for, where there is one. */
const localRows = (
  { replica }: CoreContext,
  filter: LogFilter,
  before: string | null,
  from: string | null,
  limit: number,
): readonly Attempt[] => replica.store?.attempts.page(filter, { before, from, limit: limit + 1 }) ?? [];

function localPage(rows: readonly Attempt[], limit: number): LogPage {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  const nextCursor = last === undefined ? null : encodeLogCursor({ at: 'store', before: last.id });
  return { items, nextCursor };
}

async function servicePage(
  client: ApiClient,
  filter: LogFilter,
  cursor: ServiceCursor,
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
    ...(cursor.below === null ? {} : { to: justAbove(cursor.below) }),
    ...(cursor.cursor === null ? {} : { cursor: cursor.cursor }),
  };
  const answer = await client.call('listAttempts', { query });
  if (!answer.ok) return failed(fieldOf(answer.failure));
  const { items, nextCursor } = answer.value;
  return succeeded({
    items: items.filter(
      (row) => (cursor.below === null || row.id < cursor.below) && attemptMatches(filter, row),
    ),
    nextCursor: nextCursor === null ? null : encodeLogCursor({ ...cursor, cursor: nextCursor }),
  });
}

/** Rows are asked for by time and have ids by time: a little more is asked for, and what is too new is left out. */
const justAbove = (id: string): string => isoTime(decodeTime(id) + 1_000);

/** The service calls the text of a filter `q`. */
const fieldOf = (failure: Failure): Failure =>
  failure.kind === 'invalid' && failure.field === 'q' ? { ...failure, field: 'text' } : failure;
