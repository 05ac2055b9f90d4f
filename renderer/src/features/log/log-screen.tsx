import { Button, Skeleton } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Attempt } from '#shared/domain/entities';
import { countOf } from '#shared/words';
import { explainFailure } from '../../domain/failures';
import { loadMore, openLog, reloadLog, setFollowing, useLog } from '../../stores/log';
import { emptyLogDraft, useUi } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { DataGrid } from '../../ui/data-grid';
import { EmptyState } from '../../ui/empty-state';
import { FormError } from '../../ui/form-error';
import { NewsPill } from '../../ui/news-pill';
import { PageHeader } from '../../ui/page-header';
import { SplitView } from '../../ui/split-view';
import { LOG_COLUMNS } from './columns';
import { Details } from './details';
import { FilterBar } from './filter-bar';
import classes from './log.module.css';
import { filterOf, isEmptyDraft } from './model';
import { StatusBar } from './status-bar';
import { useLogFilter } from './use-log-filter';

function keyOf(attempt: Attempt): string {
  return attempt.id;
}
function nearEnd(): void {
  void loadMore();
}
function select(id: string | null): void {
  useUi.setState({ selectedAttemptId: id });
}

export function LogScreen() {
  const [detailsOpen, setDetailsOpen] = useState(false);
  const [atTop, setAtTop] = useState(true);
  const scroller = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLElement>(null);
  const rows = useLog((log) => log.rows);
  const heldCount = useLog((log) => log.held.length);
  const heldIncomplete = useLog((log) => log.heldIncomplete);
  const selectedId = useUi((ui) => ui.selectedAttemptId);
  const filter = useLog((log) => log.filter);
  useLogFilter();
  useEffect(() => openLog(filterOf(useUi.getState().logDraft)), []);

  const selected = selectedId === null ? undefined : rows.find(({ id }) => id === selectedId);
  // A selected row must not move away, so the log follows only at the top with nothing selected.
  const following = (atTop || rows.length === 0) && selected === undefined;
  useEffect(() => setFollowing(following), [following]);
  useEffect(() => scroller.current?.scrollTo({ top: 0 }), [filter]);

  const open = useCallback((id: string, by: 'keyboard' | 'pointer'): void => {
    select(id);
    setDetailsOpen(true);
    // Waits for the panel. After a click the focus stays in the table, where the arrow keys continue.
    if (by === 'keyboard') requestAnimationFrame(() => panel.current?.focus());
  }, []);
  const close = (): void => {
    setDetailsOpen(false);
    scroller.current?.focus();
  };
  const toNewest = (): void => {
    select(null);
    setDetailsOpen(false);
    setFollowing(true);
    scroller.current?.scrollTo({ top: 0 });
  };

  return (
    <>
      <PageHeader
        title="Log"
        description="Every call with one of your keys, allowed or blocked, as it happens."
      />
      <FilterBar />
      <SplitView
        onEscape={() => (detailsOpen ? close() : select(null))}
        panel={
          detailsOpen &&
          selected !== undefined && <Details attempt={selected} panelRef={panel} onClose={close} />
        }
      >
        {heldCount > 0 && (
          <NewsPill
            over="table"
            label={heldIncomplete ? 'Many new attempts' : countOf(heldCount, 'new attempt')}
            onClick={toNewest}
          />
        )}
        <LogTable onOpen={open} onTopChange={setAtTop} scroller={scroller} selectedId={selectedId} />
        <StatusBar />
      </SplitView>
    </>
  );
}

interface LogTableProps {
  readonly selectedId: string | null;
  readonly scroller: React.RefObject<HTMLDivElement | null>;
  readonly onOpen: (id: string, by: 'keyboard' | 'pointer') => void;
  readonly onTopChange: (atTop: boolean) => void;
}

function LogTable({ selectedId, scroller, onOpen, onTopChange }: LogTableProps) {
  const rows = useLog((log) => log.rows);
  const status = useLog((log) => log.status);
  const failure = useLog((log) => log.failure);
  const hasMore = useLog((log) => log.nextCursor !== null);
  const filtered = useUi((ui) => !isEmptyDraft(ui.logDraft));
  const nowMs = useNow();

  if (status === 'failed' && failure !== null) {
    return (
      <EmptyState
        icon={<IconListSearch size={26} stroke={1.6} />}
        title="The log could not be read"
        actions={<Button onClick={() => void reloadLog()}>Try again</Button>}
      >
        <FormError message={explainFailure(failure, nowMs).message} />
      </EmptyState>
    );
  }
  if (rows.length === 0 && status !== 'ready') return <LogSkeleton />;
  if (rows.length === 0) {
    return filtered ? (
      <EmptyState
        icon={<IconListSearch size={26} stroke={1.6} />}
        title="No attempt fits these filters"
        actions={
          <Button variant="default" onClick={() => useUi.setState({ logDraft: emptyLogDraft })}>
            Clear filters
          </Button>
        }
      />
    ) : (
      <EmptyState icon={<IconListSearch size={26} stroke={1.6} />} title="No attempts yet">
        <p>
          As soon as a call is made with one of your keys, it appears here with its verdict and the reason.
        </p>
      </EmptyState>
    );
  }
  return (
    <DataGrid
      label="Attempts, newest first"
      columns={LOG_COLUMNS}
      rows={rows}
      keyOf={keyOf}
      selection={{ selected: selectedId, onSelect: select, onOpen }}
      hasMore={hasMore}
      onNearEnd={nearEnd}
      onTopChange={onTopChange}
      scrollRef={scroller}
    />
  );
}

function LogSkeleton() {
  return (
    <div className={classes.skeletons} role="status" aria-label="Loading the log">
      {Array.from({ length: 12 }, (_, index) => (
        <Skeleton key={index} height={14} width={`${96 - (index % 4) * 7}%`} />
      ))}
    </div>
  );
}
