import { Button, Skeleton } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { AuditEvent } from '#shared/domain/entities';
import { countOf } from '#shared/words';
import { explainFailure } from '../../domain/failures';
import {
  followActivity,
  loadMoreActivity,
  openActivity,
  reloadActivity,
  useActivity,
} from '../../stores/activity';
import { useNow } from '../../ui/clock';
import { DataGrid } from '../../ui/data-grid';
import { EmptyState } from '../../ui/empty-state';
import { FormError } from '../../ui/form-error';
import { NewsPill } from '../../ui/news-pill';
import { PageHeader } from '../../ui/page-header';
import { SplitView } from '../../ui/split-view';
import classes from './activity.module.css';
import { ACTIVITY_COLUMNS } from './columns';
import { Details } from './details';
import { FilterBar } from './filter-bar';

function keyOf(event: AuditEvent): string {
  return event.id;
}
function nearEnd(): void {
  void loadMoreActivity();
}

export function ActivityScreen() {
  const [selected, setSelected] = useState<string | null>(null);
  const [atTop, setAtTop] = useState(true);
  const scroller = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLElement>(null);
  const events = useActivity((activity) => activity.rows);
  const heldCount = useActivity((activity) => activity.held.length);
  const heldIncomplete = useActivity((activity) => activity.heldIncomplete);
  const filter = useActivity((activity) => activity.filter);
  useEffect(() => openActivity(), []);
  useEffect(() => scroller.current?.scrollTo({ top: 0 }), [filter]);

  const event = events.find(({ id }) => id === selected);
  const following = (atTop || events.length === 0) && event === undefined;
  useEffect(() => followActivity(following), [following]);

  const open = useCallback((id: string, by: 'keyboard' | 'pointer'): void => {
    setSelected(id);
    // Waits for the panel. After a click the focus stays in the table, where the arrow keys continue.
    if (by === 'keyboard') requestAnimationFrame(() => panel.current?.focus());
  }, []);
  const close = (): void => {
    setSelected(null);
    scroller.current?.focus();
  };

  return (
    <>
      <PageHeader title="Activity" description="Who changed what, when and through what." />
      <FilterBar />
      <SplitView
        onEscape={close}
        panel={event !== undefined && <Details event={event} panelRef={panel} onClose={close} />}
      >
        {heldCount > 0 && (
          <NewsPill
            over="table"
            label={heldIncomplete ? 'Many new events' : countOf(heldCount, 'new event')}
            onClick={() => {
              setSelected(null);
              followActivity(true);
              scroller.current?.scrollTo({ top: 0 });
            }}
          />
        )}
        <ActivityTable
          selected={selected}
          onSelect={setSelected}
          onOpen={open}
          onTopChange={setAtTop}
          scroller={scroller}
        />
        <MoreTrouble />
      </SplitView>
    </>
  );
}

interface ActivityTableProps {
  readonly selected: string | null;
  readonly scroller: React.RefObject<HTMLDivElement | null>;
  readonly onSelect: (id: string | null) => void;
  readonly onOpen: (id: string, by: 'keyboard' | 'pointer') => void;
  readonly onTopChange: (atTop: boolean) => void;
}

function ActivityTable({ selected, scroller, onSelect, onOpen, onTopChange }: ActivityTableProps) {
  const { rows: events, status, failure, filter, nextCursor } = useActivity();
  const nowMs = useNow();
  const Icon = <IconHistory size={26} stroke={1.6} />;
  if (status === 'failed' && failure !== null) {
    return (
      <EmptyState
        icon={Icon}
        title="The activity could not be read"
        actions={<Button onClick={() => void reloadActivity()}>Try again</Button>}
      >
        <FormError message={explainFailure(failure, nowMs).message} />
      </EmptyState>
    );
  }
  if (events.length === 0 && status !== 'ready') {
    return (
      <div className={classes.skeletons} role="status" aria-label="Loading the activity">
        {Array.from({ length: 10 }, (_, index) => (
          <Skeleton key={index} height={14} width={`${94 - (index % 4) * 8}%`} />
        ))}
      </div>
    );
  }
  if (events.length === 0) {
    const isFiltered = filter.actorKind !== undefined || filter.text !== undefined;
    return (
      <EmptyState
        icon={Icon}
        title={isFiltered ? 'Nothing fits these filters' : 'Nothing has been changed yet'}
      />
    );
  }
  return (
    <DataGrid
      label="Activity, newest first"
      columns={ACTIVITY_COLUMNS}
      rows={events}
      keyOf={keyOf}
      selection={{ selected, onSelect, onOpen }}
      hasMore={nextCursor !== null}
      onNearEnd={nearEnd}
      onTopChange={onTopChange}
      scrollRef={scroller}
    />
  );
}

/** Says why older events could not be loaded, with another try. */
function MoreTrouble() {
  const failure = useActivity((activity) => activity.moreFailure);
  const nowMs = useNow();
  if (failure === null) return null;
  return (
    <div className={classes.trouble} role="alert">
      {explainFailure(failure, nowMs).message}{' '}
      <Button size="compact-xs" variant="subtle" onClick={nearEnd}>
        Load more
      </Button>
    </div>
  );
}
