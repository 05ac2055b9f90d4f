import { type FeedRow, mergeRows } from './feed-model';

/** Limits memory: of a long list only the pages around the viewport are kept. */
const MOST_ROWS = 2_000;

interface PageMark {
  /** The cursor that the page was loaded with, and is loaded with again. */
  readonly cursor: string | null;
  /** The id of its oldest row. */
  readonly lastId: string;
}

/** The rows in memory, newest first, and the pages that were loaded, of which the first ones may have been dropped. */
export interface FeedWindow<T> {
  readonly rows: readonly T[];
  /** The number of rows above, which were dropped. They keep their place in the list. */
  readonly above: number;
  readonly pages: readonly PageMark[];
  /** The number of dropped pages. */
  readonly droppedPages: number;
  /** The newest row of the list when its first page was dropped. */
  readonly topId: string | null;
  readonly nextCursor: string | null;
}

export const EMPTY_WINDOW: FeedWindow<never> = {
  rows: [],
  above: 0,
  pages: [],
  droppedPages: 0,
  topId: null,
  nextCursor: null,
};

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Returns the window of the first page, whose rows may have changed since it was loaded. */
export function firstWindow<T extends FeedRow>(
  rows: readonly T[],
  { items, nextCursor }: Page<T>,
): FeedWindow<T> {
  const last = items.at(-1);
  return {
    ...EMPTY_WINDOW,
    rows,
    pages: last === undefined ? [] : [{ cursor: null, lastId: last.id }],
    nextCursor,
  };
}

/** Adds the page at the bottom that was loaded with the window's cursor, and drops pages at the top beyond the limit. */
export function withOlderPage<T extends FeedRow>(
  before: FeedWindow<T>,
  { items, nextCursor }: Page<T>,
): FeedWindow<T> {
  const last = items.at(-1);
  if (last === undefined) return { ...before, nextCursor };
  const pages = [...before.pages, { cursor: before.nextCursor, lastId: last.id }];
  let rows = mergeRows(before.rows, items);
  let { above, droppedPages, topId } = before;
  while (rows.length > MOST_ROWS && droppedPages < pages.length - 1) {
    const { lastId = '' } = pages[droppedPages] ?? {};
    const kept = rows.filter(({ id }) => id < lastId);
    topId ??= rows[0]?.id ?? null;
    above += rows.length - kept.length;
    droppedPages += 1;
    rows = kept;
  }
  return { rows, above, pages, droppedPages, topId, nextCursor };
}

/** Adds the last dropped page again, and drops pages at the bottom beyond the limit. */
export function withNewerPage<T extends FeedRow>(before: FeedWindow<T>, items: readonly T[]): FeedWindow<T> {
  const { topId } = before;
  const firstId = before.rows[0]?.id ?? '';
  const fresh = items.filter(({ id }) => id > firstId && (topId === null || id <= topId));
  const droppedPages = before.droppedPages - 1;
  const pages = [...before.pages];
  let rows = mergeRows(before.rows, fresh);
  let { nextCursor } = before;
  while (rows.length > MOST_ROWS && pages.length - droppedPages > 1) {
    nextCursor = pages.pop()?.cursor ?? null;
    const lastId = pages.at(-1)?.lastId ?? '';
    rows = rows.filter(({ id }) => id >= lastId);
  }
  const above = droppedPages === 0 ? 0 : Math.max(0, before.above - fresh.length);
  return { rows, above, pages, droppedPages, topId: droppedPages === 0 ? null : topId, nextCursor };
}

/** Returns true if the row is among those that were dropped, so that it is no news. */
export function isDropped<T extends FeedRow>({ rows, topId }: FeedWindow<T>, { id }: FeedRow): boolean {
  return topId !== null && id <= topId && id > (rows[0]?.id ?? '');
}
