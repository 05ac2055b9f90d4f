import type { Attempt } from '#shared/domain/entities';
import { perLocale } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import { formatCount } from '#shared/words';
import { reasonTitle, reasonWords, shownVerdict } from '../../domain/reasons';
import { AddressText } from '../../ui/address-text';
import type { Column } from '../../ui/data-grid';
import { LogTime } from '../../ui/relative-time';
import { VerdictBadge } from '../../ui/verdict-badge';
import classes from './log.module.css';
import { agentColumnWords, requestLine } from './model';

export function Quiet({ text, title = text }: { readonly text: string; readonly title?: string }) {
  return (
    <span className={classes.quiet} title={title}>
      {text === '' ? '–' : text}
    </span>
  );
}

export const logColumns = perLocale((): readonly Column<Attempt>[] => [
  {
    id: 'time',
    header: t('log.time'),
    width: '96px',
    render: (attempt) => <LogTime at={attempt.lastAt} />,
  },
  {
    id: 'verdict',
    header: t('log.verdict'),
    width: '78px',
    render: (attempt) => <VerdictBadge verdict={shownVerdict(attempt)} />,
  },
  {
    id: 'reason',
    header: t('log.reason'),
    width: '118px',
    fromWidth: 620,
    render: (attempt) => <span title={reasonTitle(attempt)}>{reasonWords(attempt.reason)}</span>,
  },
  {
    id: 'address',
    header: t('log.address'),
    // The longest IPv6 address fits into two lines, and in a wide window into one.
    width: 'minmax(146px, 276px)',
    render: (attempt) => (
      <span title={attempt.ip}>
        <AddressText value={attempt.ip} />
      </span>
    ),
  },
  {
    id: 'key',
    header: t('log.key'),
    width: 'minmax(98px, 0.9fr)',
    render: ({ keyName }) => <span title={keyName}>{keyName}</span>,
  },
  {
    id: 'request',
    header: t('log.request'),
    width: 'minmax(130px, 1.1fr)',
    fromWidth: 700,
    render: (attempt) => <Quiet text={requestLine(attempt)} />,
  },
  {
    id: 'agent',
    header: t('log.userAgent'),
    width: 'minmax(170px, 0.9fr)',
    fromWidth: 1_010,
    render: ({ userAgent }) => <Quiet text={agentColumnWords(userAgent ?? '')} title={userAgent ?? ''} />,
  },
  {
    id: 'count',
    header: t('log.count'),
    width: '50px',
    fromWidth: 560,
    align: 'end',
    render: (attempt) => formatCount(attempt.count),
  },
]);
