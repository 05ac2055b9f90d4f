import type { ReactNode } from 'react';

/** A fact by which rows can be sorted. */
export interface GridSort {
  readonly id: string;
  readonly label: string;
}

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
  /** The orders that the header offers, each a button in place of `header`. */
  readonly sorts?: readonly GridSort[];
  /** The column stays in view while the others scroll sideways, e.g. buttons. */
  readonly pinned?: boolean;
}

/** The order of the rows, and what changes it. */
export interface GridSorting {
  /** The id of a {@link GridSort}. */
  readonly by: string;
  readonly isDescending: boolean;
  readonly onSort: (by: string) => void;
}

export type MarkChange =
  | { readonly kind: 'toggle'; readonly key: string }
  /** From the row of the last mark, or else from `from`, to this one. */
  | { readonly kind: 'span'; readonly key: string; readonly from: string | null }
  | { readonly kind: 'all' }
  | { readonly kind: 'none' };

/** Several rows, marked by checkbox, X, Shift and Ctrl (Command), beside the one that the keyboard is on. */
export interface GridMarks<T> {
  readonly marked: ReadonlySet<string>;
  /** True if all rows are marked. */
  readonly isAll: boolean;
  readonly allLabel: string;
  /** Null for a row that cannot be marked. */
  readonly labelOf: (row: T) => string | null;
  readonly onChange: (change: MarkChange) => void;
}
