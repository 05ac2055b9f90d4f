import { perLocale } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import { formatCount } from '#shared/words';
import { reasonWords } from '../../domain/reasons';
import { AddressText } from '../../ui/address-text';
import type { Column } from '../../ui/data-grid';
import { LogTime } from '../../ui/relative-time';
import type { SimulatedChange } from './effects';

export const changeColumns = perLocale((): readonly Column<SimulatedChange>[] => [
  {
    id: 'address',
    header: t('protection.address'),
    width: 'minmax(130px, 1.2fr)',
    render: ({ ip }) => <AddressText value={ip} />,
  },
  {
    id: 'key',
    header: t('protection.key'),
    width: 'minmax(90px, 1fr)',
    render: ({ keyName }) => <span title={keyName}>{keyName}</span>,
  },
  {
    id: 'calls',
    header: t('protection.calls'),
    width: 'minmax(56px, 0.4fr)',
    align: 'end',
    render: ({ count }) => formatCount(count),
  },
  {
    id: 'last',
    header: t('protection.lastCall'),
    width: 'minmax(104px, 0.7fr)',
    fromWidth: 460,
    render: ({ lastAt }) => <LogTime at={lastAt} />,
  },
  {
    id: 'why',
    header: t('protection.why'),
    width: 'minmax(132px, 1fr)',
    fromWidth: 600,
    render: ({ after }) => reasonWords(after.reason),
  },
]);
