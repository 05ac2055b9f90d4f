import { ActionIcon, Checkbox, SegmentedControl, Tooltip } from '@mantine/core';
import { IconKeyboard } from '@tabler/icons-react';
import { t } from '#shared/i18n/t';
import {
  clearSelection,
  type GroupBy,
  groupReviewsBy,
  select,
  usePendingList,
} from '../../../stores/pending-list';
import classes from '../pending.module.css';

const GROUPINGS: readonly GroupBy[] = ['none', 'key', 'network', 'country', 'subnet'];

interface ToolbarProps {
  /** The reviews that can be selected. */
  readonly selectable: readonly string[];
  readonly onShowKeys: () => void;
}

export function Toolbar({ selectable, onShowKeys }: ToolbarProps) {
  const groupBy = usePendingList((list) => list.groupBy);
  const chosen = usePendingList(({ selected }) =>
    selected.size === 0 ? 0 : selectable.reduce((count, id) => count + (selected.has(id) ? 1 : 0), 0),
  );
  const isAll = chosen > 0 && chosen === selectable.length;
  return (
    <div className={classes.toolbar}>
      {selectable.length > 1 && (
        <Checkbox
          label={t('pending.selectAll', { number: selectable.length })}
          checked={isAll}
          indeterminate={chosen > 0 && !isAll}
          onChange={() => (isAll ? clearSelection() : select(selectable, true))}
        />
      )}
      <div className={classes.grouping}>
        <span aria-hidden>{t('pending.groupBy')}</span>
        <SegmentedControl
          aria-label={t('pending.groupBy')}
          data={GROUPINGS.map((value) => ({ value, label: t(`pending.groupBy_${value}`) }))}
          value={groupBy}
          onChange={groupReviewsBy}
        />
        <Tooltip label={t('pending.keys')}>
          <ActionIcon aria-label={t('pending.showKeys')} aria-keyshortcuts="?" onClick={onShowKeys}>
            <IconKeyboard size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
    </div>
  );
}
