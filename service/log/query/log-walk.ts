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

/** A walk through the attempts that meet a filter, in the order of their ids. */
export interface WalkRequest {
  readonly accountId: string;
  readonly filter: AttemptFilter;
  readonly order: LogOrder;
  /** The id of the last attempt that is known already. */
  readonly cursor?: string | undefined;
}

/** What one step of a walk has come across. Reading it is part of the step, so it is read once. */
export interface Found {
  /** In the order of the walk; all of them where `limit` is absent. */
  rows(limit?: number): Promise<NamedAttemptRow[]>;
  /** In no order. */
  facets(): Promise<AttemptFacets[]>;
}

export interface LogWalk {
  /** Takes the next step; undefined when there is nothing left. A step may well find nothing. */
  next<T>(read: (found: Found) => Promise<T>): Promise<T | undefined>;
}

/** Rows that one step leads through: a few milliseconds of the thread that reads, and of whoever takes what is found. */
const STEP_ROWS = 1_000;
/** Ids named in one statement. */
const MOST_IDS = 500;

const byId =
  (order: LogOrder) =>
  (a: { readonly id: string }, b: { readonly id: string }): number =>
    (a.id < b.id ? -1 : 1) * (order === 'newest' ? -1 : 1);

/** Several lanes side by side: each step ends where the first of them would pass the size of a step. */
const walkLanes = (
  lanes: AttemptScansRepository,
  { accountId, filter }: WalkRequest,
  chosen: readonly IndexScan[],
  whole: KeyRange,
): LogWalk => {
  const { order, far } = whole;
  let near: string | undefined = whole.near;

  const foundIn = (stretch: KeyRange): Found => ({
    rows: async (limit = Number.MAX_SAFE_INTEGER) => {
      const each = await Promise.all(
        chosen.map((lane) => lanes.rows(accountId, lane, stretch, filter, limit)),
      );
      return each.length === 1 ? (each[0] ?? []) : each.flat().sort(byId(order)).slice(0, limit);
    },
    facets: async () =>
      (await Promise.all(chosen.map((lane) => lanes.facets(accountId, lane, stretch, filter)))).flat(),
  });

  return {
    next: async (read) => {
      const from = near;
      if (from === undefined) return undefined;
      const rest: KeyRange = { order, near: from, far };
      const ends = await Promise.all(chosen.map((lane) => lanes.nthId(accountId, lane, rest, STEP_ROWS)));
      const reached = ends.filter((end) => end !== undefined).sort();
      near = order === 'newest' ? reached.at(-1) : reached[0];
      return read(foundIn({ ...rest, far: near ?? far }));
    },
  };
};

/** Attempts that are known by their ids already. */
const walkIds = (
  lanes: AttemptScansRepository,
  { accountId, order }: WalkRequest,
  ids: readonly string[],
): LogWalk => {
  let taken = 0;
  return {
    next: async (read) => {
      if (taken >= ids.length) return undefined;
      const some = ids.slice(taken, taken + MOST_IDS);
      taken += some.length;
      return read({
        rows: (limit = some.length) => lanes.rowsOf(accountId, some.slice(0, limit), order),
        facets: () => lanes.facetsOf(accountId, some),
      });
    },
  };
};

/** Starts a walk by whichever index leads through the fewest rows. */
export const startWalk = async (lanes: AttemptScansRepository, request: WalkRequest): Promise<LogWalk> => {
  const { accountId, filter, order, cursor } = request;
  const plan = await planWalk(lanes, accountId, filter, order, cursor);
  return plan.kind === 'ids'
    ? walkIds(lanes, request, plan.ids)
    : walkLanes(lanes, request, plan.lanes, plan.stretch);
};
