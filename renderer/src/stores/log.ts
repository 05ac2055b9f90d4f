import { create } from 'zustand';
import { attemptMatches } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import type { LogFilter } from '#shared/ipc/contract';
import type { Failure } from '#shared/ipc/failure';
import { bridge } from '../bridge/bridge';
import { settle } from '../bridge/call';
import { type LogRows, mergeRows, receiveRows } from './log-model';

const PAGE_SIZE = 200;
/**
 * Above this many rows a log that follows starts again with its newest page, and one that does not keeps no more back:
 * a night of calls must not cost memory.
 */
const MOST_LIVE_ROWS = 5_000;

interface LogState extends LogRows {
  readonly filter: LogFilter;
  /** `loading`: the first page for this filter is on its way; rows of the filter before stay until it is here. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly failure: Failure | null;
  readonly nextCursor: string | null;
  readonly loadingMore: boolean;
  readonly moreFailure: Failure | null;
  /** Whether new rows appear by themselves: at the top, with nothing selected. */
  readonly following: boolean;
  /** More came than is kept back: to follow again is to load again. */
  readonly heldIncomplete: boolean;
}

const initialState: LogState = {
  filter: {},
  status: 'idle',
  failure: null,
  rows: [],
  held: [],
  nextCursor: null,
  loadingMore: false,
  moreFailure: null,
  following: true,
  heldIncomplete: false,
};

export const useLog = create<LogState>(() => initialState);

/** Counts the questions asked, so that an answer to an earlier filter is not shown under a later one. */
let generation = 0;
let arrivedWhileLoading: Attempt[] = [];

const fetchPage = (filter: LogFilter, cursor: string | null) =>
  settle(() => bridge().calls.log.page({ filter, cursor, limit: PAGE_SIZE }));

/** Loads the newest page and shows it in place of what was there. */
export async function reloadLog(): Promise<void> {
  generation += 1;
  const asked = generation;
  useLog.setState({ status: 'loading', failure: null, loadingMore: false, moreFailure: null });
  const outcome = await fetchPage(useLog.getState().filter, null);
  if (asked !== generation) return;
  if (!outcome.ok) {
    useLog.setState({ status: 'failed', failure: outcome.failure });
    return;
  }
  const { items, nextCursor } = outcome.value;
  // Live rows that came during the question are newer than the page, or the same rows with a later seq.
  const live = arrivedWhileLoading;
  arrivedWhileLoading = [];
  const page = receiveRows(
    { rows: mergeRows([], items), held: [] },
    live,
    optionsOf({ ...useLog.getState(), nextCursor, following: true }),
  );
  useLog.setState({ ...page, status: 'ready', nextCursor, heldIncomplete: false });
}

const optionsOf = (state: LogState) => ({
  following: state.following,
  hasOlderPages: state.nextCursor !== null,
  matches: (attempt: Attempt) => attemptMatches(state.filter, attempt),
});

/** Loads the page below what is shown. Does nothing while one is on its way or when there is none. */
export async function loadMore(): Promise<void> {
  const { status, filter, nextCursor, loadingMore } = useLog.getState();
  if (status !== 'ready' || loadingMore || nextCursor === null) return;
  const asked = generation;
  useLog.setState({ loadingMore: true, moreFailure: null });
  const outcome = await fetchPage(filter, nextCursor);
  if (asked !== generation) return;
  if (!outcome.ok) {
    useLog.setState({ loadingMore: false, moreFailure: outcome.failure });
    return;
  }
  useLog.setState((state) => ({
    rows: mergeRows(state.rows, outcome.value.items),
    nextCursor: outcome.value.nextCursor,
    loadingMore: false,
  }));
}

export function setLogFilter(filter: LogFilter): void {
  useLog.setState({ filter, following: true });
  void reloadLog();
}

function receive(items: readonly Attempt[]): void {
  const state = useLog.getState();
  if (state.status === 'loading') {
    arrivedWhileLoading.push(...items);
    return;
  }
  if (state.status !== 'ready') return;
  const { rows, held } = receiveRows(state, items, optionsOf(state));
  const overflow = held.length > MOST_LIVE_ROWS;
  useLog.setState({
    rows,
    held: overflow ? held.slice(0, MOST_LIVE_ROWS) : held,
    heldIncomplete: state.heldIncomplete || overflow,
  });
  if (state.following && rows.length > MOST_LIVE_ROWS) void reloadLog();
}

/** The reader is at the top with nothing selected, or is not; on return the held rows appear. */
export function setFollowing(following: boolean): void {
  const state = useLog.getState();
  if (state.following === following) return;
  if (!following) useLog.setState({ following });
  else if (state.heldIncomplete) {
    useLog.setState({ following, held: [] });
    void reloadLog();
  } else useLog.setState({ following, ...receiveRows(state, [], { ...optionsOf(state), following }) });
}

/** Subscribes first and then loads, so that no row is missed between. Gives a function that stops it. */
export function openLog(filter: LogFilter): () => void {
  const unsubscribe = bridge().events.log.changed(({ items }) => {
    receive(items);
  });
  useLog.setState({ filter, following: true, held: [], heldIncomplete: false });
  void reloadLog();
  return unsubscribe;
}

export function resetLog(): void {
  generation += 1;
  arrivedWhileLoading = [];
  useLog.setState(initialState, true);
}
