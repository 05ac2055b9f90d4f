import { Tabs } from '@mantine/core';
import { useMemo, useState } from 'react';
import { isExpired } from '#shared/domain/deciding-range';
import type { Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { formatCount } from '#shared/words';
import { refusalOf } from '../../../domain/permissions';
import { useRangeBatch } from '../../../stores/batch';
import { useMirror } from '../../../stores/mirror';
import { type RangeSort, sortRangesBy, useRangesList } from '../../../stores/ranges-list';
import { NO_SELECTION, withSelected, withSpan } from '../../../stores/selection';
import { editRange, useUi } from '../../../stores/ui';
import { useNow } from '../../../ui/clock';
import { DataGrid, type MarkChange } from '../../../ui/data-grid';
import { PageHeader } from '../../../ui/page-header';
import { ImportDrop } from '../import/import-drop';
import classes from '../ranges.module.css';
import { SourcesTab } from '../sources/sources-tab';
import { RemoveRangesDialog } from '../remove/remove-ranges-dialog';
import { TidyUpDialog } from '../tidy/tidy-up-dialog';
import { type EditedMany, EditManyDialog } from '../together/edit-many-dialog';
import { RangeBatchLine } from '../together/range-batch-line';
import { SelectionBar } from '../together/selection-bar';
import { rangeColumns } from './columns';
import { FilterBar } from './filter-bar';
import { countByEffect } from './find-ranges';
import { NoRanges } from './no-ranges';
import { ScreenActions } from './screen-actions';
import { useShownRanges } from './use-shown-ranges';

function keyOf(range: Range): string {
  return range.id;
}

/** A source keeps its ranges itself. */
function isOwn({ sourceId }: Range): boolean {
  return sourceId === null;
}

function labelOf(range: Range): string | null {
  return isOwn(range) ? t('ranges.select', { range: range.cidr }) : null;
}

function openRange(id: string): void {
  const range = useMirror.getState().ranges.get(id);
  if (range !== undefined && isOwn(range)) editRange(range);
}

function mark(change: MarkChange, order: readonly string[]): void {
  useRangesList.setState((list) => {
    if (change.kind === 'none') return NO_SELECTION;
    if (change.kind === 'all') return withSelected(list, order, true);
    if (change.kind === 'span') return withSpan(list, order, change.key, change.from);
    if (!order.includes(change.key)) return list;
    return withSelected(list, [change.key], !list.selected.has(change.key));
  });
}

function clearMarks(): void {
  useRangesList.setState(NO_SELECTION);
}

/** A change that failed is said in the dialog that tried it, and no more when that is closed. */
function forgetFailure(): void {
  useRangeBatch.setState({ failure: null });
}

export function RangesScreen() {
  const tab = useUi((ui) => ui.rangesTab);
  const showsSources = useUi((ui) => ui.showsSources);
  const isImporting = useUi((ui) => ui.importOpen);
  const ranges = useMirror((mirror) => mirror.ranges);
  const keys = useMirror((mirror) => mirror.keys);
  const sourceCount = useMirror((mirror) => mirror.sources.size);
  const refusal = useMirror((mirror) => refusalOf(mirror.account, 'authorized_ips'));
  const mayChange = refusal === undefined;
  const sort = useRangesList((list) => list.sort);
  const marked = useRangesList((list) => list.selected);
  const [removing, setRemoving] = useState<readonly Range[] | null>(null);
  const [editing, setEditing] = useState<EditedMany | null>(null);
  const [isTidying, setIsTidying] = useState(false);
  const [currentId, setCurrentId] = useState<string | null>(null);
  const nowMs = useNow();
  const shown = useShownRanges();
  const counts = useMemo(() => countByEffect(ranges.values()), [ranges]);
  const columns = useMemo(
    () =>
      rangeColumns(
        keys,
        tab === 'authorize',
        mayChange ? { onEdit: editRange, onRemove: setRemoving } : null,
      ),
    [keys, tab, mayChange],
  );
  const markable = useMemo(() => shown.filter(isOwn), [shown]);
  // A marked range that is not shown is not changed.
  const chosen = useMemo(
    () => (mayChange && marked.size > 0 ? markable.filter(({ id }) => marked.has(id)) : []),
    [mayChange, markable, marked],
  );
  const selecting = {
    selection: {
      selected: currentId,
      onSelect: setCurrentId,
      onOpen: openRange,
      opensOn: 'doubleClick',
    },
    marks: {
      marked,
      isAll: markable.length > 0 && chosen.length === markable.length,
      allLabel: t('ranges.selectAll', { number: markable.length }),
      labelOf,
      onChange: (change: MarkChange) => mark(change, markable.map(keyOf)),
    },
  } as const;

  return (
    <>
      <PageHeader
        title={t('ranges.title')}
        description={refusal ?? t('ranges.description')}
        actions={<ScreenActions mayChange={mayChange} onTidy={() => setIsTidying(true)} />}
      />
      <Tabs
        value={showsSources ? 'sources' : tab}
        onChange={(value) => {
          useUi.setState({ showsSources: value === 'sources' });
          if (value !== 'authorize' && value !== 'deny') return;
          useUi.setState({ rangesTab: value });
          clearMarks();
        }}
        className={classes.tabs}
      >
        <Tabs.List className={classes.tabList}>
          {(['authorize', 'deny'] as const).map((effect) => (
            <Tabs.Tab key={effect} value={effect}>
              {t(`ranges.tab_${effect}`)} <span className={classes.count}>{formatCount(counts[effect])}</span>
            </Tabs.Tab>
          ))}
          <Tabs.Tab value="sources">
            {t('sources.tab')} <span className={classes.count}>{formatCount(sourceCount)}</span>
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="sources" className={classes.panel}>
          {showsSources && <SourcesTab />}
        </Tabs.Panel>
        <Tabs.Panel value={tab} className={classes.panel}>
          {counts[tab] > 0 && <FilterBar hasUses={tab === 'authorize'} />}
          {shown.length > 0 ? (
            <DataGrid
              key={tab}
              label={t(`ranges.list_${tab}`)}
              columns={columns}
              rows={shown}
              keyOf={keyOf}
              rowHeight={48}
              sorting={{ ...sort, onSort: (by) => sortRangesBy(by as RangeSort) }}
              {...(mayChange ? selecting : {})}
              stateOf={(range) => (isExpired(range, nowMs) ? 'expired' : undefined)}
            />
          ) : (
            <NoRanges isFiltered={counts[tab] > 0} mayAdd={mayChange} />
          )}
          <RangeBatchLine />
          {chosen.length > 0 && (
            <SelectionBar
              count={chosen.length}
              onRelabel={() => setEditing({ what: 'label', ranges: chosen })}
              onExpire={() => setEditing({ what: 'expiry', ranges: chosen })}
              onRemove={() => setRemoving(chosen)}
              onClear={clearMarks}
            />
          )}
        </Tabs.Panel>
      </Tabs>
      <RemoveRangesDialog
        targets={removing}
        onClose={() => {
          setRemoving(null);
          forgetFailure();
        }}
      />
      <EditManyDialog
        edited={editing}
        onClose={() => {
          setEditing(null);
          forgetFailure();
        }}
      />
      <TidyUpDialog
        isOpen={isTidying}
        onClose={() => {
          setIsTidying(false);
          forgetFailure();
        }}
      />
      {mayChange && !isImporting && <ImportDrop />}
    </>
  );
}
