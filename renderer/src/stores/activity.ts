import { auditMatches } from '#shared/domain/audit-filter';
import type { AuditEvent } from '#shared/domain/entities';
import type { AuditFilter } from '#shared/ipc/audit';
import { bridge } from '../bridge/bridge';
import { createFeedList } from './feed-list';

/** The audit trail as far as it is loaded, with new events. */
export const activityList = createFeedList<AuditEvent, AuditFilter>({
  pageSize: 100,
  filter: {},
  matches: auditMatches,
  page: (request) => bridge().calls.audit.page(request),
  onRows: (listener) => bridge().events.audit.added(listener),
  onReplaced: (listener) => bridge().events.audit.replaced(listener),
});

export const useActivity = activityList.useList;
