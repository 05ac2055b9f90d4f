import { Button, SegmentedControl } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { countOf } from '#shared/words';
import { FeedView } from '../../forms/feed-view';
import { logList, useLog } from '../../stores/log';
import { openLogFigures } from '../../stores/log-figures';
import { emptyLogDraft, useUi } from '../../stores/ui';
import { EmptyState } from '../../ui/empty-state';
import { PageHeader } from '../../ui/page-header';
import { SplitView } from '../../ui/split-view';
import { LOG_COLUMNS } from './columns';
import { Details } from './details';
import { FilterBar } from './filter-bar';
import { GroupTable, type ShownGroup } from './group-table';
import classes from './log.module.css';
import { LogMap } from './log-map';
import { LogTimeline } from './log-timeline';
import { filterOf, isEmptyDraft, sameFilter } from './model';
import { StatusBar } from './status-bar';

const TYPING_MS = 200;

function open(): () => void {
  return logList.open(filterOf(useUi.getState().logDraft));
}

function select(id: string | null): void {
  useUi.setState({ selectedAttemptId: id });
}

function newsWords(count: number | null): string {
  return count === null ? 'Many new attempts' : countOf(count, 'new attempt');
}

const VIEWS = [
  { value: 'rows', label: 'Attempts' },
  { value: 'address', label: 'Addresses' },
  { value: 'keyId', label: 'Keys' },
  { value: 'asn', label: 'Networks' },
  { value: 'map', label: 'Map' },
] as const satisfies readonly { readonly value: 'rows' | 'map' | ShownGroup; readonly label: string }[];

type View = (typeof VIEWS)[number]['value'];

export function LogScreen() {
  const [view, setView] = useState<View>('rows');
  const [selectedGroup, setSelectedGroup] = useState<string | null>(null);
  const selectedId = useUi((ui) => ui.selectedAttemptId);
  useLogFilter();
  useEffect(() => openLogFigures(), []);
  const show = (next: View): void => {
    setView(next);
    setSelectedGroup(null);
    select(null);
  };
  return (
    <>
      <PageHeader
        title="Log"
        description="Every call with one of your keys, allowed or blocked, as it happens."
      />
      <FilterBar />
      <div className={classes.views}>
        <SegmentedControl
          size="xs"
          aria-label="Show"
          data={[...VIEWS]}
          value={view}
          onChange={(value) => show(VIEWS.find((one) => one.value === value)?.value ?? 'rows')}
        />
        <LogTimeline />
      </div>
      {view === 'rows' ? (
        <FeedView
          list={logList}
          open={open}
          label="Attempts, newest first"
          loadingLabel="Loading the log"
          failedTitle="The log could not be read"
          newsWords={newsWords}
          columns={LOG_COLUMNS}
          icon={IconListSearch}
          selectedId={selectedId}
          onSelect={select}
          details={Details}
          empty={<NoAttempts />}
          footer={<StatusBar />}
        />
      ) : (
        <SplitView panel={false} onEscape={() => setSelectedGroup(null)}>
          {view === 'map' ? (
            <LogMap onFiltered={() => show('rows')} />
          ) : (
            <GroupTable
              by={view}
              selected={selectedGroup}
              onSelect={setSelectedGroup}
              onFiltered={() => show('rows')}
            />
          )}
          <StatusBar />
        </SplitView>
      )}
    </>
  );
}

function NoAttempts() {
  const isFiltered = useUi((ui) => !isEmptyDraft(ui.logDraft));
  const icon = <IconListSearch size={26} stroke={1.6} />;
  return isFiltered ? (
    <EmptyState
      icon={icon}
      title="No attempt fits these filters"
      actions={
        <Button variant="default" onClick={() => useUi.setState({ logDraft: emptyLogDraft })}>
          Clear filters
        </Button>
      }
    />
  ) : (
    <EmptyState icon={icon} title="No attempts yet">
      <p>As soon as a call is made with one of your keys, it appears here with its verdict and the reason.</p>
    </EmptyState>
  );
}

/** Applies the filter fields to the log after a pause in typing, so that not each key sends a request. */
function useLogFilter(): void {
  const draft = useUi((ui) => ui.logDraft);
  useEffect(() => {
    const wanted = filterOf(draft);
    if (sameFilter(wanted, useLog.getState().filter)) return;
    const timer = setTimeout(() => {
      useUi.setState({ selectedAttemptId: null });
      logList.setFilter(wanted);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [draft]);
}
