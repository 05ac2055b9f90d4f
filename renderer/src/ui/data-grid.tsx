import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  memo,
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useRef,
} from 'react';
import classes from './data-grid.module.css';
import { stepOf } from './grid-keys';
import { useWidth } from './use-width';

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  /** A CSS grid track, e.g. `120px` or `minmax(120px, 1fr)`. */
  readonly width: string;
  readonly render: (row: T) => ReactNode;
  readonly align?: 'end';
  /** Pixels; the column is omitted while the grid is narrower. */
  readonly fromWidth?: number;
  /** The header is for screen readers only, e.g. above buttons. */
  readonly quietHeader?: boolean;
  /** The column stays in view while the others scroll sideways, e.g. buttons. */
  readonly pinned?: boolean;
}

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

const ONE_LINE_HEIGHT = 34;
const HEADER_HEIGHT = 32;
const OVERSCAN = 12;
const NEAR_ROWS = 40;
const AT_TOP_PX = 8;

/** A virtualized table with rows of one height. It renders only the rows in view. */
export function DataGrid<T>(props: DataGridProps<T>) {
  const { label, rows, above = 0, keyOf, selection, hasMore = false, onTopChange } = props;
  const { onNearEnd, onNearStart } = props;
  const rowCount = above + rows.length;
  const { rowHeight = ONE_LINE_HEIGHT } = props;
  const ownRef = useRef<HTMLDivElement>(null);
  const scrollRef = props.scrollRef ?? ownRef;
  const idPrefix = useId();
  const width = useWidth(scrollRef);
  const columns = props.columns.filter(({ fromWidth = 0 }) => width === 0 || width >= fromWidth);
  const template = columns.map((column) => column.width).join(' ');
  const minWidth = leastWidth(columns);

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
    selection.onSelect(keyOf(row));
    virtualizer.scrollToIndex(next);
  };

  return (
    <div
      ref={scrollRef}
      className={classes.scroller}
      role={selection === undefined ? 'table' : 'grid'}
      aria-label={label}
      aria-rowcount={hasMore ? -1 : rowCount + 1}
      aria-colcount={columns.length}
      aria-activedescendant={selectedIndex >= 0 ? `${idPrefix}-${selection?.selected ?? ''}` : undefined}
      tabIndex={selection === undefined ? undefined : 0}
      onKeyDown={handleKeys}
      onScroll={handleScroll}
    >
      <div role="rowgroup" className={classes.head} style={{ minWidth }}>
        <div role="row" aria-rowindex={1} className={classes.row} style={{ gridTemplateColumns: template }}>
          {columns.map((column) => (
            <div
              key={column.id}
              role="columnheader"
              className={classes.cell}
              data-align={column.align}
              data-pinned={column.pinned}
            >
              <span className={column.quietHeader === true ? classes.quiet : undefined}>{column.header}</span>
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: rowCount * rowHeight, minWidth }}>
        {items.map(({ index, start }) => {
          const row = rows[index - above];
          if (row === undefined) return null;
          const key = keyOf(row);
          return (
            <Row
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
            />
          );
        })}
      </div>
    </div>
  );
}

/** Returns the place in the whole list, -1 if no row in memory fits. */
function indexOf<T>(rows: readonly T[], above: number, fits: (row: T) => boolean): number {
  const index = rows.findIndex(fits);
  return index < 0 ? -1 : above + index;
}

interface RowProps<T> {
  readonly id: string;
  readonly rowKey: string;
  readonly row: T;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly columns: readonly Column<T>[];
  readonly template: string;
  readonly state: string | undefined;
  readonly selected: boolean | undefined;
  readonly onOpen: ((key: string, by: 'keyboard' | 'pointer') => void) | undefined;
  /** Called on a click if opening takes a double click. */
  readonly onSelect: ((key: string) => void) | undefined;
}

/** Clicks on a button do not open the row. */
function isOnButton({ target }: MouseEvent): boolean {
  return target instanceof Element && target.closest('button') !== null;
}

function PlainRow<T>(props: RowProps<T>) {
  const { selected, onOpen, onSelect, rowKey } = props;
  const open = onOpen === undefined ? undefined : () => onOpen(rowKey, 'pointer');
  const cellRole = selected === undefined ? 'cell' : 'gridcell';
  return (
    <div
      id={props.id}
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={selected}
      className={`${classes.row} ${classes.dataRow}`}
      data-state={props.state}
      data-opens={onOpen === undefined ? undefined : ''}
      style={{
        gridTemplateColumns: props.template,
        height: props.height,
        transform: `translateY(${props.top}px)`,
      }}
      onClick={onSelect === undefined ? open : () => onSelect(rowKey)}
      onDoubleClick={
        onSelect === undefined
          ? undefined
          : (event) => {
              if (!isOnButton(event)) open?.();
            }
      }
    >
      {props.columns.map((column) => (
        <div
          key={column.id}
          role={cellRole}
          className={classes.cell}
          data-align={column.align}
          data-pinned={column.pinned}
        >
          {column.render(props.row)}
        </div>
      ))}
    </div>
  );
}

/** The column list is a new array at each render, so the comparison uses the template string. */
const Row = memo(
  PlainRow,
  (a, b) =>
    a.row === b.row &&
    a.index === b.index &&
    a.top === b.top &&
    a.template === b.template &&
    a.state === b.state &&
    a.selected === b.selected &&
    a.onOpen === b.onOpen &&
    a.onSelect === b.onSelect &&
    a.columns.length === b.columns.length &&
    a.columns.every((column, index) => column === b.columns[index]),
) as typeof PlainRow;
