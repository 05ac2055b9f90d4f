import { ActionIcon, Checkbox, SegmentedControl, Tooltip } from '@mantine/core';
import { IconKeyboard } from '@tabler/icons-react';
import { formatCount } from '#shared/words';
import {
  clearSelection,
  type GroupBy,
  groupReviewsBy,
  select,
  usePendingList,
} from '../../../stores/pending-list';
import classes from '../pending.module.css';

const GROUPS: readonly { readonly value: GroupBy; readonly label: string }[] = [
  { value: 'none', label: 'None' },
  { value: 'key', label: 'Key' },
  { value: 'network', label: 'Network' },
  { value: 'country', label: 'Country' },
  { value: 'subnet', label: 'Subnet' },
];

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
          label={`Select all ${formatCount(selectable.length)}`}
          checked={isAll}
          indeterminate={chosen > 0 && !isAll}
          onChange={() => (isAll ? clearSelection() : select(selectable, true))}
        />
      )}
      <div className={classes.grouping}>
        <span aria-hidden>Group by</span>
        <SegmentedControl
          aria-label="Group by"
          data={[...GROUPS]}
          value={groupBy}
          onChange={groupReviewsBy}
        />
        <Tooltip label="Keys (?)">
          <ActionIcon aria-label="Show the keys" aria-keyshortcuts="?" onClick={onShowKeys}>
            <IconKeyboard size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
    </div>
  );
}
