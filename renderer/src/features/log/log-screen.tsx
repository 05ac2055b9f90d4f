import { Button, SegmentedControl } from '@mantine/core';
import { IconFilter, IconListSearch } from '@tabler/icons-react';
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { t } from '#shared/i18n/t';
import { remember, remembered } from '../../bridge/remembered';
import { FeedView } from '../../forms/feed-view';
import { logList, useLog } from '../../stores/log';
import { emptyLogDraft, LOG_VIEWS, type LogView } from '../../stores/log-draft';
import { openLogFigures } from '../../stores/log-figures';
import { useUi } from '../../stores/ui';
import { useReadClock } from '../../ui/clock';
import { EmptyState } from '../../ui/empty-state';
import { PageHeader } from '../../ui/page-header';
import { SplitView } from '../../ui/split-view';
import { BackButton } from './back-button';
import { ExportLine, ExportMenu } from './log-export';
import { SavedViews } from './saved-views';
import { logColumns } from './columns';
import { Details } from './details';
import { Facets } from './facets';
import { FilterBar } from './filter-bar';
import { GroupTable } from './group-table';
import classes from './log.module.css';
import { LogMap } from './log-map';
import { LogTimeline } from './log-timeline';
import { filterOf, isEmptyDraft, sameFilter } from './model';
import { StatusBar } from './status-bar';

const TYPING_MS = 200;

function select(id: string | null): void {
  useUi.setState({ selectedAttemptId: id });
}

function newsWords(count: number | null): string {
  return count === null ? t('log.manyNews') : t('log.news', { count });
}

export function LogScreen() {
  const view = useUi((ui) => ui.logView);
  const [selectedGroup, setSelectedGroup] = useState<string | null>(null);
  const selectedId = useUi((ui) => ui.selectedAttemptId);
  const { facetsId, isNarrowing, toggleFacets } = useFacetsPanel();
  const facetsButton = useRef<HTMLButtonElement>(null);
  const readClock = useReadClock();
  const open = useCallback(() => logList.open(filterOf(useUi.getState().logDraft, readClock())), [readClock]);
  useLogFilter();
  useEffect(() => openLogFigures(), []);
  const closeFacets = (): void => {
    toggleFacets();
    facetsButton.current?.focus();
  };
  const show = (logView: LogView): void => {
    setSelectedGroup(null);
    useUi.setState({ logView, selectedAttemptId: null });
  };
  return (
    <>
      <PageHeader
        title={t('frame.screen_log')}
        description={t('log.description')}
        actions={
          <>
            <BackButton />
            <SavedViews />
            <ExportMenu />
          </>
        }
      />
      <FilterBar />
      <div className={classes.views}>
        <Button
          ref={facetsButton}
          variant={isNarrowing ? 'light' : 'default'}
          size="xs"
          leftSection={<IconFilter size={14} aria-hidden />}
          aria-expanded={isNarrowing}
          aria-controls={isNarrowing ? facetsId : undefined}
          onClick={toggleFacets}
        >
          {t('log.facets')}
        </Button>
        <SegmentedControl
          size="xs"
          aria-label={t('log.show')}
          data={LOG_VIEWS.map((value) => ({ value, label: t(`log.view_${value}`) }))}
          value={view}
          onChange={(value) => show(LOG_VIEWS.find((one) => one === value) ?? 'rows')}
        />
        <LogTimeline />
      </div>
      <div className={classes.body}>
        {isNarrowing && <Facets id={facetsId} onClose={closeFacets} />}
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
      </div>
      <ExportLine />
    </>
  );
}

const FACETS_KEY = 'gatehouse.logFacets';
/** Pixels; in a narrower window the list needs the room. */
const ROOM_FOR_FACETS = 1_400;

function useFacetsPanel() {
  const facetsId = useId();
  const [isNarrowing, setNarrowing] = useState(() => {
    const kept = remembered(FACETS_KEY);
    return kept === null ? window.innerWidth >= ROOM_FOR_FACETS : kept === 'open';
  });
  const toggleFacets = (): void => {
    remember(FACETS_KEY, isNarrowing ? 'closed' : 'open');
    setNarrowing(!isNarrowing);
  };
  return { facetsId, isNarrowing, toggleFacets };
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

/** Applies the filter fields to the log; after a pause in typing, so that not each key sends a request. */
function useLogFilter(): void {
  const draft = useUi((ui) => ui.logDraft);
  const { text, ipText } = draft;
  const typed = useRef({ text, ipText });
  const readClock = useReadClock();
  useEffect(() => {
    const isTyping = typed.current.text !== text || typed.current.ipText !== ipText;
    typed.current = { text, ipText };
    const wanted = filterOf(draft, readClock());
    if (sameFilter(wanted, useLog.getState().filter)) return;
    const apply = (): void => {
      useUi.setState({ selectedAttemptId: null });
      logList.setFilter(wanted);
    };
    if (!isTyping) {
      apply();
      return;
    }
    const timer = setTimeout(apply, TYPING_MS);
    return () => clearTimeout(timer);
  }, [draft, text, ipText, readClock]);
}
