import { Checkbox, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { Fragment } from 'react';
import { t } from '#shared/i18n/t';
import classes from './data-grid.module.css';
import type { Column, GridMarks, GridSort, GridSorting } from './grid-column';

interface GridHeadProps<T> {
  readonly columns: readonly Column<T>[];
  readonly template: string;
  readonly minWidth: number;
  readonly sorting: GridSorting | undefined;
  readonly marks: GridMarks<T> | undefined;
}

/** The names of the columns. They sort where the grid is sorted, and mark all rows where several can be marked. */
export function GridHead<T>({ columns, template, minWidth, sorting, marks }: GridHeadProps<T>) {
  const order = sorting?.isDescending === true ? 'descending' : 'ascending';
  return (
    <div role="rowgroup" className={classes.head} style={{ minWidth }}>
      <div role="row" aria-rowindex={1} className={classes.row} style={{ gridTemplateColumns: template }}>
        {marks !== undefined && (
          <div role="columnheader" className={classes.cell}>
            <Checkbox
              size="xs"
              aria-label={marks.allLabel}
              checked={marks.isAll}
              indeterminate={marks.marked.size > 0 && !marks.isAll}
              onChange={() => marks.onChange({ kind: marks.isAll ? 'none' : 'all' })}
            />
          </div>
        )}
        {columns.map((column) => (
          <div
            key={column.id}
            role="columnheader"
            className={classes.cell}
            data-align={column.align}
            data-pinned={column.pinned}
            aria-sort={column.sorts?.some(({ id }) => id === sorting?.by) === true ? order : undefined}
          >
            {column.sorts === undefined || sorting === undefined ? (
              <span className={column.quietHeader === true ? classes.quiet : undefined}>{column.header}</span>
            ) : (
              column.sorts.map((sort, index) => (
                <Fragment key={sort.id}>
                  {index > 0 && <span aria-hidden> · </span>}
                  <SortButton sort={sort} sorting={sorting} />
                </Fragment>
              ))
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

function SortButton({ sort, sorting }: { readonly sort: GridSort; readonly sorting: GridSorting }) {
  const isSorted = sorting.by === sort.id;
  const Arrow = sorting.isDescending ? IconArrowDown : IconArrowUp;
  return (
    <button
      type="button"
      className={classes.sort}
      data-sorted={isSorted ? '' : undefined}
      title={t('words.sortBy', { column: sort.label })}
      onClick={() => sorting.onSort(sort.id)}
    >
      {sort.label}
      {isSorted && (
        <>
          <Arrow size={12} aria-hidden />
          <VisuallyHidden>{t(sorting.isDescending ? 'words.descending' : 'words.ascending')}</VisuallyHidden>
        </>
      )}
    </button>
  );
}
