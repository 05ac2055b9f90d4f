import { create } from 'zustand';
import { NO_SELECTION, type Selection, withIds, withSelected, withSpan } from './selection';

export type GroupBy = 'none' | 'key' | 'network' | 'country' | 'subnet';

/** The reviews to be answered together are selected. Those that are answered meanwhile do not count. */
interface PendingListState extends Selection {
  readonly groupBy: GroupBy;
  /** Groups whose reviews are hidden. */
  readonly folded: ReadonlySet<string>;
  /** The row that the keyboard is on and the panel shows. The index finds its neighbour when the row goes away. */
  readonly cursor: { readonly id: string; readonly index: number } | null;
  /** The list scrolls to the cursor. A row under the pointer is in view anyway. */
  readonly isFollowed: boolean;
  /** In a narrow window the panel lies over the list while this is set. */
  readonly isPanelOpen: boolean;
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
  ...NO_SELECTION,
  scrollTop: 0,
}));

const { setState, getState } = usePendingList;

export function select(ids: readonly string[], isSelected: boolean): void {
  setState(withSelected(getState(), ids, isSelected));
}

export function toggle(id: string): void {
  select([id], !getState().selected.has(id));
}

/** Selects from the anchor to the row; `order` has the selectable reviews as they are shown. */
export function selectSpan(order: readonly string[], id: string, fromId: string | null): void {
  setState(withSpan(getState(), order, id, fromId));
}

export function clearSelection(): void {
  setState(NO_SELECTION);
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
