import { IconListSearch } from '@tabler/icons-react';
import { t } from '#shared/i18n/t';
import type { Failure } from '#shared/ipc/failure';
import { FailureMessage } from '../../forms/failure-message';
import { EmptyState } from '../../ui/empty-state';

interface NothingToShowProps {
  /** The reason why the log could not be read; null if nothing fits the filter. */
  readonly failure: Failure | null;
}

/** Stands in place of groups or the map. */
export function NothingToShow({ failure }: NothingToShowProps) {
  return (
    <EmptyState
      icon={<IconListSearch size={26} stroke={1.6} />}
      title={t(failure === null ? 'log.nothingFits' : 'log.failed')}
    >
      {failure !== null && <FailureMessage failure={failure} />}
    </EmptyState>
  );
}
