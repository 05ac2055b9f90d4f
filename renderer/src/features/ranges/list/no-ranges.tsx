import { Button } from '@mantine/core';
import { IconWorldCheck, IconWorldX } from '@tabler/icons-react';
import { t } from '#shared/i18n/t';
import { useUi } from '../../../stores/ui';
import { EmptyState } from '../../../ui/empty-state';
import { clearFilters } from './filter-bar';

/** Stands in place of the list: nothing fits the filters, or there is nothing. */
export function NoRanges({ isFiltered, mayAdd }: { readonly isFiltered: boolean; readonly mayAdd: boolean }) {
  const tab = useUi((ui) => ui.rangesTab);
  const Icon = tab === 'authorize' ? IconWorldCheck : IconWorldX;
  if (isFiltered) {
    return (
      <EmptyState
        icon={<Icon size={26} stroke={1.6} />}
        title={t('ranges.noneFits')}
        actions={
          <Button variant="default" onClick={clearFilters}>
            {t('ranges.clearFilters')}
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
