import { decodeTime } from 'ulid';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#shared/durations';
import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { failed, type Failure, type Outcome, succeeded } from '#shared/ipc/failure';
import type { LogFilter } from '#shared/ipc/log';
import { t } from '#shared/i18n/t';
import type { LogReader } from '../store/log-reader';
import { isoTime } from '../text';
import type { CoreContext } from './context';
import { filterProblem } from './page-log';
import { neverFetched } from './paging';

export type ReadingCore = Pick<CoreContext, 'replica' | 'connections' | 'clock'>;

/** The figures of the log come from this computer's rows, online and offline; they say down to which time those are complete. */
interface Figures {
  readonly completeFrom: string | null;
}

export function countLog(
  core: CoreContext,
  { filter }: CallRequest<'log', 'count'>,
): Promise<Outcome<CallResponse<'log', 'count'>>> {
  return figures(core, filter, async (log) => ({ rows: await log.count(filter) }));
}

export function groupLog(
  core: CoreContext,
  { filter, by, order, offset, limit }: CallRequest<'log', 'groups'>,
): Promise<Outcome<CallResponse<'log', 'groups'>>> {
  return figures(core, filter, async (log) => {
    const groups = await log.groups(filter, by, { order, offset, limit: limit + 1 });
    return { groups: groups.slice(0, limit), isMore: groups.length > limit };
  });
}

export function facetLog(
  core: CoreContext,
  { filter }: CallRequest<'log', 'facets'>,
): Promise<Outcome<CallResponse<'log', 'facets'>>> {
  return figures(core, filter, async (log) => ({ facets: await log.facets(filter) }));
}

export function timelineLog(
  core: CoreContext,
  { filter, from, to, mostBuckets }: CallRequest<'log', 'timeline'>,
): Promise<Outcome<CallResponse<'log', 'timeline'>>> {
  return figures(core, filter, async (log) => {
    const span = await log.span();
    const fromMs = from === undefined ? (filter.fromMs ?? span?.fromMs) : Date.parse(from);
    const toMs = to === undefined ? (filter.toMs ?? (span && span.toMs + 1)) : Date.parse(to);
    if (fromMs === undefined || toMs === undefined || toMs <= fromMs) {
      return { from: isoTime(core.clock.now()), bucketSeconds: 1, buckets: [] };
    }
    const bucketMs = bucketLength(toMs - fromMs, mostBuckets);
    const start = Math.floor(fromMs / bucketMs) * bucketMs;
    const count = Math.ceil((toMs - start) / bucketMs);
    const buckets = await log.timeline(filter, { fromMs: start, bucketMs, count });
    return { from: isoTime(start), bucketSeconds: bucketMs / SECOND_MS, buckets: [...buckets] };
  });
}

/** Returns whole hours, or whole minutes for a short time. The first bucket may begin before the time. */
function bucketLength(spanMs: number, mostBuckets: number): number {
  const least = spanMs / Math.max(1, mostBuckets - 1);
  const unitMs = least > HOUR_MS / 2 ? HOUR_MS : MINUTE_MS;
  return Math.max(1, Math.ceil(least / unitMs)) * unitMs;
}

/** Returns the failure of a filter or an unknown log, else what `read` finds and since when the log is complete. */
export async function figures<T extends object>(
  core: ReadingCore,
  filter: LogFilter,
  read: (log: LogReader) => Promise<T>,
): Promise<Outcome<T & Figures>> {
  const problem = filterProblem(filter) ?? unknownLog(core);
  const store = core.replica.store;
  if (problem !== null || store === null) return failed(problem ?? noAccount());
  const found = await read(store.log);
  return succeeded({ ...found, completeFrom: completeFrom(core) });
}

function noAccount(): Failure {
  return { kind: 'unreachable', message: t('refusals.nothingFetched') };
}

function unknownLog(core: ReadingCore): Failure | null {
  return neverFetched(core)?.failure ?? null;
}

/** As long as the edge is not known, nothing is complete but what is still to come. */
function completeFrom({ replica, clock }: ReadingCore): string | null {
  const from = replica.mirror.state.logCompleteFrom;
  if (from === null) return isoTime(clock.now());
  return from === '' ? null : isoTime(decodeTime(from));
}
