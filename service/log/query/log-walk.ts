import type { AttemptFacets } from '../../storage/repositories/attempt-facets';
import type { AttemptFilter } from '../../storage/repositories/attempt-filter';
import type {
  AttemptScansRepository,
  IndexScan,
  LogOrder,
  KeyRange,
} from '../../storage/repositories/attempt-scans';
import type { NamedAttemptRow } from '../../storage/repositories/attempts';
import { planWalk } from './log-plan';

/** A request for the attempts that match a filter, in the order of their ids. */
export interface WalkRequest {
  readonly accountId: string;
  readonly filter: AttemptFilter;
  readonly order: LogOrder;
  /** The walk begins behind the attempt with this id. */
  readonly cursor?: string | undefined;
}

/** The attempts of one step. They can be read only during the step. */
export interface Found {
  /** Returns the rows in the order of the walk, at most `limit`. */
  rows(limit?: number): Promise<NamedAttemptRow[]>;
  /** Returns the facets in no particular order. */
  facets(): Promise<AttemptFacets[]>;
}

interface LogWalk {
  /** Takes the next step, which may find nothing. Resolves with undefined at the end. */
  next<T>(read: (found: Found) => Promise<T>): Promise<T | undefined>;
}

/** Rows that one step passes, so that it occupies the reading thread only briefly. */
const STEP_ROWS = 1_000;
/** Limit of ids in one statement. */
const MOST_IDS = 500;

function byId(order: LogOrder) {
  return (a: { readonly id: string }, b: { readonly id: string }): number =>
    (a.id < b.id ? -1 : 1) * (order === 'newest' ? -1 : 1);
}

/** Walks several index scans side by side. Each step ends at the first scan that has passed the rows of a step. */
function walkScans(
  scans: AttemptScansRepository,
  { accountId, filter }: WalkRequest,
  chosen: readonly IndexScan[],
  whole: KeyRange,
): LogWalk {
  const { order, far } = whole;
  let near: string | undefined = whole.near;

  const foundIn = (keyRange: KeyRange): Found => ({
    rows: async (limit = Number.MAX_SAFE_INTEGER) => {
      const each = await Promise.all(
        chosen.map((scan) => scans.rows(accountId, scan, keyRange, filter, limit)),
      );
      return each.length === 1 ? (each[0] ?? []) : each.flat().sort(byId(order)).slice(0, limit);
    },
    facets: async () =>
      (await Promise.all(chosen.map((scan) => scans.facets(accountId, scan, keyRange, filter)))).flat(),
  });

  return {
    next: async (read) => {
      const from = near;
      if (from === undefined) return undefined;
      const rest: KeyRange = { order, near: from, far };
      const ends = await Promise.all(chosen.map((scan) => scans.nthId(accountId, scan, rest, STEP_ROWS)));
      const reached = ends.filter((end) => end !== undefined).sort();
      near = order === 'newest' ? reached.at(-1) : reached[0];
      return read(foundIn({ ...rest, far: near ?? far }));
    },
  };
}

/** Walks attempts whose ids are known already. */
function walkIds(
  scans: AttemptScansRepository,
  { accountId, order }: WalkRequest,
  ids: readonly string[],
): LogWalk {
  let taken = 0;
  return {
    next: async (read) => {
      if (taken >= ids.length) return undefined;
      const some = ids.slice(taken, taken + MOST_IDS);
      taken += some.length;
      return read({
        rows: (limit = some.length) => scans.rowsOf(accountId, some.slice(0, limit), order),
        facets: () => scans.facetsOf(accountId, some),
      });
    },
  };
}

export async function startWalk(scans: AttemptScansRepository, request: WalkRequest): Promise<LogWalk> {
  const { accountId, filter, order, cursor } = request;
  const plan = await planWalk(scans, accountId, filter, order, cursor);
  return plan.kind === 'ids'
    ? walkIds(scans, request, plan.ids)
    : walkScans(scans, request, plan.scans, plan.keyRange);
}
