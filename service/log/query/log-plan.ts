import { DAY_MS } from '#shared/durations';
import type { AttemptFilter } from '../../storage/repositories/attempt-filter';
import {
  HIGHEST_ID,
  LOWEST_ID,
  type AddressCursor,
  type AttemptScansRepository,
  type IndexScan,
  type LogOrder,
  type KeyRange,
} from '../../storage/repositories/attempt-scans';
import { lowestIdAt } from '#shared/domain/id-time';
import { loggedReasonsOf } from '../reasons';

/** The access path of a walk: index scans within a key range, or ids that are known already. */
type WalkPlan =
  | { readonly kind: 'scans'; readonly scans: readonly IndexScan[]; readonly keyRange: KeyRange }
  | { readonly kind: 'ids'; readonly ids: readonly string[] };

/** A plan with at most this many rows is good enough to end the search for a better one. */
const CHEAP_ROWS = 5_000;

/**
 * Limit of attempts that are gathered by the index of addresses and sorted in memory. A network with more is a large part
 * of the log, so that a walk in the log's order meets it soon.
 */
const MOST_SPAN_ROWS = 100_000;

/**
 * Largest distance between an attempt's times and the time in its id, which is that of its first write. Its last call is at most
 * an aggregation window later. Its first call is usually a moment earlier, but much earlier where the clock was set back.
 */
export const LONGEST_WINDOW_MS = DAY_MS;

/** Returns the range of ids that can match the filter's times and lie beyond the cursor. */
function keyRangeOf(filter: AttemptFilter, order: LogOrder, cursor: string | undefined): KeyRange {
  const lowest = filter.from === undefined ? LOWEST_ID : lowestIdAt(filter.from - LONGEST_WINDOW_MS);
  const highest = filter.to === undefined ? HIGHEST_ID : lowestIdAt(filter.to + LONGEST_WINDOW_MS);
  if (order === 'newest') {
    return { order, near: cursor !== undefined && cursor < highest ? cursor : highest, far: lowest };
  }
  return { order, near: cursor !== undefined && cursor > lowest ? cursor : lowest, far: highest };
}

/** Returns the index scans of each filter that has an index of its own. */
function candidatesOf({
  ipSpan,
  keyId,
  verdict,
  reason,
  country,
}: AttemptFilter): readonly (readonly IndexScan[])[] {
  const candidates: IndexScan[][] = [];
  if (ipSpan?.first === ipSpan?.last && ipSpan !== undefined) {
    candidates.push([{ column: 'ip_sort', value: ipSpan.first }]);
  }
  if (keyId !== undefined) candidates.push([{ column: 'key_id', value: keyId }]);
  if (country !== undefined) candidates.push([{ column: 'country', value: country }]);
  if (reason !== undefined) candidates.push([{ column: 'reason', value: reason }]);
  else if (verdict !== undefined) {
    candidates.push(loggedReasonsOf(verdict).map((value) => ({ column: 'reason', value })));
  }
  return candidates;
}

/** Returns the candidate with the fewest rows; the first one if all have many. */
async function cheapestOf(
  scans: AttemptScansRepository,
  accountId: string,
  candidates: readonly (readonly IndexScan[])[],
  keyRange: KeyRange,
): Promise<{ readonly scans: readonly IndexScan[]; readonly rows: number } | undefined> {
  let cheapest: { readonly scans: readonly IndexScan[]; readonly rows: number } | undefined;
  for (const candidate of candidates) {
    const counts = await Promise.all(
      candidate.map((scan) => scans.count(accountId, scan, keyRange, CHEAP_ROWS)),
    );
    const rows = counts.reduce((sum, count) => sum + count, 0);
    if (cheapest === undefined || rows < cheapest.rows) cheapest = { scans: candidate, rows };
  }
  return cheapest;
}

/** Returns the matching ids of the network's attempts in the key range, in its order; undefined if there are too many. */
async function idsInSpan(
  scans: AttemptScansRepository,
  accountId: string,
  filter: AttemptFilter,
  span: NonNullable<AttemptFilter['ipSpan']>,
  { order, near, far }: KeyRange,
): Promise<readonly string[] | undefined> {
  const { ipSpan: _, ...others } = filter;
  const ids: string[] = [];
  const [above, below] = order === 'newest' ? [far, near] : [near, far];
  let from: AddressCursor | undefined = { ip_sort: span.first, id: LOWEST_ID };
  for (let rows = 0; from !== undefined; rows += CHEAP_ROWS) {
    if (rows >= MOST_SPAN_ROWS) return undefined;
    const reached: AddressCursor | undefined = await scans.nthInSpan(accountId, from, span.last, CHEAP_ROWS);
    const upTo = reached ?? { ip_sort: span.last, id: HIGHEST_ID };
    for (const id of await scans.idsInSpan(accountId, from, upTo, others)) {
      if (id > above && id < below) ids.push(id);
    }
    from = reached;
  }
  ids.sort();
  return order === 'newest' ? ids.reverse() : ids;
}

/** Chooses the index that leads through the fewest rows. */
export async function planWalk(
  scans: AttemptScansRepository,
  accountId: string,
  filter: AttemptFilter,
  order: LogOrder,
  cursor: string | undefined,
): Promise<WalkPlan> {
  const keyRange = keyRangeOf(filter, order, cursor);
  const candidates = candidatesOf(filter);
  const { ipSpan } = filter;
  const isNetwork = ipSpan !== undefined && ipSpan.first !== ipSpan.last;
  const [only] = candidates;
  if (!isNetwork && only === undefined) return { kind: 'scans', scans: [{}], keyRange };
  if (!isNetwork && only !== undefined && candidates.length === 1) {
    return { kind: 'scans', scans: only, keyRange };
  }
  const cheapest = await cheapestOf(scans, accountId, candidates, keyRange);
  if (isNetwork && (cheapest === undefined || cheapest.rows >= CHEAP_ROWS)) {
    const ids = await idsInSpan(scans, accountId, filter, ipSpan, keyRange);
    if (ids !== undefined) return { kind: 'ids', ids };
  }
  return { kind: 'scans', scans: cheapest?.scans ?? [{}], keyRange };
}
