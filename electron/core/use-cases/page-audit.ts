import { auditMatches } from '#shared/domain/audit-filter';
import type { AuditEvent } from '#shared/domain/entities';
import type { AuditFilter, AuditPage } from '#shared/ipc/audit';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import type { ApiClient } from '../api/client';
import type { CoreContext } from './context';
import { decodeLogCursor, encodeLogCursor, type LogCursor } from './log-cursor';
import { lowerId, neverFetched, onlineClient } from './paging';

/** A large page, because the service has no filter and most events may not match. */
const SERVICE_PAGE = 500;
/** The most pages of the service in one answer. If nothing matches in them, the window asks on. */
const MOST_SERVICE_PAGES = 4;

interface AuditPageRequest {
  readonly filter: AuditFilter;
  readonly cursor: string | null;
  readonly limit: number;
}

/**
 * Returns a page of the audit trail, newest first: from the local store as far as that is complete, and below that from the
 * service. Offline there are only the local events. A page may be short or empty and still have a successor.
 */
export async function pageAudit(core: CoreContext, request: AuditPageRequest): Promise<Outcome<AuditPage>> {
  const { filter, limit } = request;
  const cursor = decodeLogCursor(request.cursor);
  if (cursor === undefined) {
    const message = 'The trail has no such page.';
    return failed({ kind: 'invalid', code: 'invalid_cursor', field: 'cursor', message });
  }
  const { before } = cursor;
  const client = onlineClient(core);
  if (client === null) return offlinePage(core, filter, cursor, limit);
  if (cursor.at === 'service') return servicePage(client, filter, before, limit);

  const from = core.replica.auditCompleteFrom;
  const events = from === null ? [] : localEvents(core, filter, before, from, limit);
  if (events.length > limit) return succeeded(localPage(events, limit));
  if (from === '') return succeeded({ items: [...events], nextCursor: null });
  const below = lowerId(from, before);
  // The next page continues at the service, because these are available at once.
  if (events.length > 0) {
    return succeeded({ items: [...events], nextCursor: encodeLogCursor({ at: 'service', before: below }) });
  }
  const older = await servicePage(client, filter, below, limit);
  if (older.ok || older.failure.kind !== 'unreachable') return older;
  return offlinePage(core, filter, cursor, limit);
}

function offlinePage(
  core: CoreContext,
  filter: AuditFilter,
  { at, before }: LogCursor,
  limit: number,
): Outcome<AuditPage> {
  const unknown = neverFetched(core);
  if (unknown !== null) return unknown;
  const events = localEvents(core, filter, before, null, limit);
  if (at === 'service' && events.length === 0) {
    // The trail goes on below the local events.
    const message = 'Older events are with the service, which is not reachable.';
    return failed({ kind: 'unreachable', message });
  }
  return succeeded(localPage(events, limit));
}

/** Returns one event more than asked for, if there is one. */
function localEvents(
  { replica }: CoreContext,
  filter: AuditFilter,
  before: string | null,
  from: string | null,
  limit: number,
): readonly AuditEvent[] {
  return replica.store?.audit.page(filter, { before, from, limit: limit + 1 }) ?? [];
}

function localPage(events: readonly AuditEvent[], limit: number): AuditPage {
  const items = events.slice(0, limit);
  const last = events.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : encodeLogCursor({ at: 'store', before: last.id }) };
}

async function servicePage(
  client: ApiClient,
  filter: AuditFilter,
  below: string | null,
  limit: number,
): Promise<Outcome<AuditPage>> {
  const items: AuditEvent[] = [];
  let before = below;
  for (let pages = 0; pages < MOST_SERVICE_PAGES; pages += 1) {
    const query = { limit: SERVICE_PAGE, ...(before === null ? {} : { cursor: before }) };
    const answer = await client.call('listAudit', { query });
    if (!answer.ok) return items.length === 0 ? answer : goOn(items, before);
    for (const event of answer.value.items) {
      before = event.id;
      if (!auditMatches(filter, event)) continue;
      items.push(event);
      if (items.length === limit) return goOn(items, before);
    }
    if (answer.value.nextCursor === null) return succeeded({ items, nextCursor: null });
  }
  return goOn(items, before);
}

function goOn(items: AuditEvent[], before: string | null): Outcome<AuditPage> {
  return succeeded({ items, nextCursor: encodeLogCursor({ at: 'service', before }) });
}
