import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, type RefObject, useCallback, useEffect, useId, useLayoutEffect } from 'react';
import { t } from '#shared/i18n/t';
import { usePendingList } from '../../../stores/pending-list';
import { GroupRow } from './group-row';
import classes from './list.module.css';
import { ReviewRow } from './review-row';
import type { ListRow } from './rows';

const REVIEW_HEIGHT = 56;
const GROUP_HEIGHT = 44;
const OVERSCAN = 8;
const AT_TOP_PX = 8;

function heightOf(row: ListRow | undefined): number {
  return row?.kind === 'group' ? GROUP_HEIGHT : REVIEW_HEIGHT;
}

/** The number of rows that a page key moves by; one stays in view. */
export function pageRowsOf(heightPx: number): number {
  return Math.max(1, Math.floor(heightPx / REVIEW_HEIGHT) - 1);
}

interface ReviewListProps {
  readonly rows: readonly ListRow[];
  readonly cursorIndex: number;
  /** The keyboard moved the cursor; a pointer's row is in view anyway. */
  readonly followsCursor: boolean;
  readonly isSelectable: boolean;
  readonly gridRef: RefObject<HTMLDivElement | null>;
  readonly onPress: (id: string, event: MouseEvent) => void;
  readonly onTopChange: (isAtTop: boolean) => void;
}

/** The rows in view of any number of reviews. */
export function ReviewList(props: ReviewListProps) {
  const { rows, cursorIndex, followsCursor, isSelectable, gridRef, onPress, onTopChange } = props;
  const idPrefix = useId();
  const elementIdOf = (id: string): string => `${idPrefix}-${id}`;
  const cursor = rows[cursorIndex];

  // A new function measures all rows anew, which is needed when they have changed, and not while one scrolls.
  const getItemKey = useCallback((index: number) => rows[index]?.id ?? index, [rows]);
  // oxlint-disable-next-line react/incompatible-library -- its functions change with the scroll position, on purpose
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => gridRef.current,
    getItemKey,
    estimateSize: (index) => heightOf(rows[index]),
    overscan: OVERSCAN,
    // React cannot flush a first measurement during a render; the overscan covers that frame.
    useFlushSync: false,
  });
  useLayoutEffect(() => {
    gridRef.current?.scrollTo({ top: usePendingList.getState().scrollTop });
  }, [gridRef]);
  useEffect(() => {
    if (followsCursor && cursorIndex >= 0) virtualizer.scrollToIndex(cursorIndex);
  }, [virtualizer, followsCursor, cursorIndex]);

  return (
    <div
      ref={gridRef}
      className={classes.list}
      role="grid"
      aria-label={t('pending.list')}
      aria-rowcount={rows.length}
      aria-multiselectable={isSelectable}
      aria-activedescendant={cursor === undefined ? undefined : elementIdOf(cursor.id)}
      tabIndex={0}
      onScroll={({ currentTarget }) => {
        const { scrollTop } = currentTarget;
        usePendingList.setState({ scrollTop });
        onTopChange(scrollTop < AT_TOP_PX);
      }}
    >
      <div role="rowgroup" className={classes.rows} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const place = {
            id: row.id,
            elementId: elementIdOf(row.id),
            index,
            top: start,
            height: heightOf(row),
            isCurrent: index === cursorIndex,
            isSelectable,
            onPress,
          };
          return row.kind === 'group' ? (
            <GroupRow key={row.id} {...place} group={row.group} isFolded={row.isFolded} />
          ) : (
            <ReviewRow key={row.id} {...place} review={row.review} />
          );
        })}
      </div>
    </div>
  );
}
