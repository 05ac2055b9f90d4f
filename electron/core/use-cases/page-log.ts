import { addressRangeOf } from '#shared/domain/address-range';
import { attemptMatches } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import { MINUTE_MS } from '#shared/durations';
import type { CallRequest } from '#shared/ipc/derive';
import { failed, type Failure, type Outcome, succeeded } from '#shared/ipc/failure';
import type { LogFilter, LogPage } from '#shared/ipc/log';
import { t } from '#shared/i18n/t';
import type { ApiClient } from '../api/client';
import { isoTime } from '../text';
import type { CoreContext } from './context';
import { encodePageCursor, type PagedList, pageOf } from './paging';

/** Returns a page of the log; see {@link pageOf}. */
export async function pageLog(
  core: CoreContext,
  request: CallRequest<'log', 'page'>,
): Promise<Outcome<LogPage>> {
  const { filter } = request;
  const problem = filterProblem(filter);
  if (problem !== null) return failed(problem);
  const { replica } = core;
  const list: PagedList<Attempt> = {
    completeFrom: () => replica.mirror.state.logCompleteFrom,
    isFilledUp: true,
    stored: async (window) => (await replica.store?.log.page(filter, window)) ?? [],
    fetched: (client, before, limit) => fetchPage(core, client, filter, before, limit),
    messages: {
      noSuchPage: t('refusals.noLogPage'),
      olderElsewhere: t('refusals.olderRows'),
    },
  };
  return pageOf(core, list, request);
}

/** Returns the failure of a filter whose address cannot be read, or whose time ends before it begins; else null. */
export function filterProblem({ ip, fromMs, toMs }: LogFilter): Failure | null {
  if (ip !== undefined && addressRangeOf(ip) === null) {
    const message = t('refusals.notARange');
    return { kind: 'invalid', code: 'invalid_cidr', field: 'ip', message };
  }
  if (fromMs === undefined || toMs === undefined || fromMs < toMs) return null;
  const message = t('refusals.endsTooEarly');
  return { kind: 'invalid', code: 'invalid_request', field: 'toMs', message };
}

/**
 * Fetches a page from the service. Without a filter, and right below the local rows, it is stored while there is room, so
 * that the rows are available offline too.
 */
async function fetchPage(
  { replica }: CoreContext,
  client: ApiClient,
  filter: LogFilter,
  before: string | null,
  limit: number,
): Promise<Outcome<LogPage>> {
  const { text, asn, method, country, fromMs, toMs, ...others } = filter;
  // The service has no filter for networks, methods and what is not known, and compares other times than the ids, so that a page
  // may be short.
  const query = {
    limit,
    ...others,
    ...(country === undefined || country === '' ? {} : { country }),
    ...(text === undefined || text.trim() === '' ? {} : { q: text.trim() }),
    ...(fromMs === undefined ? {} : { from: isoTime(Math.max(0, fromMs - MINUTE_MS)) }),
    ...(toMs === undefined ? {} : { to: isoTime(toMs) }),
    ...(before === null ? {} : { cursor: before }),
  };
  const edge = replica.mirror.logEdge;
  const answer = await client.call('listAttempts', { query });
  if (!answer.ok) return failed(fieldOf(answer.failure));
  const { items, nextCursor } = answer.value;
  const isWhole =
    [asn, method, country].every((value) => value === undefined) &&
    Object.keys(query).every((name) => name === 'limit' || name === 'cursor');
  const isKept = isWhole && before === edge.at && replica.mirror.keepOlder(edge, items, nextCursor === null);
  return succeeded({
    items: items.filter((row) => attemptMatches(filter, row)),
    nextCursor:
      nextCursor === null ? null : encodePageCursor({ at: isKept ? 'store' : 'service', before: nextCursor }),
  });
}

/** The service calls the text of a filter `q`. */
function fieldOf(failure: Failure): Failure {
  return failure.kind === 'invalid' && failure.field === 'q' ? { ...failure, field: 'text' } : failure;
}
