import { Button, SegmentedControl } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { t } from '#shared/i18n/t';
import { FeedView } from '../../forms/feed-view';
import { logList, useLog } from '../../stores/log';
import { openLogFigures } from '../../stores/log-figures';
import { emptyLogDraft, useUi } from '../../stores/ui';
import { EmptyState } from '../../ui/empty-state';
import { PageHeader } from '../../ui/page-header';
import { SplitView } from '../../ui/split-view';
import { logColumns } from './columns';
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
  return count === null ? t('log.manyNews') : t('log.news', { count });
}

type View = 'rows' | 'map' | ShownGroup;

const VIEWS: readonly View[] = ['rows', 'address', 'keyId', 'asn', 'map'];

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
      <PageHeader title={t('frame.screen_log')} description={t('log.description')} />
      <FilterBar />
      <div className={classes.views}>
        <SegmentedControl
          size="xs"
          aria-label={t('log.show')}
          data={VIEWS.map((value) => ({ value, label: t(`log.view_${value}`) }))}
          value={view}
          onChange={(value) => show(VIEWS.find((one) => one === value) ?? 'rows')}
        />
        <LogTimeline />
      </div>
      {view === 'rows' ? (
        <FeedView
          list={logList}
          open={open}
          label={t('log.list')}
          loadingLabel={t('log.loading')}
          failedTitle={t('log.failed')}
          newsWords={newsWords}
          columns={logColumns()}
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
      title={t('log.nothingFits')}
      actions={
        <Button variant="default" onClick={() => useUi.setState({ logDraft: emptyLogDraft })}>
          {t('log.clearFilters')}
        </Button>
      }
    />
  ) : (
    <EmptyState icon={icon} title={t('log.nothingYet')}>
      <p>{t('log.nothingYetHint')}</p>
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
