import { ActionIcon, Checkbox } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { memo, type MouseEvent } from 'react';
import { t } from '#shared/i18n/t';
import { fold, usePendingList } from '../../../stores/pending-list';
import type { Group } from './groups';
import classes from './list.module.css';
import type { RowPlace } from './review-row';
import { pendingIds } from './rows';

interface GroupRowProps extends RowPlace {
  readonly group: Group;
  readonly isFolded: boolean;
  readonly isSelectable: boolean;
  readonly onPress: (id: string, event: MouseEvent) => void;
}

/** The heading of a group, with what its reviews have in common. */
export const GroupRow = memo(function GroupRow(props: GroupRowProps) {
  const { group, isFolded, id, elementId, index, top, height, isCurrent, isSelectable, onPress } = props;
  const open = pendingIds(group.reviews);
  const chosen = usePendingList(({ selected }) =>
    selected.size === 0 ? 0 : open.reduce((count, each) => count + (selected.has(each) ? 1 : 0), 0),
  );
  const isAll = chosen === open.length && chosen > 0;
  const Chevron = isFolded ? IconChevronRight : IconChevronDown;
  return (
    <div
      id={elementId}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isAll}
      className={classes.group}
      data-current={isCurrent ? '' : undefined}
      style={{ height, transform: `translateY(${top}px)` }}
      onClick={(event) => onPress(id, event)}
    >
      <div role="gridcell" className={classes.check}>
        {isSelectable && (
          <Checkbox
            tabIndex={-1}
            aria-label={t('pending.selectGroup', { group: group.title })}
            checked={isAll}
            disabled={open.length === 0}
            indeterminate={chosen > 0 && !isAll}
            readOnly
          />
        )}
      </div>
      <div role="gridcell" className={classes.groupWords}>
        <ActionIcon
          size="sm"
          tabIndex={-1}
          aria-expanded={!isFolded}
          aria-label={t(isFolded ? 'pending.unfold' : 'pending.fold', { group: group.title })}
          onClick={(event) => {
            event.stopPropagation();
            fold(group.id, !isFolded);
          }}
        >
          <Chevron size={16} aria-hidden />
        </ActionIcon>
        <strong className={classes.groupTitle} title={group.title}>
          {group.title}
        </strong>
        <span className={classes.groupCommon} title={group.common}>
          {group.common}
        </span>
      </div>
    </div>
  );
});
