import { Skeleton } from '@mantine/core';
import { t } from '#shared/i18n/t';
import classes from './log.module.css';

export function LogSkeleton() {
  return (
    <div className={classes.skeletons} role="status" aria-label={t('log.loading')}>
      {Array.from({ length: 12 }, (_, index) => (
        <Skeleton key={index} height={14} width={`${96 - (index % 4) * 7}%`} />
      ))}
    </div>
  );
}
