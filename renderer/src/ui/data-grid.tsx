import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useId, useRef } from 'react';
import classes from './data-grid.module.css';
import type { Column, GridMarks, GridSorting, MarkChange } from './grid-column';
import { GridHead } from './grid-head';
import { stepOf } from './grid-keys';
import { GridRow } from './grid-row';
import { useWidth } from './use-width';

export type { Column, MarkChange } from './grid-column';

interface DataGridProps<T> {
  /** Accessible name. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  /** The number of rows before them that are not in memory. Their place stays empty until `onNearStart` brings them. */
  readonly above?: number;
  readonly keyOf: (row: T) => string;
  /** Makes rows selectable with arrow keys and openable with Enter or the pointer; without it the grid is a plain table. */
  readonly selection?: {
    readonly selected: string | null;
    readonly onSelect: (key: string | null) => void;
    readonly onOpen: (key: string, by: 'keyboard' | 'pointer') => void;
    /** Set if a click only selects and a double click opens. */
    readonly opensOn?: 'doubleClick';
  };
  /** Makes several rows selectable, together with `selection`. */
  readonly marks?: GridMarks<T>;
  /** Makes the columns sort that say by what. */
  readonly sorting?: GridSorting;
  /** Pixels; the default fits one line. */
  readonly rowHeight?: number;
  /** Returns a state for the row's style, e.g. `expired`. */
  readonly stateOf?: (row: T) => string | undefined;
  /** True if more rows exist than are loaded; their number is not known. */
  readonly hasMore?: boolean;
  readonly onNearEnd?: () => void;
  readonly onNearStart?: () => void;
  readonly onTopChange?: (atTop: boolean) => void;
  readonly scrollRef?: RefObject<HTMLDivElement | null>;
}

const ROW_PADDING = 32;
const COLUMN_GAP = 12;

/** Least width of the columns in pixels. Below it the grid scrolls sideways. */
function leastWidth(columns: readonly { readonly width: string }[]): number {
  return columns.reduce(
    (sum, { width }) => sum + COLUMN_GAP + Number(/\d+/.exec(width)?.[0] ?? 0),
    ROW_PADDING - COLUMN_GAP,
  );
}

const MARK_WIDTH = '16px';
const ONE_LINE_HEIGHT = 34;
const HEADER_HEIGHT = 32;
const OVERSCAN = 12;
const NEAR_ROWS = 40;
const AT_TOP_PX = 8;

