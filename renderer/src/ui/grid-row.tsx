import { Checkbox } from '@mantine/core';
import { memo, type MouseEvent } from 'react';
import classes from './data-grid.module.css';
import type { Column } from './grid-column';

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
  /** Undefined if only one row can be selected. */
  readonly mark: { readonly isMarked: boolean; readonly label: string | null } | undefined;
  readonly onMark: ((key: string, how: 'toggle' | 'span') => void) | undefined;
}

/** Clicks on a button do not open the row. */
function isOnButton({ target }: MouseEvent): boolean {
  return target instanceof Element && target.closest('button') !== null;
}

/** Returns how a click marks the row, or null if it does not. */
function markOf(event: MouseEvent): 'toggle' | 'span' | null {
  if (isOnButton(event)) return null;
  if (event.shiftKey) return 'span';
  return event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey ? 'toggle' : null;
}

function PlainRow<T>(props: RowProps<T>) {
  const { selected, onOpen, onSelect, mark, onMark, rowKey } = props;
  const open = onOpen === undefined ? undefined : () => onOpen(rowKey, 'pointer');
  const cellRole = selected === undefined ? 'cell' : 'gridcell';
  return (
    <div
      id={props.id}
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={mark?.isMarked ?? selected}
      data-current={selected === true ? '' : undefined}
      className={`${classes.row} ${classes.dataRow}`}
      data-state={props.state}
      data-opens={onOpen === undefined ? undefined : ''}
      style={{
        gridTemplateColumns: props.template,
        height: props.height,
        transform: `translateY(${props.top}px)`,
      }}
      onMouseDown={(event) => {
        // A span of rows is no span of text.
        if (mark !== undefined && event.shiftKey) event.preventDefault();
      }}
      onClick={(event) => {
        const how = markOf(event);
        if (how !== null) onMark?.(rowKey, how);
        if (onSelect !== undefined) onSelect(rowKey);
        else if (how === null || onMark === undefined) open?.();
      }}
      onDoubleClick={
        onSelect === undefined
          ? undefined
          : (event) => {
              if (markOf(event) === null && !isOnButton(event)) open?.();
            }
      }
    >
      {mark !== undefined && (
        <div role="gridcell" className={classes.cell}>
          {mark.label !== null && (
            <Checkbox size="xs" tabIndex={-1} aria-label={mark.label} checked={mark.isMarked} readOnly />
          )}
        </div>
      )}
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
export const GridRow = memo(
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
    a.onMark === b.onMark &&
    a.mark?.isMarked === b.mark?.isMarked &&
    a.columns.length === b.columns.length &&
    a.columns.every((column, index) => column === b.columns[index]),
) as typeof PlainRow;
