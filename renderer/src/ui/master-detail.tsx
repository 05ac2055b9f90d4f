import { type ComponentType, useCallback, useId, useRef } from 'react';
import { type Column, DataGrid } from './data-grid';
import classes from './master-detail.module.css';

export interface DetailProps<T> {
  readonly row: T;
  /** The id that the heading has to have. */
  readonly titleId: string;
}

interface MasterDetailProps<T> {
  /** Accessible name of the list. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly [T, ...(readonly T[])];
  /** The first row is shown as long as none is selected. */
  readonly selectedId: string | null;
  readonly onSelect: (id: string | null) => void;
  readonly stateOf?: (row: T) => string | undefined;
  readonly detail: ComponentType<DetailProps<T>>;
}

function keyOf({ id }: { readonly id: string }): string {
  return id;
}

/** A list of a few things, with one of them beside it. Arrow keys choose, Enter leads to it, and Escape back to the list. */
export function MasterDetail<T extends { readonly id: string }>(props: MasterDetailProps<T>) {
  const { label, columns, rows, selectedId, onSelect, stateOf, detail: Detail } = props;
  const titleId = useId();
  const listRef = useRef<HTMLDivElement>(null);
  const detailRef = useRef<HTMLElement>(null);
  const row = rows.find(({ id }) => id === selectedId) ?? rows[0];
  const open = useCallback(
    (id: string, by: 'keyboard' | 'pointer'): void => {
      onSelect(id);
      if (by === 'keyboard') detailRef.current?.focus();
    },
    [onSelect],
  );
  return (
    <div className={classes.area}>
      <div className={classes.list}>
        <DataGrid
          label={label}
          columns={columns}
          rows={rows}
          keyOf={keyOf}
          rowHeight={48}
          selection={{ selected: row.id, onSelect, onOpen: open }}
          {...(stateOf === undefined ? {} : { stateOf })}
          scrollRef={listRef}
        />
      </div>
      <aside
        ref={detailRef}
        className={classes.detail}
        aria-labelledby={titleId}
        tabIndex={-1}
        onKeyDown={(event) => {
          if (event.key === 'Escape') listRef.current?.focus();
        }}
      >
        <Detail key={row.id} row={row} titleId={titleId} />
      </aside>
    </div>
  );
}