/** A virtualized table with rows of one height. It renders only the rows in view. */
export function DataGrid<T>(props: DataGridProps<T>) {
  const { label, rows, above = 0, keyOf, selection, hasMore = false, onTopChange } = props;
  const { onNearEnd, onNearStart, marks, sorting } = props;
  const rowCount = above + rows.length;
  const { rowHeight = ONE_LINE_HEIGHT } = props;
  const ownRef = useRef<HTMLDivElement>(null);
  const scrollRef = props.scrollRef ?? ownRef;
  const idPrefix = useId();
  const width = useWidth(scrollRef);
  const columns = props.columns.filter(({ fromWidth = 0 }) => width === 0 || width >= fromWidth);
  const tracks = [...(marks === undefined ? [] : [{ width: MARK_WIDTH }]), ...columns];
  const template = tracks.map((track) => track.width).join(' ');
  const minWidth = leastWidth(tracks);

  // oxlint-disable-next-line react/incompatible-library -- its functions change with the scroll position, on purpose
  const virtualizer = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin: HEADER_HEIGHT,
    scrollPaddingStart: HEADER_HEIGHT,
    // React cannot flush a first measurement during a render; the overscan covers that frame.
    useFlushSync: false,
  });
  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? -1;
  const nearEnd = lastIndex >= rowCount - NEAR_ROWS && rows.length > 0;
  const nearStart = above > 0 && (items[0]?.index ?? rowCount) < above + NEAR_ROWS;

  useEffect(() => {
    if (nearStart) onNearStart?.();
    else if (nearEnd) onNearEnd?.();
  }, [nearStart, nearEnd, above, rows.length, onNearStart, onNearEnd]);

  const atTop = useRef(true);
  useEffect(() => onTopChange?.(true), [onTopChange]);
  const handleScroll = (): void => {
    const now = (scrollRef.current?.scrollTop ?? 0) < AT_TOP_PX;
    if (now === atTop.current) return;
    atTop.current = now;
    onTopChange?.(now);
  };

  const selectedIndex =
    selection === undefined || selection.selected === null
      ? -1
      : indexOf(rows, above, (row) => keyOf(row) === selection.selected);

  const handleKeys = (event: KeyboardEvent): void => {
    if (selection === undefined || event.target !== event.currentTarget || rows.length === 0) return;
    const mark = marks === undefined ? null : markByKey(event, selection.selected);
    if (mark !== null) {
      event.preventDefault();
      marks?.onChange(mark);
      return;
    }
    if (event.key === 'Enter' && selection.selected !== null && selectedIndex >= 0) {
      event.preventDefault();
      selection.onOpen(selection.selected, 'keyboard');
      return;
    }
    const pageRows = Math.max(1, Math.floor((scrollRef.current?.clientHeight ?? 0) / rowHeight) - 2);
    const firstInView = Math.floor((scrollRef.current?.scrollTop ?? 0) / rowHeight);
    const next = stepOf(event.key, { selectedIndex, firstInView, pageRows, rowCount });
    if (next === null) return;
    event.preventDefault();
    const row = rows[next - above];
    if (row === undefined) {
      virtualizer.scrollToIndex(next);
      return;
    }
    if (event.shiftKey) marks?.onChange({ kind: 'span', key: keyOf(row), from: selection.selected });
    selection.onSelect(keyOf(row));
    virtualizer.scrollToIndex(next);
  };
  // Rows keep their functions, so that they render only when they change.
  const latest = useRef({ marks, selected: selection?.selected ?? null });
  useEffect(() => {
    latest.current = { marks, selected: selection?.selected ?? null };
  });
  const onMark = useCallback(
    (key: string, how: 'toggle' | 'span') => {
      const { marks: current, selected } = latest.current;
      current?.onChange(how === 'toggle' ? { kind: 'toggle', key } : { kind: 'span', key, from: selected });
      // The keys that mark are those of the grid, not of a checkbox.
      scrollRef.current?.focus({ preventScroll: true });
    },
    [scrollRef],
  );

  return (
    <div
      ref={scrollRef}
      className={classes.scroller}
      role={selection === undefined ? 'table' : 'grid'}
      aria-label={label}
      aria-rowcount={hasMore ? -1 : rowCount + 1}
      aria-colcount={tracks.length}
      aria-multiselectable={marks === undefined ? undefined : true}
      aria-activedescendant={selectedIndex >= 0 ? `${idPrefix}-${selection?.selected ?? ''}` : undefined}
      tabIndex={selection === undefined ? undefined : 0}
      onKeyDown={handleKeys}
      onScroll={handleScroll}
    >
      <GridHead columns={columns} template={template} minWidth={minWidth} sorting={sorting} marks={marks} />
      <div role="rowgroup" className={classes.body} style={{ height: rowCount * rowHeight, minWidth }}>
        {items.map(({ index, start }) => {
          const row = rows[index - above];
          if (row === undefined) return null;
          const key = keyOf(row);
          return (
            <GridRow
              key={key}
              id={`${idPrefix}-${key}`}
              rowKey={key}
              row={row}
              index={index}
              top={start - HEADER_HEIGHT}
              height={rowHeight}
              columns={columns}
              template={template}
              state={props.stateOf?.(row)}
              selected={selection === undefined ? undefined : selection.selected === key}
              onOpen={selection?.onOpen}
              onSelect={selection?.opensOn === 'doubleClick' ? selection.onSelect : undefined}
              mark={marks && { isMarked: marks.marked.has(key), label: marks.labelOf(row) }}
              onMark={marks && onMark}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Returns what a key does to the marks; null if it does nothing. */
function markByKey(event: KeyboardEvent, current: string | null): MarkChange | null {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) return key === 'a' ? { kind: 'all' } : null;
  if (event.altKey) return null;
  if (key === 'escape') return { kind: 'none' };
  return (key === 'x' || key === ' ') && current !== null ? { kind: 'toggle', key: current } : null;
}

/** Returns the place in the whole list, -1 if no row in memory fits. */
function indexOf<T>(rows: readonly T[], above: number, fits: (row: T) => boolean): number {
  const index = rows.findIndex(fits);
  return index < 0 ? -1 : above + index;
}
