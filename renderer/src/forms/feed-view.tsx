import { Button, Skeleton } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import {
  type ComponentType,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { t } from '#shared/i18n/t';
import type { FeedList } from '../stores/feed-list';
import type { FeedRow } from '../stores/feed-model';
import { type Column, DataGrid } from '../ui/data-grid';
import { EmptyState } from '../ui/empty-state';
import { NewsPill } from '../ui/news-pill';
import { SmallButton } from '../ui/small-button';
import { SplitView } from '../ui/split-view';
import { useLastShown } from '../ui/use-last-shown';
import { FailureMessage, useFailureText } from './failure-message';
import classes from './feed-view.module.css';

export interface DetailsProps<T> {
  readonly row: T;
  readonly panelRef: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

interface FeedViewProps<T extends FeedRow, F> {
  readonly list: FeedList<T, F>;
  /** Opens the list. Returns a function that closes it. */
  readonly open: () => () => void;
  readonly label: string;
  readonly loadingLabel: string;
  readonly failedTitle: string;
  /** Words for the rows that are held back; null if they are too many to count. */
  readonly newsWords: (count: number | null) => string;
  readonly columns: readonly Column<T>[];
  readonly icon: Icon;
  readonly selectedId: string | null;
  readonly onSelect: (id: string | null) => void;
  /** Set if selecting a row by keyboard shows its details, too. */
  readonly opensOnSelect?: boolean;
  readonly details: ComponentType<DetailsProps<T>>;
  /** Shown if there is no row. */
  readonly empty: ReactNode;
  /** Stands below the table. */
  readonly footer: ReactNode;
}

/** A table that grows at its top, with the details of one row beside it. */
export function FeedView<T extends FeedRow, F>(props: FeedViewProps<T, F>) {
  const { list, open, selectedId, onSelect, opensOnSelect = false, details: Details } = props;
  const [wasOpened, setOpened] = useState(false);
  const [atTop, setAtTop] = useState(true);
  const scroller = useRef<HTMLDivElement>(null);
  const panelRef = useRef<HTMLElement>(null);
  const { rows, held, heldIncomplete, filter } = list.useList();
  useEffect(() => open(), [open]);
  useEffect(() => scroller.current?.scrollTo({ top: 0 }), [filter]);

  // A selected row stays open when its page is dropped, far from the viewport.
  const lastFound = useLastShown(rows.find(({ id }) => id === selectedId) ?? null);
  const selected = lastFound?.id === selectedId ? lastFound : undefined;
  const isOpen = opensOnSelect || wasOpened;
  // A selected row must not move away, so the list follows only at the top with nothing selected.
  const following = (atTop || rows.length === 0) && selected === undefined;
  useEffect(() => list.follow(following), [list, following]);

  const openRow = useCallback(
    (id: string, by: 'keyboard' | 'pointer'): void => {
      onSelect(id);
      setOpened(true);
      // Waits for the panel. After a click the focus stays in the table, where the arrow keys continue.
      if (by === 'keyboard') requestAnimationFrame(() => panelRef.current?.focus());
    },
    [onSelect],
  );
  const close = (): void => {
    if (opensOnSelect) onSelect(null);
    setOpened(false);
    scroller.current?.focus();
  };
  return (
    <SplitView
      onEscape={() => (isOpen ? close() : onSelect(null))}
      panel={
        isOpen && selected !== undefined && <Details row={selected} panelRef={panelRef} onClose={close} />
      }
    >
      {held.length > 0 && (
        <NewsPill
          over="table"
          label={props.newsWords(heldIncomplete ? null : held.length)}
          onClick={() => {
            onSelect(null);
            setOpened(false);
            list.follow(true);
            scroller.current?.scrollTo({ top: 0 });
          }}
        />
      )}
      <FeedTable {...props} scrollRef={scroller} onOpen={openRow} onTopChange={setAtTop} />
      {props.footer}
    </SplitView>
  );
}

interface FeedTableProps<T extends FeedRow, F> extends FeedViewProps<T, F> {
  readonly scrollRef: RefObject<HTMLDivElement | null>;
  readonly onOpen: (id: string, by: 'keyboard' | 'pointer') => void;
  readonly onTopChange: (atTop: boolean) => void;
}

function keyOf({ id }: FeedRow): string {
  return id;
}

function FeedTable<T extends FeedRow, F>(props: FeedTableProps<T, F>) {
  const { list, icon: FeedIcon, selectedId, onSelect, onOpen } = props;
  const { rows, above, status, failure, nextCursor } = list.useList();
  const loadMore = useCallback((): void => void list.loadMore(), [list]);
  const loadNewer = useCallback((): void => void list.loadNewer(), [list]);
  if (status === 'failed') {
    return (
      <EmptyState
        icon={<FeedIcon size={26} stroke={1.6} />}
        title={props.failedTitle}
        actions={<Button onClick={() => void list.reload()}>{t('frame.tryAgain')}</Button>}
      >
        <FailureMessage failure={failure} />
      </EmptyState>
    );
  }
  if (rows.length === 0 && status === 'ready') return props.empty;
  if (rows.length === 0) {
    return (
      <div className={classes.skeletons} role="status" aria-label={props.loadingLabel}>
        {Array.from({ length: 12 }, (_, index) => (
          <Skeleton key={index} height={14} width={`${96 - (index % 4) * 7}%`} />
        ))}
      </div>
    );
  }
  return (
    <DataGrid
      label={props.label}
      columns={props.columns}
      rows={rows}
      above={above}
      keyOf={keyOf}
      selection={{ selected: selectedId, onSelect, onOpen }}
      hasMore={nextCursor !== null}
      onNearEnd={loadMore}
      onNearStart={loadNewer}
      onTopChange={props.onTopChange}
      scrollRef={props.scrollRef}
    />
  );
}

/** Says why older rows could not be loaded, with another try. */
export function MoreFailure<T extends FeedRow, F>({ list }: { readonly list: FeedList<T, F> }) {
  const text = useFailureText(list.useList(({ moreFailure }) => moreFailure));
  if (text === null) return null;
  return (
    <span role="alert">
      {text.message}{' '}
      <SmallButton variant="subtle" onClick={() => void list.loadMore()}>
        {t('forms.loadMore')}
      </SmallButton>
    </span>
  );
}
