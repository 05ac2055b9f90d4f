import { failed, type Failure, type Outcome, succeeded } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import type { ApiClient } from '../api/client';
import type { ListWindow } from '../store/list-window';
import type { CoreContext } from './context';

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  readonly cursor: string | null;
  readonly limit: number;
}

/** A list that is in the local store down to some row, and at the service in full. */
export interface PagedList<T> {
  /** The id from which on the store is complete; empty if all of it is, null if nothing is known. */
  readonly completeFrom: () => string | null;
  /** True if a page that the store fills in part gets its other rows from the service. */
  readonly isFilledUp: boolean;
  /** Reads rows of the store. */
  readonly stored: (window: ListWindow) => Promise<readonly T[]>;
  readonly fetched: (client: ApiClient, before: string | null, limit: number) => Promise<Outcome<Page<T>>>;
  readonly messages: { readonly noSuchPage: string; readonly olderElsewhere: string };
}

/**
 * Returns a page, newest first: from the store as far as that is complete, and below that from the service. Offline there are
 * only the stored rows.
 */
export async function pageOf<T extends { readonly id: string }>(
  core: CoreContext,
  list: PagedList<T>,
  request: PageRequest,
): Promise<Outcome<Page<T>>> {
  const { limit } = request;
  const cursor = decodePageCursor(request.cursor);
  if (cursor === undefined) {
    const message = list.messages.noSuchPage;
    return failed({ kind: 'invalid', code: 'invalid_cursor', field: 'cursor', message });
  }
  const { at, before } = cursor;
  const client = onlineClient(core);
  if (client === null) return offlinePage(core, list, cursor, limit);
  if (at === 'service') return list.fetched(client, before, limit);

  const known = list.completeFrom();
  const read = known === null ? [] : await list.stored({ before, from: known, limit: limit + 1 });
  // Rows may have been trimmed meanwhile, and a page has no gap.
  const from = higherEdge(known, list.completeFrom());
  const rows = from === null ? [] : read.filter(({ id }) => id >= from);
  if (rows.length > limit) return succeeded(storedPage(rows, limit));
  if (from === '') return succeeded({ items: [...rows], nextCursor: null });

  const below = lowerId(from, before);
  const upToHere = succeeded({
    items: [...rows],
    nextCursor: encodePageCursor({ at: 'service', before: below }),
  });
  if (rows.length === limit || (rows.length > 0 && !list.isFilledUp)) return upToHere;
  const older = await list.fetched(client, below, limit - rows.length);
  if (older.ok) return succeeded({ ...older.value, items: [...rows, ...older.value.items] });
  if (rows.length > 0) return upToHere;
  return older.failure.kind === 'unreachable' ? offlinePage(core, list, cursor, limit) : older;
}

/** Returns the edge down to which both are complete; null if one of them is not known. */
function higherEdge(a: string | null, b: string | null): string | null {
  return a === null || b === null ? null : a > b ? a : b;
}

async function offlinePage<T extends { readonly id: string }>(
  core: CoreContext,
  list: PagedList<T>,
  { at, before }: PageCursor,
  limit: number,
): Promise<Outcome<Page<T>>> {
  const unknown = neverFetched(core);
  if (unknown !== null) return unknown;
  const rows = await list.stored({ before, from: null, limit: limit + 1 });
  // The list goes on below the stored rows.
  if (at === 'service' && rows.length === 0) {
    return failed({ kind: 'unreachable', message: list.messages.olderElsewhere });
  }
  return succeeded(storedPage(rows, limit));
}

/** `rows` has one row more than the limit if there is one. */
function storedPage<T extends { readonly id: string }>(rows: readonly T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  const nextCursor = last === undefined ? null : encodePageCursor({ at: 'store', before: last.id });
  return { items, nextCursor };
}

/** Returns the client, unless the service is known not to answer. */
export function onlineClient({
  replica,
  connections,
}: Pick<CoreContext, 'replica' | 'connections'>): ApiClient | null {
  const session = connections.session();
  const { kind } = replica.connection;
  return session.ok && (kind === 'online' || kind === 'connecting') ? session.value.client : null;
}

/** Returns a failure while nothing was ever fetched, because an empty list would be wrong; else null. */
export function neverFetched({
  replica,
  connections,
}: Pick<CoreContext, 'replica' | 'connections'>): { readonly ok: false; readonly failure: Failure } | null {
  if (replica.lastSyncAt !== null) return null;
  const session = connections.session();
  if (!session.ok) return session;
  const { connection } = replica;
  const message = 'message' in connection ? connection.message : t('refusals.nothingFetched');
  return failed({ kind: 'unreachable', message });
}

/** Returns the lower of two ids; null is above them all. */
function lowerId(a: string | null, b: string | null): string | null {
  return a === null || b === null ? (a ?? b) : a < b ? a : b;
}

/** The position of a page: below this id (null: from the newest on), in the local store or at the service. */
export interface PageCursor {
  readonly at: 'store' | 'service';
  readonly before: string | null;
}

export function encodePageCursor({ at, before }: PageCursor): string {
  return `${at === 'store' ? 'l' : 's'}.${before ?? ''}`;
}

/** Parses a cursor; null is the first page. Returns undefined if it is malformed. */
export function decodePageCursor(text: string | null): PageCursor | undefined {
  if (text === null) return { at: 'store', before: null };
  const match = /^([ls])\.([0-9A-Za-z]{26})?$/.exec(text);
  if (match === null) return undefined;
  return { at: match[1] === 'l' ? 'store' : 'service', before: match[2] ?? null };
}
