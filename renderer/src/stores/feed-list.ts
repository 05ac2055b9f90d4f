import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { Failure, Outcome } from '#shared/ipc/failure';
import { settle } from '../bridge/call';
import { type FeedRow, type FeedRows, mergeRows, receiveRows } from './feed-model';

/**
 * Above this many rows a list that follows starts again with its newest page, and one that does not keeps no more back:
 * a night of calls must not cost memory.
 */
const MOST_LIVE_ROWS = 5_000;

export interface FeedState<T, F> extends FeedRows<T> {
  readonly filter: F;
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

/** Where a list has its rows from. */
export interface FeedSource<T, F> {
  readonly pageSize: number;
  /** The filter to start with. */
  readonly filter: F;
  readonly matches: (filter: F, row: T) => boolean;
  /** A page, newest first. One in which nothing fits may be empty, and there may be more all the same. */
  readonly page: (request: {
    readonly filter: F;
    readonly cursor: string | null;
    readonly limit: number;
  }) => Promise<Outcome<Page<T>>>;
  /** Tells rows as they come or change, until the given function is called. */
  readonly onRows: (listener: (news: { readonly items: readonly T[] }) => void) => () => void;
  /** Tells that rows may be gone, or in an earlier state, until the given function is called. */
  readonly onReplaced: (listener: () => void) => () => void;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** A list that is read page by page and grows at its top while it is open. */
export interface FeedList<T, F> {
  /** Read-only for components: only the functions beside it write it. */
  readonly useList: UseBoundStore<StoreApi<FeedState<T, F>>>;
  /** Subscribes first and then loads, so that no row is missed between. Gives a function that stops it. */
  readonly open: (filter?: F) => () => void;
  /** Loads the newest page and shows it in place of what was there. */
  readonly reload: () => Promise<void>;
  /** Loads the page below what is shown. Does nothing while one is on its way or when there is none. */
  readonly loadMore: () => Promise<void>;
  readonly setFilter: (filter: F) => void;
  /** The reader is at the top with nothing selected, or is not; on return the held rows appear. */
  readonly follow: (following: boolean) => void;
  /** As at the start of the window. */
  readonly reset: () => void;
}

export function createFeedList<T extends FeedRow, F>(source: FeedSource<T, F>): FeedList<T, F> {
  const { matches, pageSize: limit } = source;
  const useList = create<FeedState<T, F>>(() => ({
    filter: source.filter,
    status: 'idle',
    failure: null,
    rows: [],
    held: [],
    nextCursor: null,
    loadingMore: false,
    moreFailure: null,
    following: true,
    heldIncomplete: false,
  }));
  const { getState, setState } = useList;

  /** Counts the questions asked, so that an answer to an earlier filter is not shown under a later one. */
  let generation = 0;
  let arrivedWhileLoading: T[] = [];

  /** A page with something in it, or the last one: where a filter fits little, some pages in between are empty. */
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
    // Live rows that came during the question are newer than the page, or the same rows changed later.
    const live = arrivedWhileLoading;
    arrivedWhileLoading = [];
    const page = receiveRows(
      { rows: mergeRows([], items), held: [] },
      live,
      optionsOf({ ...getState(), nextCursor, following: true }),
    );
    setState({ ...page, status: 'ready', nextCursor, heldIncomplete: false });
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
    setState(({ rows }) => ({
      rows: mergeRows(rows, value.items),
      nextCursor: value.nextCursor,
      loadingMore: false,
    }));
  };

  const receive = (items: readonly T[]): void => {
    const state = getState();
    if (state.status === 'loading') arrivedWhileLoading.push(...items);
    if (state.status !== 'ready') return;
    const { rows, held } = receiveRows(state, items, optionsOf(state));
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
    else if (state.heldIncomplete) {
      setState({ following, held: [] });
      void reload();
    } else setState({ following, ...receiveRows(state, [], { ...optionsOf(state), following }) });
  };

  /** What is asked for is not waited for any more. */
  const abandon = (): void => {
    generation += 1;
    arrivedWhileLoading = [];
  };

  return {
    useList,
    reload,
    loadMore,
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
