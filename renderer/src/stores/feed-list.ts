import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { Failure, Outcome } from '#shared/ipc/failure';
import { settle } from '../bridge/call';
import { type FeedRow, type FeedRows, mergeRows, receiveRows } from './feed-model';
import {
  EMPTY_WINDOW,
  type FeedWindow,
  firstWindow,
  isDropped,
  withNewerPage,
  withOlderPage,
} from './feed-window';

/** Limits memory: beyond it a list that follows restarts with its newest page, and one that does not stops holding rows. */
const MOST_LIVE_ROWS = 5_000;

export interface FeedState<T, F> extends FeedRows<T>, FeedWindow<T> {
  readonly filter: F;
  /** `loading`: the first page for this filter is being loaded; the rows of the former filter stay until then. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly failure: Failure | null;
  readonly loadingMore: boolean;
  readonly moreFailure: Failure | null;
  /** True if new rows appear by themselves: at the top, with nothing selected. */
  readonly following: boolean;
  /** More rows arrived than are held, so following again has to reload. */
  readonly heldIncomplete: boolean;
}

/** Source of a list's rows. */
export interface FeedSource<T, F> {
  readonly pageSize: number;
  readonly filter: F;
  readonly matches: (filter: F, row: T) => boolean;
  /** Loads a page, newest first. A page without a match is empty although more pages may follow. */
  readonly page: (request: {
    readonly filter: F;
    readonly cursor: string | null;
    readonly limit: number;
  }) => Promise<Outcome<Page<T>>>;
  /** Calls the listener with new and changed rows. Returns a function that stops it. */
  readonly onRows: (listener: (news: { readonly items: readonly T[] }) => void) => () => void;
  /** Calls the listener when rows may be gone or have an earlier state. Returns a function that stops it. */
  readonly onReplaced: (listener: () => void) => () => void;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** A list that is loaded page by page, keeps the pages around the viewport, and grows at its top while it is open. */
export interface FeedList<T, F> {
  /** Components only read it. */
  readonly useList: UseBoundStore<StoreApi<FeedState<T, F>>>;
  /** Subscribes before it loads, so that no row is missed. Returns a function that stops it. */
  readonly open: (filter?: F) => () => void;
  readonly reload: () => Promise<void>;
  /** Loads the next page. Does nothing while one is being loaded or if there is none. */
  readonly loadMore: () => Promise<void>;
  /** Loads the last dropped page at the top again. Does nothing while a page is being loaded or if none was dropped. */
  readonly loadNewer: () => Promise<void>;
  readonly setFilter: (filter: F) => void;
  /** Tells if the reader is at the top with nothing selected. On return the held rows appear. */
  readonly follow: (following: boolean) => void;
  /** Restores the initial state. */
  readonly reset: () => void;
}

export function createFeedList<T extends FeedRow, F>(source: FeedSource<T, F>): FeedList<T, F> {
  const { matches, pageSize: limit } = source;
  const useList = create<FeedState<T, F>>(() => ({
    filter: source.filter,
    status: 'idle',
    failure: null,
    ...EMPTY_WINDOW,
    held: [],
    loadingMore: false,
    moreFailure: null,
    following: true,
    heldIncomplete: false,
  }));
  const { getState, setState } = useList;

  /** Counts the requests, so that the response to a former filter is not shown under a later one. */
  let generation = 0;
  let arrivedWhileLoading: T[] = [];

  /** Loads pages until one has a match or is the last, because a rare match leaves pages empty. */
  const fetchPage = async (from: string | null, asked: number): Promise<Outcome<Page<T>>> => {
    const { filter } = getState();
    let cursor = from;
    for (;;) {
      const request = { filter, cursor, limit };
      const outcome = await settle(() => source.page(request));
      if (asked !== generation || !outcome.ok || outcome.value.items.length > 0) return outcome;
      if (outcome.value.nextCursor === null) return outcome;
      cursor = outcome.value.nextCursor;
    }
  };

  const optionsOf = ({ following, nextCursor, filter }: FeedState<T, F>) => ({
    following,
    hasOlderPages: nextCursor !== null,
    matches: (row: T) => matches(filter, row),
  });

  const reload = async (): Promise<void> => {
    generation += 1;
    const asked = generation;
    setState({ status: 'loading', failure: null, loadingMore: false, moreFailure: null });
    const outcome = await fetchPage(null, asked);
    if (asked !== generation) return;
    if (!outcome.ok) {
      setState({ status: 'failed', failure: outcome.failure });
      return;
    }
    const { items, nextCursor } = outcome.value;
    // Live rows that arrived during the request are newer than the page, or later versions of its rows.
    const live = arrivedWhileLoading;
    arrivedWhileLoading = [];
    const page = receiveRows(
      { rows: mergeRows([], items), held: [] },
      live,
      optionsOf({ ...getState(), nextCursor, following: true }),
    );
    const first = firstWindow(page.rows, outcome.value);
    setState({ ...first, held: page.held, status: 'ready', heldIncomplete: false });
  };

  const loadMore = async (): Promise<void> => {
    const { status, nextCursor, loadingMore } = getState();
    if (status !== 'ready' || loadingMore || nextCursor === null) return;
    const asked = generation;
    setState({ loadingMore: true, moreFailure: null });
    const outcome = await fetchPage(nextCursor, asked);
    if (asked !== generation) return;
    if (!outcome.ok) {
      setState({ loadingMore: false, moreFailure: outcome.failure });
      return;
    }
    const { value } = outcome;
    setState((state) => ({ ...withOlderPage(state, value), loadingMore: false }));
  };

  const loadNewer = async (): Promise<void> => {
    const { status, loadingMore, pages, droppedPages, rows } = getState();
    const page = pages[droppedPages - 1];
    if (status !== 'ready' || loadingMore || page === undefined) return;
    const asked = generation;
    setState({ loadingMore: true, moreFailure: null });
    const items: T[] = [];
    // Live rows may have joined the page since, so that it may take several to come down to what is there.
    for (let { cursor }: { cursor: string | null } = page; ;) {
      const outcome = await fetchPage(cursor, asked);
      if (asked !== generation) return;
      if (!outcome.ok) {
        setState({ loadingMore: false, moreFailure: outcome.failure });
        return;
      }
      items.push(...outcome.value.items);
      ({ nextCursor: cursor } = outcome.value);
      if (cursor === null || (items.at(-1)?.id ?? '') <= (rows[0]?.id ?? '')) break;
    }
    setState((state) => ({ ...withNewerPage(state, items), loadingMore: false }));
  };

  const receive = (items: readonly T[]): void => {
    const state = getState();
    if (state.status === 'loading') arrivedWhileLoading.push(...items);
    if (state.status !== 'ready') return;
    const visible = items.filter((row) => !isDropped(state, row));
    const { rows, held } = receiveRows(state, visible, optionsOf(state));
    const overflow = held.length > MOST_LIVE_ROWS;
    setState({
      rows,
      held: overflow ? held.slice(0, MOST_LIVE_ROWS) : held,
      heldIncomplete: state.heldIncomplete || overflow,
    });
    if (state.following && rows.length > MOST_LIVE_ROWS) void reload();
  };

  const follow = (following: boolean): void => {
    const state = getState();
    if (state.following === following) return;
    if (!following) setState({ following });
    else if (state.heldIncomplete || state.droppedPages > 0) {
      setState({ following, held: [] });
      void reload();
    } else setState({ following, ...receiveRows(state, [], { ...optionsOf(state), following }) });
  };

  /** Ignores the responses of running requests. */
  const abandon = (): void => {
    generation += 1;
    arrivedWhileLoading = [];
  };

  return {
    useList,
    reload,
    loadMore,
    loadNewer,
    follow,
    setFilter: (filter) => {
      setState({ filter, following: true });
      void reload();
    },
    open: (filter = getState().filter) => {
      const unsubscribe = [
        source.onRows(({ items }) => receive(items)),
        source.onReplaced(() => {
          setState({ held: [] });
          void reload();
        }),
      ];
      setState({ filter, following: true, held: [], heldIncomplete: false });
      void reload();
      return () => {
        for (const end of unsubscribe) end();
        abandon();
      };
    },
    reset: () => {
      abandon();
      setState(useList.getInitialState(), true);
    },
  };
}
