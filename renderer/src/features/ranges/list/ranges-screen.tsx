import { Button, Group, Tabs, TextInput, Tooltip } from '@mantine/core';
import { IconFileImport, IconPlus, IconSearch, IconWorldCheck, IconWorldX } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { isExpired } from '#shared/domain/deciding-range';
import type { Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { formatCount } from '#shared/words';
import { useMirror } from '../../../stores/mirror';
import { may } from '../../../stores/mirror-model';
import { draftRange, editRange, useUi } from '../../../stores/ui';
import { useNow } from '../../../ui/clock';
import { DataGrid } from '../../../ui/data-grid';
import { EmptyState } from '../../../ui/empty-state';
import { PageHeader } from '../../../ui/page-header';
import { rangeColumns } from './columns';
import { countByEffect, findRanges } from './find-ranges';
import { keyWords } from './range-facts';
import classes from '../ranges.module.css';
import { RemoveRangeDialog } from '../remove/remove-range-dialog';

function keyOf(range: Range): string {
  return range.id;
}

function openRange(id: string): void {
  const range = useMirror.getState().ranges.get(id);
  if (range !== undefined) editRange(range);
}

export function RangesScreen() {
  const tab = useUi((ui) => ui.rangesTab);
  const search = useUi((ui) => ui.rangesSearch);
  const ranges = useMirror((mirror) => mirror.ranges);
  const keys = useMirror((mirror) => mirror.keys);
  const mayChange = useMirror((mirror) => may(mirror.account, 'authorized_ips'));
  const [removing, setRemoving] = useState<Range | null>(null);
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const deferredSearch = useDeferredValue(search);
  const nowMs = useNow();

  const counts = useMemo(() => countByEffect(ranges.values()), [ranges]);
  const shown = useMemo(
    () => findRanges(ranges.values(), tab, deferredSearch, (keyId) => keyWords(keys, keyId)),
    [ranges, keys, tab, deferredSearch],
  );
  const columns = useMemo(
    () => rangeColumns(keys, mayChange ? { onEdit: editRange, onRemove: setRemoving } : null),
    [keys, mayChange],
  );
  const selection = {
    selected: selectedId,
    onSelect: setSelectedId,
    onOpen: openRange,
    opensOn: 'doubleClick',
  } as const;

  return (
    <>
      <PageHeader
        title={t('ranges.title')}
        description={t('ranges.description')}
        actions={
          <Tooltip label={t('ranges.lacksPermission')} disabled={mayChange}>
            <Group gap={8}>
              <Button
                variant="default"
                leftSection={<IconFileImport size={15} aria-hidden />}
                disabled={!mayChange}
                onClick={() => useUi.setState({ importOpen: true })}
              >
                {t('ranges.import')}
              </Button>
              <Button
                leftSection={<IconPlus size={15} aria-hidden />}
                disabled={!mayChange}
                onClick={() => draftRange({ effect: tab })}
              >
                {t('ranges.add')}
              </Button>
            </Group>
          </Tooltip>
        }
      />
      <Tabs
        value={tab}
        onChange={(value) => {
          if (value === 'authorize' || value === 'deny') useUi.setState({ rangesTab: value });
        }}
        className={classes.tabs}
      >
        <div className={classes.tabLine}>
          <Tabs.List className={classes.tabList}>
            <Tabs.Tab value="authorize">
              {t('ranges.tab_authorize')}{' '}
              <span className={classes.count}>{formatCount(counts.authorize)}</span>
            </Tabs.Tab>
            <Tabs.Tab value="deny">
              {t('ranges.tab_deny')} <span className={classes.count}>{formatCount(counts.deny)}</span>
            </Tabs.Tab>
          </Tabs.List>
          <TextInput
            aria-label={t('ranges.search')}
            placeholder={t('ranges.searchExample')}
            className={classes.search}
            leftSection={<IconSearch size={14} aria-hidden />}
            value={search}
            spellCheck={false}
            onChange={(event) => useUi.setState({ rangesSearch: event.currentTarget.value })}
          />
        </div>
        <Tabs.Panel value={tab} className={classes.panel}>
          {shown.length > 0 ? (
            <DataGrid
              key={tab}
              label={t(`ranges.list_${tab}`)}
              columns={columns}
              rows={shown}
              keyOf={keyOf}
              rowHeight={48}
              {...(mayChange ? { selection } : {})}
              stateOf={(range) => (isExpired(range, nowMs) ? 'expired' : undefined)}
            />
          ) : (
            <NoRanges searched={search.trim() !== ''} mayAdd={mayChange} />
          )}
        </Tabs.Panel>
      </Tabs>
      <RemoveRangeDialog target={removing} onClose={() => setRemoving(null)} />
    </>
  );
}

function NoRanges({ searched, mayAdd }: { readonly searched: boolean; readonly mayAdd: boolean }) {
  const tab = useUi((ui) => ui.rangesTab);
  const Icon = tab === 'authorize' ? IconWorldCheck : IconWorldX;
  if (searched) {
    return (
      <EmptyState
        icon={<Icon size={26} stroke={1.6} />}
        title={t('ranges.noneFits')}
        actions={
          <Button variant="default" onClick={() => useUi.setState({ rangesSearch: '' })}>
            {t('ranges.clearSearch')}
          </Button>
        }
      />
    );
  }
  return tab === 'authorize' ? (
    <EmptyState icon={<Icon size={26} stroke={1.6} />} title={t('ranges.noneAuthorized')}>
      {mayAdd && <p>{t('ranges.noneAuthorizedHelp')}</p>}
    </EmptyState>
  ) : (
    <EmptyState icon={<Icon size={26} stroke={1.6} />} title={t('ranges.noneDenied')}>
      <p>{t('ranges.noneDeniedHelp')}</p>
    </EmptyState>
  );
}
