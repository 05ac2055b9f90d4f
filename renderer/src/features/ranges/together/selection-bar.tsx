import { Button, CloseButton } from '@mantine/core';
import { IconCalendarTime, IconTag, IconTrash } from '@tabler/icons-react';
import { t } from '#shared/i18n/t';
import classes from '../../../forms/batch-line.module.css';

interface SelectionBarProps {
  readonly count: number;
  readonly onRelabel: () => void;
  readonly onExpire: () => void;
  readonly onRemove: () => void;
  readonly onClear: () => void;
}

/** Offers the actions on the selected ranges. */
export function SelectionBar({ count, onRelabel, onExpire, onRemove, onClear }: SelectionBarProps) {
  return (
    <div className={classes.batch} role="toolbar" aria-label={t('ranges.withSelected')}>
      <p role="status">{t('ranges.selected', { count })}</p>
      <Button variant="default" leftSection={<IconTag size={15} aria-hidden />} onClick={onRelabel}>
        {t('ranges.relabel')}
      </Button>
      <Button variant="default" leftSection={<IconCalendarTime size={15} aria-hidden />} onClick={onExpire}>
        {t('ranges.setExpiry')}
      </Button>
      <Button variant="default" leftSection={<IconTrash size={15} aria-hidden />} onClick={onRemove}>
        {t('ranges.removeSelected')}
      </Button>
      <CloseButton size="sm" aria-label={t('ranges.selectNone')} onClick={onClear} />
    </div>
  );
}
