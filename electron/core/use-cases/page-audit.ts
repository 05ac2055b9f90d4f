import { auditMatches } from '#shared/domain/audit-filter';
import type { AuditEvent } from '#shared/domain/entities';
import type { AuditFilter, AuditPage } from '#shared/ipc/audit';
import type { CallRequest } from '#shared/ipc/derive';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import type { ApiClient } from '../api/client';
import type { CoreContext } from './context';
import { encodePageCursor, type PagedList, pageOf } from './paging';

/** A large page, because the service has no filter and most events may not match. */
const SERVICE_PAGE = 500;
/** The most pages of the service in one answer. If nothing matches in them, the window asks on. */
const MOST_SERVICE_PAGES = 4;

/** Returns a page of the audit trail; see {@link pageOf}. A page may be short or empty and still have a successor. */
export async function pageAudit(
  core: CoreContext,
  request: CallRequest<'audit', 'page'>,
): Promise<Outcome<AuditPage>> {
  const { replica } = core;
  const { filter } = request;
  const list: PagedList<AuditEvent> = {
    completeFrom: () => replica.mirror.state.auditCompleteFrom,
    // The stored events are available at once.
    isFilledUp: false,
    stored: (window) => Promise.resolve(replica.store?.audit.page(filter, window) ?? []),
    fetched: (client, before, limit) => fetchPage(client, filter, before, limit),
    messages: {
      noSuchPage: t('refusals.noTrailPage'),
      olderElsewhere: t('refusals.olderEvents'),
    },
  };
  return pageOf(core, list, request);
}

async function fetchPage(
  client: ApiClient,
  filter: AuditFilter,
  below: string | null,
  limit: number,
): Promise<Outcome<AuditPage>> {
  const items: AuditEvent[] = [];
  let before = below;
  const upToHere = () => succeeded({ items, nextCursor: encodePageCursor({ at: 'service', before }) });
  for (let pages = 0; pages < MOST_SERVICE_PAGES; pages += 1) {
    const query = { limit: SERVICE_PAGE, ...(before === null ? {} : { cursor: before }) };
    const answer = await client.call('listAudit', { query });
    if (!answer.ok) return items.length === 0 ? answer : upToHere();
    for (const event of answer.value.items) {
      before = event.id;
      if (!auditMatches(filter, event)) continue;
      items.push(event);
      if (items.length === limit) return upToHere();
    }
    if (answer.value.nextCursor === null) return succeeded({ items, nextCursor: null });
  }
  return upToHere();
}
