import { listAttempts } from '../log/query/list-attempts';
import { exportAttempts } from '../log/query/export-attempts';
import { readFilter } from '../log/query/read-filter';
import { summarizeAttempts } from '../log/query/summarize-attempts';
import { attemptOf } from '../storage/repositories/attempts';
import { exportName } from './export-name';
import type { RouteHandlers } from './route-handlers';

const CONTENT_TYPES = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson' } as const;

export const logHandlers: Pick<RouteHandlers, 'listAttempts' | 'summarizeAttempts' | 'exportAttempts'> = {
  listAttempts: async ({ storage, directory, principal }, { query }) => {
    const { limit, cursor, order, ...filter } = query;
    const { accountId } = principal;
    const page = await listAttempts(storage.read.attemptScans, {
      accountId,
      filter: readFilter(filter, directory.account(accountId)),
      order,
      cursor,
      limit,
    });
    return { items: page.items.map(attemptOf), nextCursor: page.nextCursor };
  },

  summarizeAttempts: ({ storage, directory, clock, principal, signal }, { query }) => {
    const { top, ...filter } = query;
    const policy = directory.account(principal.accountId);
    return summarizeAttempts(storage.read.attemptScans, {
      accountId: policy.id,
      filter: readFilter(filter, policy),
      top,
      now: clock.now(),
      signal,
      keyName: (keyId) => policy.keys.get(keyId)?.name ?? '',
    });
  },

  exportAttempts: ({ storage, directory, clock, principal }, { query }) => {
    const { format, ...asked } = query;
    const { accountId } = principal;
    const filter = readFilter(asked, directory.account(accountId));
    return Promise.resolve({
      contentType: CONTENT_TYPES[format],
      fileName: exportName('log', clock.now(), format),
      pieces: exportAttempts(storage.read.attemptScans, accountId, filter, format),
    });
  },
};
