import { useEffect, useMemo } from 'react';
import { usePendingList } from '../../../stores/pending-list';
import type { ListRow } from './rows';

interface Cursor {
  /** The row that the keyboard is on and the panel shows; undefined if the list is empty. */
  readonly row: ListRow | undefined;
  readonly index: number;
  readonly isFollowed: boolean;
  readonly indexOf: (id: string) => number;
  readonly moveTo: (index: number, by: 'keyboard' | 'pointer') => void;
}

/** Keeps the cursor on its row while others come and go. A row that goes away leaves it to the one in its place. */
export function useCursor(rows: readonly ListRow[]): Cursor {
  const cursor = usePendingList((list) => list.cursor);
  const isFollowed = usePendingList((list) => list.isFollowed);
  // A screen that is shown again begins where it was scrolled to.
  useEffect(() => () => usePendingList.setState({ isFollowed: false }), []);
  const indices = useMemo(() => new Map(rows.map(({ id }, index) => [id, index])), [rows]);
  const index = cursor === null ? 0 : (indices.get(cursor.id) ?? Math.min(cursor.index, rows.length - 1));
  const row = rows[index];
  useEffect(() => {
    if (row === undefined || (row.id === cursor?.id && index === cursor.index)) return;
    usePendingList.setState({ cursor: { id: row.id, index } });
  }, [row, index, cursor]);
  return {
    row,
    index: row === undefined ? -1 : index,
    isFollowed,
    indexOf: (id) => indices.get(id) ?? -1,
    moveTo(to, by) {
      const next = rows[to];
      if (next === undefined) return;
      usePendingList.setState({ cursor: { id: next.id, index: to }, isFollowed: by === 'keyboard' });
    },
  };
}
