/** Rows that are selected together. */
export interface Selection {
  readonly selected: ReadonlySet<string>;
  /** The beginning of a span of selected rows, and the selection before it. */
  readonly anchor: { readonly id: string; readonly before: ReadonlySet<string> } | null;
}

const NONE: ReadonlySet<string> = new Set();

export const NO_SELECTION: Selection = { selected: NONE, anchor: null };

export function withIds(
  known: ReadonlySet<string>,
  ids: Iterable<string>,
  isIn: boolean,
): ReadonlySet<string> {
  const next = new Set(known);
  for (const id of ids) {
    if (isIn) next.add(id);
    else next.delete(id);
  }
  return next;
}

export function withSelected(
  { selected, anchor }: Selection,
  ids: readonly string[],
  isSelected: boolean,
): Selection {
  const next = withIds(selected, ids, isSelected);
  const last = ids.at(-1);
  return { selected: next, anchor: last === undefined ? anchor : { id: last, before: next } };
}

/** Selects from the anchor to the row; `order` has the selectable rows as they are shown. */
export function withSpan(
  selection: Selection,
  order: readonly string[],
  id: string,
  fromId: string | null,
): Selection {
  const anchor = selection.anchor ?? { id: fromId ?? id, before: NONE };
  const [from, to] = [order.indexOf(anchor.id), order.indexOf(id)];
  if (to < 0) return selection;
  const start = from < 0 ? to : from;
  const span = order.slice(Math.min(start, to), Math.max(start, to) + 1);
  return { anchor, selected: withIds(anchor.before, span, true) };
}
