import { create } from 'zustand';

export type GroupBy = 'none' | 'key' | 'network' | 'country' | 'subnet';

interface PendingListState {
  readonly groupBy: GroupBy;
  /** Groups whose reviews are hidden. */
  readonly folded: ReadonlySet<string>;
  /** The row that the keyboard is on and the panel shows. The index finds its neighbour when the row goes away. */
  readonly cursor: { readonly id: string; readonly index: number } | null;
  /** The list scrolls to the cursor. A row under the pointer is in view anyway. */
  readonly isFollowed: boolean;
  /** In a narrow window the panel lies over the list while this is set. */
  readonly isPanelOpen: boolean;
  /** Reviews to be answered together. Those that are answered meanwhile do not count. */
  readonly selected: ReadonlySet<string>;
  /** Where a span of selected rows begins, and what was selected before it. */
  readonly anchor: { readonly id: string; readonly before: ReadonlySet<string> } | null;
  /** Pixels; a change of screen does not lose the scroll position. */
  readonly scrollTop: number;
}

const NONE: ReadonlySet<string> = new Set();

/** How a person looks at the list of reviews. Rows select their own part, so that a click renders one row. */
export const usePendingList = create<PendingListState>(() => ({
  groupBy: 'none',
  folded: NONE,
  cursor: null,
  isFollowed: false,
  isPanelOpen: false,
  selected: NONE,
  anchor: null,
  scrollTop: 0,
}));

const { setState, getState } = usePendingList;

function withIds(known: ReadonlySet<string>, ids: Iterable<string>, isIn: boolean): ReadonlySet<string> {
  const next = new Set(known);
  for (const id of ids) {
    if (isIn) next.add(id);
    else next.delete(id);
  }
  return next;
}

export function select(ids: readonly string[], isSelected: boolean): void {
  const selected = withIds(getState().selected, ids, isSelected);
  const last = ids.at(-1);
  setState({ selected, ...(last === undefined ? {} : { anchor: { id: last, before: selected } }) });
}

export function toggle(id: string): void {
  select([id], !getState().selected.has(id));
}

/** Selects from the anchor to the row; `order` has the selectable reviews as they are shown. */
export function selectSpan(order: readonly string[], id: string, fromId: string | null): void {
  const anchor = getState().anchor ?? { id: fromId ?? id, before: NONE };
  const [from, to] = [order.indexOf(anchor.id), order.indexOf(id)];
  if (to < 0) return;
  const start = from < 0 ? to : from;
  const span = order.slice(Math.min(start, to), Math.max(start, to) + 1);
  setState({ anchor, selected: withIds(anchor.before, span, true) });
}

export function clearSelection(): void {
  setState({ selected: NONE, anchor: null });
}

export function groupReviewsBy(groupBy: GroupBy): void {
  setState({ groupBy, folded: NONE, scrollTop: 0 });
}

/** Brings the review into the panel, whatever its group. */
export function showReview(id: string): void {
  setState({ cursor: { id, index: 0 }, isFollowed: true, isPanelOpen: true, folded: NONE });
}

export function fold(groupId: string, isFolded: boolean): void {
  setState(({ folded }) => ({ folded: withIds(folded, [groupId], isFolded) }));
}
